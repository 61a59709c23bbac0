"""The plan in plain words: what is on for a day, what was done, and the plans before it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypedDict

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django_stubs_ext import WithAnnotations

from guidance.knowledge import current_knowledge
from guidance.models import Done, Plan, PlanItem, Variant
from guidance.rules.catalogue import Remedy
from guidance.rules.said import Said, from_json
from runners.models import User
from runners.prepared import prepared
from runners.weeks import Week, week_of

DAILY = "1234567"
DAYS_AHEAD = 7  # within which every item comes round again


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a plan with its remedy. `done` are days within what was read, `times` all days."""

    row: PlanItem
    remedy: Remedy
    done: frozenset[dt.date]
    times: int
    blocked: Said | None

    @property
    def days(self) -> Said:
        return days_said(self.row.weekdays)

    @property
    def swap(self) -> str:
        """How the easier or harder form goes; "" for the usual one."""
        forms = {Variant.EASIER: self.remedy.easier, Variant.HARDER: self.remedy.harder}
        return forms.get(Variant(self.row.variant), "")

    @property
    def swap_name(self) -> str:
        return str(Variant(self.row.variant).label).capitalize()


@dataclass(frozen=True, slots=True)
class DaysKept:
    """Days of this week with something on, and those on which all of it was done.

    Today counts once it is done.
    """

    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What is on for one day. `on_hold`: there are items, and guidance holds every one of them.

    `next_day` is the next day with something on, where nothing is on this one.
    """

    plan: Plan
    day: dt.date
    items: tuple[Item, ...]
    on_hold: bool
    next_day: dt.date | None

    @property
    def done(self) -> int:
        return sum(self.day in item.done for item in self.items)


@dataclass(frozen=True, slots=True)
class WeekItem:
    """An item of the plan with the days of this week that it is on for, and those it was done.

    `next_day` is when it comes round, where that is not this week.
    """

    item: Item
    due: int
    done: int
    next_day: dt.date | None


PAST_SHOWN = 8  # earlier plans, where nobody asks for all of them


@dataclass(frozen=True, slots=True)
class PastPlan:
    plan: Plan
    names: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan in force with its rows (those taken out too), and those before, newest first.

    `has_more`: there are yet earlier ones.
    """

    plan: Plan | None
    rows: tuple[Item, ...]
    past: tuple[PastPlan, ...]
    has_more: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.rows if item.row.removed_on is None)

    @property
    def remedies(self) -> frozenset[str]:
        return frozenset(item.remedy.id for item in self.items)

    def holding(self, held: Mapping[str, Said]) -> "Plans":
        """With the reasons of now, where the rows may hold those of an earlier hour."""
        rows = tuple(replace(item, blocked=held.get(item.remedy.id)) for item in self.rows)
        return replace(self, rows=rows)


def days_said(weekdays: str) -> Said:
    """`daily`, or `Mon, Wed, Fri`."""
    return Said("plan.daily") if weekdays == DAILY else Said("plan.on_days", days=weekdays)


# Reading


class DoneBeside(TypedDict):
    """What a row of the query has besides the item."""

    done_on: dt.date | None
    times: int


DoneItem: TypeAlias = "WithAnnotations[PlanItem, DoneBeside]"  # a string: at run time it takes one


def plans_of(runner: User, today: dt.date, *, is_whole: bool = False) -> Plans:
    """The plan in force, and the newest of those before, or with `is_whole` all of them.

    With what was done this week and yesterday. 1 query.
    """
    since = min(week_of(today, runner.week_start).first_day, today - dt.timedelta(days=1))
    if is_whole:
        return plans_from(items_from(_of_all_plans(runner, since, today)))
    plans = plans_from(items_from(_of_newest_plans(runner, since, today)))
    has_more = len(plans.past) > PAST_SHOWN
    return replace(plans, past=plans.past[:PAST_SHOWN], has_more=has_more)


@prepared
def _of_newest_plans(runner: User, since: dt.date, until: dt.date) -> QuerySet[DoneItem]:
    """Of one more than is shown, and of the one in force."""
    ended_last = F("ended_on").desc(nulls_first=True)
    newest = Plan.objects.of(runner).order_by(ended_last, "-pk")[: PAST_SHOWN + 2]
    items = PlanItem.objects.of(runner).filter(plan__in=newest.values("pk"))
    return with_days_done(items, since, until)


@prepared
def _of_all_plans(runner: User, since: dt.date, until: dt.date) -> QuerySet[DoneItem]:
    return with_days_done(PlanItem.objects.of(runner), since, until)


def plan_in_force(
    runner: User, since: dt.date, until: dt.date, *, is_counted: bool = True
) -> Plans:
    """The plan in force alone, with what was done on the days named. 1 query.

    Not `is_counted`: how often each item was done on all days is not asked for, and is 0.
    """
    rows = _in_force_counted if is_counted else _in_force
    return plans_from(items_from(rows(runner, since, until)))


@prepared
def _in_force_counted(runner: User, since: dt.date, until: dt.date) -> QuerySet[DoneItem]:
    return with_days_done(PlanItem.objects.of(runner).in_force(), since, until)


@prepared
def _in_force(runner: User, since: dt.date, until: dt.date) -> QuerySet[DoneItem]:
    return with_days_done(PlanItem.objects.of(runner).in_force(), since, until, is_counted=False)


def plan_of_week(runner: User, today: dt.date) -> Plans:
    """The plan in force alone, with what was done this week. 1 query."""
    return plan_in_force(runner, week_of(today, runner.week_start).first_day, today)


def plan_of_day(runner: User, day: dt.date) -> DayPlan | None:
    """What is on for a day, by the reasons that were last written; None without a plan. 1 query."""
    return day_plan(plan_in_force(runner, day, day, is_counted=False), day)


def read_items(rows: QuerySet[PlanItem], since: dt.date, until: dt.date) -> list[Item]:
    """Newest plan first, its items in their order, with what was done on the days named."""
    return items_from(with_days_done(rows, since, until))


def with_days_done(
    rows: QuerySet[PlanItem], since: dt.date, until: dt.date, *, is_counted: bool = True
) -> QuerySet[DoneItem]:
    """Items in their order, and as often as there are days each was done, with one beside it."""
    done = Done.objects.filter(item=OuterRef("pk")).order_by().values("item")
    times = Subquery(done.annotate(times=Count("pk")).values("times")) if is_counted else Value(0)
    return (
        rows.select_related("plan")
        .annotate(recent=FilteredRelation("done", condition=Q(done__day__range=(since, until))))
        .annotate(
            done_on=F("recent__day"),
            times=Coalesce(times, 0),
        )
        .order_by("-plan__started_on", "-plan__pk", "position", "pk")
    )


def items_from(rows: Iterable[DoneItem]) -> list[Item]:
    found: dict[int, tuple[DoneItem, set[dt.date]]] = {}
    for row in rows:
        _, days = found.setdefault(row.pk, (row, set()))
        if row.done_on is not None:
            days.add(row.done_on)
    remedies = current_knowledge().remedies
    return [
        Item(row, remedies[row.remedy], frozenset(days), row.times, from_json(row.blocked))
        for row, days in found.values()
        if row.remedy in remedies
    ]


def plans_from(items: Iterable[Item]) -> Plans:
    by_plan: dict[int, list[Item]] = {}
    for item in items:
        by_plan.setdefault(item.row.plan_id, []).append(item)
    plans = [(rows[0].row.plan, rows) for rows in by_plan.values()]
    in_force = next(((plan, rows) for plan, rows in plans if plan.ended_on is None), None)
    return Plans(
        plan=in_force[0] if in_force else None,
        rows=tuple(in_force[1]) if in_force else (),
        past=tuple(past_plan(plan, rows) for plan, rows in plans if plan.ended_on is not None),
    )


def past_plan(plan: Plan, rows: list[Item]) -> PastPlan:
    names = dict.fromkeys(item.remedy.name for item in rows)
    return PastPlan(plan, tuple(names), sum(item.times for item in rows))


# Days


def day_plan(plans: Plans, day: dt.date) -> DayPlan | None:
    """Items held by guidance are not on it, and a paused plan has none."""
    if plans.plan is None:
        return None
    free = [item for item in plans.rows if not item.blocked]
    items = [] if plans.plan.paused_on else on_day(plans.plan, free, day)
    return DayPlan(
        plan=plans.plan,
        day=day,
        items=tuple(items),
        on_hold=bool(plans.items) and all(item.blocked for item in plans.items),
        next_day=next_day(plans.plan, free, day),
    )


def on_day(plan: Plan, items: Iterable[Item], day: dt.date) -> list[Item]:
    if day < plan.started_on:
        return []
    return [item for item in items if item.row.is_due(day)]


def next_day(plan: Plan, items: Collection[Item], day: dt.date) -> dt.date | None:
    later = (day + dt.timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1))
    return next((one for one in later if on_day(plan, items, one)), None)


def week_items(plans: Plans, runner: User, today: dt.date) -> tuple[WeekItem, ...]:
    """The items with what is on for them this week, also on days they had before a change."""
    if plans.plan is None:
        return ()
    week = week_of(today, runner.week_start)
    return tuple(week_item(plans.plan, item, plans.rows, week) for item in plans.items)


def week_item(plan: Plan, item: Item, rows: Iterable[Item], week: Week) -> WeekItem:
    same = [row for row in rows if row.remedy == item.remedy]
    days = week.days
    due = sum(bool(on_day(plan, same, day)) for day in days)
    return WeekItem(
        item=item,
        due=due,
        done=sum(any(day in row.done for row in same) for day in days),
        next_day=None if due else next_day(plan, same, days[-1]),
    )


def days_kept(plans: Plans, runner: User, today: dt.date) -> DaysKept:
    if plans.plan is None:
        return DaysKept(0, 0)
    due = kept = 0
    for day in week_of(today, runner.week_start).days:
        items = on_day(plans.plan, plans.rows, day)
        all_done = all(day in item.done for item in items)
        if items and (all_done or day < today):
            due += 1
            kept += all_done
    return DaysKept(due, kept)
