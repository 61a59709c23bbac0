"""One athlete for a coach: the whole story in one page, and guidance and plan, as far as shared."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.coaching.athlete import overview_of
from guidance.coaching.page import shared_page
from runners import standing
from runners.access import readable_athlete
from runners.coaching.notes.forms import NoteForm
from runners.models import AthletePage
from runners.web.http import AuthedRequest
from runners.weeks.views import usual_chart


@require_safe
@never_cache  # once the link has ended, not even the back button shows it
def athlete(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """At most 13 queries; more where the line of the roster is renewed."""
    reading = readable_athlete(request.user, athlete_id, AthletePage.OVERVIEW)
    person, shared = reading.athlete, reading.shared
    overview = overview_of(reading)
    context: dict[str, Any] = {
        "reading": reading,
        "about": True,
        "here": "overview",
        "athlete": person,
        "overview": overview,
        "note_form": NoteForm(athlete=person),
        "trends": None,
    }
    if shared.runs or shared.soreness:
        context |= usual_chart(
            person,
            units=request.user.units,
            shared=shared,
            plan_started=overview.plan_started,
        )
    return render(request, "guidance/coaching/athlete.html", context)


@require_safe
@never_cache  # once the link has ended, not even the back button shows it
def athlete_guidance(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """At most 7 queries, and more in the one request that renews a stale line of the roster."""
    reading = readable_athlete(request.user, athlete_id, AthletePage.GUIDANCE)
    standing.current_shared(reading.link)  # the head of the page tells it
    context = {
        "reading": reading,
        "about": True,
        "here": "guidance",
        "guidance": shared_page(reading),
    }
    return render(request, "guidance/coaching/athlete_guidance.html", context)
