"""A coach's teams, and who is in which, as their page shows them."""

from dataclasses import dataclass
from typing import TypedDict

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Lower

from runners import access
from runners.coaching.roster import queries as roster
from runners.models import CoachLink, Team, User

SEEN_AT_ONCE = 10  # athletes; where there are more, a search helps


class TeamShown(TypedDict):
    id: int
    name: str
    athletes: int


@dataclass(frozen=True, slots=True)
class Members:
    """One page of the links to the coach's athletes, by name."""

    links: list[CoachLink]
    page: Page[int]

    @property
    def are_many(self) -> bool:
        """So many that one is looked up rather than seen."""
        return self.page.paginator.count > SEEN_AT_ONCE


def counted(coach: User) -> list[TeamShown]:
    """1 query."""
    teams = Team.objects.of(coach).annotate(
        athletes=Count("links", filter=Q(links__in=access.open_links()))
    )
    in_order = teams.order_by(Lower("name"), "pk")
    return list(in_order.values("id", "name", "athletes"))


def members(coach: User, *, words: str, number: str) -> Members:
    """2 queries."""
    links = access.links_of_coach(coach)
    page = Paginator(roster.ids_by_name(links, words), roster.A_PAGE).get_page(number)
    shown = links.select_related("athlete").only("team_id", "athlete__name")
    by_id = shown.in_bulk(list(page.object_list))
    return Members([by_id[pk] for pk in page.object_list if pk in by_id], page)
