"""The rows behind the roster: numbers and days of what is shared, and until when they hold."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction

from guidance import standing as guidance_standing
from guidance.advice import history as history_of
from guidance.coaching import roster_lines as shared_standing
from guidance.coaching.roster_lines import next_day_begins, running, weekly_peaks
from guidance.saying import say
from guidance.standing import renew
from runners import standing
from runners.models import CoachLink, SharedStanding, Standing, User
from runners.models.standing import StandingLevel
from tests.factories import (
    TODAY,
    days_ago,
    in_words,
    make_check_in,
    make_link,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)
from tests.guidance.logs import history, run, spot, spots

MONDAY, SATURDAY, SUNDAY = 1, 6, 7


def row_of(link: CoachLink) -> SharedStanding:
    renew([link.athlete])
    return SharedStanding.objects.get(link=link)


# Peaks of twelve weeks


def test_peaks_are_the_highest_of_each_week() -> None:
    logged = history([spot(0, 2), spot(1, 7), spot(2, 4), spot(8, 3)], clear=(15,))
    assert weekly_peaks(logged, MONDAY) == [*[None] * 8, 0, 3, 7, 2]


def test_peaks_are_of_the_athletes_own_weeks() -> None:
    logged = history([spot(0, 2), spot(1, 7), spot(2, 4)])

    assert weekly_peaks(logged, SUNDAY)[-2:] == [4, 7]
    assert weekly_peaks(logged, SATURDAY)[-2:] == [None, 7]


def test_a_partial_day_counts_by_its_spots_alone() -> None:
    logged = history([spot(0, 5)], partial=(0, 7))
    assert weekly_peaks(logged, MONDAY)[-2:] == [None, 5]


def test_peaks_end_twelve_weeks_ago() -> None:
    first, before = spot(77, 6), spot(78, 9)
    assert weekly_peaks(history([first, before]), MONDAY) == [6, *[None] * 11]


# Running of this week


def test_distance_is_of_this_week_and_change_of_the_same_days() -> None:
    logged = history(runs=[run(0, 6), run(1, 30), run(7, 5), run(6, 20)])
    assert running(logged, MONDAY) == (6_000, 20)


def test_change_covers_the_days_until_today() -> None:
    logged = history(runs=[run(0, 6), run(1, 3), run(7, 2), run(8, 4), run(6, 99)])
    assert running(logged, SUNDAY) == (9_000, 50)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], (None, None)),
        ([run(7, 5)], (0, None)),
        ([run(0, 5)], (5_000, None)),
        ([run(0, None)], (None, None)),
        ([run(0, None), run(0, 4)], (4_000, None)),
        ([run(0, 5), run(7, None)], (5_000, None)),
    ],
)
def test_running_where_something_is_not_known(runs: Any, expected: tuple[int, int]) -> None:
    assert running(history(runs=runs), MONDAY) == expected


# Until when a row holds


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Vienna", dt.date(2026, 11, 23), "2026-11-23T23:00+00:00"),
        ("Europe/Vienna", dt.date(2026, 10, 24), "2026-10-24T22:00+00:00"),
        ("Europe/Vienna", dt.date(2026, 10, 25), "2026-10-25T23:00+00:00"),
        ("Pacific/Auckland", dt.date(2026, 11, 23), "2026-11-23T11:00+00:00"),
        # Clocks go forward at midnight: the day begins at one.
        ("Asia/Beirut", dt.date(2026, 3, 28), "2026-03-28T22:00+00:00"),
        # Clocks go back at one to midnight: the day has two midnights.
        ("America/Havana", dt.date(2026, 10, 31), "2026-11-01T04:00+00:00"),
    ],
)
def test_a_row_holds_until_the_athletes_next_day(zone: str, day: dt.date, begins: str) -> None:
    athlete = User(time_zone=zone)
    instant = next_day_begins(athlete, day)

    assert instant == dt.datetime.fromisoformat(begins)
    assert athlete.local_day(instant) == day + dt.timedelta(days=1)
    assert athlete.local_day(instant - dt.timedelta(seconds=1)) == day


# Rows


def words_of(row: SharedStanding) -> tuple[str, str]:
    return say(row.headline, about=True), say(row.reason, about=True)


def test_row_of_a_coach_with_all_shared(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    link = make_link(bob, alice)
    for one in spots(range(0, 28, 2), 5):
        make_soreness(alice, one.day, intensity=one.intensity)
    make_run(alice, TODAY, distance_m=8000)
    make_run(alice, days_ago(7), distance_m=10_000)

    row = row_of(link)

    assert row.level == StandingLevel.EASE_OFF
    assert words_of(row) == ("Ease off and watch", "Not settling between runs")
    assert row.peaks == [*[None] * 7, 5, 5, 5, 5, 5]
    assert (row.distance_m, row.change, row.last_log) == (8000, -20, TODAY)
    assert row.as_of == TODAY
    assert row.fresh_until == dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("shares", "hidden"),
    [
        ("soreness guidance notes", {"distance_m", "change"}),
        ("runs guidance notes", {"peaks"}),
        ("guidance notes", {"level", "peaks", "distance_m", "change", "last_log"}),
        ("notes", {"level", "peaks", "distance_m", "change", "last_log", "plan_started_on"}),
        ("", {"level", "peaks", "distance_m", "change", "last_log", "plan_started_on"}),
        ("runs soreness", {"plan_started_on"}),
        ("runs soreness guidance", set()),
    ],
)
def test_what_is_not_shared_is_not_in_the_row(
    alice: User, bob: User, noon: time_machine.Traveller, shares: str, hidden: set[str]
) -> None:
    link = make_link(bob, alice, shares)
    make_check_in(alice)
    make_run(alice)
    make_run(alice, days_ago(7))
    make_plan(alice, days_ago(3))

    row = row_of(link)

    figures = ("level", "peaks", "distance_m", "change", "last_log", "plan_started_on")
    assert {name for name in figures if getattr(row, name) is None} == hidden
    assert (words_of(row)[0] == "Not shared") == ("level" in hidden)


def test_last_log_is_the_newest_of_what_is_shared(
    alice: User, bob: User, carol: User, noon: time_machine.Traveller
) -> None:
    runs, soreness = make_link(bob, alice, "runs"), make_link(carol, alice, "soreness")
    make_run(alice, days_ago(400))
    make_check_in(alice, days_ago(3))

    assert row_of(runs).last_log == days_ago(400)
    assert row_of(soreness).last_log == days_ago(3)


def test_a_switch_with_a_last_day_is_on_until_then(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    link = make_link(bob, alice, "runs soreness", soreness_until=TODAY)
    make_soreness(alice, days_ago(1))

    assert row_of(link).peaks is not None
    noon.move_to(dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC))
    assert row_of(link).peaks is None


def test_two_coaches_have_rows_of_their_own(
    alice: User, bob: User, carol: User, noon: time_machine.Traveller
) -> None:
    all_of_it, runs_only = make_link(bob, alice), make_link(carol, alice, "runs")
    for ago in range(11):
        make_soreness(alice, days_ago(ago), kind="pain")

    assert row_of(all_of_it).level == StandingLevel.SEE_CLINICIAN
    assert words_of(row_of(runs_only))[0] == "No run yet"


def test_an_ended_link_gets_no_row(alice: User, bob: User, noon: time_machine.Traveller) -> None:
    make_link(bob, alice, ended_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    renew([alice])
    assert not SharedStanding.objects.exists()


# What changed between reading and writing


def rows_read(athlete: User, link: CoachLink) -> list[SharedStanding]:
    """A row as it was made up from a link that somebody else may change before it is stored."""
    read = shared_standing.links_of([athlete], TODAY)
    return [
        SharedStanding(
            link=one, level=10, headline=in_words("As it was"), as_of=TODAY, fresh_until=None
        )
        for one in read
        if one.pk == link.pk
    ]


@transaction.atomic
def store(rows: list[SharedStanding]) -> None:
    shared_standing.write(shared_standing.still_as_read(rows))


def test_a_link_that_ended_meanwhile_is_left_alone(alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    rows = rows_read(alice, link)
    CoachLink.objects.filter(pk=link.pk).update(ended_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))

    store(rows)

    assert not SharedStanding.objects.exists()


def test_a_switch_turned_off_meanwhile_brings_no_line_back(alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    rows = rows_read(alice, link)
    CoachLink.objects.filter(pk=link.pk).update(soreness=False)

    store(rows)

    assert not SharedStanding.objects.exists()


def test_a_line_renewed_meanwhile_stands(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    link = make_link(bob, alice)
    rows = rows_read(alice, link)
    renew([alice])

    store(rows)

    assert words_of(SharedStanding.objects.get(link=link))[0] == "Nothing logged yet"


def test_an_older_renewal_never_takes_the_place_of_a_newer(
    alice: User, bob: User, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two saves at once: the logs of the first were read before the second was stored."""
    link = make_link(bob, alice)
    renew([alice])
    read = history_of.read_with

    def read_and_be_overtaken(*asked: Any) -> Any:
        logged = read(*asked)
        monkeypatch.setattr(guidance_standing, "read_with", read)
        for ago in range(11):
            make_soreness(alice, days_ago(ago), kind="pain")
        standing.renew_after_change(alice)
        renew([alice])
        return logged

    monkeypatch.setattr(guidance_standing, "read_with", read_and_be_overtaken)
    renew([alice])

    assert Standing.objects.get(runner=alice).level == StandingLevel.SEE_CLINICIAN
    assert SharedStanding.objects.get(link=link).level == StandingLevel.SEE_CLINICIAN


def test_weeks_of_athletes_are_their_own(db: None, bob: User, noon: time_machine.Traveller) -> None:
    monday = make_link(bob, make_user("Ana Ash", week_start=MONDAY))
    sunday = make_link(bob, make_user("Ben Birch", email="ben@example.org", week_start=SUNDAY))
    for link in (monday, sunday):
        make_run(link.athlete, days_ago(1), distance_m=7000)

    assert row_of(monday).distance_m == 0
    assert row_of(sunday).distance_m == 7000
