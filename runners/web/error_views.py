"""Pages for what went wrong outside of any view."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string

from runners.web.context import NOBODY


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Written without the request: its host, its query or its body may be what is wrong with it."""
    return HttpResponseBadRequest(render_to_string("400.html", NOBODY))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or not ours, and so must not come back with what it sent."""
    return render(request, "403.html", status=403)
