"""Every area by week, as the cells of a table."""

from dataclasses import dataclass

from runners.body.areas import level
from runners.web.notices import Phrase
from runners.weeks.cards import change_figure, change_words
from runners.weeks.trends import PlaceTrend, Soreness, Trends

NARROW_FROM = 40  # weeks; then a cell has room for two characters
LEVELS = 5  # of the colour ramp above "clear"


@dataclass(frozen=True, slots=True)
class Cell:
    """`level` is None where nothing is known."""

    figure: str
    level: int | None


@dataclass(frozen=True, slots=True)
class AreaLine:
    place: PlaceTrend
    cells: tuple[Cell, ...]
    change: str
    change_words: Phrase


def lines(trends: Trends, measure: str) -> list[AreaLine]:
    """A line for each place that was marked in these weeks, sorest first."""
    narrow = len(trends.weeks) >= NARROW_FROM
    return [
        AreaLine(
            place=place,
            cells=tuple(_cell(week, measure, narrow=narrow) for week in place.weeks),
            change=change_figure(place.change),
            change_words=change_words(place.change),
        )
        for place in trends.marked
    ]


def _cell(week: Soreness | None, measure: str, *, narrow: bool) -> Cell:
    if week is None:
        return Cell("", None)
    if measure == "highest":
        return Cell(str(week.highest), level(week.highest))
    if measure == "days":
        figure = str(week.days_marked) if narrow else f"{week.days_marked}/{week.days_known}"
        # Any marked day is more than clear, and every day is the top of the ramp.
        return Cell(figure, -(-week.days_marked * LEVELS // week.days_known))
    return Cell(week.figure, week.level)
