"""Who may sign in, and what asks for the password once more."""

from functools import wraps
from typing import Any, cast

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    did_recently_reauthenticate,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from runners.models import User
from runners.web.http import View


class PasswordWanted(ReauthenticationRequired):  # type: ignore[misc]  # allauth has no types
    """The doer has not given the password lately.

    allauth's middleware keeps the form that was sent, asks for the password, and sends it on.
    """


def password_asked_again(view: View) -> View:
    """The view, for those who gave their password within the last five minutes.

    What was sent waits for it in the session. To look at the page again gives that up: what
    somebody thought better of must not be done weeks later, with the password of a look.
    """
    asked = reauthentication_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            request.session.pop(STATE_SESSION_KEY, None)
        return cast(HttpResponse, asked(request, *args, **kwargs))

    return cast(View, wrapper)


def password_asked_again_to_change(view: View) -> View:
    """The same, but anybody signed in may look. What is sent waits until the password is given."""
    return cast(View, reauthentication_required(allow_get=True)(view))


def password_was_given(request: HttpRequest) -> bool:
    """Within the last five minutes, to be asked again."""
    return bool(did_recently_reauthenticate(request))


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Sign-in by e-mail. Demo accounts have a public password: they work only while trying out.

    Django asks `user_can_authenticate` for every request of a session as well, so turning
    `DEBUG` off ends the sessions of demo accounts too.
    """

    def user_can_authenticate(self, user: User | None) -> bool:
        allowed: bool = super().user_can_authenticate(user)
        return allowed and user is not None and (settings.DEBUG or not user.is_demo)
