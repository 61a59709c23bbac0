"""A month of a diary as dots, each of which leads to its day."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString

from runners.diary.queries import ONE_DAY, Wanted
from runners.models import Shared, User
from runners.models.logs import FIRST_DAY
from runners.web.notices import Phrase
from runners.weeks import DayGlance, last_days, week_of
from runners.weeks.chart import joined
from runners.weeks.week import DAYS_PER_WEEK


@dataclass(frozen=True, slots=True)
class Month:
    """`week` are seven days as the runner counts them, for their names.

    `later` is None where the month holds today. `beside` is what else the address asks for.
    """

    days: list[DayGlance]
    week: list[dt.date]
    later: dt.date | None  # the first day of the month after the next
    shared: Shared
    today: dt.date
    beside: str

    @property
    def first(self) -> dt.date:
        return self.days[0].day

    @property
    def lead(self) -> int:
        """How many days of its first week are of the month before."""
        return (self.first - self.week[0]).days

    @property
    def dots_html(self) -> SafeString:
        """A template takes three times as long, and a diary begins with them."""
        return joined(map(self._dot, self.days))

    def _dot(self, glance: DayGlance) -> str:
        day = glance.day
        item = f'<li class="after-{self.lead}">' if day == self.first else "<li>"
        if day > self.today:
            return f"{item}<span>{day.day}</span></li>"
        now = ' aria-current="date"' if day == self.today else ""
        css = f' class="s{_level(glance)}"' if self.shared.soreness else ""
        said = {"first": self.first, "peak": glance.peak, "runs": glance.runs}
        words = Phrase("runners/diary/_month.html#day", said | {"felt": self.shared.soreness})
        ran = "<i></i>" if glance.runs else ""
        return (
            f'{item}<a href="?day={day}{self.beside}#day-{day}"{now}><b{css}>{day.day}</b>'
            f'<span class="sr">{words}</span>{ran}</a></li>'
        )


def _level(glance: DayGlance) -> str:
    return "x" if glance.level is None else str(glance.level)


def month_of(runner: User, wanted: Wanted, asked: QueryDict, shared: Shared) -> Month:
    """The month that holds the first day of the page. A query for each of runs and soreness."""
    today = runner.local_day()
    first = _first_day_shown(wanted, today).replace(day=1)
    following = _month_after(first)
    week = week_of(first, runner.week_start).first_day
    return Month(
        days=last_days(runner, (following - first).days, today=following - ONE_DAY, shared=shared),
        week=[week + n * ONE_DAY for n in range(DAYS_PER_WEEK)],
        later=_month_after(following) if following <= today else None,
        shared=shared,
        today=today,
        beside=_beside(asked),
    )


def _beside(asked: QueryDict) -> str:
    """What filters the diary, to follow on a day in an address of a page."""
    kept = asked.copy()
    for place in ("day", "before"):
        kept.pop(place, None)
    return str(escape(f"&{kept.urlencode()}")) if kept else ""


def _first_day_shown(wanted: Wanted, today: dt.date) -> dt.date:
    """Within the calendar that a diary may have, whatever an address asks for."""
    if wanted.day or not wanted.before:
        return min(max(wanted.day or today, FIRST_DAY), today)
    return min(max(wanted.before, FIRST_DAY + ONE_DAY), today + ONE_DAY) - ONE_DAY


def _month_after(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)
