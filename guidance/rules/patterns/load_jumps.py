"""Jumps in running: single runs and weeks (knowledge base 5, session_spike and week_jump)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from guidance.rules.log.log import WEEK_DAYS, Log, on_line, once, start_of
from guidance.rules.types import Run

SPIKE_RATIO = 1.10  # times the longest run of the 30 days before
ROOM_PERCENT = 10  # the same, in whole numbers
MODERATE_RATIO = 1.3
LARGE_RATIO = 2.0
SPIKE_LOOK_BACK_DAYS = 30
SPIKE_MIN_RUNS = 4  # in those 30 days, all known; with fewer the longest of them says little

JUMP_RATIO = 1.3  # times the mean of the three blocks before
JUMP_MORE_M = 5_000
JUMP_BLOCKS = 3
JUMP_NEEDS_DAYS = 28  # of runs logged: then all four weeks are known

RESPONSE_H = 48  # a symptom this soon after a spike answers to it
RESPONSES = 2
RESPONSES_APART_DAYS = 7


@dataclass(frozen=True, slots=True)
class Spike:
    """A run much longer than the longest of the 30 days before; `ratio` of the two."""

    run: Run
    ratio: float

    @property
    def size(self) -> str:
        if self.ratio <= MODERATE_RATIO:
            return "small"
        return "moderate" if self.ratio <= LARGE_RATIO else "large"


@dataclass(frozen=True, slots=True)
class Jump:
    """Seven days that end with `day` and hold much more than the three weeks before them.

    `ratio` is None where nothing was run in those three weeks.
    """

    day: dt.date
    ratio: float | None
    distance_m: int
    more_m: int

    @property
    def week(self) -> list[dt.date]:
        return [self.day - dt.timedelta(ago) for ago in range(WEEK_DAYS - 1, -1, -1)]


def spikes(log: Log, days: int) -> list[Spike]:
    """Runs of the last `days` days that were spikes, oldest first."""
    first = log.place_of(on_line(log.today - dt.timedelta(days - 1), 0))
    return [spike for place in range(first, len(log.runs)) if (spike := _spike(log, place))]


@once
def _spike(log: Log, place: int) -> Spike | None:
    """The run at a place of the log, where it was one."""
    run = log.runs[place]
    if not run.distance_m:
        return None
    earlier = log.runs_before(run, SPIKE_LOOK_BACK_DAYS)
    before = [distance_m for one in earlier if (distance_m := one.distance_m)]
    if len(before) < SPIKE_MIN_RUNS or (ratio := run.distance_m / max(before)) <= SPIKE_RATIO:
        return None
    known = log.is_running_known(run.day - dt.timedelta(SPIKE_LOOK_BACK_DAYS), run.day)
    return Spike(run, ratio) if known else None


def jumps(log: Log, days: int, until_hour: float | None = None) -> list[Jump]:
    """Weeks that jumped, ending on one of the last `days` days; oldest first.

    Days and runs that start after `until_hour` (hours on one line) are left out.
    """
    found = []
    for day in log.last_days(days):
        if until_hour is None or until_hour >= on_line(day, 24):
            jump = _jump(log, day)
        elif until_hour >= on_line(day, 0):
            jump = _jump(log, day, until_hour)
        else:
            break
        if jump:
            found.append(jump)
    return found


@once
def _jump(log: Log, day: dt.date, until_hour: float | None = None) -> Jump | None:
    """The week that ends with a day, where it jumped.

    It is not judged where a run of unknown distance lies in the blocks it is compared with: they
    would look too short.
    """
    if not log.runs_logged_for(JUMP_NEEDS_DAYS, before=day):
        return None
    run_m, unknown = _sums(log)
    # Where the blocks begin and the week ends, as places among the runs.
    ends = on_line(day, 24)
    before = log.place_of(ends - 24 * WEEK_DAYS * (JUMP_BLOCKS + 1))
    week = log.place_of(ends - 24 * WEEK_DAYS)
    end = log.place_of(ends, until_hour)
    now_m = run_m[end] - run_m[week]
    if now_m < JUMP_MORE_M or unknown[week] > unknown[before]:
        return None
    mean_m = (run_m[week] - run_m[before]) / JUMP_BLOCKS
    if now_m <= JUMP_RATIO * mean_m or now_m - mean_m < JUMP_MORE_M:
        return None
    return Jump(day, now_m / mean_m if mean_m else None, now_m, round(now_m - mean_m))


@once
def _sums(log: Log) -> tuple[list[int], list[int]]:
    """Before each run and after the last: metres until there, and runs of unknown distance."""
    return (
        list(accumulate((run.distance_m or 0 for run in log.runs), initial=0)),
        list(accumulate((run.distance_m is None for run in log.runs), initial=0)),
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """A spike, or a week that jumped, and the days of the symptoms that answered to it."""

    day: dt.date
    load: frozenset[dt.date]
    symptoms: frozenset[dt.date]

    def is_apart_from(self, other: "Answered") -> bool:
        """No day is in both loads, and two of the symptoms lie a week apart."""
        return not self.load & other.load and any(
            abs((one - another).days) >= RESPONSES_APART_DAYS
            for one in self.symptoms
            for another in other.symptoms
        )


def spike_responses(log: Log, area: str, days: int) -> list[dt.date]:
    """Days of spikes, and days that end a jumped week, that a symptom answered to.

    Occasions that are apart from one another, oldest first: a week slides over several days.
    """
    loads = sorted(_answered(log, area, days), key=lambda one: one.day)
    for place, first in enumerate(loads):
        kept = [first]
        for later in loads[place + 1 :]:
            if all(later.is_apart_from(one) for one in kept):
                kept.append(later)
        if len(kept) >= RESPONSES:
            return [one.day for one in kept]
    return []


def _answered(log: Log, area: str, days: int) -> Iterator[Answered]:
    felt = log.symptoms(area, days + WEEK_DAYS)
    symptoms = [(spot.day, log.hour_of(spot)) for spot in felt]
    for spike in spikes(log, days):
        ran_at = start_of(spike.run)
        soon = frozenset(day for day, hour in symptoms if 0 <= hour - ran_at <= RESPONSE_H)
        if soon:
            yield Answered(spike.run.day, frozenset({spike.run.day}), soon)
    for jump in jumps(log, days):
        within = frozenset(day for day, _ in symptoms if day in jump.week)
        if within:
            yield Answered(jump.day, frozenset(jump.week), within)
