"""Pages for what went wrong outside of any view."""

import sys

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string

from runners.web import cannot_save
from runners.web.context import NOBODY
from runners.web.database_trouble import is_passing
from runners.web.logs import request_id


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Written without the request: its host, its query or its body may be what is wrong with it."""
    return HttpResponseBadRequest(render_to_string("400.html", {**NOBODY, **_named()}))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or not ours, and so must not come back with what it sent."""
    return render(request, "403.html", _named(), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Written without anything that may be what is broken.

    A database that is lost between two middlewares, of which one has read the session and the other
    asks who that is, comes to no `process_exception`: it is told from a fault of ours here.
    """
    problem = sys.exception()
    if problem is not None and is_passing(problem):
        return cannot_save.answer(request)
    return HttpResponseServerError(render_to_string("500.html", _named()))


def _named() -> dict[str, str]:
    """What finds the lines of the log about it."""
    return {"request_id": request_id()}
