"""Guidance: what keeps coming back, what it may point to, and what to try."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.advice import advise
from guidance.models import CARE_FIRST
from guidance.page import page_of
from runners.http import AuthedRequest


@require_safe
def guidance(request: AuthedRequest) -> HttpResponse:
    advice = advise(request.user, request.user.local_day())
    context = {
        "advice": advice,
        "page": page_of(advice),
        "today": advice.assessment.today,
        "care_first_unknown": not any(
            answer.question == CARE_FIRST for answer in advice.history.answers
        ),
    }
    return render(request, "guidance/guidance.html", context)
