"""One athlete's guidance and plan, as far as they are shared."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.coaching.page import shared_page
from runners import standing
from runners.access import readable_athlete
from runners.models import AthletePage
from runners.web.http import AuthedRequest


@require_safe
@never_cache  # once the link has ended, not even the back button shows it
def athlete_guidance(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """At most 13 queries, and more in the one request that renews a stale line of the roster."""
    reading = readable_athlete(request.user, athlete_id, AthletePage.GUIDANCE)
    standing.current_shared(reading.link)  # the head of the page tells it
    context = {
        "reading": reading,
        "about": True,
        "here": "guidance",
        "guidance": shared_page(reading),
    }
    return render(request, "guidance/coaching/athlete_guidance.html", context)
