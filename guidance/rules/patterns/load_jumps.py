"""Jumps in running: single runs and weeks (knowledge base 5, session_spike and week_jump)."""

import datetime as dt
from dataclasses import dataclass

from guidance.rules.log.log import WEEK_DAYS, Log, on_line, start_of
from guidance.rules.types import Run

SPIKE_RATIO = 1.10  # times the longest run of the 30 days before
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

    @property
    def week(self) -> list[dt.date]:
        return [self.day - dt.timedelta(ago) for ago in range(WEEK_DAYS - 1, -1, -1)]


def spikes(log: Log, days: int) -> list[Spike]:
    """Runs of the last `days` days that were spikes, oldest first."""
    found = []
    for run in log.last_runs(days):
        before = [
            earlier.distance_m
            for earlier in log.runs_before(run, SPIKE_LOOK_BACK_DAYS)
            if earlier.distance_m
        ]
        known = log.is_running_known(run.day - dt.timedelta(SPIKE_LOOK_BACK_DAYS), run.day)
        if run.distance_m and known and len(before) >= SPIKE_MIN_RUNS:
            ratio = run.distance_m / max(before)
            if ratio > SPIKE_RATIO:
                found.append(Spike(run, ratio))
    return found


def jumps(log: Log, days: int, until_hour: float | None = None) -> list[Jump]:
    """Weeks that jumped, ending on one of the last `days` days; oldest first.

    Runs from `until_hour` on (hours on one line) are left out. A week is not judged where a run
    of unknown distance lies in the blocks it is compared with: they would look too short.
    """
    found = []
    for day in log.last_days(days):
        if not log.runs_logged_for(JUMP_NEEDS_DAYS, before=day):
            continue
        now_m = sum(distance or 0 for distance in _distances(log, day, 0, until_hour))
        if now_m < JUMP_MORE_M:
            continue
        before = [_distances(log, day, block, until_hour) for block in range(1, JUMP_BLOCKS + 1)]
        if any(distance is None for block in before for distance in block):
            continue
        mean_m = sum(distance or 0 for block in before for distance in block) / JUMP_BLOCKS
        if now_m > JUMP_RATIO * mean_m and now_m - mean_m >= JUMP_MORE_M:
            found.append(Jump(day, now_m / mean_m if mean_m else None))
    return found


def apart(days: list[dt.date], gap_days: int) -> list[dt.date]:
    """The first of the ordered days, and each next one at least `gap_days` later."""
    kept: list[dt.date] = []
    for day in days:
        if not kept or (day - kept[-1]).days >= gap_days:
            kept.append(day)
    return kept


def spike_responses(log: Log, area: str, days: int) -> list[dt.date]:
    """Days of spikes, and first days that end a jumped week, that a symptom answered to.

    Occasions less than seven days apart count once. A week slides over several days: it is one
    occasion, dated by the first day on which it jumped.
    """
    symptoms = log.symptoms(area)
    hours = [log.hour_of(spot) for spot in symptoms]
    symptom_days = {spot.day for spot in symptoms}
    answered = [
        spike.run.day
        for spike in spikes(log, days)
        if any(0 <= hour - start_of(spike.run) <= RESPONSE_H for hour in hours)
    ]
    answered += [
        jump.day
        for jump in _first_of_each(jumps(log, days))
        if symptom_days.intersection(jump.week)
    ]
    return apart(sorted(answered), RESPONSES_APART_DAYS)


def _first_of_each(found: list[Jump]) -> list[Jump]:
    """Of weeks that overlap, the first; after seven days the next one counts again."""
    kept = apart([jump.day for jump in found], WEEK_DAYS)
    return [jump for jump in found if jump.day in kept]


def _distances(log: Log, day: dt.date, block: int, until_hour: float | None) -> list[int | None]:
    """Distances of the runs of a block of seven days, counted back from `day`."""
    last = day - dt.timedelta(WEEK_DAYS * block)
    first = last - dt.timedelta(WEEK_DAYS - 1)
    end = on_line(last, 24) if until_hour is None else min(on_line(last, 24), until_hour)
    return [run.distance_m for run in log.runs_between(first, last) if start_of(run) < end]
