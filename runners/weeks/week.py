"""Weeks as the runner counts them: from Monday, Saturday or Sunday on."""

import datetime as dt
from dataclasses import dataclass

from runners.formats import span_of_days

DAYS_PER_WEEK = 7
MONDAY = 1  # ISO weekday


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """Seven local days, known by the first of them."""

    first_day: dt.date

    @property
    def last_day(self) -> dt.date:
        return self.first_day + dt.timedelta(days=DAYS_PER_WEEK - 1)

    @property
    def label(self) -> str:
        """`16 Nov`: the day it begins."""
        return f"{self.first_day.day} {self.first_day:%b}"

    @property
    def span(self) -> str:
        """`16–22 Nov 2026`, `28 Dec 2026 – 3 Jan 2027`."""
        return span_of_days(self.first_day, self.last_day)

    @property
    def days(self) -> list[dt.date]:
        return [self.first_day + dt.timedelta(days=later) for later in range(DAYS_PER_WEEK)]

    def days_until(self, day: dt.date) -> int:
        """How many of its days lie on or before a day: 0 to 7."""
        return min(DAYS_PER_WEEK, max(0, (day - self.first_day).days + 1))

    def moved(self, weeks: int) -> "Week":
        return Week(self.first_day + dt.timedelta(weeks=weeks))


def week_of(day: dt.date, week_start: int) -> Week:
    """The week that holds a day, for a runner whose weeks start on an ISO weekday."""
    return Week(day - dt.timedelta(days=(day.isoweekday() - week_start) % DAYS_PER_WEEK))


def weeks_until(day: dt.date, week_start: int, count: int) -> tuple[Week, ...]:
    """The last `count` weeks, oldest first; the last one holds `day`."""
    last = week_of(day, week_start)
    return tuple(last.moved(-ago) for ago in reversed(range(count)))
