"""One page for a physiotherapist, to print or to save."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.advice.advice import advise
from guidance.summary.forms import SummaryForm
from guidance.summary.page import notes_of, own_words, summary_of
from guidance.summary.plans import plans_of
from runners.web.http import AuthedRequest


@require_safe
def summary(request: AuthedRequest) -> HttpResponse:
    """5 queries, one more with all notes and one less without the runner's words."""
    runner = request.user
    today = runner.local_day()
    choice = SummaryForm(request.GET).choice()
    shown = summary_of(
        advise(runner, today),
        plans_of(runner, today),
        week_start=runner.week_start,
        with_health=choice.health,
    )
    words = own_words(runner, shown.weeks) if choice.words else []
    context = {
        "about": True,  # it speaks of the runner, to somebody else
        "choice": choice,
        "summary": shown,
        "words": words,
        "notes": notes_of(runner, today, told=words) if choice.notes else [],
    }
    return render(request, "guidance/summary/summary.html", context)
