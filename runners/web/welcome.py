"""What a request of somebody who is signed in passes through, the first questions first."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from runners.models import User
from runners.web import going_on

View = TypeVar("View", bound=Callable[..., Any])
# What Django's `include` returns.
Included = tuple[Sequence[URLPattern | URLResolver], str | None, str | None]


def open_before_welcome(view: View) -> View:
    """For a view that works before the first questions are answered."""
    view.opens_before_welcome = True  # type: ignore[attr-defined]  # as Django's own decorators do
    return view


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
    """Shows times in the runner's zone, and asks a new runner the first questions first.

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
        if not request.user.is_authenticated or request.user.welcomed_at is not None:
            return None
        if getattr(view, "opens_before_welcome", False):
            return None
        going_on.remember(request)
        return redirect("runners:welcome")
