"""Writes of a coach's own groups. An athlete sees no more of one than its name on an invitation."""

from django.db import IntegrityError, transaction

from runners import access
from runners.access import NoLongerOpen
from runners.models import CoachLink, Team, User
from runners.models.rows import NotThere
from runners.web.merging import Base, changed, settle
from runners.writes import lock

MOST_TEAMS = 50  # all of them stand on one page, and in a list beside each athlete

NAME, TEAM = "name", "team"  # what can be changed of a team, and of an athlete's place


class NameTaken(Exception):
    """The coach has another team of this name, in whichever case."""


class TooManyTeams(Exception):
    """The coach has as many as there may be."""


class NoSuchTeam(NotThere):
    """The coach has no such team, or not any more."""


@transaction.atomic
def add_team(name: str, *, by: User) -> Team:
    lock(by)
    teams = list(Team.objects.of(by))
    _refuse_taken(name, teams)
    if len(teams) >= MOST_TEAMS:
        raise TooManyTeams
    return _saved(Team(coach=by, name=name))


@transaction.atomic
def rename_team(team_id: int, name: str, *, by: User, base: Base | None = None) -> Team:
    """`base` is what the form was built from. Raises NoSuchTeam, NameTaken and Clashed."""
    lock(by)
    teams = list(Team.objects.of(by).select_for_update())
    team = next((team for team in teams if team.pk == team_id), None)
    if team is None:
        raise NoSuchTeam
    stored = {NAME: team.name}
    settled = settle(base or Base(stored), {NAME: name}, stored)
    if not changed(stored, settled):
        return team
    _refuse_taken(settled[NAME], [other for other in teams if other.pk != team_id])
    team.name = settled[NAME]
    return _saved(team, update_fields=["name"])


@transaction.atomic
def delete_team(team_id: int, *, by: User) -> Team:
    """Its athletes stay the coach's, and an open link of it goes on bringing athletes."""
    lock(by)
    team = _own(team_id, by)
    team.delete()
    return team


@transaction.atomic
def put_in_team(
    athlete: User, team_id: int | None, *, by: User, base: Base | None = None
) -> CoachLink:
    """Into one of the coach's own teams, out of the one before; None: into no team.

    `base` is what the form was built from. Raises NoSuchTeam, NoLongerOpen and Clashed.
    """
    lock(athlete, by)
    team = None if team_id is None else _own(team_id, by)
    link = access.links_of_coach(by).of_athlete(athlete).first()
    if link is None:
        raise NoLongerOpen
    stored = {TEAM: link.team_id}
    if changed(stored, settle(base or Base(stored), {TEAM: team_id}, stored)):
        link.team = team
        link.save(update_fields=["team"])
    return link


def _own(team_id: int, by: User) -> Team:
    """The row, which nobody else can delete before this transaction ends."""
    team = Team.objects.of(by).select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NoSuchTeam
    return team


def _refuse_taken(name: str, teams: list[Team]) -> None:
    """The database knows upper and lower case of English letters alone, on SQLite."""
    if name.casefold() in {team.name.casefold() for team in teams}:
        raise NameTaken


def _saved(team: Team, update_fields: list[str] | None = None) -> Team:
    try:
        with transaction.atomic():
            team.save(update_fields=update_fields)
    except IntegrityError:  # the same name, as the database compares it
        raise NameTaken from None
    return team
