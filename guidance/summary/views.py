"""One page for a physiotherapist, to print or to save."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.advice.advice import advise
from guidance.summary.forms import SummaryForm
from guidance.summary.page import notes_of, plans_of, summary_of
from runners.web.http import AuthedRequest


@require_safe
def summary(request: AuthedRequest) -> HttpResponse:
    """9 queries, and one more with the notes."""
    runner = request.user
    today = runner.local_day()
    choice = SummaryForm(request.GET).choice()
    context = {
        "about": True,  # it speaks of the runner, to somebody else
        "choice": choice,
        "summary": summary_of(
            advise(runner, today),
            plans_of(runner, today),
            week_start=runner.week_start,
            with_health=choice.health,
        ),
        "notes": notes_of(runner, today) if choice.notes else [],
    }
    return render(request, "guidance/summary/summary.html", context)
