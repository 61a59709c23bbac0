"""The roster: a coach's athletes, those who need a look first."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import access, standing
from runners.coaching.links.actions import NoLongerOpen
from runners.coaching.roster import queries as roster
from runners.coaching.roster.forms import RosterForm
from runners.coaching.teams import actions
from runners.coaching.teams import queries as teams
from runners.coaching.teams.forms import GONE, PlaceForm
from runners.coaching.teams.views import base_of_athlete, what_of_athlete
from runners.coaching.teams.views import show as show_teams
from runners.models import AthletePage, CoachLink, Team
from runners.web.carried import carried
from runners.web.http import AuthedRequest, form_on, page_or_fragment, redirect_or_refresh
from runners.web.merging import Clashed


@require_safe
@vary_on_headers("HX-Request")
@conditional_page  # a roster that is asked again and has not changed need not be sent again
def athletes(request: AuthedRequest) -> HttpResponse:
    """9 queries, 10 to search: 2 for who asks, the teams, the stale lines, 4 for the page, 1 to
    write the look down. At most a dozen more for each hundred athletes with stale lines and local
    day.
    """
    names = roster.teams_of(request.user)
    form = RosterForm(request.GET, teams=names)
    template = page_or_fragment(request, "runners/coaching/roster/athletes.html", "rows")
    if not form.is_valid():
        context = {"form": form, "sorts": roster.sort_links(roster.Asked())}
        return render(request, template, context, status=422)
    standing.renew_stale_links(request.user)
    asked = form.asked()
    page = roster.read_page(request.user, asked, names)
    if page.to_record:
        access.record(page.to_record, AthletePage.ROSTER)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "here": asked.address(page=str(page.number)),
        "before": asked.address(page=str(page.number - 1)) if page.number > 1 else "",
        "after": asked.address(page=str(page.number + 1)) if page.number < page.pages else "",
        "everybody": roster.Asked(sort=asked.sort).address(),
        "is_fragment": "#" in template,
        "sorts": roster.sort_links(asked),
    }
    return render(request, template, context)


@form_on("runners:teams")
def athlete_team(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """Puts an athlete in one of the coach's teams, or in none. The query is that of the list."""
    link = access.open_link(request.user, athlete_id)
    form = PlaceForm(request.POST, teams=roster.teams_of(request.user))
    is_placed = form.is_valid()
    if is_placed:
        base = carried(request, what_of_athlete(athlete_id))
        try:
            link = actions.put_in_team(link.athlete, form.team_id(), by=request.user, base=base)
        except actions.NoSuchTeam:
            is_placed = False
        except NoLongerOpen:
            raise Http404 from None
        except Clashed as clashed:
            return moved_meanwhile(request, link, clashed)
    status = 200 if is_placed else 422
    if request.htmx:
        context = {
            "said": "Saved" if is_placed else GONE,
            "teams": teams.counted(request.user),
            "athlete_id": athlete_id,
            "base": base_of_athlete(request.user, athlete_id, link.team_id),
        }
        return render(request, "runners/coaching/teams/teams.html#placed", context, status=status)
    if not is_placed:
        return show_teams(request, said=GONE, status=status)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('runners:teams')}{query}#athlete-{athlete_id}")


def moved_meanwhile(request: AuthedRequest, link: CoachLink, clashed: Clashed) -> HttpResponse:
    """The page anew, which shows where the athlete is now."""
    there = Team.objects.of(request.user).filter(pk=clashed.stored[actions.TEAM]).first()
    where = f"in {there.name}" if there else "in no team"
    messages.warning(
        request,
        f"{link.athlete.name} is {where} by now: that was changed in another window. Choose again"
        " if it should be another one.",
    )
    return redirect_or_refresh(request, "runners:teams")
