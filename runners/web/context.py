"""What `base.html` shows on every page, whichever view answers. For the warning, see `standing`."""

from django.http import HttpRequest

# For a page that is made without the request, or without the database.
NOBODY = {"user": None, "csrf_token": "", "messages": (), "open_warning": None}
# Those of a coach among the pages of invitations; an athlete opens the others.
COACH_VIEWS = {"runners:invitations", "runners:invite-athletes", "runners:invite-link"}


def tabs(request: HttpRequest) -> dict[str, object]:
    """`tab`: the one that is open; `coach_side`: on a page of a coach, unless its view says no."""
    tab = request.path.split("/")[1]
    view = request.resolver_match.view_name if request.resolver_match else ""
    return {"tab": tab, "coach_side": tab == "athletes" or view in COACH_VIEWS}
