"""The plan that a runner has taken on, its items, and what was done on which day."""

import datetime as dt
import secrets
import uuid
from itertools import combinations
from typing import Self

from django.db import models
from django.db.models import Q

from runners.models import User
from runners.models.carried import CarriedKey
from runners.models.rows import Row

MAX_ITEMS = 5  # a longer plan is not kept (knowledge base, section 3)

# Every choice of days of the week: "1", "13", ..., "1234567". A list, because a database checks
# it without help, and SQLite has no regular expressions of its own.
WEEKDAYS = ["".join(days) for many in range(1, 8) for days in combinations("1234567", many)]


def new_feed_token() -> str:
    """The unguessable part of the calendar address: 32 bytes."""
    return secrets.token_urlsafe(32)


class Variant(models.TextChoices):
    USUAL = "", "as usual"
    EASIER = "easier", "easier"
    HARDER = "harder", "harder"


class PlanQuerySet(models.QuerySet["Plan"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def in_force(self) -> Self:
        """Started and not stopped; a paused plan is still in force."""
        return self.filter(ended_on__isnull=True)


class Plan(Row):
    """A plan in force or one that was stopped; never more than one in force per runner."""

    runner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="plans", db_index=False)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    cause = models.CharField(max_length=40)
    knowledge_version = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    paused_on = models.DateField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)  # of pauses that are over
    ended_on = models.DateField(null=True, blank=True)
    feed_token = models.CharField(max_length=64, unique=True, default=new_feed_token)
    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["runner", "uid"], name="plan_uid_once_per_runner"),
            models.UniqueConstraint(
                fields=["runner"],
                condition=Q(ended_on__isnull=True),
                name="plan_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="plan_ended_after_started",
            ),
        ]

    def __str__(self) -> str:
        return f"plan since {self.started_on}"


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def in_force(self) -> Self:
        return self.filter(plan__ended_on__isnull=True)


class PlanItem(Row):
    """A remedy of the plan, on days of the week of the runner's own choice.

    `weekdays` are ISO weekdays as digits in order, such as "135". Other days make a new row from
    that day on, so that what was planned before stays what it was. `blocked` says why
    guidance leaves the item alone for now; it is written with the standing, and as fresh as that.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    runner = CarriedKey(User, of="plan", on_delete=models.CASCADE, related_name="+")
    remedy = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    weekdays = models.CharField(max_length=7)
    variant = models.CharField(max_length=6, choices=Variant, blank=True, default=Variant.USUAL)
    # Empty: with the plan. The day an item was taken out is no longer one of its days.
    added_on = models.DateField(null=True, blank=True)
    # An item taken out keeps its row, and with it what was done.
    removed_on = models.DateField(null=True, blank=True)
    blocked = models.JSONField(null=True, blank=True)  # as `Said.as_json`
    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "remedy"],
                condition=Q(removed_on__isnull=True),
                name="plan_remedy_once",
            ),
            models.CheckConstraint(condition=Q(weekdays__in=WEEKDAYS), name="plan_item_weekdays"),
        ]

    def __str__(self) -> str:
        return self.remedy

    def is_due(self, day: dt.date) -> bool:
        """Is it one of its days of the week, between the day it came and the day it went?"""
        came = self.added_on is None or self.added_on <= day
        stays = self.removed_on is None or day < self.removed_on
        return came and stays and str(day.isoweekday()) in self.weekdays


class DoneQuerySet(models.QuerySet["Done"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)


class Done(Row):
    """An item that was done on a local day."""

    item = models.ForeignKey(
        PlanItem, on_delete=models.CASCADE, related_name="done", db_index=False
    )
    runner = CarriedKey(User, of="item", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    objects = DoneQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "done"
        constraints = [
            models.UniqueConstraint(fields=["item", "day"], name="done_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.item} on {self.day}"
