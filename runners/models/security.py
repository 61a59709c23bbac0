"""What happened to the safety of an account or of the whole Limber, kept for twelve months."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from runners.models.people import User
from runners.models.rows import Row


class SecurityEventKind(models.TextChoices):
    """In words that follow no name: its person and the host read the same."""

    SIGNED_IN = "signed_in", "signed in"
    SIGNED_IN_BY_APP = "signed_in_app", "signed in, with an app’s code"
    SIGNED_IN_BY_PASSKEY = "signed_in_key", "signed in, with a passkey"
    SIGNED_IN_ON_PAPER = "signed_in_paper", "signed in, with a code on paper"
    PASSWORD_GIVEN = "password_given", "password given once more"
    WRONG_PASSWORD = "wrong_password", "a wrong password was tried"
    MADE_TO_WAIT = "made_to_wait", "too many tries, so whoever it was had to wait"
    TURNED_AWAY = "turned_away", "turned away at sign-in: the account is not in use"
    PASSWORD_CHANGED = "password_changed", "password changed"
    PASSWORD_RESET = "password_reset", "new password by a link in a mail"
    ADDRESS_CHANGED = "address_changed", "e-mail changed"
    FACTOR_CHANGED = "factor_changed", "second step of the sign-in changed"
    WRONG_CODE = "wrong_code", "a wrong code was entered at the sign-in"
    FACTOR_TAKEN_AWAY = "factor_reset", "second step of the sign-in taken away"
    SHARING_CHANGED = "sharing_changed", "what a coach sees was changed"
    SESSIONS_ENDED = "sessions_ended", "signed out elsewhere"
    EXPORTED = "exported", "everything was taken out"
    DELETED = "deleted", "account deleted"
    BACKED_UP = "backed_up", "backup made"
    BACKUP_FAILED = "backup_failed", "backup failed"
    RESTORED = "restored", "a backup was restored"
    HOST_MADE = "host_made", "looks after this Limber from now on"
    HOST_WITHDRAWN = "host_withdrawn", "looks after this Limber no longer"
    DEACTIVATED = "deactivated", "account put out of use"
    REACTIVATED = "reactivated", "account back in use"
    LINK_SENT = "link_sent", "a link was mailed anew"
    SESSIONS_ENDED_BY_HOST = "signed_out", "signed out everywhere"
    ERASED = "erased", "account closed on request, to be erased"
    COACH_APPROVED = "coach_approved", "may coach from now on"
    COACH_REFUSED = "coach_refused", "may not coach, or no longer"


# What a host does to the account of somebody else.
OF_HOST = frozenset(
    {
        SecurityEventKind.DEACTIVATED,
        SecurityEventKind.REACTIVATED,
        SecurityEventKind.LINK_SENT,
        SecurityEventKind.SESSIONS_ENDED_BY_HOST,
        SecurityEventKind.ERASED,
        SecurityEventKind.FACTOR_TAKEN_AWAY,
        SecurityEventKind.COACH_APPROVED,
        SecurityEventKind.COACH_REFUSED,
    }
)


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class SecurityEvent(Row):
    """Written by `runners.security_log` alone, and never changed but for `times` and `at`.

    `who` is the opaque id of the account, which outlasts it: so the log stays true after an erasure
    and names nobody. `by` is the host, for what a host did; empty where that account is gone.
    `client` is roughly which browser it was, and `network` a sign of the visitor's network that
    tells whether two are the same, never which. `at` is the last of so many `times`.
    """

    # What happens all the time, and is as it should be.
    GETTING_IN: ClassVar = frozenset(
        {
            SecurityEventKind.SIGNED_IN,
            SecurityEventKind.SIGNED_IN_BY_APP,
            SecurityEventKind.SIGNED_IN_BY_PASSKEY,
            SecurityEventKind.SIGNED_IN_ON_PAPER,
            SecurityEventKind.PASSWORD_GIVEN,
        }
    )

    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=16)  # without its choices: a new one wants no migration
    person = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="security_events"
    )
    who = models.CharField(max_length=32, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    client = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=8, blank=True)
    times = models.PositiveIntegerField(default=1)
    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["who", "kind", "at"], name="security_event_of_one"),
        ]

    @property
    def said(self) -> str:
        return SecurityEventKind(self.kind).label

    @property
    def is_of_host(self) -> bool:
        return self.kind in OF_HOST

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%d %B %Y %H:%M}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An event that was noted stays as it is.")
        super().save(**kwargs)
