"""The seam: a change of a log marks the standing stale and renews it; a new day does too."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from guidance.advice.advice import advise
from guidance.advice.headline import stands
from guidance.models import Screen, ScreenResult
from guidance.rules.types import FlagAnswer
from guidance.saying import say
from guidance.warning_signs.actions import save_screen
from runners import standing
from runners.check_ins import actions
from runners.models import CoachLink, SharedStanding, Standing, User
from runners.models.standing import StandingLevel
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_link,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)

NINE_DAYS_LATER = dt.datetime(2026, 12, 2, 11, tzinfo=dt.UTC)


def break_down(*_: Any) -> None:
    raise RuntimeError("rules are broken")


def test_saving_a_log_renews_the_standing(
    alice: User,
    noon: time_machine.Traveller,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    standing.renew([alice])
    before = Standing.objects.get(runner=alice)

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    after = Standing.objects.get(runner=alice)
    assert say(before.headline) == "Nothing logged yet"
    assert after.headline != before.headline
    assert after.valid_until is not None
    assert after.valid_until > TODAY


def test_a_failing_renewal_keeps_the_log_and_leaves_the_row_stale(
    alice: User,
    noon: time_machine.Traveller,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    standing.renew([alice])
    settings.RENEW_STANDINGS = f"{__name__}.break_down"

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    assert alice.check_ins.count() == 1
    assert Standing.objects.get(runner=alice).valid_until is None


def test_a_sign_stands_on_every_page_also_where_renewing_broke_off(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    standing.renew([alice])
    save_screen([FlagAnswer(TODAY, "flag:limp", yes=True)], by=alice)  # a test commits nothing
    assert "cannot walk or run normally" in as_alice.get("/diary/").text
    assert Standing.objects.get(runner=alice).valid_until


def test_broken_rules_take_no_other_page_away(
    as_alice: Client, alice: User, noon: time_machine.Traveller, settings: Settings
) -> None:
    standing.renew([alice])
    save_screen([FlagAnswer(TODAY, "flag:limp", yes=True)], by=alice)
    standing.renew([alice])
    standing.renew_after_change(alice)
    settings.RENEW_STANDINGS = f"{__name__}.break_down"
    assert "cannot walk or run normally" in as_alice.get("/diary/").text


@pytest.mark.slow
def test_today_says_what_is_true_after_nine_silent_days(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    make_check_in(alice, TODAY)
    make_run(alice, days_ago(1))
    as_alice.get("/today/")

    noon.move_to(dt.datetime(2026, 12, 2, 11, tzinfo=dt.UTC))

    assert "Nothing logged for 9 days" in as_alice.get("/today/").text


@pytest.mark.parametrize("people", [1, 6])
def test_renewing_takes_the_same_queries_for_many(
    db: None,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
) -> None:
    runners = [make_user(f"Runner{number} Name") for number in range(people)]
    for runner in runners:
        make_check_in(runner)

    with django_assert_num_queries(3 + 2):  # with the savepoint that a test makes of a transaction
        standing.renew(runners)


@pytest.mark.parametrize("people", [1, 6])
def test_renewing_for_coaches_takes_the_same_queries_for_many(
    bob: User,
    carol: User,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
) -> None:
    runners = [make_user(f"Runner{number} Name") for number in range(people)]
    for runner in runners:
        make_soreness(runner)
        make_run(runner)
        make_link(bob, runner)
    make_link(carol, runners[0], "runs")

    with django_assert_num_queries(7):  # two of them are the test's own savepoint
        standing.renew(runners)


def test_command_renews_what_has_gone_stale(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    standing.renew([alice], days_ago(3))
    standing.renew([bob])

    call_command("renew_standings")

    assert Standing.objects.get(runner=alice).as_of == TODAY


def renewed() -> str:
    said = StringIO()
    call_command("renew_standings", stdout=said)
    return said.getvalue().strip()


@pytest.mark.slow
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_each_is_renewed_on_their_own_day_and_once(
    db: None, bob: User, noon: time_machine.Traveller, hour: int
) -> None:
    """Where a day has begun already the day before is over, elsewhere it is not."""
    zones = ("Pacific/Kiritimati", "Asia/Kolkata", "Europe/Berlin", "UTC", "Pacific/Pago_Pago")
    for zone in zones:
        runner = make_user(zone.replace("/", ""), time_zone=zone)
        make_check_in(runner, TODAY)
        make_link(bob, runner)
    noon.move_to(dt.datetime(2026, 11, 23, hour, 30, tzinfo=dt.UTC))

    assert renewed() == "Renewed 6."  # with the coach
    assert renewed() == "Renewed 0."
    for row in Standing.objects.select_related("runner"):
        assert row.as_of == row.runner.local_day()
        assert not standing.is_stale(row, row.runner.local_day())


# The lines of coaches


def test_the_row_holds_the_start_of_the_plan_in_force(
    alice: User, noon: time_machine.Traveller
) -> None:
    make_plan(alice, days_ago(90), ended_on=days_ago(40))
    standing.renew([alice])
    assert standing.plan_start(User.objects.get(pk=alice.pk)) is None

    make_plan(alice, days_ago(21), paused_on=days_ago(2))
    standing.renew([alice])

    assert standing.plan_start(User.objects.get(pk=alice.pk)) == days_ago(21)


def test_nobody_without_a_row_has_a_plan(alice: User) -> None:
    assert standing.plan_start(alice) is None


@pytest.mark.parametrize(("shares", "told"), [("runs guidance", True), ("runs soreness", False)])
def test_a_coach_is_told_of_a_plan_where_guidance_is_shared(
    alice: User, bob: User, noon: time_machine.Traveller, shares: str, told: bool
) -> None:
    make_plan(alice, days_ago(21))

    start = standing.shared_plan_start(make_link(bob, alice, shares))

    assert start == (days_ago(21) if told else None)


def line(link: CoachLink) -> SharedStanding:
    return SharedStanding.objects.get(link=link)


def headline(link: CoachLink) -> str:
    return say(line(link).headline, about=True)


def test_saving_a_log_renews_the_lines_of_coaches(
    alice: User,
    bob: User,
    carol: User,
    noon: time_machine.Traveller,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    links = make_link(bob, alice), make_link(carol, alice, "soreness")
    standing.renew([alice])
    assert [headline(link) for link in links] == ["Nothing logged yet", "No check-in yet"]

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    assert [headline(link) for link in links] == ["Not enough to tell yet"] * 2
    assert all(line(link).fresh_until for link in links)


def test_a_failing_renewal_leaves_the_lines_stale(
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = make_link(bob, alice)
    standing.renew([alice])
    settings.RENEW_STANDINGS = f"{__name__}.break_down"

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    assert line(link).fresh_until is None


def test_nine_silent_days_later_a_line_says_what_the_athletes_guidance_says(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    quiet, hurting = make_link(bob, alice), make_link(bob, make_user("Hal Hurting"))
    make_check_in(alice, TODAY)
    make_run(alice, days_ago(1))
    for ago in (12, 8, 4, 1):
        make_soreness(hurting.athlete, days_ago(ago))
        make_check_in(hurting.athlete, days_ago(ago + 1))
        make_run(hurting.athlete, days_ago(ago))
    assert standing.renew_stale_links(bob) == 2
    before = [line(link).level for link in (quiet, hurting)]
    assert before == [StandingLevel.UNKNOWN, StandingLevel.RECURRING]

    noon.move_to(NINE_DAYS_LATER)
    assert standing.renew_stale_links(bob) == 2

    assert headline(quiet) == "Nothing logged for 9 days"
    for link in (quiet, hurting):
        own = stands(advise(link.athlete, dt.date(2026, 12, 2)))
        assert (line(link).level, line(link).headline) == (own.level, own.headline.as_json())
    assert line(hurting).as_of == dt.date(2026, 12, 2)


@pytest.mark.slow
def test_the_roster_says_what_is_true_after_nine_silent_days(
    client: Client, alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)
    make_check_in(alice, TODAY)
    client.force_login(bob)
    assert "Not enough to tell yet" in client.get("/athletes/").text

    noon.move_to(NINE_DAYS_LATER)
    client.force_login(bob)

    assert "Nothing logged for 9 days" in client.get("/athletes/").text
    client.force_login(alice)
    assert "Nothing logged for 9 days" in client.get("/today/").text


def test_nothing_stale_takes_one_query(
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_link(bob, alice)
    assert standing.renew_stale_links(bob) == 1

    with django_assert_num_queries(1):
        assert standing.renew_stale_links(bob) == 0


def test_lines_go_stale_at_the_midnight_of_each_athlete(
    bob: User, noon: time_machine.Traveller
) -> None:
    east = make_link(bob, make_user("Eve East", time_zone="Pacific/Auckland"))
    make_link(bob, make_user("Wes West", time_zone="America/Los_Angeles"))
    assert standing.renew_stale_links(bob) == 2

    noon.move_to(dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC))  # still 23 November in the west

    assert line(east).as_of == dt.date(2026, 11, 24)  # at noon in Vienna it was midnight there
    assert standing.renew_stale_links(bob) == 0
    noon.move_to(dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC))
    assert standing.renew_stale_links(bob) == 1


def test_links_of_others_and_those_that_ended_are_not_renewed(
    alice: User, bob: User, carol: User, noon: time_machine.Traveller
) -> None:
    make_link(carol, alice)
    make_link(bob, alice, ended_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert standing.renew_stale_links(bob) == 0


def test_a_failing_renewal_hides_no_line(
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = make_link(bob, alice)
    standing.renew([alice])
    settings.RENEW_STANDINGS = f"{__name__}.break_down"
    noon.move_to(NINE_DAYS_LATER)

    assert standing.renew_stale_links(bob) == 0

    assert headline(link) == "Nothing logged yet"
    assert "failed" in caplog.text


def test_a_failing_renewal_keeps_no_line_of_what_is_shared_no_more(
    alice: User, bob: User, noon: time_machine.Traveller, settings: Settings
) -> None:
    make_link(bob, alice, "soreness", soreness_until=TODAY)
    standing.renew([alice])
    settings.RENEW_STANDINGS = f"{__name__}.break_down"
    noon.move_to(NINE_DAYS_LATER)

    standing.renew_stale_links(bob)

    assert not SharedStanding.objects.exists()


def test_command_renews_lines_that_have_gone_stale(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    standing.renew([alice])
    link = make_link(bob, alice)  # has no line yet

    call_command("renew_standings")

    assert line(link).as_of == TODAY


def log_for_a_month(runner: User) -> None:
    """A run of 10 km every third day, the first of them 30 days ago."""
    for back in range(30, 0, -3):
        make_run(runner, days_ago(back), effort=3, kind="easy")


def test_room_left_stands_in_the_row(alice: User, noon: time_machine.Traveller) -> None:
    log_for_a_month(alice)

    standing.renew([alice])

    assert Standing.objects.get(runner=alice).room_m == 11_000


def test_no_room_is_told_while_a_screen_is_open(alice: User, noon: time_machine.Traveller) -> None:
    log_for_a_month(alice)
    Screen.objects.create(runner=alice, day=TODAY, result=ScreenResult.SOME)

    standing.renew([alice])

    assert Standing.objects.get(runner=alice).room_m is None
