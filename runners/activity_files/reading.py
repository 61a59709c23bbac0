"""From what a file says to its Activities: those that can be runs."""

import hashlib
from dataclasses import dataclass, replace

from runners.activity_files.activity import Activity, ActivityError, Doubt, Format, Remark
from runners.activity_files.instants import date_of
from runners.activity_files.moving import Place
from runners.activity_files.profile import Profile, fitting
from runners.activity_files.sports import is_running, other_sport
from runners.activity_files.where import offset_at
from runners.limits import (
    MAX_CLIMB_M,
    MAX_DISTANCE_M,
    MAX_DURATION_S,
    SLOWEST_M_PER_S,
    is_too_fast,
)

MOST_RUNS = 100  # in one file; collections of many years are better split
SHORTEST_RUN_S = 30  # less is a button pressed by mistake; a 200 m sprint takes about that

# Laps end a moment after their last point: a timer longer by so much may be right.
TIMER_LONGER_S = 5.0

CUT_OFF: Remark = "cut_off"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says of one activity, unchecked. Instants are seconds since 1970.

    `timer_s` is the time that counts as the run, without pauses. `is_sure` is False where a file
    of this kind would say that it was a run, and does not. `began_at` is where it began.
    """

    format: Format
    sport: str
    started_at: float | None
    utc_offset_s: int | None
    timer_s: float | None
    elapsed_s: float | None
    distance_m: float | None
    climb_m: int | None
    effort: int | None = None
    is_sure: bool = True
    remarks: tuple[Remark, ...] = ()
    profile: Profile | None = None
    began_at: Place | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All activities of a file in its order; not `is_whole` if it has a fault or no end."""

    readings: list[Reading]
    is_whole: bool


def activities_of(found: Found, *, digest: str) -> list[Activity]:
    """The runs among them, at least one. `digest` is that of the file.

    Raises ActivityError where none can be a run, with the reason of the first.
    """
    runs: list[tuple[int, Activity]] = []
    refused: list[ActivityError] = []
    for number in _runs(found.readings):
        try:
            runs.append((number, _activity(found.readings[number], digest)))
        except ActivityError as error:
            refused.append(error)
    if not runs:
        reason = refused[0] if refused else ActivityError("no_activity")
        is_told = found.is_whole or reason.code == "not_a_run"
        raise reason if is_told else ActivityError("damaged")
    activities = [run for _, run in runs]
    if len(runs) > 1:
        activities = [replace(run, fingerprint=_part(digest, number)) for number, run in runs]
    if not found.is_whole:
        last = activities.pop()
        activities.append(replace(last, remarks=(CUT_OFF, *last.remarks)))
    return activities


def _runs(readings: list[Reading]) -> list[int]:
    """Which of them are called running; without one, those that may be; else all, to say why."""
    numbers = range(len(readings))
    return (
        [number for number in numbers if is_running(readings[number].sport)]
        or [number for number in numbers if other_sport(readings[number].sport) is None]
        or list(numbers)
    )


def _part(digest: str, number: int) -> str:
    """The fingerprint of one run of several, as long as that of a file."""
    return hashlib.sha256(f"{digest} {number}".encode()).hexdigest()


def _activity(reading: Reading, digest: str) -> Activity:
    elapsed_s, duration_s = _times_s(reading)
    other = other_sport(reading.sport)
    if other is not None:
        raise ActivityError("not_a_run", sport=other)
    distance_m = _distance_m(reading)
    climb_m = reading.climb_m
    return Activity(
        format=reading.format,
        sport="running" if is_running(reading.sport) else "unknown",
        started_at=date_of(reading.started_at),
        utc_offset_s=reading.utc_offset_s or offset_at(reading.began_at, reading.started_at),
        duration_s=duration_s,
        elapsed_s=max(elapsed_s, duration_s),
        distance_m=distance_m,
        climb_m=climb_m if climb_m is not None and 0 <= climb_m <= MAX_CLIMB_M else None,
        effort=reading.effort,
        fingerprint=digest,
        doubt=_doubt(reading, distance_m, duration_s),
        remarks=reading.remarks,
        profile=fitting(reading.profile, distance_m),
    )


def _times_s(reading: Reading) -> tuple[int, int]:
    """Start to end, and the time that counts as the run."""
    elapsed_s = reading.elapsed_s if reading.elapsed_s and reading.elapsed_s > 0 else None
    timer_s = reading.timer_s if reading.timer_s and reading.timer_s > 0 else None
    if timer_s and elapsed_s and timer_s > elapsed_s + TIMER_LONGER_S:
        timer_s = None  # laps that each hold the sum of those before, or a slip of the maker
    duration_s = timer_s or elapsed_s
    if duration_s is None:
        raise ActivityError("no_times")
    if duration_s < SHORTEST_RUN_S:
        raise ActivityError("too_short", seconds=SHORTEST_RUN_S)
    if round(duration_s) > MAX_DURATION_S:
        raise ActivityError("too_long", hours=MAX_DURATION_S // 3600)
    return round(elapsed_s or duration_s), round(duration_s)


def _distance_m(reading: Reading) -> float | None:
    """None where there is none: a treadmill without a foot pod writes 0."""
    distance_m = reading.distance_m
    if distance_m is None or distance_m < 1.0:
        return None
    if round(distance_m) > MAX_DISTANCE_M:
        raise ActivityError("too_far", km=MAX_DISTANCE_M // 1000)
    return round(distance_m, 1)


def _doubt(reading: Reading, distance_m: float | None, duration_s: int) -> Doubt | None:
    if distance_m is not None and is_too_fast(distance_m, duration_s):
        return "faster_than_anyone"
    if not reading.is_sure:
        return "sport_not_said"
    if distance_m is not None and distance_m / duration_s < SLOWEST_M_PER_S:
        return "slower_than_a_stroll"
    return None
