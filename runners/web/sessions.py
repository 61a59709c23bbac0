"""The session of a request, and the answer where the database cannot read or write it."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware as session_middleware
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from runners.web import cannot_save
from runners.web.database_trouble import is_passing
from runners.web.visitor import client_of
from runners.web.write_queue import patience


class SessionMiddleware(session_middleware.SessionMiddleware):
    """Answers 503, with what was typed, where the database cannot be read or written just now.

    It is the session that is read before any view and written after it, so both happen here.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with patience(request) as patient:
            response: HttpResponse = super().__call__(request)  # type: ignore[assignment]  # served in no coroutine
        if response.status_code == 429 and patient.refused is not None:
            # What counts the tries may take a database that cannot write for one try too many.
            return self._answer(request, patient.refused, instead_of=response) or response
        return response

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]  # an answer too
        super().process_request(request)
        request.session.client = client_of(request)  # type: ignore[attr-defined]  # a store of Limber's
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
            if request.session.is_to_be_noted():  # type: ignore[attr-defined]
                _note_use(request, response)
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


def _note_use(request: HttpRequest, response: HttpResponse) -> None:
    """Once in a while: what is used goes on. A page is shown as well where that cannot be noted."""
    try:
        goes_on = request.session.note_use()  # type: ignore[attr-defined]
    except DatabaseError as problem:
        if not is_passing(problem):
            raise
        return
    if goes_on:
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            request.session.session_key or "",
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
