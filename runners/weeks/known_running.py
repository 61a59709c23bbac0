"""Which days of running are known: the only place that decides it.

A day without a run is a known 0 only where the runner was logging. A log day has a run, a mark or
an all clear; log days that follow each other closely make a stretch; and the days of a stretch are
known. What lies between two stretches, and before the first, is unknown: it is drawn as a gap and
never compared, so that one old run does not turn the silence after it into weeks of rest.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from runners.models import CheckIn, Run, Shared, SorenessEntry, User
from runners.models.coaching import FULLY_SHARED
from runners.prepared import Bound, prepared

LONGEST_STEP_DAYS = 14  # from one log day to the next: silence for longer is unknown
LOOK_BACK = dt.timedelta(days=LONGEST_STEP_DAYS)


Stretch = tuple[dt.date, dt.date]  # known days, from the first to the last of them


def stretches(log_days: Iterable[dt.date], today: dt.date) -> tuple[Stretch, ...]:
    """The known days, oldest first; log days come in any order, and those after today are dropped.

    The newest stretch reaches on to today until 14 days, today among them, are without a log.
    """
    found: list[Stretch] = []
    for day in sorted({day for day in log_days if day <= today}):
        if found and day - found[-1][1] <= LOOK_BACK:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    if found and today - found[-1][1] < LOOK_BACK:
        found[-1] = (found[-1][0], today)
    return tuple(found)


def are_known(stretches: Sequence[Stretch], first_day: dt.date, last_day: dt.date) -> bool:
    """Are all of the days from one to another known?"""
    return any(first <= first_day and last_day <= last for first, last in stretches)


def log_days_of_each(
    runners: Collection[User | int], first_day: dt.date, shared: Shared = FULLY_SHARED
) -> dict[int, set[dt.date]]:
    """Log days by the runner's key: enough to tell which days are known from `first_day` on.

    Of the logs only what is shared: a known 0 would tell of a check-in. 1 query, and its rows
    are bounded by the days. A partial check-in without a mark says nothing about its day.
    """
    days: dict[int, set[dt.date]] = defaultdict(set)
    asked = log_days(runners, first_day, shared)
    for runner, day in asked.rows() if asked else ():
        days[runner].add(day)
    return days


def log_days(
    runners: Collection[User | int], first_day: dt.date, shared: Shared = FULLY_SHARED
) -> Bound[Any, tuple[int, dt.date]] | None:
    """What the days above are made of: a runner's key and a day."""
    since = first_day - LOOK_BACK
    if shared.runs and shared.soreness:
        return _days_of_either.of(runners, since)
    if shared.runs:
        return _days_of_runs.of(runners, since)
    return _days_of_check_ins.of(runners, since) if shared.soreness else None


LogDays: TypeAlias = QuerySet[Any, tuple[int, dt.date]]  # a runner's key, and a day


@prepared
def _days_of_runs(runners: Collection[User | int], since: dt.date) -> LogDays:
    return _runs(runners, since)


@prepared
def _days_of_check_ins(runners: Collection[User | int], since: dt.date) -> LogDays:
    return _check_ins(runners, since)


@prepared
def _days_of_either(runners: Collection[User | int], since: dt.date) -> LogDays:
    return _runs(runners, since).union(_check_ins(runners, since))


def _runs(runners: Collection[User | int], since: dt.date) -> LogDays:
    return Run.objects.filter(_own(runners, since)).values_list("runner_id", "day")


def _check_ins(runners: Collection[User | int], since: dt.date) -> LogDays:
    marks = Exists(SorenessEntry.objects.filter(check_in=OuterRef("pk")))
    known = CheckIn.objects.filter(_own(runners, since) & (Q(partial=False) | marks))
    return known.values_list("runner_id", "day")


def _own(runners: Collection[User | int], since: dt.date) -> Q:
    return Q(runner__in=runners, deleted_at__isnull=True, day__gte=since)
