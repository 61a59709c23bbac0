"""The last days in small, for pages that show no more than a glance."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet, Sum

from runners.body.areas import level
from runners.models import CheckIn, Run, Shared, User
from runners.models.coaching import FULLY_SHARED
from runners.prepared import prepared, together
from runners.weeks.week import week_of


@dataclass(frozen=True, slots=True)
class DayGlance:
    """One local day. Without a check-in how it felt is unknown, which is not clear."""

    day: dt.date
    peak: int | None  # the highest of any area, 0-10; None: unknown
    runs: int
    distance_m: int | None  # None: there were runs, but without a distance

    @property
    def level(self) -> int | None:
        return None if self.peak is None else level(self.peak)


def last_days(
    runner: User,
    days: int = 14,
    *,
    today: dt.date | None = None,
    shared: Shared = FULLY_SHARED,
) -> list[DayGlance]:
    """The last days, oldest first and today last. 1 query.

    What is not shared is not read: every peak is unknown, and no run is there.
    """
    today = today or runner.local_day()
    first = today - dt.timedelta(days=days - 1)
    felt, ran = together(
        _peaks.of(runner, first, today) if shared.soreness else None,
        _runs.of(runner, first, today) if shared.runs else None,
    )
    # A partial check-in without entries says nothing about the day.
    peaks = {day: peak if peak is not None or partial else 0 for day, partial, peak in felt}
    runs = {day: (count, distance_m) for day, count, distance_m in ran}
    return [
        DayGlance(day, peaks.get(day), *runs.get(day, (0, 0)))
        for day in (first + dt.timedelta(days=later) for later in range(days))
    ]


@prepared
def _peaks(
    runner: User, first: dt.date, last: dt.date
) -> QuerySet[CheckIn, tuple[dt.date, bool, int | None]]:
    """Of each check-in its day, whether it is partial, and its highest mark."""
    return (
        CheckIn.objects.of(runner)
        .since(first)
        .until(last)
        .values("pk")
        .annotate(peak=Max("entries__intensity"))
        .order_by()
        .values_list("day", "partial", "peak")
    )


@prepared
def _runs(
    runner: User, first: dt.date, last: dt.date
) -> QuerySet[Run, tuple[dt.date, int, int | None]]:
    """Of each day with runs, how many, and their metres."""
    return (
        Run.objects.of(runner)
        .since(first)
        .until(last)
        .values("day")
        .annotate(runs=Count("pk"), distance=Sum("distance_m"))
        .order_by()
        .values_list("day", "runs", "distance")
    )


def run_this_week(days: Sequence[DayGlance], week_start: int) -> int:
    """Metres of the runner's own week until the last of the days, of runs with a distance."""
    first = week_of(days[-1].day, week_start).first_day
    return sum(day.distance_m or 0 for day in days if day.day >= first)
