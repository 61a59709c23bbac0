"""What a request of somebody who is signed in passes through: the way back of whoever has left, the
first questions of whoever is new, the pages of hosts.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from django.contrib.auth.middleware import get_user
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from runners.models import User
from runners.web import going_on
from runners.web.http import redirect_or_refresh

View = TypeVar("View", bound=Callable[..., Any])
# What Django's `include` returns.
Included = tuple[Sequence[URLPattern | URLResolver], str | None, str | None]


def open_before_welcome(view: View) -> View:
    """For a view that works before the first questions are answered, and without a second step."""
    view.opens_before_welcome = True  # type: ignore[attr-defined]  # as Django's own decorators do
    return view


def open_while_leaving(view: View) -> View:
    """For a view that works for somebody who has left; of the public ones those above do too."""
    view.opens_while_leaving = True  # type: ignore[attr-defined]  # as above
    return view


def for_hosts(view: View) -> View:
    """For a view of those who look after this Limber: to everybody else it is not there."""
    view.is_for_hosts = True  # type: ignore[attr-defined]  # as above
    return view


def is_open_while_leaving(view: Callable[..., Any]) -> bool:
    """What strangers read and shows nobody's log, the way out, and the way back."""
    is_public = not getattr(view, "login_required", True)
    is_plain = is_public and getattr(view, "opens_before_welcome", False)
    return is_plain or getattr(view, "opens_while_leaving", False)


def all_open_before_welcome(included: Included) -> Included:
    """The same, of all views of an `include`."""
    _open_all(path("", included).url_patterns)
    return included


def _open_all(patterns: Iterable[URLPattern | URLResolver]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _open_all(pattern.url_patterns)
        else:
            open_before_welcome(pattern.callback)


def is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


class RunnerMiddleware:
    """Shows times in the runner's zone, asks a new runner the first questions first, and lets
    whoever has left do nothing but come back.

    What a person sees is for the moment: no browser keeps it, and after signing out the back
    button finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        # The person, not Django's lazy stand-in, which templates ask hundreds of times.
        request.user = person = cast(User, get_user(request))
        with timezone.override(person.tz):
            response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        if not is_signed_in(request):  # any more
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if request.user.is_leaving:
            if is_open_while_leaving(view):
                return None
            return redirect_or_refresh(request, "runners:come-back")  # type: ignore[arg-type]
        if getattr(view, "is_for_hosts", False) and not request.user.may_host:
            raise Http404
        if request.user.welcomed_at is not None or getattr(view, "opens_before_welcome", False):
            return None
        going_on.remember(request)
        return redirect("runners:welcome")
