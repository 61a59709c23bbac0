"""Asking the host to be a coach."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from runners.coaching.approval import actions
from runners.web.http import AuthedRequest, form_on
from runners.web.notices import say


@form_on("runners:invitations")
def coach_ask(request: AuthedRequest) -> HttpResponse:
    """Twice is once."""
    actions.ask(by=request.user)
    say(request, messages.SUCCESS, "runners/coaching/approval/_ask.html#asked")
    return redirect("runners:invitations")
