"""Where a newcomer was going before signing up and the first questions came between.

It is an invitation, kept in the session. The mail that confirms an address brings it along as
well, because it may be opened in another browser.
"""

from typing import cast
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

KEPT_AS = "going_to"


def remember(request: HttpRequest) -> None:
    """Come back here once everything is answered. Only an invitation is worth it."""
    try:
        here = resolve(request.path).view_name
    except Resolver404:
        return
    is_worth_it = request.method == "GET" and here == "runners:invitation"
    if is_worth_it and request.session.get(KEPT_AS) != request.path:
        request.session[KEPT_AS] = request.path


def going_to(request: HttpRequest) -> str:
    """The address kept, else Today."""
    return cast(str, request.session.get(KEPT_AS)) or reverse("guidance:today")


def arrived(request: HttpRequest) -> None:
    request.session.pop(KEPT_AS, None)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        url: str = super().get_email_confirmation_url(request, emailconfirmation)
        to = request.session.get(KEPT_AS)
        return f"{url}?{urlencode({'next': to})}" if to else url
