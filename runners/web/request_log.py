"""A line of the log for each request, and the id that all lines of it bear.

The id is answered as `X-Request-ID`, and stands on pages that say that something went wrong:
whoever quotes it is found in the log.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from runners.journal import opaque_id
from runners.web import logs

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[0-9a-fA-F-]{12,64}")  # by a proxy; what a person might write is no such id
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Answered well they are not worth a line: files that never change, and a monitor that asks again
# and again.
QUIET = {"runners:healthz"}

logger = logging.getLogger(__name__)


class RequestLogMiddleware:
    """The first of all: it tells also of what the others refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with logs.about(id_of(request)) as this:
            response = self.get_response(request)
            response.headers[HEADER] = this.id
            _note(request, this)
            if response.status_code >= 400 or not is_quiet(request, this):
                _log(request, response, time.perf_counter() - began)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Now it is known who asks for which page; a view may end the session, or the account."""
        if this := logs.current():
            _note(request, this)


def id_of(request: HttpRequest) -> str:
    """The proxy's, which stands in its own log as well; nobody else's is believed."""
    given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return given if GIVEN.fullmatch(given) else logs.new_id()


def is_quiet(request: HttpRequest, this: logs.About) -> bool:
    return this.route in QUIET or request.path_info.startswith(settings.STATIC_URL)


def _note(request: HttpRequest, this: logs.About) -> None:
    if not this.route and request.resolver_match:
        this.route = request.resolver_match.view_name
    # What is asked for nobody has read the person of, and it is not read for the log.
    if not this.person and hasattr(request, "_cached_user") and request.user.is_authenticated:
        this.person = opaque_id(request.user)


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    logger.info(
        "Answered",
        extra={
            "facts": {
                "method": request.method if request.method in METHODS else "other",
                "status": response.status_code,
                "ms": round(seconds * 1000),
            }
        },
    )
