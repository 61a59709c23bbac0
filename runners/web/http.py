"""The typed request, and how a view answers a page load and an htmx request from one function."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from runners.models import User
from runners.models.rows import ConsentGone
from runners.web.notices import say
from runners.writes import look_for_consent


class AuthedRequest(HttpRequest):
    """A request behind the sign-in: `LoginRequiredMiddleware` lets no other through."""

    user: User
    htmx: HtmxDetails


class PublicRequest(HttpRequest):
    """A request of a public page: `user` may be anonymous."""

    htmx: HtmxDetails


# A view, by its kind of request and what its address holds; a decorator returns the same.
Asked = TypeVar("Asked", bound=HttpRequest)
P = ParamSpec("P")
View = Callable[Concatenate[Asked, P], HttpResponse]


def page_or_fragment(request: AuthedRequest | PublicRequest, template: str, fragment: str) -> str:
    """The fragment for htmx, else the page. The back button needs the page, headers or not."""
    if request.htmx and not request.htmx.history_restore_request and not request.htmx.boosted:
        return f"{template}#{fragment}"
    return template


def redirect_or_refresh(
    request: AuthedRequest | PublicRequest, to: str, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Go to a page: as a redirect, or for htmx as a change of address."""
    address = to if to.startswith("/") else reverse(to, args=args, kwargs=kwargs)
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return redirect(address)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data of a POST, an empty one too; None for a first look."""
    return request.POST if request.method == "POST" else None


def form_on(page: str) -> Callable[[View[AuthedRequest, P]], View[AuthedRequest, P]]:
    """For an address that only takes a form: to look at it, as a reload does, leads to its page.

    `page` is the name of a URL without arguments.
    """

    def decorate(view: View[AuthedRequest, P]) -> View[AuthedRequest, P]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapper(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(page)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def day_or_404(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def attachment(open_file: Callable[[], IO[bytes]], name: str, kind: str) -> FileResponse:
    """A stored file, to be saved: a browser never shows what is in it. 404 where it is gone."""
    try:
        content = open_file()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


def table(lines: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """CSV to be saved, sent while it is written: all that it needs has been read before."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def plain_text(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def sent_uid(text: str) -> uuid.UUID | None:
    """Of a field that a page filled in; None where somebody wrote something else into it."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def consent_required(view: View[AuthedRequest, P]) -> View[AuthedRequest, P]:
    """Health data are stored only after consent: without one, ask for it first.

    It is looked for where an action locks, so that none counts that is taken back meanwhile; after
    a view that stored nothing, here.
    """

    @wraps(view)
    def wrapper(request: AuthedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        person.needs_consent = request.method == "POST"
        try:
            response = view(request, *args, **kwargs)
            if person.needs_consent and not person.has_consented:
                look_for_consent(person)
        except ConsentGone:
            say(request, messages.WARNING, "runners/accounts/notices.html#consent-first")
            return redirect_or_refresh(request, "runners:consent")
        return response

    return wrapper
