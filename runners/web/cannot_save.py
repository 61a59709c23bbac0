"""What a person is answered while the database cannot write: what they typed, and a second try.

The page comes with the posted fields, so that no view has to know of it, and is made without the
database: without who is signed in, without their messages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

from runners.formats import capital
from runners.web.context import NOBODY
from runners.web.logs import request_id
from runners.web.notices import words
from runners.web.write_queue import SAFE

TRY_AGAIN_S = 10
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
SECRET = re.compile("password")  # names of fields that are never sent back
# What the page put into a form: rows by their UUID, signed values, where to go next.
NOT_TYPED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|/\S*|.*:\S{20,}")


class _TokenCheck(CsrfViewMiddleware):
    """Refuses without the page that says so, which would ask the database who is signed in."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


class CannotSave(HttpResponse):
    status_code = 503


@dataclass(frozen=True, slots=True)
class Field:
    """One posted value. `label` is the name of the field in words."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return capital(re.sub(r"[-_\d]+", " ", self.name).strip())

    @property
    def is_typed(self) -> bool:
        """Whether it says something to the person who sent it."""
        return bool(self.value.strip()) and not NOT_TYPED.fullmatch(self.value)


def answer(request: HttpRequest) -> CannotSave:
    """503, as a whole page or for htmx as the sentence alone: the panel on the page stays."""
    response = _sentence(request) if _is_htmx(request) else _page(request)
    response["Retry-After"] = str(TRY_AGAIN_S)
    response["Cache-Control"] = "no-store"
    return response


def _is_htmx(request: HttpRequest) -> bool:
    """Not the back button of htmx, which wants the page."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def _sentence(request: HttpRequest) -> CannotSave:
    said = words(f"cannot_save.html#{'showing' if request.method in SAFE else 'kept'}")
    return CannotSave(said, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest) -> CannotSave:
    is_save = request.method not in SAFE
    is_kept = is_save and _may_be_kept(request)
    context = {
        # `//elsewhere.example/` is an address here, and would be another host in a form.
        "again": escape_leading_slashes(request.get_full_path()),
        "is_save": is_save,
        "is_kept": is_kept,
        "fields": list(_fields(request)) if is_kept else [],
        "secrets": [name for name in request.POST if SECRET.search(name)] if is_kept else [],
        "files": list(request.FILES) if is_kept else [],
        "csrf_token": get_token(request),
        "request_id": request_id(),
    }
    return CannotSave(render_to_string("cannot_save.html", {**NOBODY, **context}))


def _may_be_kept(request: HttpRequest) -> bool:
    """Only what a page of ours sent: a foreign form must not come back with our token in it.

    A file that nobody has read yet, of an address that reads it with care, is not read here.
    """
    is_read = hasattr(request, "_post")
    if not is_read and request.content_type != "application/x-www-form-urlencoded":
        return False
    if getattr(request, "csrf_processing_done", False):
        return True
    check = _TokenCheck(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, answer, (), {}) is None


def _fields(request: HttpRequest) -> Iterator[Field]:
    for name, values in request.POST.lists():
        if name != TOKEN and not SECRET.search(name):
            yield from (Field(name, str(value)) for value in values)


def keep_token(response: CannotSave, instead_of: HttpResponse) -> None:
    """The form's token is valid with the cookie that came with the answer that could not be."""
    cookie = instead_of.cookies.get(settings.CSRF_COOKIE_NAME)
    if cookie is not None:
        response.cookies[settings.CSRF_COOKIE_NAME] = cookie
