"""A daily reminder to check in: when, and whether a calendar or a mail brings it."""

from django.db import models
from django.utils import timezone

from runners.models.coaching import new_token
from runners.models.people import User
from runners.models.rows import Row


class Way(models.TextChoices):
    CALENDAR = "calendar", "in my calendar"
    MAIL = "mail", "by mail, on days without a check-in"


class Reminder(Row):
    """At an hour of the runner's own. Nothing of it says anything about health.

    Whoever has the `token` may read its calendar, and stop it from within a mail. `mailed_on` is
    the last day a mail was written for, `mail` that mail until it is sent.
    """

    runner = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder")
    at = models.TimeField()
    way = models.CharField(max_length=8, choices=Way, default=Way.CALENDAR)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)
    mailed_on = models.DateField(null=True, blank=True)
    mail = models.OneToOneField(
        "post_office.Email", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="reminder_way")
        ]

    def __str__(self) -> str:
        return f"reminder at {self.at:%H:%M}"
