"""What a log may hold of a request: which page it was for, never the address.

Addresses hold tokens that work for whoever has them, and say whose page was read.
"""

import logging
import re
from collections.abc import Iterator
from functools import cache

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver, resolve

SHORTEST = 6  # characters of a value that is looked for in a text; shorter ones are everywhere
QUERY = re.compile(r"""(/[^\s"'?]*)\?[^\s"')]+""")


class WithoutAddresses(logging.Formatter):
    """Works on the finished text, so it is the same for every logger, and for tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(_in_one_line_if_refused(record))
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            text = _with_route(text, request)
        addresses, fixed = _addresses()
        return addresses.sub(
            lambda found: found[0] if found[0] in fixed else f"{found[1]}…",
            QUERY.sub(r"\1", text),
        )


def _in_one_line_if_refused(record: logging.LogRecord) -> logging.LogRecord:
    """A traceback is for faults of ours. Anybody can send a wrong host a thousand times."""
    if not record.exc_info or getattr(record, "status_code", 500) >= 500:
        return record
    plain = logging.makeLogRecord(record.__dict__)
    plain.exc_info = plain.exc_text = None
    return plain


def _with_route(text: str, request: HttpRequest) -> str:
    """The pattern of the page in the place of the address, and of its parts."""
    match = request.resolver_match or _resolved(request)
    route = f"/{match.route}" if match else "/…"
    for path in (request.path, _escaped(request.path)):
        if len(path) > 1:
            text = text.replace(path, route)
    for name, value in (match.kwargs if match else {}).items():
        if len(str(value)) >= SHORTEST:
            text = text.replace(str(value), f"<{name}>")
    return text


def _resolved(request: HttpRequest) -> ResolverMatch | None:
    """What was refused before its page was looked for."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _escaped(path: str) -> str:
    """As Django writes what it logs of a request."""
    return path.encode("unicode_escape").decode("ascii")


@cache
def _addresses() -> tuple[re.Pattern[str], set[str]]:
    """What is an address that begins like one with a variable part; and those that have none."""
    known = set(routes(get_resolver()))
    starts = {re.split(r"[<(]", route)[0] for route in known if "<" in route}
    some = "|".join(sorted(map(re.escape, starts - {""}), reverse=True))
    pattern = rf"""(?<![\w.-])((?:https?://[^/\s]+)?/+(?:{some}))[^\s"'<>),\]]+"""
    return re.compile(pattern, re.IGNORECASE), {f"/{route}" for route in known if "<" not in route}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)
