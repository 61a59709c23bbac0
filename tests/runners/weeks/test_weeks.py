"""Week arithmetic, and the sums of the database against a slow reference in plain Python."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.body.areas import PLACES
from runners.models import CheckIn, Run, SorenessEntry, User
from runners.weeks import Week, last_days, run_this_week, trends_of, week_of, weeks_until
from runners.weeks.sums import Running
from runners.weeks.trends import PlaceTrend, Soreness, Trends
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness, make_user

MONDAY, SATURDAY, SUNDAY = 1, 6, 7
HAMSTRING = ("hamstring", "left")


@pytest.mark.parametrize(
    ("day", "week_start", "first_day", "label"),
    [
        ("2026-11-23", MONDAY, "2026-11-23", "23 Nov"),
        ("2026-11-22", MONDAY, "2026-11-16", "16 Nov"),
        ("2026-11-23", SUNDAY, "2026-11-22", "22 Nov"),
        ("2026-11-21", SUNDAY, "2026-11-15", "15 Nov"),
        ("2026-11-23", SATURDAY, "2026-11-21", "21 Nov"),
        ("2026-11-20", SATURDAY, "2026-11-14", "14 Nov"),
        ("2027-01-03", MONDAY, "2026-12-28", "28 Dec"),
        ("2027-01-04", MONDAY, "2027-01-04", "4 Jan"),
        ("2024-12-30", MONDAY, "2024-12-30", "30 Dec"),
        ("2027-01-02", SUNDAY, "2026-12-27", "27 Dec"),
        ("2027-01-02", SATURDAY, "2027-01-02", "2 Jan"),
    ],
)
def test_week_of_starts_on_the_day_of_the_runner(
    day: str, week_start: int, first_day: str, label: str
) -> None:
    week = week_of(dt.date.fromisoformat(day), week_start)

    assert (week.first_day.isoformat(), week.label) == (first_day, label)


@pytest.mark.django_db
def test_the_sit_bone_is_summed_as_the_hamstring() -> None:
    alice = make_user("Alice Ash")
    make_soreness(alice, TODAY, intensity=2)
    make_soreness(alice, TODAY, intensity=5, sit_bone=True)
    trends = trends_of(alice, 1, today=TODAY)
    (place,) = trends.marked
    assert (place.area, place.side) == HAMSTRING
    assert place.weeks[0] == Soreness(5, 5, 1, 1)


def test_weeks_until_end_with_the_week_of_the_day_across_a_year() -> None:
    weeks = weeks_until(dt.date(2027, 1, 10), MONDAY, 4)

    assert [week.label for week in weeks] == ["14 Dec", "21 Dec", "28 Dec", "4 Jan"]


@pytest.mark.parametrize(
    ("first_day", "span"),
    [
        (dt.date(2026, 11, 16), "16–22 Nov 2026"),
        (dt.date(2026, 9, 28), "28 Sep – 4 Oct 2026"),
        (dt.date(2026, 12, 28), "28 Dec 2026 – 3 Jan 2027"),
    ],
)
def test_span_names_month_and_year_once_where_they_agree(first_day: dt.date, span: str) -> None:
    assert Week(first_day).span == span


@pytest.mark.parametrize(("day", "days"), [(-1, 0), (0, 1), (6, 7), (7, 7)])
def test_days_until_stays_within_the_week(day: int, days: int) -> None:
    assert Week(TODAY).days_until(TODAY + dt.timedelta(days=day)) == days


# The reference: made-up rows, summed again in the slowest and plainest way.


@dataclass(frozen=True)
class RunRow:
    day: dt.date
    distance_m: int | None
    duration_s: int
    effort: int | None


@dataclass(frozen=True)
class CheckInRow:
    day: dt.date
    partial: bool
    spots: tuple[tuple[str, str, str, int], ...]  # area, side, timing, intensity


A_WEEK_FROM_ANY_DAY = range(30, 43)  # 13 days without a log hold a whole week


def made_up_runs(today: dt.date) -> list[RunRow]:
    """Most days of 13 months, sometimes two a day; some weeks without, some facts missing."""
    return [
        RunRow(
            day=today - dt.timedelta(days=ago),
            distance_m=None if ago % 13 == 0 else 4_000 + 37 * ago + 900 * second,
            duration_s=1_411 + 7 * ago + second,
            effort=None if ago % 3 == 0 or 60 < ago < 75 else 1 + ago % 10,
        )
        for ago in range(400)
        for second in range(2 if ago % 11 == 0 else 1)
        if ago % 5 != 1 and ago % 63 not in A_WEEK_FROM_ANY_DAY
    ]


def made_up_check_ins(today: dt.date) -> list[CheckInRow]:
    """With gaps of days and weeks, partial ones, two entries of one place, and entries of 0."""
    rows = []
    for ago in range(390):
        if ago % 4 == 3 or ago % 56 in A_WEEK_FROM_ANY_DAY:
            continue
        place = PLACES[(ago * 5) % 9]
        spots = [(*place, "before", (ago * 3) % 11), (*HAMSTRING, "after", ago % 7)]
        if ago % 2:
            spots.append((*HAMSTRING, "next_morning", (ago * 7) % 9))
        rows.append(
            CheckInRow(
                day=today - dt.timedelta(days=ago),
                partial=ago % 6 == 4,
                spots=tuple(spots) if ago % 5 else (),
            )
        )
    return rows


def store(runner: User, runs: list[RunRow], check_ins: list[CheckInRow]) -> None:
    Run.objects.bulk_create(
        Run(
            runner=runner,
            day=row.day,
            distance_m=row.distance_m,
            duration_s=row.duration_s,
            effort=row.effort,
        )
        for row in runs
    )
    for row in check_ins:
        check_in = CheckIn.objects.create(runner=runner, day=row.day, partial=row.partial)
        SorenessEntry.objects.bulk_create(
            SorenessEntry(
                check_in=check_in, area=area, side=side, timing=timing, intensity=intensity
            )
            for area, side, timing, intensity in row.spots
        )


def days_of(first_day: dt.date) -> list[dt.date]:
    return [first_day + dt.timedelta(days=later) for later in range(7)]


def expected_running(rows: list[RunRow], first_day: dt.date) -> Running:
    week = [row for day in days_of(first_day) for row in rows if row.day == day]
    distances = [row.distance_m for row in week if row.distance_m is not None]
    loads = [Decimal(row.effort * row.duration_s) / 60 for row in week if row.effort is not None]
    load = int(sum(loads, Decimal()).quantize(Decimal(1), ROUND_HALF_UP))
    return Running(
        runs=len(week),
        distance_m=None if week and not distances else sum(distances),
        duration_s=sum(row.duration_s for row in week),
        load=None if week and not loads else load,
        runs_with_distance=len(distances),
        runs_with_effort=len(loads),
    )


def expected_soreness(
    rows: list[CheckInRow], first_day: dt.date, area: str, side: str
) -> Soreness | None:
    peaks = []
    for day in days_of(first_day):
        for row in rows:
            if row.day != day:
                continue
            here = [spot[3] for spot in row.spots if spot[:2] == (area, side)]
            if here:
                peaks.append(max(here))
            elif not row.partial:
                peaks.append(0)
    if not peaks:
        return None
    return Soreness(sum(peaks), max(peaks), sum(peak >= 1 for peak in peaks), len(peaks))


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [8, 52])
@pytest.mark.parametrize("week_start", [MONDAY, SATURDAY, SUNDAY])
@pytest.mark.parametrize("today", [TODAY, dt.date(2027, 1, 2), dt.date(2025, 3, 2)])
def test_trends_equal_the_plain_reference(
    db: None, today: dt.date, week_start: int, weeks: int
) -> None:
    ana = make_user("Ana Mori", week_start=week_start)
    runs, check_ins = made_up_runs(today), made_up_check_ins(today)
    store(ana, runs, check_ins)
    store(make_user("Mallory Maple"), runs[:40], check_ins[:40])

    trends = trends_of(ana, weeks, today=today)

    first_days = [week.week.first_day for week in trends.weeks]
    assert first_days[-1] <= today < first_days[-1] + dt.timedelta(days=7)
    assert {day.isoweekday() for day in first_days} == {week_start}
    assert [week.running for week in trends.weeks] == [
        expected_running(runs, first_day) for first_day in first_days
    ]
    assert [week.days_checked_in for week in trends.weeks] == [
        len([row for row in check_ins if row.day in days_of(day)]) for day in first_days
    ]
    for place in trends.places:
        assert place.weeks == tuple(
            expected_soreness(check_ins, day, place.area, place.side) for day in first_days
        )


def test_made_up_rows_hold_every_case_the_reference_is_for() -> None:
    runs, check_ins = made_up_runs(TODAY), made_up_check_ins(TODAY)
    mondays = [week.first_day for week in weeks_until(TODAY, MONDAY, 52)]
    running = [expected_running(runs, monday) for monday in mondays]
    sore = [expected_soreness(check_ins, monday, *HAMSTRING) for monday in mondays]

    assert any(not week.runs for week in running)
    assert any(week.runs and week.load is None for week in running)
    assert any(0 < week.runs_with_effort < week.runs for week in running)
    assert None in sore
    assert any(row.partial and not row.spots for row in check_ins)
    assert any(row.partial and row.spots for row in check_ins)


# Edges, one by one.


def trends(runner: User, weeks: int = 8, today: dt.date = TODAY) -> Trends:
    return trends_of(runner, weeks, today=today)


def left_hamstring(runner: User) -> PlaceTrend:
    return trends(runner).place(HAMSTRING)


def test_run_on_the_last_day_of_a_week_belongs_to_it(alice: User) -> None:
    make_run(alice, dt.date(2026, 11, 22), distance_m=8_000)

    assert [week.distance_m for week in trends(alice).weeks[-2:]] == [8_000, 0]


def test_week_without_runs_is_zero_in_a_stretch_and_unknown_before(alice: User) -> None:
    for ago in (14, 3):
        make_check_in(alice, days_ago(ago))

    weeks = trends(alice).weeks

    assert [week.distance_m for week in weeks] == [None] * 5 + [0, 0, 0]
    assert [week.is_known for week in weeks] == [False] * 5 + [True] * 3


def test_deleted_runs_and_check_ins_do_not_count(alice: User) -> None:
    make_run(alice, deleted_at=timezone.now())
    make_soreness(alice)
    CheckIn.objects.of(alice).update(deleted_at=timezone.now())

    result = trends(alice)

    assert (result.first_log, result.marked, result.days_checked_in) == (None, [], 0)


def test_load_is_rounded_for_the_sum_not_for_each_run(alice: User) -> None:
    for _ in range(3):
        make_run(alice, duration_s=61, effort=5)  # 5.083 each

    assert trends(alice).this_week.load == 15


def test_load_of_half_is_rounded_up(alice: User) -> None:
    make_run(alice, duration_s=30, effort=5)

    assert trends(alice).this_week.load == 3


def test_week_whose_runs_have_no_distance_has_no_distance(alice: User) -> None:
    make_run(alice, distance_m=None, effort=3)

    week = trends(alice).this_week

    assert (week.distance_m, week.load) == (None, 150)


def test_rolling_mean_needs_four_weeks_that_are_known_and_over(alice: User) -> None:
    for weeks in range(5):
        make_run(alice, days_ago(7 * weeks), distance_m=10_000 + 1_000 * weeks, effort=6)

    means = [week.mean_distance_m for week in trends(alice).weeks]

    assert means == [None] * 6 + [12_500.0, None]


def test_rolling_mean_of_the_first_of_52_weeks_reaches_back(alice: User) -> None:
    for weeks in range(55):
        make_run(alice, days_ago(7 * weeks))

    assert trends(alice, 52).weeks[0].mean_distance_m == 10_000


def test_rolling_mean_of_load_has_a_gap_where_one_week_has_no_effort(alice: User) -> None:
    for weeks in range(1, 6):
        make_run(alice, days_ago(7 * weeks), effort=None if weeks == 2 else 6)

    assert trends(alice).weeks[-2].mean_load is None


def test_day_without_check_in_is_not_part_of_the_mean(alice: User) -> None:
    make_soreness(alice, days_ago(7), intensity=6)
    make_check_in(alice, days_ago(6))

    week = left_hamstring(alice).weeks[-2]

    assert week == Soreness(total=6, highest=6, days_marked=1, days_known=2)


def test_week_without_check_in_is_unknown(alice: User) -> None:
    make_soreness(alice, days_ago(14), intensity=6)

    assert left_hamstring(alice).weeks[-2:] == (None, None)


def test_partial_check_in_knows_only_the_places_it_names(alice: User) -> None:
    make_check_in(alice, days_ago(7), partial=True)
    make_soreness(alice, days_ago(7), intensity=4)

    result = trends(alice)

    assert result.place(HAMSTRING).weeks[-2] == Soreness(4, 4, 1, 1)
    assert result.place(("hamstring", "right")).weeks[-2] is None


def test_highest_of_a_day_counts_once_where_there_are_two_entries(alice: User) -> None:
    make_soreness(alice, days_ago(7), intensity=3, timing="before")
    make_soreness(alice, days_ago(7), intensity=7, timing="after")
    make_soreness(alice, days_ago(7), intensity=7, timing="next_morning")

    assert left_hamstring(alice).weeks[-2] == Soreness(7, 7, 1, 1)


def test_entry_of_nothing_is_known_but_not_marked(alice: User) -> None:
    make_soreness(alice, intensity=0)

    result = trends(alice)

    assert result.place(HAMSTRING).weeks[-1] == Soreness(0, 0, 0, 1)
    assert result.marked == []


def test_change_compares_days_of_four_weeks_with_the_four_before(alice: User) -> None:
    make_soreness(alice, days_ago(7 * 4), intensity=2)  # the last day-block of the earlier four
    make_soreness(alice, days_ago(7 * 3), intensity=6)
    make_soreness(alice, days_ago(7), intensity=3)

    assert left_hamstring(alice).change == 2.5


def test_change_is_unknown_without_days_on_both_sides(alice: User) -> None:
    make_soreness(alice, days_ago(7))

    assert left_hamstring(alice).change is None


@pytest.mark.parametrize(
    ("total", "days", "figure", "level"),
    [(0, 7, "0", 0), (1, 7, "<1", 1), (1, 2, "1", 1), (5, 2, "3", 2), (9, 1, "9", 5)],
)
def test_figure_and_level_say_the_same_number(
    total: int, days: int, figure: str, level: int
) -> None:
    soreness = Soreness(total=total, highest=9, days_marked=1, days_known=days)

    assert (soreness.figure, soreness.level) == (figure, level)


def test_marked_places_come_sorest_of_the_last_four_weeks_first(alice: User) -> None:
    make_soreness(alice, days_ago(42), area="knee", intensity=10)
    make_soreness(alice, days_ago(2), area="calf", intensity=2)
    make_soreness(alice, days_ago(1), area="shin", intensity=3)

    assert [place.area for place in trends(alice).marked] == ["shin", "calf", "knee"]


@pytest.mark.slow
def test_trends_read_the_same_queries_for_few_and_many_rows(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_run(alice)
    store(bob, made_up_runs(TODAY), made_up_check_ins(TODAY))

    for runner, weeks in ((alice, 8), (bob, 52)):
        with django_assert_num_queries(1):
            trends_of(runner, weeks, today=TODAY)


# The glance on Today.


def test_last_days_tell_clear_from_unknown(alice: User) -> None:
    make_check_in(alice, days_ago(2))
    make_soreness(alice, days_ago(1), intensity=5)
    make_check_in(alice, days_ago(3), partial=True)

    days = last_days(alice, 4, today=TODAY)

    assert [(day.day, day.peak, day.level) for day in days] == [
        (days_ago(3), None, None),
        (days_ago(2), 0, 0),
        (days_ago(1), 5, 3),
        (TODAY, None, None),
    ]


def test_last_days_sum_the_runs_of_a_day(alice: User, bob: User) -> None:
    make_run(alice, days_ago(1), distance_m=5_000)
    make_run(alice, days_ago(1), distance_m=3_000)
    make_run(alice, distance_m=None)
    make_run(bob)

    days = last_days(alice, 3, today=TODAY)

    assert [(day.runs, day.distance_m) for day in days] == [(0, 0), (2, 8_000), (1, None)]


def test_last_days_end_with_today_of_the_runner(db: None) -> None:
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati")

    with time_machine.travel(dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)):
        days = last_days(kiri)

    assert (len(days), days[-1].day) == (14, dt.date(2026, 11, 24))


def test_last_days_take_one_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(10):
        make_run(alice, days_ago(ago))
        make_soreness(alice, days_ago(ago))

    with django_assert_num_queries(1):
        last_days(alice, today=TODAY)


@pytest.mark.parametrize(
    ("week_start", "distance_m"), [(MONDAY, 1_000), (SUNDAY, 3_000), (SATURDAY, 7_000)]
)
def test_this_week_counts_from_the_day_the_week_starts(
    db: None, week_start: int, distance_m: int
) -> None:
    ana = make_user("Ana Mori", week_start=week_start)
    for ago, metres in enumerate((1_000, 2_000, 4_000, 8_000)):
        make_run(ana, days_ago(ago), distance_m=metres)

    assert run_this_week(last_days(ana, today=TODAY), week_start) == distance_m
