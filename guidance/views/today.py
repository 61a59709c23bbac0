"""Today: check in, log a run, and what guidance says in one sentence."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.plan import plan_of_day
from runners import standing
from runners.http import AuthedRequest
from runners.models import CheckIn, Run
from runners.models.standing import StandingLevel
from runners.weeks import last_days, week_summary

AFTERNOON_FROM, EVENING_FROM = 12, 18  # hours of the runner's local day


@require_safe
def today(request: AuthedRequest) -> HttpResponse:
    """At most 10 queries, or 19 in the one request that renews a stale standing."""
    runner = request.user
    day = runner.local_day()
    stands = standing.current(runner)
    context = {
        "today": day,
        "greeting": greeting(timezone.localtime(timezone=runner.tz).hour),
        "standing": stands,
        "standing_css": "warn" if stands.level >= StandingLevel.SEE_CLINICIAN else "alert",
        "plan_day": None if stands.is_urgent else plan_of_day(runner, day),
        "check_in": CheckIn.objects.of(runner).filter(day=day).prefetch_related("entries").first(),
        "runs": Run.objects.of(runner).filter(day=day).newest_first(),
        "days": last_days(runner, today=day),
        "week": week_summary(runner, day),
    }
    return render(request, "guidance/today.html", context)


def greeting(hour: int) -> str:
    if hour < AFTERNOON_FROM:
        return "Good morning"
    return "Good afternoon" if hour < EVENING_FROM else "Good evening"
