"""Pace and height along a run, in few points: a picture of it, and never where it was."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from runners.activity_files.climb import HIGHEST_M, LOWEST_M

MOST_POINTS = 60
_FEWEST_POINTS = 5  # fewer make no picture
_SHORTEST_M = 50.0  # of a stretch; satellites know the pace of a shorter one badly

# Speed is judged over steps of so many metres: over one second it is mostly noise.
_STEP_M = 20.0
_STANDING_M_PER_S = 0.5  # slower is a stop: it counts in no pace, as it counts in no time
_FASTEST_M_PER_S = 12.5  # nobody ever ran faster: satellites that jumped

_FARTHEST_OFF = 0.1  # of the distance: points that miss more of it tell of another run


class Point(NamedTuple):
    """A stretch of a run, from the end of the one before: None where it is not known."""

    end_m: int
    pace_s_per_km: int | None
    height_m: int | None


Profile = tuple[Point, ...]


class _Stretch:
    def __init__(self) -> None:
        self.end_m = 0.0
        self.run_m = self.run_s = 0.0
        self.heights_m, self.heights = 0.0, 0

    def add(self, other: "_Stretch") -> None:
        """What follows it."""
        self.end_m = other.end_m
        self.run_m += other.run_m
        self.run_s += other.run_s
        self.heights_m += other.heights_m
        self.heights += other.heights

    @property
    def point(self) -> Point:
        return Point(
            round(self.end_m),
            round(self.run_s / self.run_m * 1000) if self.run_m else None,
            round(self.heights_m / self.heights) if self.heights else None,
        )


class Along:
    """Hears of a run point by point, and keeps no more than `MOST_POINTS` stretches of it.

    Stretches are of one length, which doubles whenever there are too many.
    """

    def __init__(self) -> None:
        self._length_m = _SHORTEST_M
        self._stretches: list[_Stretch] = []
        self._open = _Stretch()
        self._begin_m: float | None = None
        self._at = self._far_m = 0.0  # where the last step ended

    def note(self, at: float | None, distance_m: float | None, height_m: float | None) -> None:
        """`distance_m` since any beginning; points without it, or that go back, do not count."""
        if at is None or distance_m is None:
            return
        if self._begin_m is None:
            self._begin_m, self._at = distance_m, at
        if height_m is not None and LOWEST_M <= height_m <= HIGHEST_M:
            self._open.heights_m += height_m
            self._open.heights += 1
        far_m = distance_m - self._begin_m
        step_m, step_s = far_m - self._far_m, at - self._at
        if step_m < _STEP_M or step_s <= 0:
            return
        if _STANDING_M_PER_S <= step_m / step_s <= _FASTEST_M_PER_S:
            self._open.run_m += step_m
            self._open.run_s += step_s
        self._at, self._far_m, self._open.end_m = at, far_m, far_m
        if far_m - self._last_end_m >= self._length_m:
            self._close()

    @property
    def _last_end_m(self) -> float:
        return self._stretches[-1].end_m if self._stretches else 0.0

    def _close(self) -> None:
        if len(self._stretches) == MOST_POINTS:
            for first, second in zip(self._stretches[::2], self._stretches[1::2], strict=True):
                first.add(second)
            del self._stretches[1::2]
            self._length_m *= 2
        self._stretches.append(self._open)
        self._open = _Stretch()

    def profile(self) -> Profile | None:
        """What is left over belongs to the last stretch. None where there is too little."""
        if len(self._stretches) < _FEWEST_POINTS:
            return None
        if self._open.end_m:
            self._stretches[-1].add(self._open)
            self._open = _Stretch()
        points = tuple(stretch.point for stretch in self._stretches)
        return points if any(point.pace_s_per_km for point in points) else None


def joined(parts: Iterable[tuple[Profile | None, float | None]]) -> Profile | None:
    """Of parts of one run in the order of time, each with its distance in metres.

    In as few points as one has. A part too short for a profile of its own is a stretch of which
    nothing is known.
    """
    points: list[Point] = []
    for profile, distance_m in parts:
        begin_m = points[-1].end_m if points else 0
        known = profile or (Point(round(distance_m or 0), None, None),)
        points += [point._replace(end_m=begin_m + point.end_m) for point in known if point.end_m]
    if not any(point.pace_s_per_km for point in points):
        return None
    return tuple(points) if len(points) <= MOST_POINTS else tuple(_fewer(points))


def _fewer(points: Sequence[Point]) -> Iterable[Point]:
    """Neighbours together, until each stretch has its share of the whole."""
    least_m = points[-1].end_m / MOST_POINTS
    begin_m, near = 0, list[tuple[int, Point]]()
    before_m = 0
    for point in points:
        near.append((point.end_m - before_m, point))
        before_m = point.end_m
        if point.end_m - begin_m >= least_m or point is points[-1]:
            pace = _mean(near, lambda one: one.pace_s_per_km)
            yield Point(point.end_m, pace, _mean(near, lambda one: one.height_m))
            begin_m, near = point.end_m, []


def _mean(near: Iterable[tuple[int, Point]], of: Callable[[Point], int | None]) -> int | None:
    """Of the stretches where it is known, by their length."""
    known = [(length_m, value) for length_m, point in near if (value := of(point)) is not None]
    whole_m = sum(length_m for length_m, _ in known)
    return round(sum(m * value for m, value in known) / whole_m) if whole_m else None


def fitting(profile: Profile | None, distance_m: float | None) -> Profile | None:
    """The profile, if it is one of a run of that distance."""
    if profile is None or distance_m is None:
        return None
    is_near = abs(profile[-1].end_m - distance_m) <= distance_m * _FARTHEST_OFF
    return profile if is_near else None
