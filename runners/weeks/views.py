"""Trends by week: the page, and the same figures as CSV."""

import csv
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from runners import standing, weeks
from runners.formats import capital
from runners.models import Shared, User
from runners.models.coaching import FULLY_SHARED
from runners.replica import read_own
from runners.web.http import AuthedRequest, page_or_fragment
from runners.web.widgets import chosen, options
from runners.weeks import as_csv, bodies, card, chart, heat_map
from runners.weeks.forms import Choice, TrendsForm
from runners.weeks.trends import PlaceTrend


@require_safe
@vary_on_headers("HX-Request")
def trends(request: AuthedRequest) -> HttpResponse:
    runner = request.user

    def own() -> dict[str, Any]:
        started = standing.plan_start(runner)
        return weeks_shown(runner, request.GET, units=runner.units, plan_started=started)

    context = read_own(runner, own)
    context["reading"] = None
    return render(request, page_or_fragment(request, "runners/weeks/trends.html", "weeks"), context)


def weeks_shown(
    runner: User,
    asked: QueryDict,
    *,
    units: str,
    shared: Shared = FULLY_SHARED,
    plan_started: dt.date | None = None,
    is_own: bool = True,
) -> dict[str, Any]:
    """What `_weeks.html` shows of a runner, as far as shared, to who looks: in their units.

    A coach looks for who hurts, and so begins with the highest. 2 queries.
    """
    form = TrendsForm(asked)
    choice = form.choice(usual_measure="mean" if is_own else "highest")
    figures = weeks.trends_of(
        runner, choice.weeks, today=runner.local_day(), shared=shared, plan_started=plan_started
    )
    drawn = chart_of(figures, choice, units)
    look_back = weeks.look_back(runner, figures)
    return {
        "choice": choice,
        "form": form,
        "trends": figures,
        "weeks_shown": card.weeks_shown(figures),
        "this_week": card.lines(figures, look_back, units),
        "records": card.records(figures, look_back, units, is_own=is_own),
        "chart": drawn,
        "lines": heat_map.lines(figures, choice.measure),
        "months": heat_map.months(figures),
        "bodies": bodies.draw(figures),
        "marked_places": _options(figures.marked, drawn),
        "other_places": _options((p for p in figures.places if p not in figures.marked), drawn),
    }


def _options(places: Iterable[PlaceTrend], drawn: chart.Chart | None) -> SafeString:
    """In a template these would take longer than both pictures."""
    written = options((each.value, capital(each.name)) for each in places)
    return chosen(written, drawn.place.value if drawn and drawn.place else None)


def usual_chart(
    runner: User, *, units: str, shared: Shared, plan_started: dt.date | None
) -> dict[str, Any]:
    """What `_chart.html` shows without a choice: the usual weeks and the sorest area. 1 query."""
    choice = TrendsForm(QueryDict()).choice()
    figures = weeks.trends_of(
        runner, choice.weeks, today=runner.local_day(), shared=shared, plan_started=plan_started
    )
    return {"trends": figures, "chart": chart_of(figures, choice, units)}


def chart_of(figures: weeks.Trends, choice: Choice, units: str) -> chart.Chart | None:
    """With a line for the sorest area if none was asked for. None: nothing that could be drawn."""
    place = figures.place(choice.place) if choice.place else next(iter(figures.marked), None)
    if not figures.shared.soreness:
        place = None
    if place is None and not figures.shared.runs:
        return None
    return chart.draw(figures, choice.bars, place, units)


@require_safe
def trends_csv(request: AuthedRequest) -> HttpResponse:
    choice = TrendsForm(request.GET).choice()
    runner = request.user
    today = runner.local_day()
    figures = read_own(runner, lambda: weeks.trends_of(runner, choice.weeks, today=today))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{as_csv.filename(figures)}"'
    writer = csv.writer(response)
    writer.writerow(as_csv.header(runner.units))
    writer.writerows(as_csv.rows(figures, runner.units))
    return response
