"""From what a file says to an Activity, if it can be a run."""

from dataclasses import dataclass, replace

from .activity import Activity, ActivityError, Format, no_activity
from .moments import date_of
from .sports import is_running, other_sport

SHORTEST_RUN_S = 30  # less is a button pressed by mistake; a 200 m sprint takes about that
LONGEST_RUN_S = 7 * 86_400  # six-day races exist
LONGEST_RUN_M = 1_000_000.0
HIGHEST_CLIMB_M = 30_000

# The fastest that people have run over at least so many seconds, with a little to spare: the
# half marathon at 6.2 m/s, 1500 m at 7.3, 100 m at 10.4. Faster files are rides or drives.
FASTEST_M_PER_S = ((3_000, 6.4), (200, 7.4), (0, 10.5))

# Half of a walking pace. A phone that guesses the sport calls such things running.
SLOWEST_M_PER_S = 0.7


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says of one activity, unchecked. Instants are seconds since 1970."""

    format: Format
    sport: str
    started_at: float | None
    utc_offset_s: int | None
    timer_s: float | None
    elapsed_s: float | None
    distance_m: float | None
    climb_m: int | None
    effort: int | None = None
    remarks: tuple[str, ...] = ()


def chosen(readings: list[Reading], *, last: bool) -> Reading:
    """The last or first that can be a run; if none can, the first of any sport."""
    if not readings:
        raise no_activity()
    # A word not known counts only where nothing is called running.
    runs = [one for one in readings if is_running(one.sport)] or [
        one for one in readings if other_sport(one.sport) is None
    ]
    if not runs:
        return readings[0]
    run = runs[-1 if last else 0]
    if len(runs) == 1:
        return run
    which = "last" if last else "first"
    remark = f"This file holds {len(runs)} runs. Here is the {which} of them."
    return replace(run, remarks=(remark,))


def activity_of(reading: Reading, *, fingerprint: str) -> Activity:
    timed_s, duration_s = _times_s(reading)
    other = other_sport(reading.sport)
    if other is not None:
        raise _not_a_run(f"This file holds {other}, so there is no run to log from it.")
    distance_m = _distance_m(reading, duration_s)
    climb_m = reading.climb_m
    return Activity(
        format=reading.format,
        sport="running" if is_running(reading.sport) else "unknown",
        started_at=date_of(reading.started_at),
        utc_offset_s=reading.utc_offset_s,
        duration_s=duration_s,
        elapsed_s=max(timed_s, duration_s),
        distance_m=distance_m,
        climb_m=climb_m if climb_m is not None and 0 <= climb_m <= HIGHEST_CLIMB_M else None,
        effort=reading.effort,
        fingerprint=fingerprint,
        remarks=(*reading.remarks, *_slow(distance_m, duration_s)),
    )


def _times_s(reading: Reading) -> tuple[int, int]:
    """Start to end, and the time that counts as the run."""
    elapsed_s = reading.elapsed_s if reading.elapsed_s and reading.elapsed_s > 0 else None
    timer_s = reading.timer_s if reading.timer_s and reading.timer_s > 0 else None
    duration_s = timer_s or elapsed_s
    if duration_s is None:
        raise ActivityError(
            "no_times",
            "This file doesn't say how long the run took. You can still log it by hand.",
        )
    if duration_s < SHORTEST_RUN_S:
        raise ActivityError(
            "too_short",
            f"This recording stops within {SHORTEST_RUN_S} seconds, too soon to log as a run.",
        )
    longest_s = max(duration_s, elapsed_s or duration_s)
    if longest_s > LONGEST_RUN_S:
        raise ActivityError(
            "impossible",
            "By this file the run took more than a week, so its times can't be right. "
            "You can still log it by hand.",
        )
    return round(elapsed_s or duration_s), round(duration_s)


def _distance_m(reading: Reading, duration_s: int) -> float | None:
    """None where there is none: a treadmill without a foot pod writes 0."""
    distance_m = reading.distance_m
    if distance_m is None or distance_m < 1.0:
        return None
    if distance_m >= LONGEST_RUN_M:
        raise ActivityError(
            "impossible",
            "By this file the run is longer than 1000 km, so its distance can't be right. "
            "You can still log it by hand.",
        )
    fastest = next(speed for at_least_s, speed in FASTEST_M_PER_S if duration_s >= at_least_s)
    if distance_m / duration_s > fastest:
        raise _not_a_run(
            "This is faster than anyone has run, so it might be a ride. "
            "If it was a run, you can log it by hand."
        )
    return round(distance_m, 1)


def _slow(distance_m: float | None, duration_s: int) -> tuple[str, ...]:
    if distance_m is None or distance_m / duration_s >= SLOWEST_M_PER_S:
        return ()
    return ("This is slower than a stroll. Was it a run?",)


def _not_a_run(sentence: str) -> ActivityError:
    return ActivityError("not_a_run", sentence)
