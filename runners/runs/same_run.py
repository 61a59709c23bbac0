"""Whether two records are one run. Plain values in, a decision out; the first rule that fits.

The thresholds were measured on 8,222 runs of twelve runners' public lists, and on pairs of files
of one run: watch and phone, FIT and GPX. A start alone never decides: six of seven pairs that
began within a minute were different runs, a false start or a repeat.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

# Two recordings of one watch: 97 of 98 begin in the same second, none more than 1 s apart.
SAME_START_S = 5
# GPX against the watch: -0.5 to +3.5 % in 98 of 100. On a short run a GPS is off by metres.
SAME_START_DISTANCE_PERCENT = 3
SAME_START_DISTANCE_M = 100
SAME_START_TIME_PERCENT = 2  # elapsed times of such pairs are within 1 s

# Two devices are started and stopped by hand: up to 238 s apart, 2.8 % in distance, 9 % in time.
MOSTLY_TOGETHER_PERCENT = 80  # of the longer
NEAR_START_S = 300
DISTANCE_PERCENT = 5
TIME_PERCENT = 10

PARTLY_TOGETHER_PERCENT = 50  # of the shorter: mostly repeats typed inside a long run, so ask

# A clock in the wrong zone: zones are whole half hours apart and up to 26 hours, -12 to +14.
HALF_HOUR_S = 1_800
ZONE_START_S = 60
ZONES_APART_S = 26 * 3_600
ZONE_DISTANCE_PERCENT = 1
ZONE_TIME_PERCENT = 2

LONGEST_ELAPSED_S = 48 * 3_600  # no run takes longer: the watch was left on

# So many days apart two records can be one run at most: the longest run, and a day between the
# date where it was run and the runner's own.
DAYS_APART = 3


class Decision(IntEnum):
    """Surest first."""

    KNOWN = 1  # the same file
    SAME = 2
    ASK = 3  # the runner knows
    DIFFERENT = 4

    @property
    def is_sure(self) -> bool:
        return self <= Decision.SAME


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What two records are compared by.

    `days` are the dates it can be noted under: where it was run, and the runner's own at the
    start. `started_at` is aware. `elapsed_s` is start to end with the pauses, None for not known.
    `fingerprint` is of the bytes, or names a source and its id there; empty for none.
    """

    days: frozenset[dt.date]
    started_at: dt.datetime | None
    duration_s: int
    elapsed_s: int | None
    distance_m: float | None
    fingerprint: str = ""

    @property
    def start_to_end_s(self) -> int:
        """The running time where start to end is not known or not to be believed."""
        if self.elapsed_s is None or self.elapsed_s > LONGEST_ELAPSED_S:
            return self.duration_s
        return self.elapsed_s


def decide(one: RunFacts, other: RunFacts) -> Decision:
    """The same whichever comes first."""
    if one.fingerprint and one.fingerprint == other.fingerprint:
        return Decision.KNOWN
    return next((decision for fits, decision in RULES if fits(one, other)), Decision.DIFFERENT)


def nearness(one: RunFacts, other: RunFacts) -> tuple[float, float, float]:
    """Of several that are decided alike, the lowest is the likeliest."""
    return (
        _starts_apart_s(one, other) or 0,
        abs((one.distance_m or 0) - (other.distance_m or 0)),
        abs(one.start_to_end_s - other.start_to_end_s),
    )


def is_as_much(one: RunFacts, other: RunFacts) -> bool:
    """As far, or as long: neither is only a part of the other."""
    return _near_distance(one, other, DISTANCE_PERCENT) or _near_time(one, other, TIME_PERCENT)


# The rules, in their order. Those that need two clock times do not fit where one is missing.


def _at_the_same_second(one: RunFacts, other: RunFacts) -> bool:
    apart_s = _starts_apart_s(one, other)
    if apart_s is None or apart_s > SAME_START_S:
        return False
    return (
        _near_distance(one, other, SAME_START_DISTANCE_PERCENT)
        or _within_m(one, other, SAME_START_DISTANCE_M)
        or _near_time(one, other, SAME_START_TIME_PERCENT)
    )


def _mostly_together(one: RunFacts, other: RunFacts) -> bool:
    longer_s = max(one.start_to_end_s, other.start_to_end_s)
    return _overlap_s(one, other) * 100 >= longer_s * MOSTLY_TOGETHER_PERCENT and (
        _lacks_distance(one, other) or _near_distance(one, other, DISTANCE_PERCENT)
    )


def _near_and_alike(one: RunFacts, other: RunFacts) -> bool:
    apart_s = _starts_apart_s(one, other)
    return (
        apart_s is not None
        and apart_s <= NEAR_START_S
        and _near_distance(one, other, DISTANCE_PERCENT)
        and _near_time(one, other, TIME_PERCENT)
    )


def _partly_together(one: RunFacts, other: RunFacts) -> bool:
    shorter_s = min(one.start_to_end_s, other.start_to_end_s)
    return _overlap_s(one, other) * 100 >= shorter_s * PARTLY_TOGETHER_PERCENT


def _by_a_wrong_zone(one: RunFacts, other: RunFacts) -> bool:
    apart_s = _starts_apart_s(one, other)
    if apart_s is None or apart_s > ZONES_APART_S + ZONE_START_S:
        return False
    return (
        abs(apart_s - round(apart_s / HALF_HOUR_S) * HALF_HOUR_S) <= ZONE_START_S
        and _near_distance(one, other, ZONE_DISTANCE_PERCENT)
        and _near_time(one, other, ZONE_TIME_PERCENT)
    )


def _alike_on_one_day(one: RunFacts, other: RunFacts) -> bool:
    """One of them without a clock time. Always a question: 91 pairs of different runs fit this."""
    return (
        (one.started_at is None or other.started_at is None)
        and not one.days.isdisjoint(other.days)
        and (_lacks_distance(one, other) or _near_distance(one, other, DISTANCE_PERCENT))
        and _near_time(one, other, TIME_PERCENT)
    )


RULES: tuple[tuple[Callable[[RunFacts, RunFacts], bool], Decision], ...] = (
    (_at_the_same_second, Decision.SAME),
    (_mostly_together, Decision.SAME),
    (_near_and_alike, Decision.SAME),
    (_partly_together, Decision.ASK),
    (_by_a_wrong_zone, Decision.ASK),
    (_alike_on_one_day, Decision.ASK),
)


def _starts_apart_s(one: RunFacts, other: RunFacts) -> float | None:
    if one.started_at is None or other.started_at is None:
        return None
    return abs((one.started_at - other.started_at).total_seconds())


def _overlap_s(one: RunFacts, other: RunFacts) -> float:
    """Below 0 where they lie apart, or where a clock time is missing."""
    if one.started_at is None or other.started_at is None:
        return -1
    later_by_s = (other.started_at - one.started_at).total_seconds()
    end_s = min(one.start_to_end_s, later_by_s + other.start_to_end_s)
    return end_s - max(0, later_by_s)


def _lacks_distance(one: RunFacts, other: RunFacts) -> bool:
    return one.distance_m is None or other.distance_m is None


def _near_distance(one: RunFacts, other: RunFacts, percent: int) -> bool:
    if one.distance_m is None or other.distance_m is None:
        return False
    return _within(one.distance_m, other.distance_m, percent)


def _within_m(one: RunFacts, other: RunFacts, metres: float) -> bool:
    if one.distance_m is None or other.distance_m is None:
        return False
    return abs(one.distance_m - other.distance_m) <= metres


def _near_time(one: RunFacts, other: RunFacts, percent: int) -> bool:
    """Elapsed with elapsed. Where one has none, what it has may be either, so either will do."""
    if one.elapsed_s is not None and other.elapsed_s is not None:
        return _within(one.start_to_end_s, other.start_to_end_s, percent)
    return any(
        _within(time_s, other_s, percent)
        for time_s in {one.duration_s, one.start_to_end_s}
        for other_s in {other.duration_s, other.start_to_end_s}
    )


def _within(one: float, other: float, percent: int) -> bool:
    """Of the larger."""
    return abs(one - other) * 100 <= max(one, other) * percent
