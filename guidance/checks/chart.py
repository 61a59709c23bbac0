"""The picture of earlier results of a check: a dot for each side and day, the ranges behind."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidance.checks.page import without_unit
from guidance.rules.catalogue import Check
from guidance.rules.said import Said
from guidance.rules.self_checks import still_counts
from guidance.rules.types import CheckResult

# Units of the drawing: about one pixel each on a phone.
WIDTH = 330
HEIGHT = 170
PLOT_WIDTH = 252  # right of it stand the words of the ranges
TOP, BOTTOM = 12, 146
INSET = 12  # keeps dots off the edge
WORD_HEIGHT = 13  # a range thinner than its word goes without it
PAD = 0.2  # of the span, above and below


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    side: str
    old: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`borders` are heights where one range ends and the next begins, `words` their names."""

    dots: tuple[Dot, ...]
    lines: tuple[tuple[str, str], ...]
    borders: tuple[float, ...]
    words: tuple[tuple[float, str], ...]
    first: dt.date
    last: dt.date
    told: tuple[tuple[dt.date, Said], ...]
    both_sides: bool
    width: int = WIDTH
    height: int = HEIGHT
    plot_width: int = PLOT_WIDTH


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)


def draw(check: Check, results: Sequence[CheckResult], today: dt.date) -> Picture | None:
    """Oldest first. None for words and parts, and as long as there is nothing to compare."""
    points = [(result.day, side, value) for result in results for side, value in figures(result)]
    days = sorted({day for day, _, _ in points})
    if len(days) < 2:
        return None
    limits = [band.low for band in check.bands if band.low is not None]
    scale = scale_of([value for _, _, value in points], limits)
    dots = [
        Dot(x_of(day, days), scale.y(value), side, old=not still_counts(day, today))
        for day, side, value in points
    ]
    return Picture(
        dots=tuple(dots),
        lines=tuple(lines_of(dots)),
        borders=tuple(scale.y(limit) for limit in limits),
        words=tuple(words_of(check, scale)),
        first=days[0],
        last=days[-1],
        told=tuple((result.day, without_unit(check, result)) for result in results),
        both_sides=check.both_sides,
    )


def figures(result: CheckResult) -> Iterator[tuple[str, float]]:
    for side in ("left", "right", "value"):
        value = getattr(result, side)
        if isinstance(value, int | float):
            yield side, float(value)


def scale_of(values: list[float], limits: list[float]) -> Scale:
    low, high = min(*values, *limits), max(*values, *limits)
    pad = max((high - low) * PAD, 1.0)
    return Scale(low - pad, high + pad)


def x_of(day: dt.date, days: list[dt.date]) -> float:
    share = (day - days[0]).days / (days[-1] - days[0]).days
    return round(INSET + share * (PLOT_WIDTH - 2 * INSET), 1)


def lines_of(dots: list[Dot]) -> Iterator[tuple[str, str]]:
    """The side and the points of a line through its dots."""
    for side in ("left", "right", "value"):
        own = [f"{dot.x},{dot.y}" for dot in dots if dot.side == side]
        if own:
            yield side, " ".join(own)


def words_of(check: Check, scale: Scale) -> Iterator[tuple[float, str]]:
    for band in check.bands:
        low = scale.low if band.low is None else max(band.low, scale.low)
        high = scale.high if band.high is None else min(band.high, scale.high)
        if scale.y(low) - scale.y(high) >= WORD_HEIGHT:
            yield (scale.y(low) + scale.y(high)) / 2, band.word
