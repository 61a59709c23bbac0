"""The rule of two records that are one run: each edge, the real pairs, and the near misses."""

import datetime as dt
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from runners.activity_files import Activity, ActivityError, read_activities
from runners.runs.same_run import DAYS_APART, Decision, RunFacts, decide, nearness

DATA = Path(__file__).parents[2] / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text())
FILES = {one["id"]: DATA / one["file"] for one in EXPECTED["activities"]}
PAIRS = [tuple(pair) for pair in EXPECTED["same_run"]]

START = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
DAY = START.date()
KNOWN, SAME, ASK, DIFFERENT = Decision


def a_run(after_s: float = 0, **facts: Any) -> RunFacts:
    """10 km in 50:00 without a pause, begun so long after `START`."""
    started_at = START + dt.timedelta(seconds=after_s)
    facts = {
        "days": frozenset({started_at.date()}),
        "started_at": started_at,
        "duration_s": 3_000,
        "elapsed_s": 3_000,
        "distance_m": 10_000,
        **facts,
    }
    return RunFacts(**facts)


def noted(**facts: Any) -> RunFacts:
    """The same, typed: without a clock time, and without the pauses."""
    return a_run(**{"days": frozenset({DAY}), "started_at": None, "elapsed_s": None, **facts})


def lasting(seconds: int, **facts: Any) -> dict[str, Any]:
    return {"duration_s": seconds, "elapsed_s": seconds, **facts}


def either_way(one: RunFacts, other: RunFacts) -> Decision:
    assert decide(one, other) is decide(other, one)
    return decide(one, other)


def test_same_bytes_are_known_whatever_else_they_say() -> None:
    one = a_run(fingerprint="f" * 64)

    assert either_way(one, a_run(90_000_000, distance_m=1, fingerprint="f" * 64)) is KNOWN
    assert either_way(one, a_run(90_000_000, fingerprint="e" * 64)) is DIFFERENT
    assert either_way(a_run(fingerprint=""), a_run(90_000_000, fingerprint="")) is DIFFERENT


@pytest.mark.parametrize(
    ("after_s", "other", "decision"),
    [
        # 3 % of the distance, whatever the time
        (5, lasting(1_400, distance_m=9_700), SAME),
        (5, lasting(1_400, distance_m=9_699), ASK),
        # or 100 m: a short run
        (0, lasting(3_000, distance_m=9_600), SAME),
        # or 2 % of the time, whatever the distance
        (5, lasting(2_940, distance_m=2_000), SAME),
        (5, lasting(2_939, distance_m=2_000), ASK),
        (5, lasting(2_940, distance_m=None), SAME),
    ],
)
def test_same_second(after_s: float, other: dict[str, Any], decision: Decision) -> None:
    assert either_way(a_run(), a_run(after_s, **other)) is decision


def test_short_run_is_off_by_metres() -> None:
    one = a_run(**lasting(300, distance_m=900))

    assert either_way(one, a_run(5, **lasting(180, distance_m=800))) is SAME
    assert either_way(one, a_run(5, **lasting(180, distance_m=799))) is ASK


@pytest.mark.parametrize(
    ("after_s", "other", "decision"),
    [
        # 80 % of the longer
        (600, {"distance_m": 9_500}, SAME),
        (601, {"distance_m": 9_500}, ASK),
        (0, lasting(2_400, distance_m=9_500), SAME),
        (0, lasting(2_399, distance_m=9_500), ASK),
        # and 5 % of the distance, or one has none
        (600, {"distance_m": 9_499}, ASK),
        (600, {"distance_m": None}, SAME),
        (601, {"distance_m": None}, ASK),
    ],
)
def test_mostly_together(after_s: float, other: dict[str, Any], decision: Decision) -> None:
    assert either_way(a_run(), a_run(after_s, **other)) is decision


@pytest.mark.parametrize(
    ("after_s", "other", "decision"),
    [
        # 300 s, 5 % and 10 %, on a run so short that little of it is together
        (300, lasting(450, distance_m=1_900), SAME),
        (301, lasting(450, distance_m=1_900), DIFFERENT),
        (300, lasting(449, distance_m=1_900), DIFFERENT),
        (300, lasting(450, distance_m=1_899), DIFFERENT),
        (300, lasting(450, distance_m=None), DIFFERENT),
    ],
)
def test_near_starts(after_s: float, other: dict[str, Any], decision: Decision) -> None:
    one = a_run(**lasting(500, distance_m=2_000))

    assert either_way(one, a_run(after_s, **other)) is decision


@pytest.mark.parametrize(
    ("after_s", "decision"),
    [(2_850, ASK), (2_851, DIFFERENT), (100, ASK), (-150, ASK), (-151, DIFFERENT)],
)
def test_half_of_the_shorter_together(after_s: float, decision: Decision) -> None:
    """A repeat of five minutes inside the run, or half outside."""
    repeat = lasting(300, distance_m=1_500)

    assert either_way(a_run(), a_run(after_s, **repeat)) is decision


HOUR = 3_600


@pytest.mark.parametrize(
    ("after_s", "other", "decision"),
    [
        (HOUR, {}, ASK),
        (HOUR + 60, {}, ASK),
        (HOUR + 61, {}, DIFFERENT),
        (5.5 * HOUR - 60, {}, ASK),
        (5.5 * HOUR - 61, {}, DIFFERENT),
        (5.75 * HOUR, {}, DIFFERENT),
        (26 * HOUR + 60, {}, ASK),
        (26.5 * HOUR, {}, DIFFERENT),
        (HOUR, {"distance_m": 9_900}, ASK),
        (HOUR, {"distance_m": 9_899}, DIFFERENT),
        (HOUR, {"distance_m": None}, DIFFERENT),
        (HOUR, lasting(2_940), ASK),
        (HOUR, lasting(2_939), DIFFERENT),
    ],
)
def test_wrong_zone(after_s: float, other: dict[str, Any], decision: Decision) -> None:
    assert either_way(a_run(), a_run(after_s, **other)) is decision


@pytest.mark.parametrize(
    ("other", "decision"),
    [
        ({}, ASK),
        ({"distance_m": 9_500, "duration_s": 2_700}, ASK),
        ({"distance_m": 9_499}, DIFFERENT),
        ({"duration_s": 2_699}, DIFFERENT),
        ({"distance_m": None}, ASK),
        ({"distance_m": None, "duration_s": 2_699}, DIFFERENT),
        ({"days": frozenset({DAY - dt.timedelta(days=1)})}, DIFFERENT),
        ({"days": frozenset()}, DIFFERENT),
    ],
)
def test_same_day_without_a_clock_time_is_asked(other: dict[str, Any], decision: Decision) -> None:
    assert either_way(a_run(), noted(**other)) is decision
    assert either_way(noted(), noted(**other)) is decision


def test_day_may_be_that_of_the_place_or_of_home() -> None:
    """Run in New York on Sunday evening, when it was Monday in Vienna."""
    sunday, monday, tuesday = (dt.date(2026, 11, day) for day in (22, 23, 24))
    recorded = a_run(days=frozenset({sunday, monday}))

    assert either_way(recorded, noted(days=frozenset({sunday}))) is ASK
    assert either_way(recorded, noted(days=frozenset({monday}))) is ASK
    assert either_way(recorded, noted(days=frozenset({tuesday}))) is DIFFERENT


def test_typed_time_may_be_with_pauses_or_without() -> None:
    recorded = a_run(duration_s=2_857, elapsed_s=3_523)

    assert either_way(recorded, noted(duration_s=2_857)) is ASK
    assert either_way(recorded, noted(duration_s=3_523)) is ASK
    assert either_way(recorded, noted(duration_s=2_571)) is DIFFERENT
    assert either_way(recorded, noted(duration_s=3_915)) is DIFFERENT


def test_elapsed_is_compared_with_elapsed_where_both_are_known() -> None:
    day: dict[str, Any] = {"started_at": None, "days": frozenset({DAY})}
    one = a_run(**day, duration_s=3_000, elapsed_s=3_000)

    assert either_way(one, a_run(**day, duration_s=3_000, elapsed_s=3_334)) is DIFFERENT
    assert either_way(one, a_run(**day, duration_s=2_500, elapsed_s=3_333)) is ASK


@pytest.mark.parametrize("after_s", [1, 20, 60])
def test_start_alone_says_nothing(after_s: int) -> None:
    """A false start, then the run."""
    false_start = a_run(**lasting(after_s // 2 or 1, distance_m=50))

    assert either_way(false_start, a_run(after_s + 5)) is DIFFERENT


def test_watch_left_on_does_not_swallow_the_week() -> None:
    left_on = a_run(elapsed_s=8 * 24 * HOUR)

    assert either_way(left_on, a_run(30 * HOUR + 700)) is DIFFERENT
    assert either_way(left_on, a_run(5)) is SAME


def test_nearest_of_several_comes_first() -> None:
    new = noted()
    near, far = noted(distance_m=10_010), noted(distance_m=10_400)

    assert sorted([far, near], key=lambda one: nearness(new, one)) == [near, far]
    assert nearness(a_run(), a_run(30)) < nearness(a_run(), a_run(40))


# Real files


def read(name: str) -> list[Activity]:
    try:
        return read_activities(FILES[name].read_bytes(), name=FILES[name].name)
    except ActivityError:
        return []


def facts_of(activity: Activity) -> RunFacts:
    return RunFacts(
        days=frozenset({activity.started_at.date()} if activity.started_at else ()),
        started_at=activity.started_at,
        duration_s=activity.duration_s,
        elapsed_s=activity.elapsed_s,
        distance_m=activity.distance_m,
        fingerprint=activity.fingerprint,
    )


# By name of the file; further runs of it by their number as well.
RUNS = {
    f"{name} {number}" if number else name: facts_of(activity)
    for name in FILES
    for number, activity in enumerate(read(name))
}


@pytest.mark.parametrize("pair", PAIRS)
def test_real_pairs_are_one_run(pair: tuple[str, str]) -> None:
    one, other = (RUNS[name] for name in pair)

    assert either_way(one, other) is SAME


@pytest.mark.parametrize("pair", PAIRS)
def test_real_pairs_are_asked_about_without_their_clock(pair: tuple[str, str]) -> None:
    """Typed from the watch, then read from its file; the shortest is too far off, 28 m of 187."""
    one, other = (RUNS[name] for name in pair)
    by_hand = noted(
        days=other.days, duration_s=other.duration_s, distance_m=round(other.distance_m or 0)
    )

    expected = DIFFERENT if pair == ("gpx-run-short-paired", "tcx-run-short-paired") else ASK
    assert either_way(one, by_hand) is expected


def test_all_other_real_files_are_different_runs() -> None:
    taken_for_one = {
        pair
        for pair in combinations(sorted(RUNS), 2)
        if either_way(RUNS[pair[0]], RUNS[pair[1]]) is not DIFFERENT
    }

    assert taken_for_one == set(PAIRS)


def test_candidates_reach_as_far_as_the_rule() -> None:
    """The farthest that can be one: a whole longest run, and a clock of the wrong zone."""
    longest = lasting(48 * HOUR, distance_m=200_000)
    end = a_run(47 * HOUR, **lasting(HOUR, distance_m=9_000))

    assert either_way(a_run(**longest), end) is ASK
    assert DAYS_APART * 24 * HOUR >= 48 * HOUR + 24 * HOUR
