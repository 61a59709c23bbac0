"""A new password by a link in a mail: whoever knew the old one is out, and what they made asked."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from runners import security_log
from runners.accounts import known_devices
from runners.accounts.addresses import forget_change
from runners.accounts.sign_in_limits import may_mail
from runners.coaching.links import telling
from runners.coaching.links.confirming import question_links
from runners.models import SecurityEventKind, Session, User
from runners.security_log import NOWHERE, Seen
from runners.web import absolute_urls as site
from runners.web.visitor import seen_in
from runners.writes import lock


class AskForLinkForm(ResetPasswordForm):
    """The link goes to the address of an account, not to one that it has only asked for."""

    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        confirmed = EmailAddress.objects.filter(user__in=self.users, verified=True)
        of_users = {(row.user_id, row.email.lower()) for row in confirmed}
        of_users |= {(user.pk, user.email.lower()) for user in self.users}
        self.users = [user for user in self.users if (user.pk, email.lower()) in of_users]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Whoever asks too often for somebody else's address is told nothing, and mails nobody."""
        email: str = self.cleaned_data["email"]
        if may_mail(request, email, "reset_mail"):
            super().save(request, **kwargs)
        return email


def link_for(user: User, request: HttpRequest | None = None) -> str:
    """To choose a password by, once: for whoever opens it first, so for a host to hand over."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    page = "account_reset_password_from_key"
    return site.absolute(page, user_pk_to_url_str(user), token, request=request)


class NewPasswordForm(ResetPasswordKeyForm):
    def save(self) -> None:
        """Whoever holds the mailbox has shown it on this device, so sign-in works at once here."""
        user: User = self.user
        request = get_adapter().request
        reset_password(self.cleaned_data["password1"], by=user, seen=seen_in(request))
        user.refresh_from_db(fields=["password"])
        known_devices.remember(request, user)


@transaction.atomic
def reset_password(password: str, *, by: User, seen: Seen = NOWHERE) -> None:
    """Ends every session, as Django binds them to the password. For whoever holds the mailbox, and
    so for whoever has left and wants to come back.
    """
    lock(by, even_leaving=True)
    User.objects.filter(pk=by.pk).update(password=make_password(password))
    Session.objects.of(by).delete()
    security_log.note(SecurityEventKind.PASSWORD_RESET, by, seen=seen)
    _settle_addresses(by)
    asks = question_links(by)
    import_string(settings.RENEW_PLAN_FEEDS)(by)
    telling.password_was_reset(by, asks=asks)


def _settle_addresses(user: User) -> None:
    """The link came to the account's own address; one it wanted to change to is forgotten."""
    forget_change(user)
    addresses = EmailAddress.objects.filter(user=user)
    addresses.filter(verified=False).exclude(email__iexact=user.email).delete()
    if settings.SENDS_MAIL and not addresses.filter(verified=True).exists():
        addresses.filter(email__iexact=user.email).update(verified=True)
