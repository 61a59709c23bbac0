"""How long a run may be to stay near the longest of 30 days (knowledge base 5, "Room left")."""

from dataclasses import replace

import pytest

from guidance.rules.patterns.load_jumps import ROOM_PERCENT, SPIKE_RATIO
from guidance.rules.types import FlagAnswer, History, Run
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    day,
    history,
    patterns,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

# An easy run every second day, the first of them 42 days ago, and a long one of 12.9 km.
RUNS = (*steady_runs(), run(1, 12.9))


def room(of: History) -> int | None:
    return assessed(of).room_m


def test_a_tenth_more_than_the_longest_of_30_days() -> None:
    assert room(history(runs=RUNS)) == 14_190


@pytest.mark.parametrize("longest_m", [12_900, 12_970, 9_999, 21_098])
def test_up_to_it_no_run_is_a_spike_and_a_metre_more_is(longest_m: int) -> None:
    before = tuple(run(ago, longest_m / 1000) for ago in range(42, 0, -3))
    left_m = room(history(runs=before))

    assert left_m is not None
    assert patterns(history(runs=(*before, run(0, left_m / 1000))), "session_spike") == []
    more = history(runs=(*before, run(0, (left_m + 1) / 1000)))
    assert patterns(more, "session_spike") == [("", "")]
    assert 1 + ROOM_PERCENT / 100 == SPIKE_RATIO


def test_a_longer_run_counts_for_30_days() -> None:
    assert room(history(runs=(*steady_runs(), run(30, 12)))) == 13_200
    assert room(history(runs=(*steady_runs(), run(31, 12)))) == 8_800


def test_the_run_of_today_counts() -> None:
    assert room(history(runs=(*steady_runs(), run(0, 8.5)))) == 9_350


def test_a_run_without_a_distance_says_nothing() -> None:
    assert room(history(runs=(*steady_runs(), run(1, None)))) == 8_800


def of_days(*agos: int) -> tuple[Run, ...]:
    return tuple(run(ago) for ago in agos)


@pytest.mark.parametrize(
    ("runs", "clear", "known"),
    [
        ((30, 20, 10, 1), (), True),
        ((29, 20, 10, 1), (), False),  # the thirtieth day is not known
        ((40, 29, 20, 10, 1), (), True),
        ((29, 20, 10, 1), (33,), True),  # an all clear: it was logged then
        ((45, 30, 14, 8, 5, 1), (), False),  # sixteen days of silence between
        ((30, 20, 10), (1,), False),  # three runs
        ((30, 20, 16, 13), (), True),
        ((30, 20, 16, 14), (), False),  # two weeks of silence until today
        ((), (30, 20, 10, 1), False),
    ],
)
def test_all_30_days_have_to_be_known_and_hold_four_runs(
    runs: tuple[int, ...], clear: tuple[int, ...], known: bool
) -> None:
    assert (room(history(runs=of_days(*runs), clear=clear)) is not None) is known


def seen(flag: FlagAnswer, ago: int) -> FlagAnswer:
    return replace(flag, seen_on=day(ago))


@pytest.mark.parametrize(
    "of",
    [
        history([spot(0, 6, kind="pain")], runs=RUNS),  # at the level of easing off
        history(runs=RUNS, flag_answers=[yes("numb_tingle")]),
        history(runs=RUNS, flag_answers=[yes("calf_swelling")]),
        history(runs=RUNS, answers=[said("care_first", ("blood_thinner",))]),
        history(runs=RUNS, age=16),
        history(runs=RUNS, answers=[said("spot", "bony_point")]),
        history(runs=RUNS, answers=[said("bone_risk", ("under_eating",))]),
        history(runs=RUNS, flag_answers=[yes("hop_pain", area="shin")]),
        history(runs=RUNS, flag_answers=[yes("sudden_pop", since=20)]),
        history(
            spots((12, 11, 10), 4), runs=RUNS, answers=[said("onset", "one_stride", 10)]
        ),  # a strain, quiet for more than a week
        history(spots((2, 1), 4, area="quad"), runs=RUNS, answers=[said("onset", "sudden", 1)]),
    ],
    ids=[
        *("level", "sign", "urgent", "care", "young", "bone", "bone-risk", "hop", "pop"),
        *("strain", "front"),
    ],
)
def test_it_is_not_told_where_somebody_may_have_to_run_less(of: History) -> None:
    assert room(of) is None


@pytest.mark.parametrize(
    "of",
    [
        history([spot(0, 4)], runs=RUNS),
        history(spots(WEEKLY), clear=range(2, 28, 4), runs=RUNS),  # keeps coming back
        history(runs=RUNS, answers=[said("care_first", ("none",)), said("bone_risk", ("none",))]),
        history(runs=RUNS, answers=[said("bone_risk", ("under_eating",), 90)]),  # too old to count
        history(runs=RUNS, flag_answers=all_no()),
        history(runs=RUNS, flag_answers=[seen(yes("numb_tingle", 20), 10), *all_no()]),
        history(spots((12, 11, 10), 4), runs=RUNS, answers=[said("onset", "gradual", 10)]),
    ],
    ids=["spot", "recurring", "none", "old", "no", "seen", "gradual"],
)
def test_it_is_told_where_nothing_speaks_against_it(of: History) -> None:
    assert room(of) == 14_190
