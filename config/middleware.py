"""What every request passes through."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import middleware as auth_middleware
from django.contrib.sessions import middleware as session_middleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from runners.accounts import after_sign_in as going_on
from runners.web import cannot_save
from runners.web.database_trouble import is_passing
from runners.web.write_queue import patience

GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicyMiddleware:
    """Sends `settings.SECURE_CSP`. Django 6 has this built in, with the same setting."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            f"{directive} {' '.join(values)}" for directive, values in settings.SECURE_CSP.items()
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class SessionMiddleware(session_middleware.SessionMiddleware):
    """Answers 503, with what was typed, where the database cannot be read or written just now.

    It is the session that is read before any view and written after it, so both happen here.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with patience(request) as patient:
            response = cast(HttpResponse, super().__call__(request))
        if response.status_code == 429 and patient.refused is not None:
            # What counts the tries may take a database that cannot write for one try too many.
            return self._answer(request, patient.refused, instead_of=response) or response
        return response

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]  # an answer too
        super().process_request(request)
        try:
            request.session.get(SESSION_KEY)
        except Exception as problem:
            return self._answer_or_raise(request, problem)
        return None

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return self._answer(request, problem)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if isinstance(response, cannot_save.CannotSave):
            return response  # nor can the session be written
        try:
            return super().process_response(request, response)
        except Exception as problem:
            return self._answer_or_raise(request, problem, instead_of=response)

    def _answer_or_raise(
        self, request: HttpRequest, problem: Exception, *, instead_of: HttpResponse | None = None
    ) -> HttpResponse:
        answer = self._answer(request, problem, instead_of=instead_of)
        if answer is None:
            raise problem
        return answer

    def _answer(
        self, request: HttpRequest, problem: Exception, *, instead_of: HttpResponse | None = None
    ) -> HttpResponse | None:
        if isinstance(instead_of, cannot_save.CannotSave) or not is_passing(problem):
            return None
        if not connection.in_atomic_block:
            connection.close()  # a file that was opened read-only stays so until it is opened again
        answer = cannot_save.answer(request)
        if instead_of is not None:
            cannot_save.keep_token(answer, instead_of)
        return answer


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Sign-in is the default; public views say `@login_not_required`."""

    def handle_no_permission(  # type: ignore[override]  # a redirect of its own kind
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        response = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False):
            # htmx would follow a plain redirect and swap the sign-in page into a panel.
            return HttpResponseClientRedirect(response.url)
        return response


def is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


class RunnerMiddleware:
    """Shows times in the runner's zone, and asks a new runner the first questions first.

    What a person sees is for the moment: no browser keeps it, and after signing out the back
    button finds nothing.
    """

    # Prefixes of pages that work before the questions are answered.
    OPEN = (
        "/welcome/",
        "/accounts/",
        "/privacy/",
        "/static/",
        "/settings/delete/",
        "/guidance/library/",
        "/digest/",
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.user.welcomed_at is None and not request.path.startswith(self.OPEN):
            going_on.remember(request)
            return redirect("runners:welcome")
        with timezone.override(request.user.tz):
            response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        if not is_signed_in(request):  # any more
            response.headers["Clear-Site-Data"] = '"cache"'
        return response
