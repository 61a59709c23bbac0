"""Where a newcomer was going before signing up and the first questions came between.

It is an invitation, kept in the session. The mail that confirms an address brings it along as
well, because it may be opened in another browser.
"""

from django.http import HttpRequest
from django.urls import reverse

from runners.models import CheckIn, Run, User
from runners.web.http import AuthedRequest

KEPT_AS = "going_to"
LONGEST = 100  # characters of the address of an invitation, and more than there are


def remember(request: HttpRequest) -> None:
    """Come back here once everything is answered. Only an invitation is worth it."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    is_worth_it = request.method == "GET" and here == "runners:invitation"
    is_worth_it = is_worth_it and len(request.path) <= LONGEST
    if is_worth_it and request.session.get(KEPT_AS) != request.path:
        request.session[KEPT_AS] = request.path


def going_to(request: AuthedRequest) -> str:
    """The address kept, else where one begins."""
    kept: str | None = request.session.get(KEPT_AS)
    return kept or reverse(first_page(request.user))


def first_page(user: User) -> str:
    """The name of the page to begin with: a coach who never logged anything looks at athletes.

    2 queries for a coach, none for others.
    """
    logs = (Run.objects.of(user), CheckIn.objects.of(user)) if user.is_coach else ()
    only_coaches = user.is_coach and not any(rows.exists() for rows in logs)
    return "runners:athletes" if only_coaches else "guidance:today"


def arrived(request: HttpRequest) -> None:
    request.session.pop(KEPT_AS, None)
