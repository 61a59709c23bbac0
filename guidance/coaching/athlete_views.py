"""One athlete's overview: the whole story in one page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.coaching.athlete import overview_of
from runners import access
from runners.coaching.notes.forms import NoteForm
from runners.models import AthletePage
from runners.web.http import AuthedRequest
from runners.weeks.views import usual_chart


@require_safe
@never_cache  # once the link has ended, not even the back button shows it
def athlete(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """28 queries where everything is shared; more where the line of the roster is renewed."""
    reading = access.readable_athlete(request.user, athlete_id, AthletePage.OVERVIEW)
    person, shared = reading.athlete, reading.shared
    context: dict[str, Any] = {
        "reading": reading,
        "about": True,
        "here": "overview",
        "athlete": person,
        "overview": overview_of(reading),
        "note_form": NoteForm(athlete=person),
        "trends": None,
    }
    if shared.runs or shared.soreness:
        context |= usual_chart(person, units=request.user.units, shared=shared)
    return render(request, "guidance/coaching/athlete.html", context)
