"""Requests that Django cannot read, or that would break what reads them.

A browser sends forms in UTF-8. With `charset=base64` or an encoding that nobody knows, reading the
request fails, and so does the page that would say so: an empty 500.
"""

import codecs
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import parse_header_parameters

CHARSETS = {"utf-8", "ascii", "iso8859-1", "cp1252"}  # as Python names them


class Request(WSGIRequest):
    """One that can be made whatever its type is, for the middleware to refuse it."""

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        self.content_type, self.content_params = "", {}
        if is_readable(meta.get("CONTENT_TYPE", "")):
            super()._set_content_type_params(meta)  # type: ignore[misc]  # no part of the types


class ReadableMiddleware(MiddlewareMixin):
    """Answers 400. Goes before whatever reads the query, the body or a cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_readable(request.META.get("CONTENT_TYPE", "")):
            raise BadRequest("Unreadable Content-Type")
        # No browser sends a null byte, and PostgreSQL takes none, as the name of a session say.
        request.COOKIES = {n: value for n, value in request.COOKIES.items() if "\0" not in value}


def is_readable(content_type: str) -> bool:
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name in CHARSETS
    except (LookupError, ValueError):
        return False
