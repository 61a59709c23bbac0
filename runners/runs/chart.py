"""The picture of a run from a file: pace along the way, fast is up, and height below it.

Drawn twice, as the weeks are: text that is scaled is too small on a phone or too large on a desk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from runners.formats import in_units
from runners.models import Run

TOP, PACE_BASE = 26, 116  # between them the pace, with room for a word above and below
GROUND = 186  # the height stands on it
FOOT = 22  # below it the distances
LOWEST_HILL, HIGHEST_HILL = 8, 40
FLAT_M = 20  # less difference than this is drawn as flat as it is
SLOWEST_DRAWN = 1.6  # times the median pace: a walk would press the rest of the line flat
MOST_TICKS = 6
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # km or miles from one to the next
EDGE = 0.2  # of the width: closer to it a word begins or ends at its dot


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one place of the run to the next, in metres of the run as it stands in the diary."""

    begin_m: float
    end_m: float
    pace_s_per_km: float | None
    height_m: int | None

    @property
    def middle_m(self) -> float:
        return (self.begin_m + self.end_m) / 2


@dataclass(frozen=True, slots=True)
class Mark:
    """The fastest or the slowest stretch, with its dot and where its words begin."""

    stretch: Stretch
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    width: int
    lines: tuple[str, ...]
    hill: str  # the outline of the height; "" where none is known
    fastest: Mark
    slowest: Mark
    ticks: tuple[tuple[float, str], ...]
    height: int = GROUND + FOOT
    top: int = TOP
    ground: int = GROUND


@dataclass(frozen=True, slots=True)
class Drawn:
    """`heights` are the lowest and the highest, None where they are not known; `stretch_m` is how
    long a stretch is, more or less."""

    fastest: Stretch
    slowest: Stretch
    heights: tuple[int, int] | None
    stretch_m: float
    pictures: tuple[Picture, ...]


def draw(run: Run, units: str) -> Drawn | None:
    """None without a file that tells it, or without a distance."""
    stretches = stretches_of(run)
    paced = [(s.pace_s_per_km, s) for s in stretches if s.pace_s_per_km]
    if not paced:
        return None
    slowest, fastest = (pick(paced, key=lambda one: one[0])[1] for pick in (max, min))
    heights = [s.height_m for s in stretches if s.height_m is not None]
    return Drawn(
        fastest=fastest,
        slowest=slowest,
        heights=(min(heights), max(heights)) if heights else None,
        stretch_m=round(median(s.end_m - s.begin_m for s in stretches), -1),
        pictures=tuple(
            _picture(name, width, stretches, fastest, slowest, units)
            for name, width in (("phone", 318), ("wide", 600))
        ),
    )


def stretches_of(run: Run) -> list[Stretch]:
    """Where the runner has corrected the watch's distance, all of them are stretched with it."""
    if not run.profile or not run.distance_m:
        return []
    scale = run.distance_m / run.profile[-1][0]
    ends = [0.0, *(end_m * scale for end_m, _, _ in run.profile)]
    return [
        Stretch(begin_m, end_m, pace / scale if pace else None, height_m)
        for (begin_m, end_m), (_, pace, height_m) in zip(pairwise(ends), run.profile, strict=True)
    ]


def _picture(
    name: str,
    width: int,
    stretches: Sequence[Stretch],
    fastest: Stretch,
    slowest: Stretch,
    units: str,
) -> Picture:
    length_m = stretches[-1].end_m
    paces = [s.pace_s_per_km for s in stretches if s.pace_s_per_km]
    lowest = min(max(paces), median(paces) * SLOWEST_DRAWN)
    span = max(lowest - min(paces), 1)

    def x(metres: float) -> float:
        return round(metres / length_m * width, 1)

    def y(pace: float) -> float:
        share = (lowest - min(pace, lowest)) / span
        return round(PACE_BASE - share * (PACE_BASE - TOP), 1)

    def mark(stretch: Stretch) -> Mark:
        at = x(stretch.middle_m)
        is_left, is_right = at < width * EDGE, at > width * (1 - EDGE)
        anchor = "start" if is_left else "end" if is_right else "middle"
        return Mark(stretch, at, y(stretch.pace_s_per_km or lowest), anchor)

    lines = (
        " ".join(f"{x(s.middle_m)},{y(s.pace_s_per_km)}" for s in part if s.pace_s_per_km)
        for is_known, part in groupby(stretches, key=lambda s: s.pace_s_per_km is not None)
        if is_known
    )
    return Picture(
        name=name,
        width=width,
        lines=tuple(lines),
        hill=_hill(stretches, [x(s.middle_m) for s in stretches], width),
        fastest=mark(fastest),
        slowest=mark(slowest),
        ticks=tuple((x(metres), figure) for metres, figure in _ticks(length_m, units)),
    )


def _hill(stretches: Sequence[Stretch], places: Sequence[float], width: int) -> str:
    """Drawn to both ends of the run; a stretch of unknown height is left out."""
    known = [
        (at, s.height_m) for at, s in zip(places, stretches, strict=True) if s.height_m is not None
    ]
    if not known:
        return ""
    lowest = min(height for _, height in known)
    span = max(max(height for _, height in known) - lowest, FLAT_M)
    tops = [
        (at, round(GROUND - LOWEST_HILL - (height - lowest) / span * (HIGHEST_HILL - LOWEST_HILL)))
        for at, height in known
    ]
    outline = [(0, tops[0][1]), *tops, (width, tops[-1][1])]
    return f"M0 {GROUND}{''.join(f'L{at} {top}' for at, top in outline)}L{width} {GROUND}Z"


def _ticks(length_m: float, units: str) -> Iterator[tuple[float, str]]:
    length = in_units(length_m, units)
    step = next((one for one in TICKS if length / one < MOST_TICKS), TICKS[-1])
    for number in range(int(length / step) + 1):
        yield length_m * number * step / length, f"{number * step:g}"
