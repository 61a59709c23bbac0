"""Sums by week, made by the database."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, F, Func, IntegerField, Max, Q, QuerySet, Subquery, Sum
from django.db.models.sql.compiler import SQLCompiler

from runners.models import CheckIn, Run, Shared, SorenessEntry, User
from runners.models.coaching import FULLY_SHARED
from runners.prepared import Bound, prepared
from runners.weeks.week import Week

SECONDS_PER_MINUTE = 60
MARKED = 1  # the lowest intensity that counts as marked; 0 says that nothing was felt

Place = tuple[str, str]  # area, side


class WeekIndex(Func):
    """Whole weeks from a first day to a date column: 0 for the seven days that start then.

    Only for days on or after the first day: both databases cut towards zero.
    """

    template = "((%(expressions)s) / 7)"
    arg_joiner = " - "

    def __init__(self, column: str, first_day: dt.date) -> None:
        super().__init__(column, first_day, output_field=IntegerField())

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        # SQLite keeps a date as text, and only julianday() makes a number of it.
        return self.as_sql(
            compiler,
            connection,
            template="CAST((julianday(%(expressions)s)) / 7 AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )


@dataclass(frozen=True, slots=True)
class Running:
    """The runs of some days. Distance and load are None where runs are there but say nothing."""

    runs: int = 0
    distance_m: int | None = 0
    duration_s: int = 0
    load: int | None = 0
    runs_with_distance: int = 0
    runs_with_effort: int = 0


NO_RUNS = Running()

RUN_SUMS = {
    "runs": Count("pk"),
    "distance": Sum("distance_m", default=0),
    "duration": Sum("duration_s", default=0),
    "effort_seconds": Sum(F("effort") * F("duration_s"), default=0, output_field=IntegerField()),
    "with_distance": Count("distance_m"),
    "with_effort": Count("effort"),
}


def running_of(sums: Mapping[str, Any]) -> Running:
    if not sums["runs"]:
        return NO_RUNS
    return Running(
        runs=sums["runs"],
        distance_m=sums["distance"] if sums["with_distance"] else None,
        duration_s=sums["duration"],
        load=_load(sums["effort_seconds"]) if sums["with_effort"] else None,
        runs_with_distance=sums["with_distance"],
        runs_with_effort=sums["with_effort"],
    )


def _load(effort_seconds: int) -> int:
    """Effort x minutes, rounded once, half up. In whole numbers: the same on every database."""
    return (effort_seconds + SECONDS_PER_MINUTE // 2) // SECONDS_PER_MINUTE


def running_of_each(
    runners: Collection[User], first_day: dt.date, last_day: dt.date
) -> dict[int, Running]:
    """By the runner's key; whoever has no run is left out."""
    return {row["runner"]: running_of(row) for row in sums_of_each(runners, first_day, last_day)}


@prepared
def sums_of_each(
    runners: Collection[User], first_day: dt.date, last_day: dt.date
) -> QuerySet[Run, Any]:
    return (
        Run.objects.filter(runner__in=runners, deleted_at__isnull=True)
        .since(first_day)
        .until(last_day)
        .values("runner")
        .annotate(**RUN_SUMS)
        .order_by()
    )


def running_by_week(rows: Iterable[Mapping[str, Any]], first: Week) -> dict[Week, Running]:
    """Of `weekly_running`, from `first` on: weeks with runs."""
    return {first.moved(row["week"]): running_of(row) for row in rows}


@prepared
def weekly_running(runner: User, first_day: dt.date, until: dt.date) -> QuerySet[Run, Any]:
    return (
        Run.objects.of(runner)
        .since(first_day)
        .until(until)
        .annotate(week=WeekIndex("day", first_day))
        .values("week")
        .annotate(**RUN_SUMS)
        .order_by()
    )


@dataclass(frozen=True, slots=True)
class CheckInDays:
    """Days with a check-in. On full ones every area is known, on the others what they name."""

    days: int = 0
    full: int = 0

    @classmethod
    def of(cls, sums: Mapping[str, Any]) -> Self:
        """Of `CHECK_IN_SUMS`."""
        return cls(sums["days"], sums["full"])


CHECK_IN_SUMS = {"days": Count("pk"), "full": Count("pk", filter=Q(partial=False))}


def check_in_days_by_week(
    rows: Iterable[Mapping[str, Any]], first: Week
) -> dict[Week, CheckInDays]:
    """Of `weekly_check_ins`, from `first` on."""
    return {first.moved(row["week"]): CheckInDays.of(row) for row in rows}


@prepared
def weekly_check_ins(runner: User, first_day: dt.date, until: dt.date) -> QuerySet[CheckIn, Any]:
    return (
        CheckIn.objects.of(runner)
        .since(first_day)
        .until(until)
        .annotate(week=WeekIndex("day", first_day))
        .values("week")
        .annotate(**CHECK_IN_SUMS)
        .order_by()
    )


@dataclass(frozen=True, slots=True)
class PeakSums:
    """The daily peaks of one area and side in one week, of the days that have an entry for it."""

    total: int = 0
    highest: int = 0
    days_marked: int = 0
    partial_days: int = 0  # of these days, the ones whose check-in is partial


def peaks_by_week(
    rows: Iterable[tuple[Any, ...]], first: Week
) -> dict[tuple[Week, Place], PeakSums]:
    """Of `weekly_peaks`, from `first` on."""
    weeks: dict[int, Week] = {}
    return {
        (weeks.setdefault(week, first.moved(week)), (area, side)): PeakSums(*sums)
        for week, area, side, *sums in rows
    }


@prepared
def weekly_peaks(
    runner: User, first_day: dt.date, until: dt.date
) -> QuerySet[SorenessEntry, tuple[Any, ...]]:
    """Week, area and side, and the sums of `PeakSums`."""
    return (
        SorenessEntry.objects.of(runner)
        .since(first_day)
        .until(until)
        .daily_peaks()
        .annotate(week=WeekIndex("day", first_day))
        .values("week", "area", "side")
        .annotate(
            total=Sum("intensity"),
            highest=Max("intensity"),
            days_marked=Count("pk", filter=Q(intensity__gte=MARKED)),
            partial_days=Count("pk", filter=Q(check_in__partial=True)),
        )
        .order_by()
        .values_list("week", "area", "side", "total", "highest", "days_marked", "partial_days")
    )


def first_logs(runner: User, shared: Shared = FULLY_SHARED) -> Bound[Any, Any] | None:
    """The days of the first run and the first check-in ever: before them nothing is known."""
    if shared.runs and shared.soreness:
        return _first_logs.of(runner.pk)
    if shared.runs:
        return _first_run.of(runner)
    return _first_check_in.of(runner) if shared.soreness else None


def first_log(rows: Iterable[tuple[dt.date | None, ...]]) -> dt.date | None:
    """Of `first_logs`, the earlier."""
    return min((day for row in rows for day in row if day), default=None)


@prepared
def _first_run(runner: User) -> QuerySet[Run, tuple[dt.date]]:
    return Run.objects.of(runner).order_by("day").values_list("day")[:1]


@prepared
def _first_check_in(runner: User) -> QuerySet[CheckIn, tuple[dt.date]]:
    return CheckIn.objects.of(runner).order_by("day").values_list("day")[:1]


@prepared
def _first_logs(runner: int) -> QuerySet[User, tuple[Any, ...]]:
    """Of a runner's key, the days of the first run and of the first check-in."""
    logs: tuple[QuerySet[Any], ...] = (
        Run.objects.filter(runner=runner, deleted_at__isnull=True),
        CheckIn.objects.filter(runner=runner, deleted_at__isnull=True),
    )
    firsts = [Subquery(rows.order_by("day").values("day")[:1]) for rows in logs]
    return User.objects.filter(pk=runner).values_list(*firsts)


@prepared
def longest_run(runner: User, first_day: dt.date, last_day: dt.date) -> QuerySet[Run]:
    """The longest by distance, of equal ones the latest; at most one."""
    runs = Run.objects.of(runner).since(first_day).until(last_day)
    return runs.filter(distance_m__isnull=False).order_by("-distance_m", "-day", "-pk")[:1]
