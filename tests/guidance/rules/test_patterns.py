"""Each pattern of the knowledge base, section 5, and its edges."""

import datetime as dt

import pytest

from guidance.rules.types import PlanInForce, Run, Soreness
from guidance.saying import say
from tests.guidance.logs import (
    WEEKLY,
    both,
    day,
    done,
    facts,
    history,
    patterns,
    run,
    spot,
    spots,
    steady_runs,
)

HAMSTRING = [("hamstring", "left")]
FOCUS = [("hamstring", "")]


@pytest.mark.parametrize(
    ("agos", "found"),
    [
        ((8, 5, 3, 1), True),
        ((7, 5, 3, 1), False),  # spans six days
        ((9, 5, 1), False),  # three days
        ((14, 5, 3, 1), False),  # one of them outside 14 days, two blocks
        ((21, 14, 1), True),  # three of four blocks
        ((28, 14, 1), False),  # one of them outside the four blocks
        ((13, 7, 6, 0), True),
    ],
)
def test_recurring_needs_four_days_over_a_week_or_three_blocks(
    agos: tuple[int, ...], found: bool
) -> None:
    assert patterns(history(spots(agos)), "recurring") == (HAMSTRING if found else [])


def test_recurring_counts_a_day_once_and_each_side_alone() -> None:
    twice_a_day = [*spots((8, 3, 1)), *spots((8, 3, 1), timing="after"), spot(5, side="right")]

    assert patterns(history(twice_a_day), "recurring") == []


def test_recurring_needs_day_peaks_of_three() -> None:
    assert patterns(history(spots((8, 5, 3, 1), 2)), "recurring") == []


@pytest.mark.parametrize(
    ("agos", "found"),
    [
        ((7, 4, 0), True),
        ((8, 4, 0), False),  # nine days
        ((27, 7, 0), False),  # 20 days before the first
        ((28, 7, 0), True),
        ((12,), True),
    ],
)
def test_single_episode_is_eight_days_after_twenty_without(
    agos: tuple[int, ...], found: bool
) -> None:
    soreness = spots(agos)
    if agos[0] > 20:  # what lies before the bout itself
        agos = agos[1:]

    assert patterns(history(soreness), "single_episode") == (FOCUS if found else [])


def test_single_episode_pools_the_sides() -> None:
    assert patterns(history([spot(9, side="right"), spot(0)]), "single_episode") == []


def test_one_sided_needs_four_days_and_four_of_five_on_one_side() -> None:
    assert patterns(history(spots((6, 4, 2, 0))), "one_sided") == HAMSTRING
    assert patterns(history(spots((6, 4, 2))), "one_sided") == []
    with_right = [*spots((8, 6, 4, 2, 0)), spot(8, side="right")]
    assert patterns(history(with_right), "one_sided") == HAMSTRING
    assert patterns(history([*with_right, spot(6, side="right")]), "one_sided") == []


def test_one_sided_leaves_out_days_on_which_the_other_side_is_unknown() -> None:
    assert patterns(history(spots((6, 4, 2, 0)), partial=(0,)), "one_sided") == []


def test_bilateral_needs_half_the_days_within_a_point() -> None:
    assert patterns(history([*both((4, 2)), *spots((6, 0))]), "bilateral") == FOCUS
    assert patterns(history([*both((4,)), *spots((6, 0))]), "bilateral") == []
    assert patterns(history(both((4, 2), left=5, right=3)), "bilateral") == []


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [((3, 3, 3), (5, 5, 4), True), ((3, 3, 3), (5, 4, 4), False), ((0, 1, 3), (5, 5, 5), False)],
)
def test_worsening_needs_a_rise_and_two_symptom_days_before(
    before: tuple[int, ...], now: tuple[int, ...], found: bool
) -> None:
    earlier = [spot(ago, n) for ago, n in zip((11, 9, 8), before, strict=True)]
    latest = [spot(ago, n) for ago, n in zip((4, 2, 0), now, strict=True)]

    assert patterns(history([*earlier, *latest]), "worsening") == (HAMSTRING if found else [])


def test_worsening_needs_three_known_days_in_each_week() -> None:
    week_before = spots((11, 9), 3)
    latest = spots((4, 2, 0), 6)

    assert patterns(history([*week_before, *latest], clear=(8,)), "worsening") == HAMSTRING
    assert patterns(history([*week_before, *latest]), "worsening") == []


def test_worsening_over_28_days_compares_the_first_and_the_last_block() -> None:
    slow = [*spots((27, 25, 23), 3), *spots((13, 11, 9), 4), *spots((5, 3, 1), 5)]

    assert patterns(history(slow), "worsening") == HAMSTRING


def test_improving_needs_a_fall_of_one_and_a_half() -> None:
    eased = [*spots((11, 9, 8), 5), *spots((4, 2), 4)]

    assert patterns(history(eased, clear=(0,)), "improving") == FOCUS
    assert patterns(history([*eased, spot(0, 3)]), "improving") == []


def test_improving_is_not_said_while_the_other_side_rises() -> None:
    left = [*spots((11, 9, 8), 7), *spots((4, 2, 0), 1)]
    right = [*spots((11, 9, 8), 3, side="right"), *spots((4, 2, 0), 5, side="right")]

    assert patterns(history(left), "improving") == FOCUS
    assert patterns(history([*left, *right]), "improving") == []


def hard_and_easy(hits: int, easy_hits: int = 0) -> tuple[list[Soreness], list[int], list[int]]:
    """Three hard runs and five easy ones, two days apart, some followed by a symptom."""
    hard, easy = [20, 14, 8], [22, 18, 16, 12, 10]
    after = [spot(ago, timing="after") for ago in (*hard[:hits], *easy[:easy_hits])]
    return after, hard, easy


@pytest.mark.parametrize(("hits", "easy_hits", "found"), [(2, 1, True), (2, 2, False)])
def test_after_hard_run_compares_shares(hits: int, easy_hits: int, found: bool) -> None:
    soreness, hard, easy = hard_and_easy(hits, easy_hits)
    runs = [*(run(ago, kind="hills", effort=8) for ago in hard), *(run(ago) for ago in easy)]
    log = history(soreness, clear=range(23), runs=runs)

    assert patterns(log, "after_hard_run") == (FOCUS if found else [])


def test_after_hard_run_needs_three_of_each_with_a_check_in() -> None:
    soreness, hard, easy = hard_and_easy(3)
    runs = [*(run(ago, kind="hills", effort=8) for ago in hard), *(run(ago) for ago in easy)]
    one_unknown = [ago for ago in range(23) if ago not in (8, 7)]

    assert patterns(history(soreness, clear=range(23), runs=runs), "after_hard_run") == FOCUS
    without = history(soreness[:-1], clear=one_unknown, runs=runs)
    assert patterns(without, "after_hard_run") == []


def test_after_hard_run_leaves_out_runs_of_unknown_kind_and_effort() -> None:
    soreness, hard, easy = hard_and_easy(3)
    runs = [
        *(run(ago, kind="hills", effort=8) for ago in hard),
        *(run(ago, kind=None, effort=None) for ago in easy),
    ]

    assert patterns(history(soreness, clear=range(23), runs=runs), "after_hard_run") == []


def test_after_hard_run_gives_a_symptom_to_the_newest_run_before_it() -> None:
    hard, easy = [20, 14, 8], [19, 13, 7]
    runs = [*(run(ago, kind="hills", effort=8) for ago in hard), *(run(ago) for ago in easy)]
    soreness = spots(easy, timing="after")

    assert patterns(history(soreness, clear=range(21), runs=runs), "after_hard_run") == []


def test_after_long_run_knows_a_long_run_by_its_distance() -> None:
    runs = [run(ago, kind=None, effort=None) for ago in (40, 38, 36, 34, 24, 20, 14, 8)]
    long_runs = [run(ago, 10.4, kind=None, effort=None) for ago in (22, 16, 10)]
    soreness = spots((22, 16, 10), timing="after")
    log = history(soreness, clear=range(26), runs=[*runs, *long_runs])

    assert patterns(log, "after_long_run") == FOCUS


def test_after_long_run_does_not_call_shorter_runs_long() -> None:
    runs = [run(ago, kind=None, effort=None) for ago in (40, 38, 36, 34, 24, 20, 14, 8)]
    not_long = [run(ago, 10.3, kind=None, effort=None) for ago in (22, 16, 10)]
    soreness = spots((22, 16, 10), timing="after")
    log = history(soreness, clear=range(26), runs=[*runs, *not_long])

    assert patterns(log, "after_long_run") == []


def test_morning_after_needs_half_the_runs_and_three() -> None:
    runs = [run(ago) for ago in (22, 18, 14, 10, 6, 2)]

    assert patterns(history(spots((21, 17, 13)), clear=(9, 5, 1), runs=runs), "morning_after")
    assert not patterns(history(spots((21, 17)), runs=runs[:3]), "morning_after")
    four_clear = history(spots((21, 17, 13)), clear=(9, 5, 1, 25), runs=[*runs, run(26)])
    assert not patterns(four_clear, "morning_after")


@pytest.mark.parametrize(
    ("started", "found"),
    [(7.0, True), (7.1, True), (6.9, False)],  # day 2, 07:00, is 48 h before the symptom
)
def test_doms_window_ends_48_hours_after_the_run(started: float, found: bool) -> None:
    runs = [*steady_runs()[:18], run(2, kind="hills", effort=8, hour=started)]

    assert patterns(history([spot(0)], runs=runs), "doms_window") == (FOCUS if found else [])


def test_doms_window_begins_6_hours_after_the_run() -> None:
    late = history([spot(0, timing="after")], runs=[run(0, kind="race", hour=13.0)])
    soon = history([spot(0, timing="after")], runs=[run(0, kind="race", hour=14.5)])

    assert patterns(late, "doms_window") == FOCUS
    assert patterns(soon, "doms_window") == []


def test_doms_window_takes_a_hard_kind_as_unusual_after_21_days_without() -> None:
    def hills(before: int) -> list[tuple[str, str]]:
        runs = [run(before, kind="hills", effort=8), run(1, kind="hills", effort=8)]
        of = history([spot(0)], runs=runs, run_before=60, logged=(48, 36, 12))
        return patterns(of, "doms_window")

    assert hills(before=23) == FOCUS
    assert hills(before=22) == []


def test_doms_window_of_a_new_log_takes_a_race_or_great_effort() -> None:
    def began(kind: str, effort: int) -> list[tuple[str, str]]:
        runs = [run(10), run(1, kind="hills" if kind == "hills" else "race", effort=effort)]
        return patterns(history([spot(0)], runs=runs), "doms_window")

    assert began("hills", 8) == FOCUS
    assert began("hills", 7) == []
    assert began("race", 5) == FOCUS


@pytest.mark.parametrize(
    ("km", "size"), [(11.1, "small"), (13.0, "small"), (20.0, "moderate"), (20.1, "large")]
)
def test_session_spike_has_sizes(km: float, size: str) -> None:
    runs = [*(run(ago, 10) for ago in (20, 15, 10, 5)), run(1, km)]
    found = facts(history(runs=runs, logged=(31,)))

    spike = found.pattern("pattern:session_spike")
    assert spike is not None
    assert spike.fields["size"] == size
    assert spike.days == (day(1),)


def test_session_spike_needs_more_than_a_tenth_and_four_runs_in_30_days() -> None:
    three, one_more = [run(ago, 10) for ago in (15, 10, 5)], run(20, 10)

    def spiked(*runs: Run) -> bool:
        return bool(patterns(history(runs=[*three, *runs], logged=(33, 22)), "session_spike"))

    assert not spiked(one_more, run(1, 11))
    assert not spiked(run(1, 20))
    assert not spiked(run(32, 10), run(1, 20))
    assert spiked(run(31, 10), run(1, 20))


def test_session_spike_needs_30_known_days() -> None:
    runs = [*(run(ago, 10) for ago in (20, 15, 10, 5)), run(1, 20)]

    assert patterns(history(runs=runs, logged=(31,)), "session_spike")
    assert not patterns(history(runs=runs, logged=(30,)), "session_spike")
    assert not patterns(history(runs=runs, logged=(45, 35)), "session_spike")  # 15 days of silence


def weeks(latest_km: float, *, run_before: int = 28) -> list[tuple[str, str]]:
    """Three blocks of 20 km, then one that ends today."""
    runs = [run(ago, 10) for ago in (26, 23, 19, 16, 12, 9)]
    latest = [run(ago, latest_km / 2) for ago in (5, 2)]
    return patterns(history(runs=[*runs, *latest], run_before=run_before), "week_jump")


def test_week_jump_needs_a_third_more_than_the_mean() -> None:
    assert weeks(26.2)
    assert not weeks(26)


def test_week_jump_needs_28_days_of_runs() -> None:
    assert weeks(30, run_before=28)
    assert not weeks(30, run_before=27)


def test_week_jump_needs_five_kilometres_more() -> None:
    short = [run(ago, 5) for ago in (26, 19, 12)]

    assert not patterns(history(runs=[*short, run(2, 9.9)], run_before=40), "week_jump")
    assert patterns(history(runs=[*short, run(2, 10)], run_before=40), "week_jump")


def test_week_jump_is_not_judged_against_runs_of_unknown_distance() -> None:
    runs = [run(26, None), run(19, 10), run(12, 10), run(2, 30)]

    assert not patterns(history(runs=runs, run_before=40), "week_jump")


def test_spike_response_needs_two_occasions_a_week_apart() -> None:
    base = [run(ago, 10) for ago in (38, 36, 34, 32)]

    def answered(first: int, second: int) -> bool:
        runs = [*base, run(first, 12), run(second, 14)]
        of = history(spots((first - 1, second - 1)), runs=runs, logged=(47, 24))
        return bool(patterns(of, "spike_response"))

    assert answered(first=17, second=10)
    assert not answered(first=16, second=10)


@pytest.mark.parametrize(("second", "answered"), [(12, True), (13, False)])
def test_spike_response_of_two_weeks_that_jumped(second: int, answered: bool) -> None:
    """After weeks of nothing; symptoms lie seven days apart, or six."""
    runs = [run(48, 5), run(17, 6), run(second, 25)]
    of = history(spots((16, second - 3)), clear=range(27, 45, 6), runs=runs, run_before=60)

    assert patterns(of, "week_jump")
    assert bool(patterns(of, "spike_response")) == answered


def test_non_recovery_sees_a_symptom_over_72_hours_after_the_last_run() -> None:
    runs = [run(4, hour=12.0)]

    def late(timing: str) -> list[tuple[str, str]]:
        soreness = [spot(1, timing="before" if timing == "before" else "after")]
        return patterns(history(soreness, runs=runs), "non_recovery")

    assert late("after") == FOCUS
    assert late("before") == []  # 67 h


def test_non_recovery_is_over_after_a_week_unless_nothing_is_known_since() -> None:
    runs = [run(12)]

    assert patterns(history([spot(6)], clear=(2,), runs=runs), "non_recovery") == FOCUS
    assert patterns(history([spot(7)], clear=(2,), runs=runs), "non_recovery") == []
    assert patterns(history([spot(7)], runs=runs), "non_recovery") == FOCUS


def test_non_recovery_is_seen_in_every_area() -> None:
    knee = spots(range(7), 2, area="knee")
    settles = history([spot(20, 8), *knee], runs=[run(0)])

    assert patterns(settles, "non_recovery") == [("knee", "")]


def test_non_recovery_sees_seven_check_ins_without_a_quiet_day() -> None:
    daily = spots(range(7), 2)
    habit = spots((20,), 5)
    runs = [run(0)]

    assert patterns(history([*habit, *daily], runs=runs), "non_recovery") == FOCUS
    quiet = history([*habit, *daily[1:], spot(0, 1)], runs=runs)
    assert patterns(quiet, "non_recovery") == []
    six = history([*spots((20,), 5), *daily[2:], spot(30)], clear=(), runs=runs)
    assert patterns(six, "non_recovery") == []


def test_co_occurrence_needs_half_of_the_days_and_three() -> None:
    def with_quad(agos: tuple[int, ...], side: str = "left") -> list[tuple[str, str]]:
        quad = spots(agos, 2, area="quad", side="left" if side == "left" else "right")
        return patterns(history([*spots((9, 7, 5, 3, 2, 1)), *quad]), "co_occurrence")

    assert with_quad((9, 7, 5)) == FOCUS
    assert with_quad((9, 7)) == []
    assert with_quad((9, 7, 5), side="right") == []


def test_stretch_no_help_compares_the_days_after() -> None:
    stretched = done((13, 11, 9, 7), "gentle_supine_hamstring_stretch")
    after_stretch = spots((12, 10, 8), 4)

    same = history([*after_stretch, *spots((5, 3, 1), 4)], remedies=stretched)
    assert patterns(same, "stretch_no_help") == FOCUS
    worse_without = history([*after_stretch, *spots((5, 3, 1), 5)], remedies=stretched)
    assert patterns(worse_without, "stretch_no_help") == []
    three = history([*after_stretch, *spots((5, 3, 1), 4)], remedies=stretched[1:])
    assert patterns(three, "stretch_no_help") == []


@pytest.mark.parametrize(
    ("started", "done_days", "now", "found"),
    [(14, 6, 4, True), (13, 6, 4, False), (14, 5, 4, False), (14, 6, 5, False)],
)
def test_remedy_response_needs_time_work_and_a_fall(
    started: int, done_days: int, now: int, found: bool
) -> None:
    plan = PlanInForce(day(started), ("remedy:plank",), 10, done_days)
    soreness = [*spots((20, 18, 16), 6), *spots((4, 2, 0), now)]

    log = history(soreness, plan=plan)

    assert patterns(log, "remedy_response") == (FOCUS if found else [])


def test_sparse_by_check_ins_and_by_symptom_days() -> None:
    assert patterns(history(spots((9, 5, 1)), clear=(0,)), "sparse") == []
    assert patterns(history(spots((9, 5, 1))), "sparse") == [("hamstring", "")]
    assert patterns(history(spots((9, 5)), clear=(1, 0)), "sparse") == [("hamstring", "")]


def test_sparse_does_not_count_partial_days_that_leave_the_area_out() -> None:
    calf = spot(3, area="calf", intensity=3)

    assert patterns(history([*spots((9, 5, 1)), calf], partial=(3,)), "sparse")
    assert not patterns(history([*spots((9, 5, 1)), calf]), "sparse")


def test_patterns_carry_their_days_oldest_first() -> None:
    found = facts(history(spots(WEEKLY))).pattern("pattern:recurring")

    assert found is not None
    assert found.days == tuple(day(ago) for ago in WEEKLY)
    assert say(found.said) == "Left hamstring, 8 mornings out of 8"
    (late,) = [*facts(history(spots(WEEKLY, timing="after"))).patterns][:1]
    assert say(late.said) == "Left hamstring, 8 days out of 8"


def test_an_empty_history_is_only_sparse() -> None:
    assert [p.id for p in facts(history()).patterns] == ["pattern:sparse"]


def test_rows_after_today_are_left_out() -> None:
    tomorrow = Soreness(day(0) + dt.timedelta(1), "hamstring", "left", "tightness", 9, "after")

    assert facts(history([tomorrow])).location.main == ""
