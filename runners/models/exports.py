"""What a person asked to take along: made by a worker, kept for a while, then gone."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone

from runners.models.people import User
from runners.models.rows import Row


class ExportState(models.TextChoices):
    WAITING = "waiting", "waiting"
    MAKING = "making", "being made"
    DONE = "done", "done"
    BROKEN = "broken", "broken off"  # by a fault of Limber's


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def unfinished(self) -> Self:
        return self.filter(state__in=(ExportState.WAITING, ExportState.MAKING))

    def to_make(self, now: dt.datetime) -> Self:
        """They wait, or whoever made them has given no sign for a while."""
        abandoned = Q(state=ExportState.MAKING, beat_at__lt=now - Export.PATIENCE)
        return self.filter(Q(state=ExportState.WAITING) | abandoned)

    def there(self, now: dt.datetime) -> Self:
        return self.filter(state=ExportState.DONE, ended_at__gt=now - Export.KEPT)


class Export(Row):
    """It is its own job. `done` of `of` lists are written; `stored` is its name in the storage."""

    PATIENCE: ClassVar = dt.timedelta(seconds=60)
    KEPT: ClassVar = dt.timedelta(days=3)

    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="exports", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=7, choices=ExportState, default=ExportState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    of = models.PositiveSmallIntegerField(default=0)
    stored = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "making"]),
                name="export_one_at_a_time",
            ),
            models.UniqueConstraint(fields=["person", "uid"], name="export_uid_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"export of {self.created_at:%d %B %Y}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.MAKING)

    @property
    def gone_at(self) -> dt.datetime | None:
        return self.ended_at and self.ended_at + self.KEPT


def export_storage() -> Storage:
    return storages["exports"]
