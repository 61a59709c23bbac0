"""Nobody gets further without a second step where the host asks them for one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from runners.accounts.second_step.queries import lacks_one
from runners.web.http import redirect_or_refresh


class SecondStepMiddleware(MiddlewareMixin):
    """Goes after the first questions: what opens before those opens without a step, too."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: object
    ) -> HttpResponse | None:
        is_open = getattr(view, "opens_before_welcome", False)
        if is_open or not request.user.is_authenticated or request.user.is_leaving:
            return None
        if lacks_one(request.user):
            return redirect_or_refresh(request, "runners:security")  # type: ignore[arg-type]
        return None
