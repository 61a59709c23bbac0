"""How symptoms follow runs (knowledge base 5): hard and long runs, mornings, unusual work."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from guidance.rules.log.log import (
    HARD_KINDS,
    WEEK_DAYS,
    WINDOW_DAYS,
    Log,
    is_hard,
    once,
    start_of,
)
from guidance.rules.patterns.load_jumps import spikes
from guidance.rules.types import Run

COMPARED_DAYS = 42
COMPARED_RUNS = 3  # of each sort; below that there are too few to tell
SHARE_APART = 0.4
FOLLOWS_H = 36  # a symptom up to here, and before the next run, follows a run

LONG_RATIO = 1.3  # times the median distance of the 28 days before
LONG_MIN_RUNS = 4  # for a median worth the name, as for a session spike

MORNING_FROM_H = 12
MORNING_TO_H = 48
MORNING_SHARE = 0.5
MORNING_RUNS = 3

DOMS_FROM_H = 6
DOMS_TO_H = 48
NOT_DONE_DAYS = 21
UNUSUAL_EFFORT = 8  # while there are not yet 21 days of runs to compare with


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs of one sort (`of`) and those followed by a symptom (`hits`), against the others."""

    of: tuple[Run, ...]
    hits: tuple[Run, ...]
    others: tuple[Run, ...]
    other_hits: tuple[Run, ...]

    @property
    def enough(self) -> bool:
        return min(len(self.of), len(self.others)) >= COMPARED_RUNS

    @property
    def holds(self) -> bool:
        if not self.enough:
            return False
        # Counted crosswise, so that a difference of exactly 0.4 is not lost in rounding.
        more = len(self.hits) * len(self.others) - len(self.other_hits) * len(self.of)
        return more >= SHARE_APART * len(self.of) * len(self.others) - 1e-9


@once
def after_hard_runs(log: Log, area: str) -> Comparison:
    return _compare(log, area, is_hard)


@once
def after_long_runs(log: Log, area: str) -> Comparison:
    """Long against the rest.

    "Same" in the knowledge base would also leave out runs of unknown kind and effort. A run whose
    distance is known can be judged long without them, and most imported runs have only that.
    """
    return _compare(log, area, lambda run: is_long(log, run))


def is_long(log: Log, run: Run) -> bool | None:
    if run.kind == "long":
        return True
    if not run.distance_m:
        return False if run.kind else None
    before = [
        earlier.distance_m for earlier in log.runs_before(run, WINDOW_DAYS) if earlier.distance_m
    ]
    if len(before) < LONG_MIN_RUNS:
        return False if run.kind else None
    return run.distance_m >= LONG_RATIO * median(before)


def morning_after(log: Log, area: str) -> tuple[list[Run], list[Run]]:
    """Runs of 28 days that could be judged the morning after, and those it was felt after."""
    symptoms = log.symptoms(area, WINDOW_DAYS)
    mornings = sorted(log.hour_of(s) for s in symptoms if s.timing == "next_morning")
    judged = [run for run in log.last_runs(WINDOW_DAYS) if _known_soon(log, area, run, (1, 2))]
    felt = [
        run
        for run in judged
        if first_from(mornings, start_of(run) + MORNING_FROM_H) <= start_of(run) + MORNING_TO_H
    ]
    return judged, felt


def unusual_run(log: Log, area: str, first_day: dt.date) -> Run | None:
    """The newest unusual run 6 to 48 h before the first symptom of an episode."""
    first = log.first_hour(area, first_day)
    look_back = log.ago(first_day) + DOMS_TO_H // 24 + 1
    spiked = [spike.run for spike in spikes(log, look_back)]
    near = [
        run
        for run in log.last_runs(look_back)
        if DOMS_FROM_H <= first - start_of(run) <= DOMS_TO_H
        and (run in spiked or _is_unusual(log, run))
    ]
    return near[-1] if near else None


def _is_unusual(log: Log, run: Run) -> bool:
    if run.kind == "race":
        return True
    if not log.runs_logged_for(NOT_DONE_DAYS, before=run.day):
        return run.effort is not None and run.effort >= UNUSUAL_EFFORT
    if run.kind not in HARD_KINDS:
        return False
    return not any(earlier.kind == run.kind for earlier in log.runs_before(run, NOT_DONE_DAYS))


def _compare(log: Log, area: str, is_one: Callable[[Run], bool | None]) -> Comparison:
    sorts: dict[bool, list[Run]] = {True: [], False: []}
    hits: dict[bool, list[Run]] = {True: [], False: []}
    for run, was_felt in _followed(log, area):
        one = is_one(run)
        if one is None:
            continue
        sorts[one].append(run)
        if was_felt:
            hits[one].append(run)
    return Comparison(
        tuple(sorts[True]), tuple(hits[True]), tuple(sorts[False]), tuple(hits[False])
    )


@once
def _followed(log: Log, area: str) -> list[tuple[Run, bool]]:
    """The runs after which the area is known, and whether a symptom followed."""
    # What was felt after a long run counts at its end, which may be on a later day.
    hours = sorted(map(log.hour_of, log.symptoms(area, COMPARED_DAYS + WEEK_DAYS)))
    found = []
    for run in log.last_runs(COMPARED_DAYS):
        if not _known_soon(log, area, run, (0, 1)):
            continue
        # What is felt from the next run on belongs to that one.
        began = start_of(run)
        felt = first_from(hours, began)
        found.append((run, felt <= began + FOLLOWS_H and felt < log.next_start(began)))
    return found


def first_from(hours: Sequence[float], hour: float) -> float:
    """The first of ordered hours that is not before another; infinite without one."""
    place = bisect_left(hours, hour)
    return hours[place] if place < len(hours) else float("inf")


def _known_soon(log: Log, area: str, run: Run, days_later: tuple[int, ...]) -> bool:
    """Is the area known on one of these days after the run?"""
    return any(
        log.area_peak(area, run.day + dt.timedelta(later)) is not None for later in days_later
    )
