"""What a coach suggests to an athlete: a remedy for the plan, or a self-check."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from runners.models import User
from runners.models.rows import Row


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def to_athlete(self, athlete: User) -> Self:
        return self.filter(athlete=athlete, withdrawn_at__isnull=True)

    def unanswered(self) -> Self:
        return self.filter(answered_at__isnull=True)


class Suggestion(Row):
    """A remedy or a self-check (`remedy:` or `check:` ids) that a coach puts to an athlete.

    The athlete takes it on or not; why guidance may leave it out is not told to the coach.
    """

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="suggestions_made")
    athlete = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="suggestions", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.CharField(max_length=60)
    words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    shown_on = models.DateField(null=True, blank=True)  # the athlete's day, on Today, first
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["athlete", "-created_at"], name="suggestion_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["coach", "athlete", "what"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="suggestion_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, accepted__isnull=True)
                | Q(answered_at__isnull=False, accepted__isnull=False),
                name="suggestion_accepted_when_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.what
