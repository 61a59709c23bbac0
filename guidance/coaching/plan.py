"""The plan of an athlete as a coach may see it: what is in it, and what was done."""

import datetime as dt
from dataclasses import dataclass

from guidance.advice.advice import Advice
from guidance.plan.limits import holds
from guidance.plan.queries import Item, WeekItem, plan_in_force, week_items
from guidance.rules.catalogue import Remedy
from guidance.rules.said import Said
from runners.models import User
from runners.weeks import week_of


@dataclass(frozen=True, slots=True)
class SharedItem:
    """An item with its days of this week, and why it is on hold.

    Where the reason is not the coach's to know, nor is the hold: it would tell that there is one.
    """

    item: Item
    due: int
    done: int
    why: Said | None

    @property
    def on_hold(self) -> bool:
        return bool(self.why)

    @property
    def remedy(self) -> Remedy:
        return self.item.remedy

    @property
    def times(self) -> int:
        """How often it was done since the start, today included."""
        return self.item.times


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """`on_hold`: guidance leaves the whole plan alone for now, and no item is shown.

    `done` and `planned` are times of any item since the start, until yesterday.
    """

    started_on: dt.date
    paused_on: dt.date | None
    on_hold: bool
    items: tuple[SharedItem, ...]
    done: int
    planned: int


def shared_plan(advice: Advice, seen: Advice, athlete: User) -> SharedPlan | None:
    """The plan in force; None without one. `seen` is the advice as shared. 1 query with a plan.

    Why an item is on hold is told only where the shared advice gives the same reason.
    """
    kept = advice.history.plan
    if kept is None:
        return None
    today = advice.assessment.today
    plans = plan_in_force(athlete, week_of(today, athlete.week_start).first_day, today)
    if plans.plan is None:
        return None
    hidden = advice.is_hidden
    held = holds(advice, plans.remedies)
    told = holds(seen, plans.remedies)
    rows = () if hidden else week_items(plans, athlete, today)
    return SharedPlan(
        started_on=plans.plan.started_on,
        paused_on=plans.plan.paused_on,
        on_hold=hidden,
        items=tuple(shared_item(row, held, told) for row in rows),
        done=kept.done_days,
        planned=kept.planned_days,
    )


def shared_item(row: WeekItem, held: dict[str, Said], told: dict[str, Said]) -> SharedItem:
    remedy = row.item.remedy.id
    why = held.get(remedy)
    return SharedItem(
        item=row.item,
        due=row.due,
        done=row.done,
        why=why if told.get(remedy) == why else None,
    )
