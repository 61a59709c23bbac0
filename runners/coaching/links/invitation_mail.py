"""Puts invitations into the outbox, as many a day as a sender may.

An invitation is marked as sent together with its mail. Until the mail server has that, it can be
withdrawn and never goes.
"""

import datetime as dt

from django.core import mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from post_office.models import Email

from runners import access
from runners.coaching.links.actions import VALID, last_day
from runners.formats import name_for_a_mail
from runners.mail import outbox
from runners.models import Invitation, InvitationKind, User
from runners.models.rows import PersonGone
from runners.web import absolute_urls as site
from runners.web.notices import words
from runners.writes import lock

MOST_A_DAY = 400  # of one sender, in a local day of theirs


def waiting_of(sender: User) -> int:
    return Invitation.objects.of(sender).waiting().count()


def left_today(sender: User) -> int:
    """How many more may go today."""
    day = sender.local_day()
    begins = dt.datetime.combine(day, dt.time.min, tzinfo=sender.tz)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=sender.tz)
    sent = Invitation.objects.of(sender).filter(sent_at__gte=begins, sent_at__lt=ends)
    return max(MOST_A_DAY - sent.count(), 0)


@transaction.atomic
def send_waiting(sender: User, request: HttpRequest | None = None) -> int:
    """Put what waits and may go into the outbox, oldest first, and say how many it was.

    2 queries for each mail.
    """
    try:
        lock(sender)
    except PersonGone:
        return 0
    waiting = Invitation.objects.of(sender).waiting()
    if not access.may_coach(sender):
        waiting = waiting.filter(kind=InvitationKind.COACH)
    oldest_first = waiting.order_by("created_at", "pk")
    going = list(oldest_first[: left_today(sender)])
    for invitation in going:
        invitation.sender = sender
        invitation.sent_at = timezone.now()
        invitation.expires_at = invitation.sent_at + VALID
        address = site.absolute("runners:invitation", invitation.token, request=request)
        invitation.mail = outbox.queue(
            message_of(invitation, address), expires_at=invitation.expires_at, in_bulk=True
        )
        invitation.save(update_fields=["sent_at", "expires_at", "mail"], force_update=True)
    return len(going)


def was_refused(mail: Email) -> None:
    """The mail server says for good that nobody is there."""
    Invitation.objects.filter(mail=mail).update(sent_at=None, refused_at=timezone.now())


def message_of(invitation: Invitation, address: str) -> mail.EmailMessage:
    to_coach = invitation.kind == InvitationKind.COACH
    context = {
        "name": name_for_a_mail(invitation.sender.name),
        "to_coach": to_coach,
        "address": address,
        "last_day": last_day(invitation, invitation.sender),
    }
    return mail.EmailMessage(
        subject=words("runners/coaching/links/mail/subjects.txt#invitation", to_coach=to_coach),
        body=render_to_string("runners/coaching/links/mail/invitation.txt", context),
        to=[invitation.email],
    )
