"""Metres climbed, from a row of elevations."""

from collections import deque

# Elevations wobble by a metre or two, so adding up every rise can treble the climb. With a mean
# of five and steps of 2 m, six of eight runs came within 10 m of the watch's own figure; one was
# 15 m too low, and one half, of a watch that has no barometer and whose own figure is doubtful.
# Good enough to tell a flat run from a hilly one, which is what a climb is for.
_SMOOTHED_OVER = 5  # elevations
_SMALLEST_STEP_M = 2.0
_FEWEST = 20  # elevations; fewer say nothing about a hill

LOWEST_M, HIGHEST_M = -500.0, 9_000.0  # below the Dead Sea, above Everest


class Climb:
    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_SMOOTHED_OVER)
        self._count = 0
        self._anchor: float | None = None
        self._climbed = 0.0

    def note(self, elevation_m: float) -> None:
        if not LOWEST_M <= elevation_m <= HIGHEST_M:
            return
        self._count += 1
        self._recent.append(elevation_m)
        if len(self._recent) < _SMOOTHED_OVER:
            return
        smooth = sum(self._recent) / _SMOOTHED_OVER
        if self._anchor is None:
            self._anchor = smooth
        step = smooth - self._anchor
        if abs(step) >= _SMALLEST_STEP_M:
            self._climbed += max(step, 0.0)
            self._anchor = smooth

    @property
    def total_m(self) -> int | None:
        return round(self._climbed) if self._count >= _FEWEST else None
