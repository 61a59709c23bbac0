"""Who may make an account: anybody, whoever has an address of the host's domains, or only whoever
was invited. Whoever was invited may in any case, and a host can make an account for anybody.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Self

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from runners.models import Invitation
from runners.web.going_on import KEPT_AS


class Refused(Enum):
    """Why an address gets no account. The form says it."""

    OTHER_DOMAIN = auto()
    NO_INVITATION = auto()
    OTHER_ADDRESS = auto()


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


def refusal(email: str, request: HttpRequest) -> Refused | None:
    """None where the address may have an account. It says nothing of who has one."""
    registration = Registration.of_this_limber()
    if registration.takes(email):
        return None
    invitation = invitation_of(request)
    if invitation is None:
        return Refused.OTHER_DOMAIN if registration.domains else Refused.NO_INVITATION
    return None if invitation.email.lower() in ("", email.lower()) else Refused.OTHER_ADDRESS


class Registers(DefaultAccountAdapter):
    """A part of the account adapter: whether the page of the sign-up is there."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if Registration.of_this_limber().is_by_invitation:
            return invitation_of(request) is not None
        return True
