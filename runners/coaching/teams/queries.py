"""A coach's teams, and who is in which, as their page shows them."""

from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import Lower

from runners import access
from runners.coaching.roster import queries as roster
from runners.models import Team, User

SEEN_AT_ONCE = 10  # athletes; where there are more, a search helps


class TeamShown(TypedDict):
    id: int
    name: str
    athletes: int


class Member(TypedDict):
    """`team` is the id, 0 for none."""

    id: int
    name: str
    team: int


@dataclass(frozen=True, slots=True)
class Members:
    """One page of the coach's athletes by name; `before` and `after` are queries, or empty."""

    rows: list[Member]
    found: int
    number: int
    pages: int
    here: str
    before: str
    after: str

    @property
    def are_many(self) -> bool:
        """So many that one is looked up rather than seen."""
        return self.found > SEEN_AT_ONCE


@dataclass(frozen=True, slots=True)
class Teams:
    teams: list[TeamShown]
    members: Members


def read(coach: User, *, words: str = "", page: str = "") -> Teams:
    """4 queries: the teams, how many are in each, and a page of the athletes."""
    return Teams(teams=counted(coach), members=_members(coach, words, page))


def counted(coach: User) -> list[TeamShown]:
    """1 query."""
    teams = Team.objects.of(coach).annotate(
        athletes=Count("links", filter=Q(links__in=access.open_links()))
    )
    in_order = teams.order_by(Lower("name"), "pk")
    return list(in_order.values("id", "name", "athletes"))


def _members(coach: User, words: str, number: str) -> Members:
    links = access.links_of_coach(coach)
    ids = roster.ids_by_name(links, words)
    page = Paginator(ids, roster.A_PAGE).get_page(number)
    shown = links.filter(pk__in=page.object_list).values(
        "pk", "athlete_id", "athlete__name", "team_id"
    )
    by_id = {link["pk"]: link for link in shown}

    def query(number: int) -> str:
        return "?" + urlencode({"q": words, "page": number} if words else {"page": number})

    return Members(
        rows=[
            {
                "id": link["athlete_id"],
                "name": link["athlete__name"] or "Athlete",
                "team": link["team_id"] or 0,
            }
            for link in (by_id[pk] for pk in page.object_list if pk in by_id)
        ],
        found=len(ids),
        number=page.number,
        pages=page.paginator.num_pages,
        here=query(page.number),
        before=query(page.number - 1) if page.has_previous() else "",
        after=query(page.number + 1) if page.has_next() else "",
    )
