"""A request of somebody who left, or whose account or row was deleted, while it was on its way."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from runners.models import User
from runners.models.rows import NotThere
from runners.web.http import redirect_or_refresh
from runners.web.notices import say


class GoneMiddleware(MiddlewareMixin):
    """Signs out whose account is gone or was left; what else is gone is a 404, and never an error.

    On PostgreSQL a row that points to a deleted account is refused only when it is committed: an
    IntegrityError, which means the same where the account is no longer there.
    """

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, NotThere | IntegrityError):
            return None
        if notice := _ended(request):
            logout(request)
            say(request, messages.WARNING, f"runners/accounts/notices.html#{notice}")
            return redirect_or_refresh(request, "runners:landing")  # type: ignore[arg-type]
        if isinstance(problem, IntegrityError):
            return None
        raise Http404 from problem


def _ended(request: HttpRequest) -> str:
    """The name of the notice, where the account of a request is no longer one to write to."""
    if not request.user.is_authenticated:
        return ""
    person = User.objects.filter(pk=request.user.pk).first()
    if person is None:
        return "account-gone"
    return "account-left" if person.is_leaving else ""
