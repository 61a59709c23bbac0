"""What asks for the password once more."""

from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    did_recently_reauthenticate,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from runners.web.http import AuthedRequest, P, View


class PasswordWanted(ReauthenticationRequired):
    """The doer has not given the password lately.

    allauth's middleware keeps the form that was sent, asks for the password, and sends it on.
    """


def password_asked_again(view: View[AuthedRequest, P]) -> View[AuthedRequest, P]:
    """The view, for those who gave their password within the last five minutes.

    What was sent waits for it in the session. To look at the page again gives that up: what
    somebody thought better of must not be done weeks later, with the password of a look.
    """
    asked: View[AuthedRequest, P] = reauthentication_required(view)

    @wraps(view)
    def wrapper(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            request.session.pop(STATE_SESSION_KEY, None)
        return asked(request, *args, **kwargs)

    return wrapper


def password_asked_again_to_change(view: View[AuthedRequest, P]) -> View[AuthedRequest, P]:
    """The same, but anybody signed in may look. What is sent waits until the password is given."""
    asked: View[AuthedRequest, P] = reauthentication_required(allow_get=True)(view)
    return asked


def password_was_given(request: HttpRequest) -> bool:
    """Within the last five minutes, to be asked again."""
    return bool(did_recently_reauthenticate(request))
