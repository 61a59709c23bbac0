"""The record of what an athlete shared with a coach, and since when."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from runners.models.coaching import AccessRecord, CoachLink
from runners.models.people import User
from runners.models.rows import Row


class SharingChangeQuerySet(models.QuerySet["SharingChange"]):
    def of(self, athlete: User) -> Self:
        """What the athlete is shown: as long as who looked."""
        return self.filter(
            link__athlete=athlete, day__gt=athlete.local_day() - AccessRecord.KEPT
        ).order_by("-day", "-at", "-pk")


class SharingChange(Row):
    """That a coach could see more or less of an athlete from an instant on.

    `before` and `after` are each switch as `[is it on, its last day in ISO or None]`; by a link
    that is not open all of them are off. `day` is the athlete's. Stored with the change, and
    never changed itself.
    """

    link = models.ForeignKey(CoachLink, on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")  # one of the two
    day = models.DateField(db_index=True)
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField()
    after = models.JSONField()
    objects = SharingChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"change of sharing on {self.day}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A change that was noted stays as it is.")
        super().save(**kwargs)
