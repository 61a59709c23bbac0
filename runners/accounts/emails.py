"""The mails about an account: their links, how long those work, and the way into the outbox."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from runners.mail import outbox
from runners.web import absolute_urls as site


class AccountMails(DefaultAccountAdapter):
    """Of allauth's adapter, all that writes a mail. Its own words name the host of the request."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        works = valid(template_prefix)
        context = {**context, **links(allauth_context.request), "valid_days": works.days}
        message = written(template_prefix, email, context)
        outbox.queue(message, expires_at=timezone.now() + works)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any) -> None:
        """Of a change of the second step. Limber's own actions tell of other changes."""
        if template_prefix.startswith("mfa/"):
            self.send_mail(template_prefix, user.email, {})

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return site.absolute("account_confirm_email", emailconfirmation.key, request=request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return site.absolute(
            "account_reset_password_from_key", uid, token, request=allauth_context.request
        )


def links(request: HttpRequest | None) -> dict[str, str]:
    """Those that need no key."""
    return {
        "signup_url": site.absolute("account_signup", request=request),
        "login_url": site.absolute("account_login", request=request),
        "reset_url": site.absolute("account_reset_password", request=request),
    }


def written(template: str, to: str, context: Mapping[str, Any]) -> EmailMessage:
    """Subject and text from `<template>_subject.txt` and `<template>_message.txt`."""
    subject = render_to_string(f"{template}_subject.txt", {**context})
    body = render_to_string(f"{template}_message.txt", {**context, "email": to})
    return EmailMessage(subject=" ".join(subject.split()), body=body.strip() + "\n", to=[to])


def valid(template: str) -> dt.timedelta:
    """How long the link in it works, and so how long it is worth sending."""
    if template.endswith("password_reset_key"):
        return dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    if "email_confirmation" in template:
        return dt.timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    return outbox.KEPT
