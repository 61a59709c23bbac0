"""Who may make an account: anybody, whoever has an address of the host's domains, or only whoever
was invited. Whoever was invited may in any case, and a host can make an account for anybody.
"""

from dataclasses import dataclass
from typing import Self

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from runners.models import Invitation
from runners.web.going_on import KEPT_AS

NOT_OF_THE_DOMAINS = "Accounts here are for addresses at %s, and for whoever was invited."
NOT_ANY_MORE = "Your invitation does not work any more: ask for a new one."
NOT_AS_INVITED = "Your invitation went to another address: use that one."


@dataclass(frozen=True, slots=True)
class Registration:
    """What `SIGN_UP` says."""

    is_open: bool
    domains: tuple[str, ...]

    @classmethod
    def of_this_limber(cls) -> Self:
        return cls(settings.SIGN_UP_IS_OPEN, tuple(settings.SIGN_UP_DOMAINS))

    @property
    def is_by_invitation(self) -> bool:
        """And in no other way."""
        return not self.is_open and not self.domains

    def takes(self, email: str) -> bool:
        return self.is_open or email.rpartition("@")[2].lower() in self.domains


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The one by which somebody comes who is not signed in, while it is open. 1 query."""
    try:
        opened = resolve(request.session.get(KEPT_AS, ""))
    except Resolver404:
        return None
    token = opened.kwargs.get("token", "")
    return Invitation.objects.open().filter(token=token, sender__is_active=True).first()


def check(email: str, request: HttpRequest) -> None:
    """Raises ValidationError. It says nothing of who has an account."""
    registration = Registration.of_this_limber()
    if registration.takes(email):
        return
    invitation = invitation_of(request)
    if invitation is None:
        of_domains = NOT_OF_THE_DOMAINS % " and ".join(registration.domains)
        raise forms.ValidationError(of_domains if registration.domains else NOT_ANY_MORE)
    if invitation.email.lower() not in ("", email.lower()):
        raise forms.ValidationError(NOT_AS_INVITED)


class Registers(DefaultAccountAdapter):
    """A part of the account adapter: whether the page of the sign-up is there."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if Registration.of_this_limber().is_by_invitation:
            return invitation_of(request) is not None
        return True
