"""Whole addresses of pages, for mails and for links that people hand over."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# Where `make run` serves: for commands, while `DEBUG` is on and nobody has said anything else.
ON_THIS_MACHINE = "http://127.0.0.1:8000"


def address(request: HttpRequest | None = None) -> str:
    """Where this Limber lies. What a request says of it counts only while `SITE_URL` is not set.

    Whoever asks can name any host that is allowed, and would else choose where links lead.
    """
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    if request is not None:
        return request.build_absolute_uri("/").rstrip("/")
    return ON_THIS_MACHINE if settings.DEBUG else ""


def absolute(view: str, *args: object, request: HttpRequest | None = None) -> str:
    """The whole address of a page, by the name of its URL."""
    return f"{address(request)}{reverse(view, args=args)}"
