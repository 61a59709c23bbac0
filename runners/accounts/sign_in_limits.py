"""How often a password may be wrong, for an account, a network and a known device; all is noted."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from runners.accounts import known_devices
from runners.models import SecurityEventKind, User
from runners.web.rate_limits import Taken, TooOften, as_counted, take
from runners.web.visitor import note

SECOND_STEPS: dict[str, SecurityEventKind] = {
    Authenticator.Type.TOTP: SecurityEventKind.SIGNED_IN_BY_APP,
    Authenticator.Type.WEBAUTHN: SecurityEventKind.SIGNED_IN_BY_PASSKEY,
    Authenticator.Type.RECOVERY_CODES: SecurityEventKind.SIGNED_IN_ON_PAPER,
}


class SignInLimits(DefaultAccountAdapter):
    """A part of the account adapter.

    Each try is counted before the password is looked at, so that many at once are not more than
    the limit; a right one is given back. While somebody waits, the right password is refused like
    any other, and nothing tells whether the address has an account.
    """

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        address = as_counted(credentials.get("email", ""))
        try:
            taken = _take(request, address)
        except TooOften:
            note(SecurityEventKind.MADE_TO_WAIT, request, _whose(request, address))
            raise
        user = super().authenticate(request, **credentials)
        if user is not None:
            taken.give_back()
            if request.user.is_authenticated:  # who gives it once more
                note(SecurityEventKind.PASSWORD_GIVEN, request, request.user)
                request.session.cycle_key()
        else:
            note(SecurityEventKind.WRONG_PASSWORD, request, _whose(request, address))
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        kind = _signed_in_by(request, user)  # before the session is another one
        super().login(request, user)
        known_devices.remember(request, user)
        note(kind, request, cast(User, user))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """To whoever has the right password, and to nobody else."""
        note(SecurityEventKind.TURNED_AWAY, request, cast(User, user))
        return super().respond_user_inactive(request, user)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """By who knew the old one, or had the link of a reset: sign-in works at once for them."""
        super().set_password(user, password)
        known_devices.remember(self.request, user)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        if may_mail(request, emailconfirmation.email_address.email):
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        if may_mail(self.request, email):
            super().send_account_already_exists_mail(email)


def _signed_in_by(request: HttpRequest, user: AbstractBaseUser) -> SecurityEventKind:
    """Beside the password, what was used last of a second step."""
    steps = [each["type"] for each in get_authentication_records(request, user) if "type" in each]
    return SECOND_STEPS.get(steps[-1] if steps else "", SecurityEventKind.SIGNED_IN)


def _whose(request: HttpRequest, address: str) -> User | None:
    """Whose account was tried. The same work whether or not the address has one."""
    if request.user.is_authenticated:
        return request.user
    return User.objects.filter(email=address).first()


def _take(request: HttpRequest, address: str) -> Taken:
    if request.user.is_authenticated:  # asked once more for their own password
        return take(request, "sign_in_on_known_device", device=f"session of {request.user.pk}")
    device = known_devices.known_for(request, address)
    if device is not None:
        return take(request, "sign_in_on_known_device", device=device)
    return take(request, "sign_in", address=address)


def may_mail(request: HttpRequest, email: str, action: str = "confirmation_mail") -> bool:
    """Not more to one address than the limit says; the link of the one before still works."""
    try:
        take(request, action, address=as_counted(email))
    except TooOften:
        return False
    return True
