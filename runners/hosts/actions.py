"""What a host does to the account of somebody else: noted with its doer, and told to its person.

Each holds both of the two and looks again whether the doer still is a host. So of two hosts who
put each other out of use at the same moment one stays, and there is always one left.
"""

import datetime as dt
from enum import StrEnum

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from runners import access, journal, security_log
from runners.accounts import leaving
from runners.accounts.emails import links, valid, written
from runners.accounts.password_reset import link_for
from runners.accounts.second_step import actions as second_step
from runners.coaching.approval import actions as approval
from runners.coaching.links.actions import hold_back_invitations_of
from runners.hosts.queries import lacks
from runners.mail import outbox
from runners.models import SecurityEvent, SecurityEventKind, Session, User
from runners.models.rows import NotThere
from runners.web import absolute_urls as site
from runners.writes import lock

MAILS = "account/email/"
SENT_ANEW_AFTER = dt.timedelta(minutes=5)  # the mail of before may still be on its way


class OwnAccount(Exception):
    """What somebody does to their own account stands in their settings."""


class NoHost(NotThere):
    """The doer looks after this Limber no longer."""


class Resent(StrEnum):
    """What became of a link that was to be mailed anew."""

    SENT = "link-sent"
    JUST_SENT = "link-just-sent"
    NOT_NEEDED = "link-not-needed"
    NO_MAIL = "link-no-mail"


def _held(person: User, by: User) -> User:
    """As stored now, of somebody who has left too. Raises OwnAccount, NoHost and PersonGone."""
    if person.pk == by.pk:
        raise OwnAccount
    lock(by, person, even_leaving=True)
    stored = User.objects.in_bulk([by.pk, person.pk])
    if not stored[by.pk].may_host:
        raise NoHost
    return stored[person.pk]


@transaction.atomic
def deactivate(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """Out of use until a host says otherwise: every session ends, nobody signs in, mails and
    calendars stop, and no link shows anything either way. Nothing of it is changed, so that all is
    as it was afterwards. False where it is out of use already.
    """
    held = _held(person, by)
    if not held.is_active:
        return False
    # While the links still are open: what waits for a coach may say something of the person.
    for coach_id in access.links_of_athlete(held).open().values_list("coach", flat=True):
        outbox.recall_digest(coach_id)
    hold_back_invitations_of(held)
    Session.objects.of(held).delete()
    held.is_active = False
    held.save(update_fields=["is_active"])
    security_log.must_note(SecurityEventKind.DEACTIVATED, held, by=by)
    _tell(held, "deactivated", request)
    return True


@transaction.atomic
def reactivate(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """False where it is in use already."""
    held = _held(person, by)
    if held.is_active:
        return False
    held.is_active = True
    held.save(update_fields=["is_active"])
    security_log.must_note(SecurityEventKind.REACTIVATED, held, by=by)
    _tell(held, "reactivated", request)
    return True


@transaction.atomic
def end_sessions(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """Every device. False where the person is signed in nowhere."""
    held = _held(person, by)
    if not Session.objects.of(held).delete()[0]:
        return False
    security_log.must_note(SecurityEventKind.SESSIONS_ENDED_BY_HOST, held, by=by)
    _tell(held, "signed_out", request)
    return True


def erase(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """Close the account, as its person could: it is erased once there was time to come back.

    Not at once: a host knows only what somebody wrote or said, and of what was asked by somebody
    else nothing could be brought back. False where it is closed already.
    """
    with journal.end_of_account() as end, transaction.atomic():
        held = _held(person, by)
        if held.is_leaving:
            return False
        leaving.close(held, leaving.leaves_at(held), end)
        security_log.must_note(SecurityEventKind.ERASED, held, by=by)
        _tell(held, "closed_on_request", request, last_day=leaving.last_day(held))
    return True


@transaction.atomic
def approve_coach(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """False where they may coach already."""
    return approval.approve(_held(person, by), by=by)


@transaction.atomic
def refuse_coach(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """Also of who coaches: all links to athletes end. False where there was nothing to refuse."""
    return approval.refuse(_held(person, by), by=by)


@transaction.atomic
def reset_second_step(person: User, *, by: User, request: HttpRequest | None = None) -> bool:
    """Of whoever has lost the phone and the paper. False where there is none."""
    return second_step.take_away(_held(person, by), by=by, request=request)


@transaction.atomic
def send_link(person: User, *, by: User, request: HttpRequest | None = None) -> Resent:
    """Mail the link that is missing anew. One that was sent just now is not sent twice."""
    held = _held(person, by)
    mail = lacks(held)
    if not mail or not held.is_active or held.is_leaving:
        return Resent.NOT_NEEDED
    if not settings.SENDS_MAIL:
        return Resent.NO_MAIL
    sent = SecurityEvent.objects.of(held).filter(kind=SecurityEventKind.LINK_SENT)
    if sent.filter(at__gt=timezone.now() - SENT_ANEW_AFTER).exists():
        return Resent.JUST_SENT
    works = valid(f"{MAILS}password_reset_key" if mail == "first_password" else f"{MAILS}{mail}")
    words = {_NAME[mail]: _link(held, mail, request), "valid_days": works.days}
    security_log.must_note(SecurityEventKind.LINK_SENT, held, by=by)
    _tell(held, mail, request, expires_at=timezone.now() + works, **words)
    return Resent.SENT


# What the templates of these mails call their link.
_NAME = {"first_password": "password_url", "email_confirmation": "activate_url"}


def _link(person: User, mail: str, request: HttpRequest | None) -> str:
    if mail == "first_password":
        return link_for(person, request)
    address, _ = EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"primary": True}
    )
    return site.absolute(
        "account_confirm_email", EmailConfirmationHMAC.create(address).key, request=request
    )


def _tell(
    person: User,
    mail: str,
    request: HttpRequest | None,
    *,
    expires_at: dt.datetime | None = None,
    **words: object,
) -> None:
    told = {**links(request), "person": person, **words}
    outbox.queue(written(f"{MAILS}{mail}", person.email, told), expires_at=expires_at)


# Who is one. Not from any page: `manage.py make_host`


@transaction.atomic
def make_host(person: User) -> bool:
    """False where they are one already. Raises PersonGone of somebody who has left."""
    return _set_host(person, SecurityEventKind.HOST_MADE, is_host=True)


@transaction.atomic
def withdraw_host(person: User) -> bool:
    """False where they are none."""
    return _set_host(person, SecurityEventKind.HOST_WITHDRAWN, is_host=False)


def _set_host(person: User, kind: SecurityEventKind, *, is_host: bool) -> bool:
    lock(person, even_leaving=not is_host)
    if not User.objects.filter(pk=person.pk).exclude(is_host=is_host).update(is_host=is_host):
        return False
    security_log.must_note(kind, person)
    return True
