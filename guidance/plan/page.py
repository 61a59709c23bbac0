"""What the plan page shows, put together from guidance and the rows of the plans."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from guidance.advice.advice import OwnAdvice
from guidance.knowledge import current_knowledge
from guidance.models import Plan
from guidance.models.plans import MAX_ITEMS
from guidance.plan.limits import holds, why_not
from guidance.plan.offers import OfferShown, offers
from guidance.plan.queries import (
    DayPlan,
    DaysKept,
    Plans,
    WeekItem,
    day_plan,
    days_kept,
    plan_of_week,
    week_items,
)
from guidance.plan.response import Response, response_of
from guidance.rules.catalogue import Cause
from guidance.rules.said import Said
from guidance.rules.types import Blocked, PlanInForce
from runners.models import User


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan in force. `is_hidden`: a warning sign comes first, and nothing of it is shown.

    `can_add` are suggestions that it does not hold yet, `is_full` says that none fits, and
    `asked_first` what has to be answered before. `leads_to` is what guidance names now, where
    that is no longer what the plan was started for.
    """

    plans: Plans
    kept: PlanInForce | None
    cause: Cause | None
    leads_to: Cause | None
    is_hidden: bool
    days: tuple[DayPlan, ...]
    items: tuple[WeekItem, ...]
    week: DaysKept
    can_add: tuple[OfferShown, ...]
    is_full: bool
    asked_first: str
    left_out: tuple[Blocked, ...]
    response: Response | None
    most_items: ClassVar[int] = MAX_ITEMS


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """The plan in force as the guidance page shows it, and what it suggests beyond it."""

    plan: Plan
    items: tuple[WeekItem, ...]
    more: tuple[OfferShown, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """Before a plan: why there is none, or what is asked first, or what can be taken on."""

    plans: Plans
    cause: Cause | None
    why_not: Said | None
    asked_first: str
    offers: tuple[OfferShown, ...]
    left_out: tuple[Blocked, ...]


def week_of_plan(advice: OwnAdvice, runner: User) -> PlanWeek | None:
    """None where it is not shown, or there is none. 1 query."""
    today = advice.assessment.today
    plans = plan_of_week(runner, today)
    if plans.plan is None or advice.is_hidden:
        return None
    now = plans.holding(holds(advice, plans.remedies))
    more = () if why_not(advice) else offers(advice, without=plans.remedies)
    return PlanWeek(plans.plan, week_items(now, runner, today), more)


def plan_page(advice: OwnAdvice, plans: Plans, runner: User) -> PlanPage:
    assessment, causes = advice.assessment, current_knowledge().causes
    today = assessment.today
    now = plans.holding(holds(advice, plans.remedies))
    hidden = advice.is_hidden
    started_for = causes.get(plans.plan.cause) if plans.plan else None
    leader = causes[assessment.top_cause] if assessment.leads else None
    blocked = [one for one in assessment.blocked if one.remedy not in plans.remedies]
    return PlanPage(
        plans=now,
        kept=advice.history.plan,
        cause=started_for,
        leads_to=leader if leader and leader != started_for and not why_not(advice) else None,
        is_hidden=hidden,
        days=() if hidden else last_two_days(now, today),
        items=() if hidden else week_items(now, runner, today),
        week=days_kept(now, runner, today),
        can_add=() if why_not(advice) else offers(advice, without=plans.remedies),
        is_full=len(plans.items) >= MAX_ITEMS,
        asked_first=advice.asked_first,
        left_out=() if hidden else tuple(blocked),
        response=None if hidden else response_of(advice),
    )


def last_two_days(plans: Plans, today: dt.date) -> tuple[DayPlan, ...]:
    """Today, and yesterday where something was on: what can still be ticked."""
    days = [day_plan(plans, today - dt.timedelta(days=ago)) for ago in (0, 1)]
    return tuple(day for day in days if day is not None and (day.items or day.day == today))


def start_page(advice: OwnAdvice, plans: Plans) -> StartPage:
    assessment = advice.assessment
    refused = why_not(advice)
    hidden = advice.is_hidden
    return StartPage(
        plans=plans,
        cause=current_knowledge().causes[assessment.top_cause] if assessment.leads else None,
        why_not=refused,
        asked_first="" if refused else advice.asked_first,
        offers=() if refused else offers(advice),
        left_out=() if hidden else assessment.blocked,
    )
