"""The weekly mails: which went out, so that sending twice sends once."""

from django.db import models
from django.utils import timezone

from runners.models.people import User
from runners.models.rows import Row


class DigestKind(models.TextChoices):
    RUNNER = "runner", "your week"
    COACH = "coach", "your athletes"


class Digest(Row):
    """A weekly mail to a person about the week that began on `week`. `mail` until it is sent."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests", db_index=False)
    kind = models.CharField(max_length=6, choices=DigestKind)
    week = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)
    mail = models.OneToOneField(
        "post_office.Email", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["week"], name="digest_week")]  # what is old goes
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "week"], name="digest_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.kind} digest of {self.week}"
