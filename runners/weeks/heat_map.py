"""Every area by week, as the cells of a table."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString

from runners.body.areas import level
from runners.web.notices import Phrase
from runners.weeks.card import change_figure, change_words, said
from runners.weeks.chart import joined
from runners.weeks.trends import PlaceTrend, Soreness, Trends

LEVELS = 5  # of the colour ramp above "clear"


@dataclass(frozen=True, slots=True)
class Cell:
    """`level` is None where nothing is known; `of` is shown where there is room."""

    figure: str
    level: int | None
    of: str = ""

    def html(self, css: str) -> str:
        """Made of figures alone. `css` is what the cell is beside its level."""
        if self.level is None:
            sign = '<span aria-hidden="true">·</span>'
            return f'<td class="sx{css}">{sign}<span class="sr">{said("not-logged")}</span></td>'
        of = f'<span class="of">{self.of}</span>' if self.of else ""
        return f'<td class="s{self.level}{css}">{self.figure}{of}</td>'


@dataclass(frozen=True, slots=True)
class AreaLine:
    place: PlaceTrend
    cells: tuple[Cell, ...]
    change: str
    change_words: Phrase
    plan_week: int | None

    @property
    def cells_html(self) -> SafeString:
        """A template takes four times as long: a year of every place has a thousand cells."""
        planned = self.plan_week
        cells = (
            cell.html(" planned" if week == planned else "") for week, cell in enumerate(self.cells)
        )
        return joined(cells)


@dataclass(frozen=True, slots=True)
class Month:
    """Of weeks that follow each other, by their first days. Its name may have no room."""

    name: str
    weeks: int
    is_alone: bool  # one week, the newest


def lines(trends: Trends, measure: str) -> list[AreaLine]:
    """A line for each place that was marked in these weeks, sorest first."""
    return [
        AreaLine(
            place=place,
            cells=tuple(_cell(week, measure) for week in place.weeks),
            change=change_figure(place.change),
            change_words=change_words(place.change),
            plan_week=trends.plan_week,
        )
        for place in trends.marked
    ]


def months(trends: Trends) -> list[Month]:
    found = [
        (f"{first:%b}", len(list(weeks)))
        for first, weeks in groupby(week.week.first_day.replace(day=1) for week in trends.weeks)
    ]
    last = len(found) - 1
    return [
        Month(name if weeks > 1 or i == last else "", weeks, is_alone=weeks == 1 and i == last)
        for i, (name, weeks) in enumerate(found)
    ]


def _cell(week: Soreness | None, measure: str) -> Cell:
    if week is None:
        return Cell("", None)
    if measure == "highest":
        return Cell(str(week.highest), level(week.highest))
    if measure == "days":
        # Any marked day is more than clear, and every day is the top of the ramp.
        steps = -(-week.days_marked * LEVELS // week.days_known)
        return Cell(str(week.days_marked), steps, f"/{week.days_known}")
    return Cell(week.figure, week.level)
