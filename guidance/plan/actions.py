"""Writes of the plan. Sending the same form twice comes to the same as sending it once."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from guidance.models import Done, Plan, PlanItem, Variant
from guidance.models.plans import MAX_ITEMS, PlanItemQuerySet, new_feed_token
from runners import standing
from runners.models import User
from runners.web.merging import Base, settle
from runners.writes import lock

# What the forms of a plan change, by name: which one is in force, and an item's days and form.
IN_FORCE, DAYS, VARIANT = "in_force", "days", "variant"


class PlanFull(Exception):
    """The plan holds as many items as it may."""


class NotInPlan(Exception):
    """There is no plan in force, or the item was taken out of it."""


class NotTickable(Exception):
    """Nothing to tick: not that day, not that item, or the plan is paused."""


@dataclass(frozen=True, slots=True)
class NewItem:
    remedy: str
    weekdays: str


# The plan


@transaction.atomic
def start_plan(
    items: Iterable[NewItem],
    *,
    uid: uuid.UUID,
    cause: str,
    knowledge_version: int,
    by: User,
    base: Base | None = None,
) -> Plan:
    """Start a plan; the one in force ends, and its calendar address goes on with the new one.

    `base` is what the form was built from. Raises Clashed where another plan began since.
    """
    lock(by)
    sent_before = Plan.objects.of(by).filter(uid=uid).first()
    if sent_before is not None:
        return sent_before
    stored = plan_state(Plan.objects.of(by).in_force().first())
    settle(base or Base(stored), {IN_FORCE: str(uid)}, stored)
    today = by.local_day()
    token = _take_over_address(by)
    for old in Plan.objects.of(by).in_force():
        _end(old, today)
    plan = Plan.objects.create(
        runner=by,
        uid=uid,
        cause=cause,
        knowledge_version=knowledge_version,
        started_on=today,
        feed_token=token,
    )
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, remedy=item.remedy, position=position, weekdays=item.weekdays)
        for position, item in enumerate(items)
    )
    standing.renew_after_change(by)
    return plan


def plan_state(plan: Plan | None) -> dict[str, str | None]:
    """Which plan is in force: what a form that starts another one is built from."""
    return {IN_FORCE: str(plan.uid) if plan else None}


def _take_over_address(runner: User) -> str:
    """The address of the newest plan, so that a calendar goes on; that plan gets another."""
    newest = Plan.objects.of(runner).order_by("-started_on", "-pk").first()
    if newest is None:
        return new_feed_token()
    token = newest.feed_token
    newest.feed_token = new_feed_token()
    newest.save(update_fields=["feed_token"])
    return token


def _end(plan: Plan, today: dt.date) -> None:
    plan.ended_on = max(today, plan.started_on)  # a change of time zone may turn the day back
    plan.save(update_fields=["ended_on"])


@transaction.atomic
def pause_plan(*, by: User) -> Plan:
    plan = _plan_in_force(by)
    if plan.paused_on is None:
        plan.paused_on = max(by.local_day(), plan.started_on)
        plan.save(update_fields=["paused_on"])
        standing.renew_after_change(by)
    return plan


@transaction.atomic
def resume_plan(*, by: User) -> Plan:
    """The days since the pause began count as paused."""
    plan = _plan_in_force(by)
    if plan.paused_on is not None:
        plan.paused_days += max((by.local_day() - plan.paused_on).days, 0)
        plan.paused_on = None
        plan.save(update_fields=["paused_days", "paused_on"])
        standing.renew_after_change(by)
    return plan


@transaction.atomic
def stop_plan(*, by: User) -> Plan:
    plan = _plan_in_force(by)
    _end(plan, by.local_day())
    standing.renew_after_change(by)
    return plan


@transaction.atomic
def restore_plan(uid: uuid.UUID, *, by: User) -> Plan:
    """Undo of a stop, on its day and while no other plan is in force.

    Raises Plan.DoesNotExist where there is no such plan, NotInPlan where it is too late.
    """
    lock(by)
    plan = Plan.objects.of(by).get(uid=uid)
    if plan.ended_on is None:
        return plan
    if plan.ended_on < by.local_day() or Plan.objects.of(by).in_force().exists():
        raise NotInPlan
    plan.ended_on = None
    plan.save(update_fields=["ended_on"])
    standing.renew_after_change(by)
    return plan


@transaction.atomic
def renew_feed(*, by: User) -> Plan:
    """A new calendar address; the old one leads nowhere from now on."""
    plan = _plan_in_force(by)
    plan.feed_token = new_feed_token()
    plan.save(update_fields=["feed_token"])
    return plan


@transaction.atomic
def renew_feeds(runner: User) -> None:
    """All addresses, those of ended plans too: somebody else may have read them."""
    for plan in Plan.objects.of(runner):
        Plan.objects.of(runner).filter(pk=plan.pk).update(feed_token=new_feed_token())


def _plan_in_force(runner: User) -> Plan:
    lock(runner)
    plan = Plan.objects.of(runner).in_force().first()
    if plan is None:
        raise NotInPlan
    return plan


# Its items


@transaction.atomic
def add_item(new: NewItem, *, by: User) -> PlanItem:
    """Put a remedy into the plan in force. One that is in it already stays as it is."""
    plan = _plan_in_force(by)
    rows = list(_items(plan).filter(removed_on__isnull=True))
    for row in rows:
        if row.remedy == new.remedy:
            return row
    if len(rows) >= MAX_ITEMS:
        raise PlanFull
    item = PlanItem.objects.create(
        plan=plan,
        remedy=new.remedy,
        position=max((row.position for row in rows), default=-1) + 1,
        weekdays=new.weekdays,
        added_on=by.local_day(),
    )
    standing.renew_after_change(by)
    return item


@transaction.atomic
def change_days(item: PlanItem, weekdays: str, *, by: User, base: Base | None = None) -> PlanItem:
    """Other days from today on; what was planned before stays what it was. Raises Clashed."""
    current = _current(item, by)
    stored = {DAYS: current.weekdays}
    weekdays = settle(base or Base(stored), {DAYS: weekdays}, stored)[DAYS]
    if current.weekdays == weekdays:
        return current
    today = by.local_day()
    if _began(current) >= today:
        current.weekdays = weekdays
        current.save(update_fields=["weekdays"])
    else:
        current = _go_on_as(current, weekdays, today)
    standing.renew_after_change(by)
    return current


def _go_on_as(item: PlanItem, weekdays: str, today: dt.date) -> PlanItem:
    item.removed_on = today
    item.save(update_fields=["removed_on"])
    new = PlanItem.objects.create(
        plan=item.plan,
        remedy=item.remedy,
        position=item.position,
        weekdays=weekdays,
        variant=item.variant,
        added_on=today,
        blocked=item.blocked,
    )
    Done.objects.filter(runner=item.runner_id, item=item, day__gte=today).update(item=new)
    return new


@transaction.atomic
def change_variant(
    item: PlanItem, variant: Variant, *, by: User, base: Base | None = None
) -> PlanItem:
    """Raises Clashed."""
    current = _current(item, by)
    stored = {VARIANT: current.variant}
    current.variant = settle(base or Base(stored), {VARIANT: str(variant)}, stored)[VARIANT]
    current.save(update_fields=["variant"])
    standing.renew_after_change(by)
    return current


@transaction.atomic
def remove_item(item: PlanItem, *, by: User) -> PlanItem:
    """Take an item out from today on. What was done stays."""
    current = _current(item, by)
    current.removed_on = max(by.local_day(), _began(current))
    current.save(update_fields=["removed_on"])
    standing.renew_after_change(by)
    return current


@transaction.atomic
def restore_item(item: PlanItem, *, by: User) -> PlanItem:
    """Undo of taking it out, on its day. Raises NotInPlan later, PlanFull where it fits no more."""
    plan = _plan_in_force(by)
    row = _items(plan).filter(pk=item.pk).first()
    if row is None:
        raise NotInPlan
    in_plan = list(_items(plan).filter(removed_on__isnull=True))
    if row.removed_on is None or any(other.remedy == row.remedy for other in in_plan):
        return row
    if row.removed_on < by.local_day():
        raise NotInPlan
    if len(in_plan) >= MAX_ITEMS:
        raise PlanFull
    row.removed_on = None
    row.save(update_fields=["removed_on"])
    standing.renew_after_change(by)
    return row


def _items(plan: Plan) -> PlanItemQuerySet:
    """Taken out or not."""
    return PlanItem.objects.filter(plan=plan, runner=plan.runner_id)


def _current(item: PlanItem, runner: User) -> PlanItem:
    """The row of the item's remedy that is in the plan now: a page may show one from before."""
    plan = _plan_in_force(runner)
    rows = _items(plan).filter(remedy=item.remedy, removed_on__isnull=True)
    current = rows.first() if item.plan_id == plan.pk else None
    if current is None:
        raise NotInPlan
    current.plan = plan
    return current


def _began(item: PlanItem) -> dt.date:
    return item.added_on or item.plan.started_on


# What was done


@transaction.atomic
def tick(item: PlanItem, day: dt.date, *, by: User) -> Done:
    """Note that an item was done today or yesterday."""
    plan = _plan_in_force(by)
    today = by.local_day()
    if plan.paused_on is not None or not can_be_ticked(plan, day, today):
        raise NotTickable
    same = _items(plan).filter(remedy=item.remedy) if item.plan_id == plan.pk else []
    row = next((row for row in same if row.is_due(day) and not row.blocked), None)
    if row is None:
        raise NotTickable
    done, _ = Done.objects.of(by).get_or_create(item=row, day=day)
    standing.renew_after_change(by)
    return done


@transaction.atomic
def untick(item: PlanItem, day: dt.date, *, by: User) -> None:
    """Take a tick of today or yesterday back."""
    plan = _plan_in_force(by)
    if not can_be_ticked(plan, day, by.local_day()):
        raise NotTickable
    Done.objects.of(by).filter(item__plan=plan, item__remedy=item.remedy, day=day).delete()
    standing.renew_after_change(by)


def can_be_ticked(plan: Plan, day: dt.date, today: dt.date) -> bool:
    return day >= plan.started_on and 0 <= (today - day).days <= 1
