"""Where one is signed in, and what happened to the safety of one's account."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from runners.accounts import signed_in
from runners.accounts.second_step.queries import lacks_one, read_second_steps
from runners.models import AccessRecord, SecurityEvent, Session
from runners.web.http import AuthedRequest, form_on
from runners.web.notices import say
from runners.web.password import password_asked_again_to_change
from runners.web.visitor import seen_in
from runners.web.welcome import open_before_welcome

NOTICES = "runners/accounts/notices.html#"
SHOWN = 20  # events


@open_before_welcome
@require_safe
@never_cache
def security(request: AuthedRequest) -> HttpResponse:
    """6 queries: 2 for who asks, the sessions, the second steps, the events, the warning.

    Where the host asks for a second step and there is none, all pages lead here.
    """
    context = {
        "steps": read_second_steps(request.user),
        "is_wanted": lacks_one(request.user),
        "devices": signed_in.devices_of(request.user, here=request.session.session_key),
        "events": SecurityEvent.objects.of(request.user).newest_first()[:SHOWN],
        "idle_days": dt.timedelta(seconds=settings.SESSION_COOKIE_AGE).days,
        "longest_days": Session.LONGEST.days,
        "kept_months": AccessRecord.KEPT_MONTHS,
    }
    return render(request, "runners/accounts/security.html", context)


@form_on("runners:security")
@password_asked_again_to_change
def sessions_end(request: AuthedRequest) -> HttpResponse:
    here = request.session.session_key
    ended = signed_in.end_others(by=request.user, here=here, seen=seen_in(request))
    say(request, messages.SUCCESS, f"{NOTICES}others-ended", ended=ended)
    return redirect("runners:security")


@form_on("runners:security")
@password_asked_again_to_change
def session_end(request: AuthedRequest, handle: str) -> HttpResponse:
    """One that ended meanwhile, or that somebody made up, is as good as ended."""
    here = request.session.session_key
    ended = signed_in.end_one(handle, by=request.user, here=here, seen=seen_in(request))
    say(request, messages.SUCCESS, f"{NOTICES}{'session-ended' if ended else 'session-over'}")
    return redirect("runners:security")
