"""A coach's own groups of athletes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from runners import access
from runners.coaching.roster import queries as roster
from runners.coaching.roster.forms import SearchForm
from runners.coaching.teams import actions
from runners.coaching.teams import queries as read_teams
from runners.coaching.teams.forms import GONE, TAKEN, TOO_MANY, AssignTeamForm, TeamForm
from runners.models import CoachLink, Team, User
from runners.web.carried import carried, sealed
from runners.web.http import AuthedRequest, form_on, page_or_fragment, posted, redirect_or_refresh
from runners.web.merging import Base, Clashed
from runners.web.notices import say, words

NOTICES = "runners/coaching/teams/notices.html#"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def teams(request: AuthedRequest) -> HttpResponse:
    """The list; a POST adds one. 4 queries to show: 2 for who asks, the teams, the athletes."""
    form = TeamForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            team = actions.add_team(form.cleaned_data["name"], by=request.user)
        except actions.NameTaken:
            form.add_error("name", TAKEN)
        except actions.TooManyTeams:
            form.add_error("name", TOO_MANY)
        else:
            say(request, messages.SUCCESS, f"{NOTICES}added", team=team)
            return redirect("runners:teams")
    return show(request, form=form, status=422 if form.errors else 200)


@form_on("runners:teams")
def team_edit(request: AuthedRequest, team_id: int) -> HttpResponse:
    """Another name."""
    access.own_team(request.user, team_id)
    form = TeamForm(request.POST)
    if form.is_valid():
        name, base = form.cleaned_data["name"], carried(request, what_of_team(team_id))
        try:
            actions.rename_team(team_id, name, by=request.user, base=base)
        except actions.NameTaken:
            form.add_error("name", TAKEN)
        except Clashed as clashed:
            there = clashed.stored[actions.NAME]
            say(request, messages.WARNING, f"{NOTICES}renamed-meanwhile", there=there, wanted=name)
            return redirect("runners:teams")
        else:
            return redirect("runners:teams")
    return show(request, renaming=(team_id, form), status=422)


@form_on("runners:teams")
def team_delete(request: AuthedRequest, team_id: int) -> HttpResponse:
    team = actions.delete_team(team_id, by=request.user)
    say(request, messages.SUCCESS, f"{NOTICES}deleted", team=team)
    return redirect("runners:teams")


def what_of_team(team_id: int) -> str:
    """What a form to rename a team is about."""
    return f"team {team_id}"


def what_of_athlete(athlete_id: int) -> str:
    """What a form is about that puts an athlete in a team."""
    return f"team of athlete {athlete_id}"


def base_of_athlete(coach: User, athlete_id: int, team_id: int | None) -> str:
    """For the hidden field of that form."""
    base = Base({actions.TEAM: team_id})
    return sealed(base, runner=coach, what=what_of_athlete(athlete_id))


def base_of_team(coach: User, team: read_teams.TeamShown) -> str:
    base = Base({actions.NAME: team["name"]})
    return sealed(base, runner=coach, what=what_of_team(team["id"]))


def show(
    request: AuthedRequest,
    *,
    form: TeamForm | None = None,
    renaming: tuple[int, TeamForm] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """`renaming` is a team with a name to be corrected, `said` a sentence on top."""
    search = SearchForm(request.GET, auto_id="find-%s")
    is_valid = search.is_valid()
    asked: dict[str, Any] = search.cleaned_data if is_valid else {}
    coach = request.user
    teams = read_teams.counted(coach)
    members = read_teams.members(coach, words=asked.get("q", ""), number=asked.get("page", ""))
    context = {
        "form": form or TeamForm(),
        "renaming": renaming[1] if renaming else None,
        "renaming_id": renaming[0] if renaming else 0,
        "said": said,
        "search": search,
        "teams": [(team, base_of_team(coach, team)) for team in teams],
        "members": members,
        "links": [
            (link, base_of_athlete(coach, link.athlete_id, link.team_id)) for link in members.links
        ],
    }
    template = page_or_fragment(request, "runners/coaching/teams/teams.html", "members")
    return render(request, template, context, status=status if is_valid else 422)


@form_on("runners:teams")
def athlete_team(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """Puts an athlete in one of the coach's teams, or in none. The query is that of the list."""
    link = access.open_link(request.user, athlete_id)
    form = AssignTeamForm(request.POST, teams=roster.teams_of(request.user))
    is_placed = form.is_valid()
    if is_placed:
        base = carried(request, what_of_athlete(athlete_id))
        try:
            link = actions.put_in_team(link.athlete, form.team_id(), by=request.user, base=base)
        except actions.NoSuchTeam:
            is_placed = False
        except Clashed as clashed:
            return moved_meanwhile(request, link, clashed)
    status = 200 if is_placed else 422
    if request.htmx:
        context = {
            "said": words(f"{NOTICES}saved") if is_placed else GONE,
            "teams": read_teams.counted(request.user),
            "athlete_id": athlete_id,
            "base": base_of_athlete(request.user, athlete_id, link.team_id),
        }
        return render(request, "runners/coaching/teams/teams.html#placed", context, status=status)
    if not is_placed:
        return show(request, said=GONE, status=status)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('runners:teams')}{query}#athlete-{athlete_id}")


def moved_meanwhile(request: AuthedRequest, link: CoachLink, clashed: Clashed) -> HttpResponse:
    """The page anew, which shows where the athlete is now."""
    there = Team.objects.of(request.user).filter(pk=clashed.stored[actions.TEAM]).first()
    say(request, messages.WARNING, f"{NOTICES}moved-meanwhile", athlete=link.athlete, team=there)
    return redirect_or_refresh(request, "runners:teams")
