"""One athlete's trends and diary, as far as they are shared, and the end of coaching them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import access, standing, weeks
from runners.coaching.links import actions
from runners.diary.forms import DiaryForm
from runners.diary.queries import Viewpoint
from runners.diary.views import days_shown, month_shown
from runners.exports.cells import lines
from runners.models import AthletePage
from runners.runs.page import run_shown
from runners.web.http import AuthedRequest, page_or_fragment, table
from runners.web.notices import say
from runners.web.rate_limits import take
from runners.weeks import as_csv
from runners.weeks.forms import TrendsForm
from runners.weeks.views import weeks_shown


@require_safe
@never_cache  # once the link has ended, not even the back button shows it
@vary_on_headers("HX-Request")
def athlete_trends(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """The weeks as the athlete sees them, in the coach's units."""
    reading = access.readable_athlete(request.user, athlete_id, AthletePage.TRENDS)
    plan_started = standing.shared_plan_start(reading.link)
    context: dict[str, Any] = {"reading": reading, "here": "trends", "trends": None}
    if reading.shared.runs or reading.shared.soreness:
        context |= weeks_shown(
            reading.athlete,
            request.GET,
            units=request.user.units,
            shared=reading.shared,
            plan_started=plan_started,
            is_own=False,
        )
        saved = reverse("runners:athlete-csv", args=[athlete_id])
        context["table"] = f"{saved}?weeks={context['choice'].weeks}"
    template = page_or_fragment(request, "runners/coaching/athlete/athlete_trends.html", "weeks")
    return render(request, template, context)


@require_safe
@never_cache
def athlete_csv(request: AuthedRequest, athlete_id: int) -> StreamingHttpResponse:
    """The figures of the weeks, as far as they are shared now, in the coach's units."""
    take(request, "download_table")
    reading = access.readable_athlete(request.user, athlete_id, AthletePage.WEEKS_DOWNLOADED)
    athlete, units = reading.athlete, request.user.units
    figures = weeks.trends_of(
        athlete,
        TrendsForm(request.GET).choice().weeks,
        today=athlete.local_day(),
        shared=reading.shared,
    )
    rows = as_csv.rows_about(athlete.name, figures, units)
    return table(lines(rows), as_csv.filename(figures, of="athlete"))


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def athlete_diary(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """The diary as the athlete sees it, with what is new to the coach."""
    reading = access.readable_athlete(request.user, athlete_id, AthletePage.DIARY)
    form = DiaryForm(request.GET, shared=reading.shared)
    template = page_or_fragment(request, "runners/coaching/athlete/athlete_diary.html", "days")
    context: dict[str, Any] = {"reading": reading, "here": "diary", "form": form}
    context |= {"wanted": None, "month": None}
    standing.current_shared(reading.link)
    if not form.is_valid():
        return render(request, template, context, status=422)
    look = Viewpoint(reading.shared, reading.since)
    context |= days_shown(request, form, reading.athlete, look)
    athlete, shared = reading.athlete, reading.shared
    context["month"] = month_shown(template, form, athlete, request.GET, shared)
    return render(request, template, context)


@require_safe
@never_cache
def athlete_run(request: AuthedRequest, athlete_id: int, uid: uuid.UUID) -> HttpResponse:
    """One run out of the diary, in the coach's units, with pace and height along it."""
    reading = access.readable_athlete(request.user, athlete_id, AthletePage.DIARY)
    run = access.readable_run(reading, uid)
    standing.current_shared(reading.link)
    athlete = reading.athlete
    context = {"reading": reading, "here": "diary", "run": run, "today": athlete.local_day()}
    if run:
        context |= run_shown(run, athlete.tz, units=request.user.units)
    return render(request, "runners/coaching/athlete/athlete_run.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def athlete_end(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """Asks once; then the coach sees nothing of the athlete any more."""
    link = access.open_link(request.user, athlete_id)
    if request.method != "POST":
        return render(request, "runners/coaching/athlete/athlete_end.html", {"link": link})
    actions.end_link(link, by=request.user)
    notice = "runners/coaching/links/notices.html#athlete-ended"
    say(request, messages.SUCCESS, notice, person=link.athlete.name)
    return redirect("runners:athletes")
