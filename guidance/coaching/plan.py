"""The plan of an athlete as a coach may see it: what is in it, and what was done."""

from dataclasses import dataclass

from guidance.advice.advice import Advice
from guidance.models import Plan
from guidance.plan.limits import holds
from guidance.plan.queries import WeekItem, plan_of_week, week_items
from guidance.rules.types import PlanInForce
from runners.models import User


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """`on_hold`: guidance leaves the whole plan alone for now, and no item is shown."""

    plan: Plan
    kept: PlanInForce
    on_hold: bool
    items: tuple[WeekItem, ...]


def shared_plan(advice: Advice, seen: Advice, athlete: User) -> SharedPlan | None:
    """The plan in force; None without one. `seen` is the advice as shared. 1 query with a plan.

    An item is on hold where the shared advice gives the same reason for it. Where the reason is
    not the coach's to know, nor is the hold: it would tell that there is one.
    """
    kept = advice.history.plan
    if kept is None:
        return None
    today = advice.assessment.today
    plans = plan_of_week(athlete, today)
    if plans.plan is None:
        return None
    told = holds(seen, plans.remedies)
    held = {
        remedy: why
        for remedy, why in holds(advice, plans.remedies).items()
        if told.get(remedy) == why
    }
    hidden = advice.is_hidden
    items = () if hidden else week_items(plans.holding(held), athlete, today)
    return SharedPlan(plans.plan, kept, hidden, items)
