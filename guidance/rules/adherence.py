"""How a plan in force was kept: the days it asked for until yesterday, and those that were done."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from guidance.rules.types import PlanInForce


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item on ISO weekdays, such as "135", from `first` until the day before `over`.

    None: from the start of the plan, or until now. `done` are the days it was done.
    """

    remedy: str
    weekdays: str
    first: dt.date | None
    over: dt.date | None
    done: tuple[dt.date, ...]


def plan_in_force(
    items: Collection[PlannedItem],
    *,
    started: dt.date,
    paused: dt.date | None,
    paused_days: int,
    since: dt.date,
    today: dt.date,
) -> PlanInForce:
    """The plan that is started and not stopped. Its days are counted by item, until yesterday.

    Today is left out, because it is not over, and so are days before `since` and days of a pause
    that still lasts. Of pauses that are over only their length is known: they are taken to have
    held as many of the planned days as any other days.
    """
    over = paused or today  # the first day that does not count
    planned = done = 0
    for item in items:
        until = min(item.over or over, over)
        planned += due_days(item, max(item.first or started, since), until)
        done += sum(day < until for day in item.done)
    days = max((over - started).days, 1)
    running = max(days - paused_days, 0)
    return PlanInForce(
        started=started,
        remedies=tuple(sorted(item.remedy for item in items if item.over is None)),
        planned_days=max(round(planned * running / days), done),
        done_days=done,
    )


def due_days(item: PlannedItem, first: dt.date, over: dt.date) -> int:
    """On how many days an item was on, from `first` until the day before `over`."""
    days = (first + dt.timedelta(later) for later in range((over - first).days))
    return sum(str(day.isoweekday()) in item.weekdays for day in days)
