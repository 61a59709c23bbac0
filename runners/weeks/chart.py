"""The chart of the weeks: bars of distance or load, and a line for one area.

Drawn twice, for a narrow and for a wide page: text that is scaled with a picture of one size is
too small on a phone or too large on a desk.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe

from runners.formats import hours, in_units, thousands, total, unbroken
from runners.web.notices import Phrase
from runners.weeks.card import said
from runners.weeks.sums import Running
from runners.weeks.trends import PlaceTrend, Soreness, Trends, WeekTrend
from runners.weeks.week import DAYS_PER_WEEK

HIGHEST_INTENSITY = 10
TALLEST_BAR = 0.86  # of the plot
MOST_WEEKS_A_DAY = 2  # from one day that is written to the next
LATE = 0.7  # of the plot: right of it there is no room for a day
CHARACTER = 0.66  # width of a digit or small letter, by the size of the text


@dataclass(frozen=True, slots=True)
class Format:
    """A size of the picture; lengths in its own units, which are about pixels where it is used."""

    name: str
    width: int
    height: int
    text: float
    scale_width: int = 22  # right of the plot, for the scale of the line
    top: int = 42  # above the plot, for the start of the plan and below it the figures
    foot: int = 38  # below the plot, for days and below them months

    @property
    def plot_width(self) -> int:
        return self.width - self.scale_width

    @property
    def plot_height(self) -> int:
        return self.height - self.top - self.foot

    @property
    def base(self) -> int:
        return self.height - self.foot

    def fits(self, words: list[str], pitch: float) -> bool:
        return max(map(len, words), default=0) * self.text * CHARACTER + 4 <= pitch


PHONE = Format("phone", width=320, height=210, text=11.5)
WIDE = Format("wide", width=600, height=360, text=12.5)


@dataclass(frozen=True, slots=True)
class Column:
    """One week of the picture. `height` is None where distance or load is not known.

    A gap is a week that is not known, or only in part: then with a bar of what was logged.
    """

    left: float
    middle: float
    width: float
    bar_left: float
    bar_width: float
    bar_top: float
    height: float | None
    figure: str
    day: str  # of the month, on which it begins
    is_gap: bool
    is_biggest: bool
    is_over: bool

    def svg(self, of: Format) -> str:
        """Made of numbers alone: a template takes four times as long for the weeks of a year."""
        gap = bar = day = ""
        if self.is_gap:
            gap = (
                f'<rect class="gap" x="{self.left}" y="{of.top}" width="{self.width}"'
                f' height="{of.plot_height}" fill="url(#{of.name}-unknown)"/>'
            )
        if self.height:
            css = f"bar{' biggest' * self.is_biggest}{' now' * (not self.is_over)}"
            bar = (
                f'<rect class="{css}" x="{self.bar_left}" y="{self.bar_top}"'
                f' width="{self.bar_width}" height="{self.height}" rx="2"/>'
            )
        if self.day:
            day = f'<text x="{self.middle}" y="{of.base}" dy="18">{self.day}</text>'
        hit = f'<rect class="hit" x="{self.left}" width="{self.width}" height="{of.height}"/>'
        return f'<g class="week">{hit}{gap}{bar}{day}</g>'

    def svg_of_figure(self, of: Format) -> str:
        if not self.figure:
            return ""
        return f'<text class="figure" x="{self.middle}" y="{of.top}" dy="-10">{self.figure}</text>'


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    level: int

    def svg(self, radius: float) -> str:
        return f'<circle class="dotc s{self.level}" cx="{self.x}" cy="{self.y}" r="{radius}"/>'


@dataclass(frozen=True, slots=True)
class PlanStart:
    """Where in the picture the plan in force began, and whether its day is written before it."""

    x: float
    day: dt.date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Picture:
    format: Format
    columns: tuple[Column, ...]
    lines: tuple[str, ...]  # points of each unbroken stretch of known weeks
    dots: tuple[Dot, ...]
    dot_radius: float
    scale: tuple[tuple[int, float], ...]  # intensity and its height
    months: tuple[tuple[str, float], ...]  # names and where they stand
    plan: PlanStart | None

    @property
    def weeks_svg(self) -> SafeString:
        return joined(column.svg(self.format) for column in self.columns)

    @property
    def dots_svg(self) -> SafeString:
        return joined(dot.svg(self.dot_radius) for dot in self.dots)

    @property
    def figures_svg(self) -> SafeString:
        return joined(column.svg_of_figure(self.format) for column in self.columns)


def joined(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  numbers and names of classes, nothing typed


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The same week in the table behind the picture."""

    week: WeekTrend
    distance: Phrase
    runs: Phrase | str
    time: str
    load: Phrase
    mean: str
    soreness: Soreness | None
    plan_started: dt.date | None

    @property
    def running_html(self) -> SafeString:
        """Figures and words of ours alone; see `Column.svg`."""
        cells = (self.distance, self.runs, self.time, self.load, self.mean)
        return joined(f"<td>{cell}</td>" for cell in cells)

    @property
    def soreness_html(self) -> SafeString:
        """Of a week that is known."""
        felt = self.soreness or Soreness(0, 0, 0, 1)
        days = f"{felt.days_marked} of {felt.days_known}"
        cells = (floatformat(felt.mean, 1), felt.highest, days)
        return joined(f"<td>{cell}</td>" for cell in cells)


@dataclass(frozen=True, slots=True)
class Chart:
    title: Phrase
    bars: str  # distance or load; "" where runs are not shared
    unit: str
    place: PlaceTrend | None
    description: Phrase
    pictures: tuple[Picture, ...]
    rows: tuple[WeekRow, ...]
    keys: Phrase | None  # what dashes and hatching mean, where there are any


def draw(trends: Trends, bars: str, place: PlaceTrend | None, units: str) -> Chart:
    """Without bars where runs are not shared: then there has to be a place."""
    if not trends.shared.runs:
        bars = ""
    soreness = place.weeks if place else (None,) * len(trends.weeks)
    values = [
        _bar_value(week, felt, bars, units)
        for week, felt in zip(trends.weeks, soreness, strict=True)
    ]
    gaps = [
        value is None or (bool(bars) and not week.is_known)
        for value, week in zip(values, trends.weeks, strict=True)
    ]
    return Chart(
        title=_title(bars, place),
        bars=bars,
        unit=units if bars == "distance" else bars,
        place=place,
        description=_description(trends, values, gaps, bars, place, units),
        pictures=tuple(
            _picture(trends, values, gaps, bars, soreness, format) for format in (PHONE, WIDE)
        ),
        rows=tuple(
            _row(week, felt, bars, units, trends.plan_started if i == trends.plan_week else None)
            for i, (week, felt) in enumerate(zip(trends.weeks, soreness, strict=True))
        ),
        keys=_keys(values, gaps),
    )


def _bar_value(week: WeekTrend, felt: Soreness | None, bars: str, units: str) -> float | None:
    """None: nothing to draw of the bars or, where there are none, of the line."""
    if not bars:
        return 0 if felt else None
    if bars == "load":
        return week.load
    return None if week.distance_m is None else in_units(week.distance_m, units)


def _title(bars: str, place: PlaceTrend | None) -> Phrase:
    if place:
        return said("bars-and-area" if bars else "area", bars=bars, place=place.name)
    return said("bars-alone", bars=bars)


def _keys(values: list[float | None], gaps: list[bool]) -> Phrase | None:
    if not values[-1] and not any(gaps):
        return None
    in_part = any(gap and value for value, gap in zip(values, gaps, strict=True))
    return said("keys", is_dashed=bool(values[-1]), is_hatched=any(gaps), in_part=in_part)


def _figures(values: list[float | None], bars: str) -> list[str]:
    """Whole numbers, unless all of them are small."""
    if not bars:
        return [""] * len(values)
    if bars == "load":
        return ["" if value is None else thousands(value) for value in values]
    digits = 0 if max(value or 0 for value in values) >= 10 else 1
    return ["" if value is None else f"{value:.{digits}f}" if value else "0" for value in values]


def _picture(
    trends: Trends,
    values: list[float | None],
    gaps: list[bool],
    bars: str,
    soreness: tuple[Soreness | None, ...],
    format: Format,
) -> Picture:
    pitch = format.plot_width / len(values)
    points = [
        Dot(round((i + 0.5) * pitch, 1), _height_of(week.mean, format), week.level)
        if week
        else None
        for i, week in enumerate(soreness)
    ]
    return Picture(
        format=format,
        columns=tuple(_columns(trends, values, gaps, _figures(values, bars), format)),
        lines=tuple(_lines_of(points)),
        dots=tuple(dot for dot in points if dot),
        dot_radius=round(min(4.5, pitch * 0.32), 1),
        scale=tuple((mark, _height_of(mark, format)) for mark in (0, 5, 10))
        if any(points)
        else ((0, _height_of(0, format)),),
        months=tuple(_months(trends, format)),
        plan=_plan_start(trends, format),
    )


def _months(trends: Trends, format: Format) -> list[tuple[str, float]]:
    """At the first week that begins in each; every second or third where there is no room."""
    pitch = format.plot_width / len(trends.weeks)
    days = [week.week.first_day for week in trends.weeks]
    starts = [i for i, day in enumerate(days) if not i or day.month != days[i - 1].month]
    if len(starts) > 1 and not format.fits(["Sep"], pitch * (starts[1] - starts[0])):
        del starts[0]
    each = next(n for n in range(1, len(starts) + 1) if _have_room(starts[::n], format, pitch))
    return [(f"{days[i]:%b}", round((i + 0.5) * pitch, 1)) for i in starts[::each]]


def _have_room(starts: list[int], format: Format, pitch: float) -> bool:
    return all(format.fits(["Sep"], pitch * (b - a)) for a, b in pairwise(starts))


def _plan_start(trends: Trends, format: Format) -> PlanStart | None:
    if trends.plan_started is None or trends.plan_week is None:
        return None
    days = (trends.plan_started - trends.first_day).days
    x = days / DAYS_PER_WEEK * format.plot_width / len(trends.weeks)
    return PlanStart(round(x, 1), trends.plan_started, is_late=x > LATE * format.plot_width)


def _height_of(intensity: float, format: Format) -> float:
    return round(format.base - intensity / HIGHEST_INTENSITY * format.plot_height, 1)


def _columns(
    trends: Trends,
    values: list[float | None],
    gaps: list[bool],
    figures: list[str],
    format: Format,
) -> Iterator[Column]:
    pitch = format.plot_width / len(values)
    days = [str(week.week.first_day.day) for week in trends.weeks]
    all_figures_fit = format.fits(figures, pitch)
    tallest = max(value or 0 for value in values)
    biggest = _biggest(values, gaps)
    # Counted from this week back, so that its day is always there; of a year months are enough.
    each = next(n for n in range(1, len(days) + 1) if format.fits(days, pitch * n))
    if each > MOST_WEEKS_A_DAY:
        days = [""] * len(days)
    bar_width = pitch * (0.56 if pitch > 20 else 0.72)
    for i, (week, value) in enumerate(zip(trends.weeks, values, strict=True)):
        height = value and value / tallest * TALLEST_BAR * format.plot_height
        yield Column(
            left=round(i * pitch, 1),
            middle=round((i + 0.5) * pitch, 1),
            width=round(pitch, 1),
            bar_left=round((i + 0.5) * pitch - bar_width / 2, 1),
            bar_width=round(bar_width, 1),
            bar_top=round(format.base - (height or 0), 1),
            height=None if height is None else round(height, 1),
            figure=figures[i] if all_figures_fit or i == biggest else "",
            day=days[i] if (len(days) - 1 - i) % each == 0 else "",
            is_gap=gaps[i],
            is_biggest=i == biggest,
            is_over=week.is_over,
        )


def _biggest(values: list[float | None], gaps: list[bool]) -> int | None:
    """The place of the biggest of the known weeks; None where none of them has a bar."""
    known = [0 if gap else value or 0 for value, gap in zip(values, gaps, strict=True)]
    return known.index(max(known)) if any(known) else None


def _lines_of(points: list[Dot | None]) -> Iterator[str]:
    """A line goes only through weeks that follow each other; an unknown one breaks it."""
    for known, dots in groupby(points, key=bool):
        line = [f"{dot.x},{dot.y}" for dot in dots if dot]
        if known and len(line) > 1:
            yield " ".join(line)


def _description(
    trends: Trends,
    values: list[float | None],
    gaps: list[bool],
    bars: str,
    place: PlaceTrend | None,
    units: str,
) -> Phrase:
    biggest = _biggest(values, gaps)
    felt = [week for week in place.weeks if week] if place else []
    return said(
        "described",
        bars=bars,
        units=units,
        biggest=None if biggest is None else trends.weeks[biggest].week,
        tallest=0 if biggest is None else values[biggest],
        has_bars=any(values),
        weeks=len(gaps),
        known=gaps.count(False),
        place=place.name if place else "",
        highest=max((week.mean for week in felt), default=0),
        felt=len(felt),
        plan=None if trends.plan_week is None else trends.plan_started,
    )


def _row(
    week: WeekTrend,
    soreness: Soreness | None,
    bars: str,
    units: str,
    plan_started: dt.date | None,
) -> WeekRow:
    running = week.running or Running(distance_m=None, load=None)  # None also where not shared
    runs = running.runs
    distance = said(
        "row-distance",
        metres=running.distance_m,
        units=units,
        known=running.runs_with_distance,
        runs=runs,
    )
    load = said("row-load", load=running.load, known=running.runs_with_effort, runs=runs)
    mean = thousands(week.mean_load) if bars == "load" else total(week.mean_distance_m, units)
    in_part = bool(runs) and not week.is_known
    return WeekRow(
        week=week,
        distance=distance,
        runs=said("row-runs", runs=runs, in_part=in_part) if week.running else "–",
        time=unbroken(hours(running.duration_s)) if runs else "–",
        load=load,
        mean=mean,
        soreness=soreness,
        plan_started=plan_started,
    )
