"""A coach's athletes in one list: those who need a look first, with the reason in words.

Everything comes from `SharedStanding`, which guidance has written: no run and no check-in is read
here, so that the list costs the same for a coach with a thousand athletes.
"""

import datetime as dt
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, TypedDict
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from runners import access, standing
from runners.coaching.roster.rows import WEEKS, AthleteRow, Seen, joined, row_of, seen_of, url_by_id
from runners.models import AccessRecord, AthletePage, CoachLink, Team, User
from runners.models.coaching import SWITCHES, CoachLinkQuerySet
from runners.models.standing import StandingLevel
from runners.prepared import prepared

A_PAGE = 50
# A page that updates itself every minute is one look: it is written down once in so long.
TOLD_FOR = dt.timedelta(minutes=10)
# From here on somebody should look today: what keeps coming back, and all that is more serious.
NEEDS_A_LOOK = StandingLevel.RECURRING

NO_TEAM = "No team"


class Sort(models.TextChoices):
    NEED = "need", "Needs a look"
    NAME = "name", "A–Z"
    TEAM = "team", "Team"
    DISTANCE = "week", "Week"
    CHANGE = "change", "Change"
    LAST_LOG = "log", "Last log"


COLUMNS = (Sort.DISTANCE, Sort.CHANGE, Sort.LAST_LOG)

# What the filter can ask for beside a level and a team.
ANY, LOOK, NONE = "", "look", "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the url asks for. `level` is a number, LOOK, or NONE for not shared; `team` an id
    or NONE; both can be ANY.
    """

    words: str = ""
    level: str = ANY
    team: str = ANY
    sort: Sort = Sort.NEED
    page: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.level or self.team)

    def url(self, of: str = "runners:athletes", /, **changes: Any) -> str:
        """The list with something else asked for; on its first page if that is not said."""
        asked = replace(self, **{"page": "", **changes})
        query = {
            "q": asked.words,
            "level": asked.level,
            "team": asked.team,
            "sort": "" if asked.sort is Sort.NEED else asked.sort.value,
            "page": asked.page,
        }
        told = urlencode({name: value for name, value in query.items() if value})
        return f"{reverse(of)}{'?' if told else ''}{told}"


# Nothing chosen: the list as it opens, and as it then updates itself every minute.
OPENING = (Asked(), Asked(page="1"))


class SortLink(TypedDict):
    """`is_column`: where the page is wide, the heading of the column is the link."""

    id: str
    label: str
    url: str
    is_here: bool
    is_column: bool


def sort_links(asked: Asked) -> list[SortLink]:
    return [
        {
            "id": f"sort-{sort.value}",
            "label": str(sort.label),
            "url": asked.url(sort=sort),
            "is_here": sort is asked.sort,
            "is_column": sort in COLUMNS,
        }
        for sort in Sort
    ]


# Choosing and sorting

NEED = F("standing__level").desc(nulls_last=True)
BY_NAME = (Lower("athlete__name"), "pk")
# What is not known, or not shared, comes last in every order.
ORDERS: dict[Sort, tuple[OrderBy, ...]] = {
    Sort.NEED: (NEED,),
    Sort.TEAM: (Lower("team__name").asc(nulls_last=True), NEED),
    Sort.DISTANCE: (F("standing__distance_m").desc(nulls_last=True),),
    Sort.CHANGE: (F("standing__change").desc(nulls_last=True),),
    Sort.LAST_LOG: (F("standing__last_log").asc(nulls_last=True),),  # the longest silent first
}

# Letters that are no accented form of another one.
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


def folded(name: str) -> str:
    """Without case and accents, to be searched and sorted: `Chloé` as `chloe`."""
    if name.isascii():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.casefold().translate(PLAIN))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def ids_by_name(links: CoachLinkQuerySet, words: str) -> list[int]:
    """Of those with every word in their name. 1 query.

    In Python, as SQLite knows upper and lower case of English letters alone, and no accents.
    """
    asked = folded(words).split()
    names = ((folded(name), pk) for pk, name in links.values_list("pk", "athlete__name"))
    return [pk for _, pk in sorted(one for one in names if all(word in one[0] for word in asked))]


def condition(asked: Asked) -> Q:
    """Of the level and the team; the words are for `ids_by_name`."""
    wanted = Q()
    if asked.level == LOOK:
        wanted &= Q(standing__level__gte=NEEDS_A_LOOK)
    elif asked.level:
        none = asked.level == NONE
        wanted &= Q(standing__level__isnull=True) if none else Q(standing__level=asked.level)
    if asked.team:
        wanted &= Q(team__isnull=True) if asked.team == NONE else Q(team=asked.team)
    return wanted


# A page of the list


class Counts(NamedTuple):
    """Athletes of a coach: all, those who need a look, and those whose line has gone stale."""

    total: int = 0
    need_a_look: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class RosterPage:
    """`shown` is which of the athletes that were asked for."""

    rows: list[AthleteRow]
    to_record: list[CoachLink]  # whose athletes share anything, and have not just been told
    shown: Page[int]
    weeks: ClassVar[int] = WEEKS

    @property
    def html(self) -> SafeString:
        return joined(self.rows)


def teams_of(coach: User) -> dict[int, str]:
    """Names by id, in the order of the alphabet. 1 query."""
    return dict(_teams(coach))


@prepared
def _teams(coach: User) -> QuerySet[Team, tuple[int, str]]:
    return Team.objects.of(coach).values_list("pk", "name")


def counts_of(coach: User) -> Counts:
    """1 query."""
    found = _counts(coach, timezone.now(), standing.made_with())
    return Counts(*found[0]) if found else Counts()


@prepared
def _counts(
    coach: User, now: dt.datetime, made_with: str
) -> QuerySet[CoachLink, tuple[int, int, int]]:
    need_a_look = Q(standing__level__gte=NEEDS_A_LOOK)
    of_coach = (
        access.links_of_coach(coach)
        .values("coach")
        .annotate(
            total=Count("pk"),
            need_a_look=Count("pk", filter=need_a_look),
            stale=Count("pk", filter=standing.is_shared_stale(now, made_with)),
        )
    )
    return of_coach.values_list(*Counts._fields)


def read_page(coach: User, asked: Asked, teams: Mapping[int, str], total: int) -> RosterPage:
    """2 queries of the list as it opens; else 3, and one more for each of these: to search, to
    choose, to sort by name.

    `total` is of all athletes of the coach.
    """
    if asked in OPENING:
        page, shown = _page(total, asked), _opening(coach)
    else:
        page, shown = _chosen(coach, asked, total)
    now = timezone.now()
    seen = [seen_of(link, now) for link in shown]
    url = url_by_id()
    rows = [row_of(one, teams.get(one.link.team_id or 0, ""), coach.units, url) for one in seen]
    if asked.sort is Sort.TEAM:
        _head_groups(rows)
    return RosterPage(rows, _not_just_told(coach, seen), page)


def read_all(coach: User, asked: Asked) -> list[Seen]:
    """Whoever is asked for, on all pages, with what of them may be shown now. 2 queries, and one
    more to search.
    """
    ids, _ = _in_order(access.links_of_coach(coach).filter(condition(asked)), asked)
    now = timezone.now()
    return [seen_of(link, now) for link in _links(list(ids))]


@prepared
def _opening(coach: User) -> QuerySet[CoachLink]:
    """The first page."""
    return _sorted(Sort.NEED, _shown(access.links_of_coach(coach)))[:A_PAGE]


def _chosen(coach: User, asked: Asked, total: int) -> tuple[Page[int], list[CoachLink]]:
    links = access.links_of_coach(coach)
    wanted = condition(asked)
    ids, found = _in_order(links.filter(wanted), asked)
    if found is None:
        found = links.filter(wanted).count() if wanted else total
    page = _page(found, asked)
    before = (page.number - 1) * A_PAGE
    return page, _links(list(ids[before : before + A_PAGE]))


def _page(found: int, asked: Asked) -> Page[int]:
    return Paginator(range(found), A_PAGE).get_page(asked.page)


def _in_order(
    links: CoachLinkQuerySet, asked: Asked
) -> tuple[Sequence[int] | QuerySet[CoachLink, int], int | None]:
    """Ids in the order that is asked for, and how many they are where names had to be looked at.

    1 query to search or to sort by name.
    """
    if not asked.words and asked.sort is not Sort.NAME:
        named, count = links, None
    else:
        ids = ids_by_name(links, asked.words)
        if asked.sort is Sort.NAME:
            return ids, len(ids)
        named, count = links.filter(pk__in=ids), len(ids)
    return _sorted(asked.sort, named).values_list("pk", flat=True), count


def _sorted(sort: Sort, links: CoachLinkQuerySet) -> CoachLinkQuerySet:
    return links.order_by(*ORDERS[sort], *BY_NAME)


SHOWN = (
    *(f"{switch}{end}" for switch in SWITCHES for end in ("", "_until")),
    "coach_id",
    "team_id",
    "athlete__name",
    "athlete__time_zone",
    "standing__level",
    "standing__headline",
    "standing__reason",
    "standing__peaks",
    "standing__distance_m",
    "standing__change",
    "standing__last_log",
    "standing__as_of",
    "standing__fresh_until",
    "standing__made_with",
)


def _links(ids: list[int]) -> list[CoachLink]:
    """With athlete and standing, in the order of `ids`. 1 query."""
    by_id = {link.pk: link for link in _links_shown(ids)}
    return [by_id[link_id] for link_id in ids if link_id in by_id]


@prepared
def _links_shown(ids: Collection[int]) -> QuerySet[CoachLink]:
    return _shown(access.open_links().filter(pk__in=ids))


def _shown(links: CoachLinkQuerySet) -> CoachLinkQuerySet:
    return links.select_related("athlete", "standing").only(*SHOWN)


def _not_just_told(coach: User, seen: list[Seen]) -> list[CoachLink]:
    """Those who share anything, without a record of the last minutes. 1 query."""
    athletes = [one.link.athlete_id for one in seen]
    days = {one.today for one in seen}
    told = set(_told(coach, athletes, days, timezone.now() - TOLD_FOR))
    return [one.link for one in seen if one.shared and (one.link.athlete_id, one.today) not in told]


@prepared
def _told(
    coach: User, athletes: Collection[int], days: Collection[dt.date], since: dt.datetime
) -> QuerySet[AccessRecord, tuple[int, dt.date]]:
    return AccessRecord.objects.filter(
        coach=coach,
        athlete__in=athletes,
        page=AthletePage.ROSTER,
        day__in=days,
        last_at__gt=since,
    ).values_list("athlete_id", "day")


def _head_groups(rows: list[AthleteRow]) -> None:
    """The team stands above its athletes, and no longer on each of them."""
    above = None
    for row in rows:
        team = row.team or NO_TEAM
        row.group = team if team != above else ""
        row.team = ""
        above = team
