"""Weekly trends: the page, and the same figures as CSV."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from runners import weeks
from runners.areas import place_name
from runners.forms.trends import TrendsForm
from runners.http import AuthedRequest, page_or_fragment
from runners.templatetags.words import capital
from runners.weeks import as_csv, chart, heat_map, words


@require_safe
@vary_on_headers("HX-Request")
def trends(request: AuthedRequest) -> HttpResponse:
    form = TrendsForm(request.GET)
    choice = form.choice()
    runner = request.user
    figures = weeks.trends_of(runner, choice.weeks, today=runner.local_day())
    marked = figures.marked
    place = figures.place(choice.place) if choice.place else next(iter(marked), None)
    context = {
        "choice": choice,
        "form": form,
        "trends": figures,
        "weeks_shown": words.weeks_shown(figures),
        "cards": words.cards(figures, weeks.look_back(runner, figures), runner.units),
        "chart": chart.draw(figures, choice.bars, place, runner.units),
        "lines": heat_map.lines(figures, choice.measure),
        "is_narrow": choice.weeks >= heat_map.NARROW_FROM,
        "marked_places": [(each.value, capital(each.name)) for each in marked],
        "other_places": [
            (each.value, capital(place_name(each.area, each.side)))
            for each in figures.places
            if each not in marked
        ],
    }
    return render(request, page_or_fragment(request, "runners/trends.html", "weeks"), context)


@require_safe
def trends_csv(request: AuthedRequest) -> HttpResponse:
    choice = TrendsForm(request.GET).choice()
    runner = request.user
    figures = weeks.trends_of(runner, choice.weeks, today=runner.local_day())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{as_csv.filename(figures)}"'
    writer = csv.writer(response)
    writer.writerow(as_csv.header(runner.units))
    writer.writerows(as_csv.rows(figures, runner.units))
    return response
