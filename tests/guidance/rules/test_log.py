"""Days and hours: what is known on a day, and when things count (section 0)."""

import pytest

from guidance.rules.log.log import bouts, on_line, read_log
from guidance.rules.types import Run, Soreness, Timing
from guidance.saying import say
from tests.guidance.logs import (
    TODAY,
    assessed,
    both,
    check,
    day,
    facts,
    history,
    run,
    said,
    spot,
    spots,
)


def test_an_unmarked_area_is_clear_on_a_check_in_day_and_unknown_without_one() -> None:
    log = read_log(history([spot(1)], clear=(2,)))

    assert log.peak("calf", "left", day(1)) == 0
    assert log.peak("hamstring", "left", day(2)) == 0
    assert log.peak("hamstring", "left", day(3)) is None


def test_a_partial_check_in_knows_only_the_places_it_names() -> None:
    log = read_log(history([spot(1)], partial=(1,)))

    assert log.peak("hamstring", "left", day(1)) == 4
    assert log.peak("hamstring", "right", day(1)) is None
    assert log.area_peak("hamstring", day(1)) == 4
    assert log.area_peak("calf", day(1)) is None


def test_a_day_peak_is_the_highest_of_the_day_and_pain_is_counted_apart() -> None:
    log = read_log(history([spot(1, 3), spot(1, 6, timing="after"), spot(1, 2, kind="pain")]))

    assert log.peak("hamstring", "left", day(1)) == 6
    assert log.pain_peak("hamstring", "left", day(1)) == 2


@pytest.mark.parametrize(
    ("timing", "runs", "hour"),
    [
        ("before", [], 7.0),
        ("next_morning", [], 7.0),
        ("after", [], 20.0),
        ("during", [], 12.0),
        ("during", [run(1, hour=18.0)], 18.0),
        ("during", [run(1, hour=6.0, minutes=90), run(1, hour=18.0)], 6.0),
        ("after", [run(1, hour=20.5, minutes=60)], 21.5),
        ("before", [run(1, hour=6.0)], 6.0 - 1 / 60),
    ],
)
def test_a_spot_counts_at_its_hour(timing: Timing, runs: list[Run], hour: float) -> None:
    log = read_log(history([spot(1, timing=timing)], runs=runs))

    assert log.hour_of(log.spots[0]) == pytest.approx(on_line(day(1), hour))


def test_an_episode_ends_after_more_than_seven_days() -> None:
    assert [len(one) for one in bouts([day(15), day(8), day(1)])] == [3]
    assert [len(one) for one in bouts([day(16), day(8), day(1)])] == [1, 2]


@pytest.mark.parametrize(("ago", "current"), [(6, True), (7, False)])
def test_an_episode_is_current_for_a_week(ago: int, current: bool) -> None:
    log = read_log(history(both((ago,))))

    assert (log.current_episode("hamstring") is not None) == current


def test_the_first_run_may_lie_before_the_runs_that_were_read() -> None:
    log = read_log(history(runs=[run(3)], run_before=30, logged=(17,)))

    assert log.runs_logged_for(27, before=day(3))
    assert not log.runs_logged_for(28, before=day(3))


def test_answers_and_checks_of_one_day_count_alike_in_any_order() -> None:
    told = [said("spot", "vague"), said("spot", "sit_bone")]
    measured = [check("plank", value=30), check("plank", value=95)]

    one = facts(history(spots((1,)), answers=told, checks=measured)).current
    other = facts(history(spots((1,)), answers=told[::-1], checks=measured[::-1])).current

    assert one == other


def test_today_counts_and_tomorrow_does_not() -> None:
    log = read_log(history(spots((0, -1))))

    assert [one.day for one in log.spots] == [TODAY]


# A louder place beside the main area


HAMSTRING = spots((20, 16, 13, 9, 6, 2), 5)


def louder(*beside: Soreness, partial: tuple[int, ...] = ()) -> str:
    """Beside a hamstring at 5. Today is a Monday."""
    return say(assessed(history([*HAMSTRING, *beside], partial=partial)).louder)


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (spot(1, 9, area="calf", side="right"), "Right calf was louder: 9 on Sunday"),
        (spot(0, 7, area="low_back", side="centre"), "Low back was louder: 7 today"),
        (spot(6, 8, area="foot"), "Left foot was louder: 8 on Tuesday"),
        (spot(1, 6, area="calf", kind="pain"), "Left calf was louder: 6 on Sunday"),
        (spot(1, 6, area="calf"), ""),
        (spot(7, 9, area="calf"), ""),
    ],
)
def test_a_louder_place_of_the_last_week_is_told(beside: Soreness, words: str) -> None:
    assert louder(beside) == words


def test_the_loudest_place_is_told_of_equal_ones_the_latest() -> None:
    calf, knee = spot(3, 8, area="calf"), spot(1, 8, area="knee", side="right")
    assert louder(calf, knee) == "Right knee was louder: 8 on Sunday"
    assert louder(calf, knee, spot(4, 9, area="shin")) == "Left shin was louder: 9 on Thursday"


def test_a_place_as_loud_as_the_main_area_is_not_told() -> None:
    assert louder(spot(4, 8), spot(1, 8, area="calf")) == ""
    assert louder(spot(4, 8), spot(1, 9, area="calf")) == "Left calf was louder: 9 on Sunday"


def test_a_place_loud_on_both_sides_is_named_without_a_side() -> None:
    both_calves = [spot(1, 9, area="calf"), spot(1, 9, area="calf", side="right")]
    assert louder(*both_calves) == "Calf was louder: 9 on Sunday"


def test_with_a_main_area_that_is_not_known_nothing_is_compared() -> None:
    old = spots((24, 20, 16, 13, 9), 5)
    found = assessed(history([*old, spot(1, 9, area="calf")], partial=(1,)))
    assert say(found.louder) == "Left calf: 9 on Sunday"


def test_without_a_main_area_no_place_is_louder() -> None:
    assert assessed(history()).louder is None
