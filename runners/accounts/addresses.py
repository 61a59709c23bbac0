"""Which address belongs to whom: making an account for one, and changing to another one.

With a mail server nothing here tells whether an address has an account: that is said by a mail to
the address, and only there.
"""

import datetime as dt
import secrets
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from runners.accounts.actions import give_consent
from runners.accounts.emails import links, written
from runners.mail import outbox
from runners.models import EmailChange, SecurityEventKind, User
from runners.web import absolute_urls as site
from runners.web.visitor import note
from runners.writes import lock


class Taken(Exception):
    """Somebody else has an account with this address."""


class NoLongerOpen(Exception):
    """The link was replaced, is too old or not this account's; or the account is gone."""


def are_confirmed() -> bool:
    """By a link in a mail: not where there is no mail server."""
    return bool(app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY)


def is_taken(email: str, *, but_for: User | None = None) -> bool:
    """2 queries."""
    return any(user != but_for for user in filter_users_by_email(email))


@transaction.atomic
def make_account(email: str, password: str) -> User | None:
    """An account that agreed to keep health data; None where the address has one already.

    `password` is hashed: that takes half a second, in which nobody else could write. Of several
    at the same instant one makes it.
    """
    user = _make(email, password)
    if user is not None:
        give_consent(by=user)
    return user


@transaction.atomic
def open_account(email: str) -> User | None:
    """An account for somebody else, who chooses the password, and agrees, when they first come.

    None where the address has one already.
    """
    return _make(email, make_password(None))


def _make(email: str, password: str) -> User | None:
    if is_taken(email):
        return None
    try:
        with transaction.atomic():
            user = User.objects.create(email=email, password=password)
    except IntegrityError:
        return None
    EmailAddress.objects.create(user=user, email=email, primary=True)
    return user


@transaction.atomic
def change_address(email: str, *, by: User, request: HttpRequest | None = None) -> EmailChange:
    """Ask for another address: it takes the place of the old one once its link is opened.

    Without a mail server nobody could open one, and it does so at once. Raises Taken, but with a
    mail server never: then a mail says it, to the address itself. Raises PersonGone.
    """
    lock(by)
    forget_change(by)
    change = EmailChange.objects.create(user=by, email=email, token=secrets.token_urlsafe(32))
    if not are_confirmed():
        _put_in_force(change, request)
    else:
        mail = outbox.queue(_asking(change, request), expires_at=change.asked_at + change.VALID)
        EmailChange.objects.filter(user=by, pk=change.pk).update(mail=mail)
    return change


def forget_change(user: User) -> None:
    """One that was asked for and is not in force yet: its link and its mail lead nowhere now."""
    asked = EmailChange.objects.filter(user=user)
    outbox.forget_those_of(asked)
    asked.delete()


@transaction.atomic
def confirm_address(token: str, *, by: User, request: HttpRequest | None = None) -> EmailChange:
    """Put the change in force. Twice is fine. Raises NoLongerOpen, and Taken."""
    lock(by)
    change = EmailChange.objects.filter(user=by, token=token).first()
    if change is None or not change.is_open:
        raise NoLongerOpen
    if not change.is_in_force:
        _put_in_force(change, request)
    return change


def forget_old_changes(now: dt.datetime) -> int:
    old = EmailChange.objects.filter(asked_at__lte=now - EmailChange.VALID)
    return old.delete()[0]


def _put_in_force(change: EmailChange, request: HttpRequest | None) -> None:
    """The old address is told, because it may be the only one that its owner still reads."""
    user = change.user
    user.refresh_from_db(fields=["email"])
    if is_taken(change.email, but_for=user):
        raise Taken
    told = written("account/email/email_changed", user.email, links(request))
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=change.email)
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(
                user=user, email=change.email, primary=True, verified=are_confirmed()
            )
    except IntegrityError:
        raise Taken from None
    user.email = change.email
    note(SecurityEventKind.ADDRESS_CHANGED, request, user)
    outbox.queue(told)


def _asking(change: EmailChange, request: HttpRequest | None) -> EmailMessage:
    words: dict[str, Any] = {**links(request)}
    if is_taken(change.email, but_for=change.user):
        return written("account/email/email_change_taken", change.email, words)
    confirm_url = site.absolute("account_email_confirm", change.token, request=request)
    words |= {"confirm_url": confirm_url, "valid_days": change.VALID.days}
    return written("account/email/email_change", change.email, words)
