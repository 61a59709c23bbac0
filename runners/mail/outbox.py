"""The outbox: mails wait in the database, stored together with what they are about.

A request never speaks with a mail server. `delivery` sends what waits, and a row is gone as soon
as its mail is sent, refused for good or no use any more: only what waits has a body. The rows are
those of django-post-office; its own way of queueing is left alone, because it would run what
people wrote into a mail through the template engine once more.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from post_office.models import PRIORITY, STATUS, Email

from runners import access
from runners.models import Digest, EmailChange, Invitation, User
from runners.models.digests import DigestKind

KEPT = dt.timedelta(days=3)  # a mail that says nothing else; later it helps nobody


def stopped_at(address: str) -> dict[str, str]:
    """Headers of a mail that nobody has written just now, and that one click stops (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


class OutboxBackend(BaseEmailBackend):
    """Where Django's own `send_mail` and `EmailMessage.send` lead."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _keep(message)
        return len(email_messages)


def queue(
    message: EmailMessage,
    *,
    expires_at: dt.datetime | None = None,
    in_bulk: bool = False,
    notes: dict[str, Any] | None = None,
) -> Email | None:
    """Store a mail to be sent, or print it where there is no mail server (None).

    It is not sent, and forgotten, after `expires_at`. What goes out in bulk lets the others go
    first. `notes` are for whoever has something to do once it is sent. 1 query.
    """
    if not settings.SENDS_MAIL:
        message.send()
        return None
    return _keep(message, expires_at, in_bulk=in_bulk, notes=notes)


def _keep(
    message: EmailMessage,
    expires_at: dt.datetime | None = None,
    *,
    in_bulk: bool = False,
    notes: dict[str, Any] | None = None,
) -> Email:
    """Without the checks of `Email.save`: what cannot be sent is found out by the sender."""
    if message.attachments or message.cc or message.bcc or message.reply_to:
        raise NotImplementedError("The outbox carries text to people, and nothing else.")
    now = timezone.now()
    pages = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    row = Email(
        from_email=message.from_email,
        to=message.to,
        subject=message.subject,
        message=message.body,
        html_message=pages[0][0] if pages else "",
        headers=message.extra_headers or None,
        status=STATUS.queued,
        priority=PRIORITY.low if in_bulk else PRIORITY.medium,
        scheduled_time=now,
        expires_at=expires_at or now + KEPT,
        number_of_retries=0,
        context=notes,
    )
    [kept] = Email.objects.bulk_create([row])
    return kept


def forget_expired() -> int:
    """Remove mails whose link or news is too old, and say how many."""
    return forget(Email.objects.filter(expires_at__lte=timezone.now()))


@transaction.atomic
def forget(mails: QuerySet[Email]) -> int:
    """Remove mails that shall not go any more. One that is just being sent still arrives."""
    _, by_model = mails.delete()
    return by_model.get(Email._meta.label, 0)


def forget_those_of(rows: QuerySet[Any]) -> None:
    """The mails of rows that name theirs as `mail`, such as invitations."""
    forget(Email.objects.filter(_of(rows)))


def _of(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=rows.filter(mail__isnull=False).values("mail"))


def recall_digest(coach_id: int) -> None:
    """What waits says of an athlete what may no longer be said. It is written anew while due.

    1 query where nothing waits.
    """
    waiting = Digest.objects.filter(user=coach_id, kind=DigestKind.COACH, mail__isnull=False)
    mails = list(waiting.values_list("mail", flat=True))
    if mails:
        waiting.filter(mail__in=mails).delete()
        forget(Email.objects.filter(pk__in=mails))


def forget_mails_of(person: User) -> None:
    """Those to the person, those that the person has caused, and those about the person."""
    for coach_id in access.links_of_athlete(person).open().values_list("coach", flat=True):
        recall_digest(coach_id)
    caused = (
        _of(Invitation.objects.filter(sender=person))
        | _of(Digest.objects.filter(user=person))
        | _of(EmailChange.objects.filter(user=person))
    )
    about = Q(to=person.email) | Q(pk__in=_naming(person.email))
    forget(Email.objects.filter(caused | about))


def _naming(address: str) -> list[int]:
    """Keys of mails in whose words the address stands, and not as a piece of a longer one."""
    whole = re.compile(rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    words = Q(message__icontains=address) | Q(html_message__icontains=address)
    mails = Email.objects.filter(words).values_list("pk", "message", "html_message")
    return [key for key, *texts in mails if any(map(whole.search, texts))]
