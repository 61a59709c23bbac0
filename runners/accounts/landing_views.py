"""What a stranger sees: the landing page, privacy, and a look around as a demo person."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from runners import demo
from runners.body.body_map import Mark, views
from runners.coaching.links.actions import VALID_WEEKS
from runners.models import AccessRecord, User
from runners.web.going_on import first_page
from runners.web.http import PublicRequest
from runners.web.welcome import open_before_welcome

# Who a stranger may look around as, and where that begins.
DEMO = {
    "runner": (demo.EMAIL, "guidance:today"),
    "coach": (demo.COACH_EMAIL, "runners:athletes"),
}
# What is marked on the body map of the landing page.
EXAMPLE = {"hamstring-left": Mark(spots=1, intensity=5)}


def demo_person(who: str) -> User | None:
    """Ana or her coach, where there is demo data and trying out is on."""
    if not settings.DEBUG or who not in DEMO:
        return None
    email, _ = DEMO[who]
    return demo.demo_account(email)


@login_not_required
@require_safe
def landing(request: PublicRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(first_page(request.user))
    context = {
        "demo_runner": demo_person("runner"),
        "demo_coach": demo_person("coach"),
        "views": views(EXAMPLE),
    }
    return render(request, "runners/accounts/landing.html", context)


@login_not_required
@open_before_welcome
@require_safe
def privacy(request: PublicRequest) -> HttpResponse:
    context = {
        "signed_in_days": dt.timedelta(seconds=settings.SESSION_COOKIE_AGE).days,
        "kept_months": AccessRecord.KEPT_MONTHS,
        "mail_weeks": VALID_WEEKS,  # an invitation waits longest
    }
    return render(request, "runners/accounts/privacy.html", context)


@login_not_required
@require_POST
def look_around(request: PublicRequest) -> HttpResponse:
    """As the runner, where the form does not say as whom."""
    who = request.POST.get("who", "runner")
    person = demo_person(who)
    if person is None:
        raise Http404
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    _, begins = DEMO[who]
    return redirect(begins)
