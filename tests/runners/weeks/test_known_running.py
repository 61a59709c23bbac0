"""Which days of running are known: the rule, the rows it rests on, and the weeks on the pages."""

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from runners.models import Shared, User
from runners.models.coaching import FULLY_SHARED
from runners.weeks import trends_of
from runners.weeks.known_running import are_known, log_days_of_each, stretches
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_link,
    make_run,
    make_soreness,
    make_user,
)
from tests.pages import folded

NB = "\u00a0"

# The rule


def known(*log_days: int) -> list[tuple[int, int]]:
    """Stretches as days ago."""
    return [
        ((TODAY - first).days, (TODAY - last).days)
        for first, last in stretches(map(days_ago, log_days), TODAY)
    ]


@pytest.mark.parametrize(
    ("log_days", "expected"),
    [
        ((), []),
        ((0,), [(0, 0)]),
        ((30, 16), [(30, 16)]),  # 14 days later: 13 empty days lie between
        ((30, 15), [(30, 30), (15, 15)]),
        ((16, 30, 16), [(30, 16)]),
        ((13,), [(13, 0)]),  # may still go on
        ((14,), [(14, 14)]),
        ((27, 13), [(27, 0)]),
        ((40, 13, -1), [(40, 40), (13, 0)]),  # a day that is still to come tells nothing
    ],
)
def test_stretches(log_days: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    assert known(*log_days) == expected


def is_known(log_days: set[int], ago: int) -> bool:
    """The rule again, a day at a time: `log_days` and `ago` are days ago."""
    before = min((day for day in log_days if day >= ago), default=None)
    after = max((day for day in log_days if 0 <= day <= ago), default=None)
    if before is None:
        return False
    if after is None:
        return before <= 13
    return before - after <= 14


logged_days = st.sets(st.integers(0, 120), max_size=12)


@pytest.mark.slow
@given(logged_days)
def test_stretches_equal_the_rule_of_each_day(log_days: set[int]) -> None:
    found = stretches(map(days_ago, log_days), TODAY)

    for ago in range(-1, 130):
        day = days_ago(ago)
        assert are_known(found, day, day) == (ago >= 0 and is_known(log_days, ago))


@pytest.mark.slow
@given(logged_days, st.integers(0, 3000))
def test_stretches_move_with_the_days(log_days: set[int], by: int) -> None:
    later = dt.timedelta(days=by)
    found = stretches(map(days_ago, log_days), TODAY)

    moved = stretches((days_ago(ago) + later for ago in log_days), TODAY + later)

    assert moved == tuple((first + later, last + later) for first, last in found)


@pytest.mark.slow
@given(logged_days.filter(bool), st.integers(15, 6000))
def test_an_old_log_before_a_silence_changes_no_other_stretch(
    log_days: set[int], before: int
) -> None:
    old = max(log_days) + before

    assert known(*log_days, old) == [(old, old), *known(*log_days)]


# The rows


def log_days(runner: User, since: int, shared: Shared = FULLY_SHARED) -> list[int]:
    found = log_days_of_each([runner], days_ago(since), shared)[runner.pk]
    return sorted((TODAY - day).days for day in found)


def test_log_days_have_a_run_a_mark_or_an_all_clear(alice: User, bob: User) -> None:
    make_run(alice, days_ago(1))
    make_soreness(alice, days_ago(2))
    make_check_in(alice, days_ago(3))
    make_check_in(alice, days_ago(4), partial=True)  # says nothing
    make_soreness(alice, days_ago(5))
    alice.check_ins.filter(day=days_ago(5)).update(partial=True)
    make_run(alice, days_ago(6), deleted_at=timezone.now())
    make_check_in(alice, days_ago(7), deleted_at=timezone.now())
    make_run(bob, days_ago(8))

    assert log_days(alice, 30) == [1, 2, 3, 5]


def test_log_days_reach_as_far_back_as_a_stretch_may(alice: User) -> None:
    for ago in (44, 45):
        make_run(alice, days_ago(ago))

    assert log_days(alice, 30) == [44]


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (Shared(runs=True), [1]),
        (Shared(soreness=True), [2]),
        (Shared(runs=True, soreness=True), [1, 2]),
        (Shared(guidance=True), []),
    ],
)
def test_log_days_are_of_what_is_shared(alice: User, shared: Shared, expected: list[int]) -> None:
    make_run(alice, days_ago(1))
    make_soreness(alice, days_ago(2))

    assert log_days(alice, 30, shared) == expected


@pytest.mark.slow
def test_log_days_of_ten_years_and_many_people_take_one_query(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(0, 3650, 10):
        make_run(alice, days_ago(ago))
    make_check_in(bob)

    with django_assert_num_queries(1):
        found = log_days_of_each([alice, bob], days_ago(364))

    assert len(found[alice.pk]) == 38
    assert found[bob.pk] == {TODAY}


# Weeks


def weeks_of(runner: User, shared: Shared = FULLY_SHARED) -> list[int | None]:
    return [week.distance_m for week in trends_of(runner, 8, today=TODAY, shared=shared).weeks]


def test_the_first_week_of_a_stretch_shows_what_was_logged_and_is_not_known(alice: User) -> None:
    make_run(alice, days_ago(10))  # a Friday
    make_run(alice, days_ago(3))

    weeks = trends_of(alice, 8, today=TODAY).weeks

    assert [week.distance_m for week in weeks[-4:]] == [None, 10_000, 10_000, 0]
    assert [week.is_known for week in weeks[-4:]] == [False, False, True, True]


@pytest.mark.parametrize("quiet", [13, 14])
def test_this_week_is_known_until_two_weeks_of_silence(alice: User, quiet: int) -> None:
    make_run(alice, days_ago(quiet))

    week = trends_of(alice, 8, today=TODAY).this_week

    assert week.is_known == (quiet == 13)
    assert week.distance_m == (0 if quiet == 13 else None)


def test_a_week_with_check_ins_alone_is_a_known_zero(alice: User) -> None:
    for ago in (28, 15, 1):
        make_run(alice, days_ago(ago)) if ago != 15 else make_check_in(alice, days_ago(ago))

    assert weeks_of(alice)[-5:] == [10_000, 0, 0, 10_000, 0]


def test_the_oldest_week_shown_is_judged_by_the_log_before_it(alice: User) -> None:
    oldest = trends_of(alice, 52, today=TODAY).weeks[0].week
    for day in (oldest.first_day - dt.timedelta(days=7), oldest.last_day):
        make_check_in(alice, day)

    assert trends_of(alice, 52, today=TODAY).weeks[0].is_known


def test_a_mean_is_of_known_weeks(alice: User) -> None:
    for weeks in (20, 19, 18, 17, 4, 3, 2, 1):
        make_run(alice, days_ago(7 * weeks), distance_m=50_000 if weeks == 4 else 10_000)
    make_run(alice, days_ago(70), distance_m=42_000)  # alone in a silence

    trends = trends_of(alice, 26, today=TODAY)

    assert [week.mean_distance_m for week in trends.weeks if week.mean_distance_m] == [20_000]
    assert len([week for week in trends.weeks if week.running]) == 10
    assert not trends.weeks[15].is_known
    assert trends.weeks[15].distance_m == 42_000


def test_known_zeros_do_not_tell_a_coach_of_check_ins(alice: User) -> None:
    make_run(alice, days_ago(28))
    make_run(alice, days_ago(1))
    make_check_in(alice, days_ago(15))

    assert weeks_of(alice, Shared(runs=True, soreness=True))[-5:] == [10_000, 0, 0, 10_000, 0]
    assert weeks_of(alice, Shared(runs=True))[-5:] == [10_000, None, None, 10_000, 0]


# One file of 2012, nine weeks of silence, and since then three weeks of running


@pytest.fixture
def back(noon: time_machine.Traveller, alice: User, bob: User) -> User:
    make_run(alice, dt.date(2012, 6, 1), source="fit")
    for ago, distance_m in ((16, 10_000), (10, 14_000), (3, 12_000), (1, 10_240)):
        make_run(alice, days_ago(ago), distance_m=distance_m)
    make_link(bob, alice)
    return alice


def text_of(client: Client, url: str) -> str:
    """The words of a page, one space between them."""
    response = client.get(url)
    assert response.status_code == 200
    apart = re.sub(r"</(li|div|p|th|td|span)>", " ", response.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", apart)).split())


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.slow
def test_one_old_run_makes_no_jump(back: User) -> None:
    client = client_of(back)

    for url in ("/guidance/", "/today/", "/guidance/summary/"):
        said = text_of(client, url)
        assert "average of the three weeks before" not in said
        assert "178" not in said


def test_one_old_run_leaves_gaps_in_the_chart(back: User) -> None:
    html = folded(client_of(back).get("/trends/").text)

    phone = html[html.index('class="chart phone"') : html.index('class="chart wide"')]
    assert phone.count('class="gap"') == 9  # eight without a log, and the one it began in
    assert len(re.findall(r'class="bar[ "]', phone)) == 3
    assert "Hatched: not known, or only in part." in html
    assert re.search(rf"2–8 Nov 2026 ?</th><td>10.0{NB}km</td><td>1, in part</td>", html)
    assert "The whole week is known in 3 of 12." in html


def test_one_old_run_leaves_the_table_without_zeros(back: User) -> None:
    html = folded(client_of(back).get("/trends/").text)

    rows = re.findall(r'<tr> ?<th scope="row">(.*?)</tr>', html)
    cells = [re.findall(r"<td>(.*?)</td>", row)[:3] for row in rows]
    assert cells[:8] == [["–", "–", "–"]] * 8


def test_one_old_run_leaves_empty_cells_in_the_csv(back: User) -> None:
    text = client_of(back).get("/trends/weeks.csv").text

    weeks = [row for row in csv.DictReader(io.StringIO(text)) if row["row"] == "week"]
    told = [(row["runs"], row["distance_km"], row["complete"]) for row in weeks]
    assert told == [
        *[("", "", "no")] * 8,
        ("1", "10.00", "no"),
        ("1", "14.00", "yes"),
        ("2", "22.24", "yes"),
        ("0", "0.00", "no"),
    ]
    assert {row["distance_4_week_mean_km"] for row in weeks} == {""}


def test_one_old_run_leaves_dashes_in_the_summary(back: User) -> None:
    said = text_of(client_of(back), "/guidance/summary/")

    assert said.count("– not logged") == 8
    assert "2 Nov – 8 Nov 0 1 in part 10.0 10.0" in said
    assert "16 Nov – 22 Nov 0 2 22.2 12.0" in said


def test_one_old_run_says_no_change_to_a_coach(back: User, bob: User) -> None:
    bob.is_coach = bob.wants_coach_digest = True
    bob.save(update_fields=["is_coach", "wants_coach_digest"])

    said = text_of(client_of(bob), "/athletes/")

    assert "Alice Ash" in said
    for words in ("load jump", "average", "%"):
        assert words not in said.split("Alice Ash", 1)[1]


def test_one_old_run_says_no_jump_in_the_mails(
    back: User, bob: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    back.wants_runner_digest = True
    back.save(update_fields=["wants_runner_digest"])
    bob.is_coach = bob.wants_coach_digest = True
    bob.save(update_fields=["is_coach", "wants_coach_digest"])

    call_command("send_digests")

    told = {message.to[0]: str(message.body) for message in mailoutbox}
    assert len(told) == 2
    for body in told.values():
        assert "%" not in body.split("Open", 1)[0]
        assert "jump" not in body
    assert f"Distance: 22.2{NB}km" in told[back.email]


def test_the_runners_mail_tells_a_known_zero_from_nothing_logged(
    noon: time_machine.Traveller, db: None, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    ana = make_user("Ana Mori", wants_runner_digest=True)
    ida = make_user("Ida Holm", wants_runner_digest=True)
    make_run(ana, days_ago(8))
    for runner in (ana, ida):
        make_check_in(runner, days_ago(3))

    call_command("send_digests")

    told = {message.to[0]: str(message.body) for message in mailoutbox}
    assert "Runs: none\n" in told[ana.email]
    assert "Runs: none logged\n" in told[ida.email]


def test_change_is_not_said_against_a_week_that_is_not_known(
    noon: time_machine.Traveller, alice: User
) -> None:
    for ago in (30, 6, 0):
        make_run(alice, days_ago(ago))

    said = text_of(client_of(alice), "/trends/")

    assert "Not known, too little logged last week by now" in said
