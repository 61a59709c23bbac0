"""What `base.html` shows on every page, whichever view answers."""

from functools import partial

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from runners.models import Standing
from runners.models.standing import standing_read

# For a page that is made without the request, or without the database.
NOBODY = {"user": None, "csrf_token": "", "messages": (), "open_warning": None}
# Those of a coach among the pages of invitations; an athlete opens the others.
COACH_VIEWS = {"runners:invitations", "runners:invite-athletes", "runners:invite-link"}


def tabs(request: HttpRequest) -> dict[str, object]:
    """`tab`: the one that is open; `coach_side`: on a page of a coach, unless its view says no."""
    tab = request.path.split("/")[1]
    view = request.resolver_match.view_name if request.resolver_match else ""
    return {"tab": tab, "coach_side": tab == "athletes" or view in COACH_VIEWS}


def open_warning(request: HttpRequest) -> dict[str, object]:
    """`open_warning`: the standing of a runner with an open warning sign, else None.

    One query; none where the page does not show it, or has read the standing for itself.
    """
    return {"open_warning": SimpleLazyObject(partial(standing_with_warning, request))}


def standing_with_warning(request: HttpRequest) -> Standing | None:
    if not request.user.is_authenticated or request.user.welcomed_at is None:
        return None
    if request.user.is_leaving:
        return None
    own = standing_read(request.user)
    return own if own and own.warning else None
