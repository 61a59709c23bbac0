"""Sends the invitations that wait, as many a day as a sender may.

An invitation is marked as sent in a transaction of its own before its mail goes, and the mark is
taken back where the mail server does not take the mail. So two senders at once, a page and a
scheduler, never send one twice, and no transaction stays open while a mail server thinks.
"""

import datetime as dt
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from runners.actions import lock
from runners.coaching.link_actions import VALID, last_day
from runners.coaching.links.names import name_for_a_mail
from runners.models import Invitation, InvitationKind, User

MOST_A_DAY = 400  # of one sender, in a local day of theirs
PAGE_PATIENCE_S = 15  # seconds that a page sends before it answers; the rest waits

# Gives the whole address of an invitation's page.
AddressOf = Callable[[Invitation], str]


@dataclass(slots=True)
class Sending:
    """What became of it. The addresses of `refused` are no use, those of `later` may be."""

    sent: int = 0
    refused: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    server_is_away: bool = False


def waiting_of(sender: User) -> int:
    return Invitation.objects.of(sender).waiting().count()


def left_today(sender: User) -> int:
    """How many more may go today."""
    day = sender.local_day()
    begins = dt.datetime.combine(day, dt.time.min, tzinfo=sender.tz)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=sender.tz)
    sent = Invitation.objects.of(sender).filter(sent_at__gte=begins, sent_at__lt=ends)
    return max(MOST_A_DAY - sent.count(), 0)


def send_waiting(
    sender: User, address_of: AddressOf, *, patience_s: float = float("inf")
) -> Sending:
    """Send what waits and may go, over one connection, oldest first.

    About 6 queries for each mail.
    """
    done = Sending()
    oldest_first = Invitation.objects.of(sender).waiting().order_by("created_at", "pk")
    keys = list(oldest_first.values_list("pk", flat=True)[: left_today(sender)])
    if not keys:
        return done
    until = monotonic() + patience_s
    connection = mail.get_connection()
    try:
        connection.open()
        for key in keys:
            if monotonic() >= until or done.server_is_away:
                break
            invitation = _claim(key, sender)
            if invitation is not None:
                _send(invitation, connection, address_of, done)
    except OSError:
        done.server_is_away = True
    finally:
        with suppress(OSError):
            connection.close()
    return done


@transaction.atomic
def _claim(key: int, sender: User) -> Invitation | None:
    """Mark one as sent; None where the day is full, or it does not wait any more."""
    lock(sender)
    if not left_today(sender):
        return None
    now = timezone.now()
    waiting = Invitation.objects.of(sender).waiting().filter(pk=key)
    if not waiting.update(sent_at=now, expires_at=now + VALID):
        return None
    invitation = Invitation.objects.get(pk=key)
    invitation.sender = sender
    return invitation


def _send(
    invitation: Invitation,
    connection: BaseEmailBackend,
    address_of: AddressOf,
    done: Sending,
) -> None:
    rows = Invitation.objects.filter(pk=invitation.pk)
    try:
        message = message_of(invitation, address_of(invitation))
        message.connection = connection
        message.send()
    except smtplib.SMTPRecipientsRefused as problem:
        code = next(iter(problem.recipients.values()), (550, b""))[0]
        if code >= 500:
            rows.update(sent_at=None, refused_at=timezone.now())
            done.refused.append(invitation.email)
        else:
            rows.update(sent_at=None)
            done.later.append(invitation.email)
    except ValueError:  # an address that cannot be written into a mail
        rows.update(sent_at=None, refused_at=timezone.now())
        done.refused.append(invitation.email)
    except OSError:  # of which smtplib's other problems are a kind
        rows.update(sent_at=None)
        done.server_is_away = True
    else:
        done.sent += 1


def message_of(invitation: Invitation, address: str) -> mail.EmailMessage:
    name = name_for_a_mail(invitation.sender.name)
    to_coach = invitation.kind == InvitationKind.COACH
    context = {
        "name": name,
        "to_coach": to_coach,
        "address": address,
        "last_day": last_day(invitation, invitation.sender),
    }
    return mail.EmailMessage(
        subject=f"{name} asks you to be their coach"
        if to_coach
        else f"{name} would like to coach you",
        body=render_to_string("runners/mail/invitation.txt", context),
        to=[invitation.email],
    )
