"""What `base.html` shows on every page, whichever view answers."""

from functools import partial

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from runners.models import Standing


def open_warning(request: HttpRequest) -> dict[str, object]:
    """`open_warning`: the standing of a runner with an open warning sign, else None.

    One query; none where the page does not show it, or has read the standing for itself.
    """
    return {"open_warning": SimpleLazyObject(partial(standing_with_warning, request))}


def standing_with_warning(request: HttpRequest) -> Standing | None:
    if not request.user.is_authenticated or request.user.welcomed_at is None:
        return None
    try:
        standing = request.user.standing
    except Standing.DoesNotExist:
        return None
    return standing if standing.warning else None
