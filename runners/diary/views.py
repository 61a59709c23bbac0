"""Everything by day, newest first."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from runners.diary.forms import DiaryForm
from runners.diary.month import Month, month_of
from runners.diary.queries import OWN, Viewpoint, read_page, recently_deleted
from runners.models import Shared, User
from runners.models.coaching import FULLY_SHARED
from runners.replica import read_own
from runners.web.http import AuthedRequest, page_or_fragment


@require_safe
@vary_on_headers("HX-Request")
def diary(request: AuthedRequest) -> HttpResponse:
    """At most 8 queries, and 1 for a warning: 2 for who asks, 2 to 5 for the days, 1 on the newest
    page for what can be brought back, and 1 for the month where it is not for a fragment.
    """
    form = DiaryForm(request.GET)
    template = page_or_fragment(request, "runners/diary/diary.html", "days")
    if not form.is_valid():
        nothing = dict.fromkeys(("reading", "wanted", "deleted", "month"))
        return render(request, template, {"form": form, **nothing}, status=422)
    runner, is_newest = request.user, form.wanted().until is None

    def own() -> dict[str, Any]:
        return {
            **days_shown(request, form, runner),
            "month": month_shown(template, form, runner, request.GET),
            "deleted": recently_deleted(runner) if is_newest else None,
        }

    return render(request, template, {**read_own(runner, own), "reading": None})


def month_shown(
    template: str, form: DiaryForm, runner: User, asked: QueryDict, shared: Shared = FULLY_SHARED
) -> Month | None:
    """Of a page, for a valid form; None for a fragment, which does not show it. 1 query."""
    if "#" in template:
        return None
    return month_of(runner, form.wanted(), asked, shared)


def days_shown(
    request: AuthedRequest, form: DiaryForm, runner: User, look: Viewpoint = OWN
) -> dict[str, Any]:
    """What `_diary_days.html` shows of a runner, for a valid form. 2 to 5 queries."""
    wanted = form.wanted()
    today = runner.local_day()
    page = read_page(runner, wanted, today=today, look=look)
    return {
        "form": form,
        "wanted": wanted,
        "asked": form.asked(),
        "page": page,
        "is_asked_day_there": wanted.day is not None and page.holds(wanted.day),
        "today": today,
        # htmx put these days below those that are shown already.
        "is_appended": request.htmx.target == "earlier",
    }
