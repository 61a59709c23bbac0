"""Taking somebody's second step away, where it was lost; and what is noted of each change."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from runners import security_log
from runners.accounts.emails import links, written
from runners.mail import outbox
from runners.models import SecurityEventKind, Session, User
from runners.web.visitor import note
from runners.writes import lock


@transaction.atomic
def take_away(person: User, *, by: User | None = None, request: HttpRequest | None = None) -> bool:
    """The account is signed out everywhere, and signs in by its password alone. False where there
    was none. `by` is the host who did it on a page."""
    lock(person, even_leaving=True)
    gone, _by_model = Authenticator.objects.filter(user=person).delete()
    if not gone:
        return False
    Session.objects.of(person).delete()
    security_log.must_note(SecurityEventKind.FACTOR_TAKEN_AWAY, person, by=by)
    outbox.queue(written("mfa/email/taken_away", person.email, links(request)))
    return True


@receiver([signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset])
def note_change(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(SecurityEventKind.FACTOR_CHANGED, request, user)


@receiver(signals.authentication_failed)
def note_wrong_code(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(SecurityEventKind.WRONG_CODE, request, user)
