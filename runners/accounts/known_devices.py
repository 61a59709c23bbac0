"""Devices that an account has signed in on before: they have a limit of wrong tries of their own.

So whoever guesses at somebody's password from elsewhere makes nobody but themselves wait. A device
is known by a cookie: for each account that signed in, a sign of its password, so that another
password or a reset ends what was known before.
"""

import secrets
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.deprecation import MiddlewareMixin

from runners.models import User

COOKIE = "device"
SALT = "runners.accounts.known_devices"
KEPT_S = 60 * 60 * 24 * 365
MOST = 5  # accounts of one device, such as a family's tablet; the oldest makes room


@dataclass(frozen=True, slots=True)
class Device:
    """What the cookie says. `accounts` has the sign of each account's password, by its id."""

    name: str = field(default_factory=secrets.token_urlsafe)
    accounts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """A new one where there is no cookie, or none of ours."""
        try:
            name, accounts = signing.loads(
                request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S
            )
        except signing.BadSignature:
            return cls()
        return cls(name, accounts)

    def knows(self, user: User) -> bool:
        return constant_time_compare(self.accounts.get(str(user.pk), ""), _sign(user))

    def with_account(self, user: User) -> "Device":
        others = {key: sign for key, sign in self.accounts.items() if key != str(user.pk)}
        newest = dict(list(others.items())[1 - MOST :])
        return Device(self.name, {**newest, str(user.pk): _sign(user)})


def _sign(user: User) -> str:
    return salted_hmac(SALT, f"{user.pk} {user.password}", algorithm="sha256").hexdigest()[:32]


def known_for(request: HttpRequest, email: str) -> str | None:
    """The name under which this device is counted for the account of an address; None if unknown.

    One query, and none for a device without the cookie.
    """
    device = Device.of(request)
    if not device.accounts:
        return None
    for user in User.objects.filter(pk__in=device.accounts, email=email):
        if device.knows(user):
            return f"{device.name} {user.pk}"
    return None


def remember(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Somebody showed on this device that the account is theirs."""
    request.shown_to_be = user  # type: ignore[attr-defined]  # until the answer takes the cookie


class KnownDeviceMiddleware(MiddlewareMixin):
    """Hands the cookie over."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        user = getattr(request, "shown_to_be", None)
        if user is not None:
            device = Device.of(request).with_account(user)
            response.set_cookie(
                COOKIE,
                signing.dumps([device.name, device.accounts], salt=SALT),
                max_age=KEPT_S,
                path="/accounts/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
