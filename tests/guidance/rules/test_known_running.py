"""Unknown is never 0 for running: what the rules make of it, and what is read for them."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from guidance.advice.history import known_running, read
from guidance.cases import read_cases
from guidance.coaching.restriction import restricted
from guidance.coaching.roster_lines import running
from guidance.knowledge import current_knowledge
from guidance.rules import HISTORY_DAYS, assess
from guidance.rules.log.log import WEEK_DAYS, read_log
from guidance.rules.patterns.load_jumps import JUMP_BLOCKS, SPIKE_LOOK_BACK_DAYS, jumps, spikes
from guidance.rules.types import History, Run
from guidance.standing import renew
from guidance.summary.weeks import twelve_weeks
from runners.models import Shared, SharedStanding, User
from runners.weeks.week import MONDAY
from tests.factories import days_ago, make_check_in, make_link, make_run
from tests.guidance.logs import TODAY, day, history, patterns, run, signals, spots

CASES = Path(__file__).parents[2] / "data" / "known-running.json"
FIRST_READ = HISTORY_DAYS + 14  # days ago
TUESDAY, SATURDAY = 2, 6
JUDGED_DAYS = 43

# Rows


def read_of(runner: User) -> History:
    return read([runner], TODAY)[runner.pk].history


def log(runner: User, runs: tuple[int, ...], check_ins: tuple[int, ...]) -> History:
    """Store runs and all clears so many days ago; the same as a history that nothing cuts."""
    for ago in runs:
        make_run(runner, days_ago(ago), distance_m=8_000, duration_s=2880)
    for ago in check_ins:
        make_check_in(runner, days_ago(ago))
    return history(clear=check_ins, runs=[run(ago, kind=None, effort=None) for ago in runs])


BI_WEEKLY = tuple(range(1, 400, 14))  # 197, 211, 225 days ago stand around the edge
EDGES = [
    ((FIRST_READ + 2, 10), BI_WEEKLY),
    ((300, 10), BI_WEEKLY),
    ((300, 10), (*range(1, 200, 14), 212, *range(226, 400, 14))),  # 197 and 212: 15 days
    ((300, 10), (*range(1, 210, 14), 212, 227, *range(241, 400, 14))),  # and before what is read
    ((FIRST_READ, 10), tuple(range(1, 201, 14))),  # 214 and 197
    ((FIRST_READ + 1, 10), tuple(range(4, 201, 14))),  # 215 and 200: just too far
    ((FIRST_READ + 1, 10), tuple(range(5, 202, 14))),  # 215 and 201
    ((HISTORY_DAYS, 10), tuple(range(4, 190, 14))),
    ((5200, 10), tuple(range(4, 30, 14))),
    ((10,), BI_WEEKLY),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("runs", "check_ins"), EDGES)
def test_a_stretch_is_judged_alike_where_reading_ends(
    alice: User, runs: tuple[int, ...], check_ins: tuple[int, ...]
) -> None:
    whole = read_log(log(alice, runs, check_ins))
    found = read_log(read_of(alice))

    for ago in range(HISTORY_DAYS + 1):
        here = day(ago)
        assert found.is_running_known(here, here) == whole.is_running_known(here, here)
        for days in (21, 28, 100, 190):
            assert found.runs_logged_for(days, here) == whole.runs_logged_for(days, here)
    assert (
        assess(read_of(alice), current_knowledge()).assessment
        == assess(
            replace(read_of(alice), known_running=whole.known_running), current_knowledge()
        ).assessment
    )


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("runs", "check_ins", "queries"),
    [
        (tuple(range(3, 3650, 7)), tuple(range(0, 3650, 10)), 1),  # ten years
        ((5200, 20, 10, 1), (), 1),
        ((1000, 10), tuple(range(0, 1000, 10)), 2),
    ],
)
def test_known_running_takes_one_query_where_it_takes_any(
    alice: User,
    bob: User,
    runs: tuple[int, ...],
    check_ins: tuple[int, ...],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    log(alice, runs, check_ins)
    log(bob, runs, check_ins)

    with django_assert_num_queries(queries):
        read([alice, bob], TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shared", [Shared(runs=True), Shared(soreness=True), Shared(runs=True, soreness=True)]
)
@pytest.mark.parametrize(("runs", "check_ins"), EDGES)
def test_what_a_coach_may_know_equals_a_log_of_nothing_else(
    alice: User, bob: User, runs: tuple[int, ...], check_ins: tuple[int, ...], shared: Shared
) -> None:
    log(alice, runs, check_ins)
    log(bob, runs if shared.runs else (), check_ins if shared.soreness else ())

    seen = read_log(read_of(bob))
    cut = read_log(restricted(read_of(alice), shared))

    for ago in range(HISTORY_DAYS + 1):
        here = day(ago)
        assert seen.is_running_known(here, here) == cut.is_running_known(here, here)
        assert seen.runs_logged_for(28, here) == cut.runs_logged_for(28, here)


# What is shared


RESTED = history(
    clear=(45, 31, 20, 10),
    runs=[run(ago, 2 if ago == 26 else 8) for ago in (45, 40, 36, 26, 6, 2)],
)


def test_known_zeros_rest_on_shared_logs_alone() -> None:
    assert patterns(RESTED, "week_jump")
    assert patterns(restricted(RESTED, Shared(runs=True, soreness=True)), "week_jump")
    assert not patterns(restricted(RESTED, Shared(runs=True)), "week_jump")


def test_change_on_the_roster_rests_on_shared_logs_alone() -> None:
    logged = history(clear=(14,), runs=[run(28, 8), run(9, 4), run(2, 8)])

    assert running(restricted(logged, Shared(runs=True, soreness=True)), TUESDAY) == (8_000, 100)
    assert running(restricted(logged, Shared(runs=True)), TUESDAY) == (8_000, None)


@pytest.mark.django_db
def test_rows_of_the_roster_rest_on_what_each_coach_is_shown(
    alice: User, bob: User, carol: User
) -> None:
    alice.week_start = SATURDAY  # two and nine days ago
    alice.save(update_fields=["week_start"])
    for coach, shares in ((bob, "runs soreness"), (carol, "runs")):
        make_link(coach, alice, shares)
    for ago, distance_m in ((28, 8_000), (8, 4_000), (2, 8_000)):
        make_run(alice, days_ago(ago), distance_m=distance_m)
    make_check_in(alice, days_ago(14))

    renew([alice], TODAY)

    rows = SharedStanding.objects.order_by("link__coach__name")
    assert [(row.distance_m, row.change) for row in rows] == [(8_000, 100), (8_000, None)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [(13, (8_000, 100)), (12, (8_000, None)), (23, (8_000, 100)), (24, (8_000, None))],
)
def test_change_on_the_roster_is_of_known_weeks(first: int, expected: tuple[int, int]) -> None:
    """Weeks from Tuesday: six days ago until today, and the seven days before."""
    logged = history(clear=(first,), runs=[run(9, 4), run(2, 8)])
    assert running(logged, TUESDAY) == expected


def test_distance_on_the_roster_is_no_zero_after_a_silence() -> None:
    assert running(history(runs=[run(14, 8)]), TUESDAY) == (None, None)
    assert running(history(runs=[run(13, 8)]), TUESDAY) == (0, None)


# Rules


def test_an_accepted_case_of_one_old_run() -> None:
    [case] = read_cases(CASES.read_text(encoding="utf-8"), current_knowledge())
    found = assess(case.history, current_knowledge()).assessment

    assert found.top_cause in case.expect["top_cause"]
    assert found.escalation in case.expect["escalation"]
    assert not {one.remedy for one in found.recommend} & set(case.expect["must_not_recommend"])
    assert found.ask_next in case.expect["must_ask_next"]


def test_silence_before_a_return_is_no_rest() -> None:
    back = [run(16, 10), run(10, 14), run(3, 12), run(1, 10.24)]

    assert not patterns(history(runs=[run(5200, 10), *back]), "week_jump")
    assert patterns(history(runs=[run(40, 10), *back], logged=(28,)), "week_jump")
    assert not patterns(history(runs=[run(40, 10), *back], logged=(31,)), "week_jump")  # 15 days


def test_silence_before_hills_does_not_make_them_unusual() -> None:
    """Whether hills were run in it is not known: then it takes a race or great effort."""
    hills = [run(100, kind="hills"), run(1, kind="hills", effort=7)]

    def found(*logged: int) -> bool:
        return bool(patterns(history(spots((0,)), runs=hills, logged=logged), "doms_window"))

    assert found(*range(86, 0, -14))
    assert not found(16)
    assert not found()


def test_unknown_weeks_are_not_steady() -> None:
    habit = spots((12, 8, 5, 1))
    weekly = [run(ago) for ago in range(120, 0, -7)]

    assert "load_steady" in signals(history(habit, runs=weekly))
    silent = [one for one in weekly if not 12 < (TODAY - one.day).days < 29]
    assert "load_steady" not in signals(history(habit, runs=silent))


def any_run(ago: int, km: float) -> Run:
    return run(ago, round(km, 1), effort=None)


logs = st.builds(
    lambda runs, clear: history(clear=clear, runs=[any_run(ago, km) for ago, km in runs]),
    st.lists(st.tuples(st.integers(0, 60), st.floats(3, 40)), min_size=6, max_size=20),
    st.sets(st.integers(0, 110), max_size=8),
)
often = settings(max_examples=150, deadline=None, derandomize=True)


def oldest(of: History) -> dt.date:
    return min([*of.check_in_days, *(one.day for one in of.runs)])


def loads(of: History) -> tuple[object, ...]:
    log = read_log(of)
    tomorrow = of.today + dt.timedelta(1)  # when weeks begin, so that they move with the days
    weeks = [line.week.to_compare for line in twelve_weeks(log, tomorrow.isoweekday()).lines]
    return spikes(log, JUDGED_DAYS), jumps(log, JUDGED_DAYS), weeks


@pytest.mark.slow
@often
@given(logs, st.integers(15, 6000), st.floats(3, 100))
def test_an_old_run_before_a_silence_changes_no_comparison(
    of: History, before: int, km: float
) -> None:
    old = replace(any_run(0, km), day=oldest(of) - dt.timedelta(before))
    more = replace(of, runs=(*of.runs, old))
    more = replace(more, known_running=known_running(more))

    assert loads(more) == loads(of)
    assert (
        assess(more, current_knowledge()).assessment.patterns
        == assess(of, current_knowledge()).assessment.patterns
    )
    assert running(more, TUESDAY) == running(of, TUESDAY)


@pytest.mark.slow
@often
@given(logs)
def test_only_known_days_are_compared(of: History) -> None:
    log_days = {*of.check_in_days, *(one.day for one in of.runs)}

    def is_known(here: dt.date) -> bool:
        before = max((one for one in log_days if one <= here), default=None)
        after = min((one for one in log_days if one >= here), default=None)
        if before is None:
            return False
        return (after - before).days <= 14 if after else (TODAY - before).days < 14

    log = read_log(of)
    for jump in jumps(log, JUDGED_DAYS):
        block_days = WEEK_DAYS * (JUMP_BLOCKS + 1)
        assert all(is_known(jump.day - dt.timedelta(ago)) for ago in range(block_days))
    for spike in spikes(log, JUDGED_DAYS):
        back = range(SPIKE_LOOK_BACK_DAYS + 1)
        assert all(is_known(spike.run.day - dt.timedelta(ago)) for ago in back)
    for line in twelve_weeks(log, MONDAY).lines:
        first = line.week.week.first_day
        days = [first + dt.timedelta(later) for later in range(line.week.days)]
        assert line.week.is_known == all(map(is_known, days))


@pytest.mark.slow
@often
@given(logs, st.integers(-4000, 4000))
def test_all_days_moved_move_what_is_found(of: History, by: int) -> None:
    later = dt.timedelta(by)
    moved = replace(
        of,
        today=of.today + later,
        check_in_days={day + later: partial for day, partial in of.check_in_days.items()},
        runs=tuple(replace(one, day=one.day + later) for one in of.runs),
    )
    moved = replace(moved, known_running=known_running(moved))

    there, here = read_log(moved), read_log(of)
    assert [(s.run.day - later, s.ratio) for s in spikes(there, JUDGED_DAYS)] == [
        (s.run.day, s.ratio) for s in spikes(here, JUDGED_DAYS)
    ]
    assert [(j.day - later, j.ratio) for j in jumps(there, JUDGED_DAYS)] == [
        (j.day, j.ratio) for j in jumps(here, JUDGED_DAYS)
    ]
