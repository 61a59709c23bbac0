"""Absolute addresses where there is no request to build them from: in mails that commands send."""

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse


def require_address() -> None:
    """Raises CommandError where nobody has said where this Limber lies."""
    if not settings.SITE_URL:
        raise CommandError(
            "SITE_URL is not set, so the links in a mail would lead nowhere. Set it to where"
            " this Limber lies, such as https://limber.example.org."
        )


def absolute(view: str, *args: object) -> str:
    """The whole address of a page, by the name of its URL."""
    return f"{settings.SITE_URL}{reverse(view, args=args)}"
