"""This week until now, day by day, beside the week before it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from runners.models import Run, User
from runners.prepared import prepared, together
from runners.weeks.known_running import are_known, log_days, stretches
from runners.weeks.week import DAYS_PER_WEEK, Week, week_of

HIGHEST = 74  # of a bar, in units of the drawing
FOOT = 24  # below the bars, for the days
COLUMN, BAR = 46, 18


@dataclass(frozen=True, slots=True)
class Ran:
    """The runs of one day; `metres` of those that have a distance, None where none has."""

    day: dt.date
    runs: int
    measured: int
    metres: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of one of the weeks that holds a distance."""

    day: dt.date
    metres: int
    is_now: bool
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class WeekSoFar:
    """`more_m` is what it holds more than the week before did by the same day; None where one of
    the two cannot be told. `is_known`: all days of both until then are known."""

    week: Week
    runs: int
    distance_m: int | None
    is_known: bool
    more_m: int | None
    bars: tuple[Bar, ...]
    days: tuple[tuple[dt.date, float], ...]
    width: int = COLUMN * DAYS_PER_WEEK
    height: int = HIGHEST + FOOT
    bar: int = BAR

    @property
    def less_m(self) -> int:
        return -(self.more_m or 0)


def week_so_far(runner: User, today: dt.date) -> WeekSoFar:
    """The runner's own week. 1 query."""
    week = week_of(today, runner.week_start)
    before = week.moved(-1)
    rows, logged = together(
        _days_of_runs.of(runner, before.first_day, today), log_days([runner], before.first_day)
    )
    days = [Ran(*row) for row in rows]
    now = [ran for ran in days if ran.day >= week.first_day]
    then = [ran for ran in days if ran.day <= today - dt.timedelta(DAYS_PER_WEEK)]
    known = stretches((day for _, day in logged), today)
    is_known = are_known(known, before.first_day, today)
    return WeekSoFar(
        week=week,
        runs=sum(ran.runs for ran in now),
        distance_m=_distance_m(now),
        is_known=is_known,
        more_m=_more(now, then) if is_known else None,
        bars=_bars(days, week),
        days=tuple(
            (week.first_day + dt.timedelta(later), (later + 0.5) * COLUMN)
            for later in range(DAYS_PER_WEEK)
        ),
    )


@prepared
def _days_of_runs(
    runner: User, since: dt.date, until: dt.date
) -> QuerySet[Run, tuple[dt.date, int, int, int | None]]:
    """Rows of `Ran`."""
    return (
        Run.objects.of(runner)
        .since(since)
        .until(until)
        .values("day")
        .annotate(runs=Count("pk"), measured=Count("distance_m"), metres=Sum("distance_m"))
        .order_by("day")
        .values_list("day", "runs", "measured", "metres")
    )


def _distance_m(days: Iterable[Ran]) -> int | None:
    """None where no run has one."""
    metres = [ran.metres for ran in days if ran.metres is not None]
    return sum(metres) if metres else None


def _more(now: Sequence[Ran], then: Sequence[Ran]) -> int | None:
    """A run without a distance makes its week look too short."""
    if any(ran.runs > ran.measured for ran in (*now, *then)):
        return None
    return (_distance_m(now) or 0) - (_distance_m(then) or 0)


def _bars(days: Iterable[Ran], week: Week) -> tuple[Bar, ...]:
    """Of each day the week before on the left, this one on the right."""
    measured = [(ran.day, ran.metres) for ran in days if ran.metres]
    longest = max((metres for _, metres in measured), default=1)
    bars = []
    for day, metres in measured:
        is_now = day >= week.first_day
        column = (day - week.first_day).days % DAYS_PER_WEEK
        middle = (column + 0.5) * COLUMN
        height = round(max(metres / longest * HIGHEST, 2), 1)
        x = middle + 1 if is_now else middle - BAR - 1
        bars.append(Bar(day, metres, is_now, x, round(HIGHEST - height, 1), height))
    return tuple(bars)
