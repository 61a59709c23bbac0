"""The session of a request, the answer where the database cannot read or write it, and its end."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware as session_middleware
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse

from runners.models import User
from runners.web import cannot_save
from runners.web.database_trouble import is_passing
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


def end_sessions_of(person: User) -> None:
    """On every device; also those of somebody not signed in who typed the person's address.

    Django's rows do not say whose they are, so all of them are read.
    """
    keys = [
        row.session_key for row in Session.objects.iterator() if _is_of(person, row.get_decoded())
    ]
    Session.objects.filter(session_key__in=keys).delete()


def _is_of(person: User, session: dict[str, object]) -> bool:
    return session.get(SESSION_KEY) == str(person.pk) or person.email in str(session)
