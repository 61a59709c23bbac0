"""How much a request may bring along, before anything of it is read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.deprecation import MiddlewareMixin

LINE = 400  # bytes of a file in the list of what is to come: a name has 300 letters


class BodyLimitMiddleware(MiddlewareMixin):
    """Refuses what is larger than any form of Limber, with a 413.

    What a form brings is kept in memory while it is short, and files that nobody asked for would
    go to the disk. Only the addresses that take files take more, of people who are signed in. Goes
    before whatever reads the body, and after what knows the person.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not is_too_large(request):
            return None
        response = render(request, "413.html", status=413)
        if not request.user.is_authenticated:
            # htmx swaps no 413: a file chosen after the session has ended leads to the sign-in.
            response["HX-Redirect"] = reverse("account_login")
        response["Cache-Control"] = "private, no-store"
        response["Connection"] = "close"  # the rest of the body is not even read off the wire
        return response


def is_too_large(request: HttpRequest) -> bool:
    """A body that does not say its length is as large as it likes."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    is_short = said.isdecimal() and int(said) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if is_short and "HTTP_TRANSFER_ENCODING" not in request.META:
        return False
    if not request.user.is_authenticated:
        return True
    most = most_at(request.path_info)
    return most is not None and (not said.isdecimal() or int(said) > most)


def most_at(path: str) -> int | None:
    """Bytes that an address takes; None where its view reads with care."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return 0
    if name == "runners:run-file":
        return None
    if name == "runners:import":
        return settings.IMPORT_MOST_BYTES
    if name == "runners:import-begin":
        return settings.IMPORT_MOST_FILES * LINE
    if name == "runners:import-part":
        return settings.IMPORT_PART_BYTES
    return 0
