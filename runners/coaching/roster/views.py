"""The roster: a coach's athletes, those who need a look first; the same list as a table."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import access, standing
from runners.coaching.roster import as_csv
from runners.coaching.roster import queries as roster
from runners.coaching.roster.forms import RosterForm
from runners.exports.cells import lines
from runners.models import AthletePage
from runners.web.http import AuthedRequest, page_or_fragment, table
from runners.web.rate_limits import take


@require_safe
@vary_on_headers("HX-Request")
@conditional_page  # a roster that is asked again and has not changed need not be sent again
def athletes(request: AuthedRequest) -> HttpResponse:
    """7 queries, 9 to search or to choose: 2 for who asks, the teams, the counts, 2 for the page,
    1 to write the look down. With stale lines a dozen more for each local day of these athletes,
    and the counts again.
    """
    names = roster.teams_of(request.user)
    form = RosterForm(request.GET, teams=names)
    template = page_or_fragment(request, "runners/coaching/roster/athletes.html", "rows")
    if not form.is_valid():
        context: dict[str, object] = {
            "form": form,
            "asked": None,
            "counts": None,
            "page": None,
            "is_fragment": "#" in template,
            "sorts": roster.sort_links(roster.Asked()),
        }
        return render(request, template, context, status=422)
    counts = roster.counts_of(request.user)
    if counts.stale:
        standing.renew_before_a_look(request.user)
        counts = roster.counts_of(request.user)
    asked = form.asked()
    page = roster.read_page(request.user, asked, names, counts.total)
    shown = page.shown
    if page.to_record:
        access.record(page.to_record, AthletePage.ROSTER)
    context = {
        "form": form,
        "asked": asked,
        "counts": counts,
        "page": page,
        "here": asked.url(page=str(shown.number)),
        "table": asked.url("runners:athletes-csv"),
        "before": asked.url(page=str(shown.number - 1)) if shown.has_previous() else "",
        "after": asked.url(page=str(shown.number + 1)) if shown.has_next() else "",
        "everybody": roster.Asked(sort=asked.sort).url(),
        "is_fragment": "#" in template,
        "sorts": roster.sort_links(asked),
    }
    return render(request, template, context)


@require_safe
@never_cache
def athletes_csv(request: AuthedRequest) -> HttpResponseBase:
    """All whom the list is asked for, on all its pages: 8 queries, and one more to search, but for
    those that renew stale lines. Each of them reads that it was downloaded.
    """
    take(request, "download_table")
    teams = roster.teams_of(request.user)
    form = RosterForm(request.GET, teams=teams)
    if not form.is_valid():
        return redirect(f"{reverse('runners:athletes')}?{request.GET.urlencode()}")
    standing.renew_before_a_look(request.user)
    seen = roster.read_all(request.user, form.asked())
    access.record([one.link for one in seen], AthletePage.LINE_DOWNLOADED)
    rows = as_csv.rows(seen, teams, request.user.units)
    return table(lines(rows), as_csv.filename(seen))
