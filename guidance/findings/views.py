"""Guidance: what keeps coming back, what it may point to, and what to try."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.advice.advice import advise
from guidance.findings.page import page_of, strip_of
from guidance.plan.limits import why_not
from guidance.plan.page import week_of_plan
from runners.web.http import AuthedRequest


@require_safe
def guidance(request: AuthedRequest) -> HttpResponse:
    """3 queries, and one more for the plan in force."""
    runner, today = request.user, request.user.local_day()
    advice = advise(runner, today)
    context = {
        "about": False,
        "advice": advice,
        "page": page_of(advice),
        "strip": strip_of(advice),
        "plan": week_of_plan(advice, runner) if advice.history.plan else None,
        "why_not": why_not(advice),
        "today": today,
        "settle": None,
    }
    return render(request, "guidance/findings/guidance.html", context)
