"""What came of an import, in few figures: for Today, and for the top of its report."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Self

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from runners.check_ins.mentions import mentions
from runners.check_ins.offers import Offer, marked_in, offers_of
from runners.imports.actions import runs_of, waiting
from runners.imports.spots import untouched
from runners.models import CheckIn, Import, User
from runners.models.logs import RunQuerySet
from runners.prepared import prepared
from runners.weeks.sums import weekly_running
from runners.weeks.week import week_of


@dataclass(frozen=True, slots=True)
class Came:
    """`runs` came new, from the year `first` to the year `last`.

    `week_m` is the longest week of the diary from the first of these runs to the last; None where
    they are of one week, or without a distance. Their notes name `places` that are not marked, in
    those of the runs `noted` (keys, newest first). `asked` things wait for an answer. `spots` came
    in out of a list.
    """

    runs: int
    first: int | None
    last: int | None
    week_m: int | None
    places: int
    noted: list[int]
    asked: int
    spots: int = 0

    @classmethod
    def of(cls, brought: Import) -> Self:
        """As it was noted at the end; else worked out now, which reads every note."""
        return cls(**brought.came) if brought.came else cls.now(brought)

    @classmethod
    def now(cls, brought: Import) -> Self:
        """7 queries."""
        runs, runner = runs_of(brought), brought.runner
        days = runs.aggregate(count=Count("pk"), first=Min("day"), last=Max("day"))
        noted = runs.exclude(note="").values_list("pk", "note")
        named = runs.filter(pk__in=[key for key, note in noted if mentions(note)])
        places = [key for key, _ in offers_in(named, runner)]
        return cls(
            runs=days["count"],
            first=days["first"] and days["first"].year,
            last=days["last"] and days["last"].year,
            week_m=_longest_week_m(runner, days["first"], days["last"]) if days["count"] else None,
            places=len(places),
            noted=list(dict.fromkeys(places)),
            asked=waiting(brought).count(),
            spots=len(untouched(brought)),
        )


def _longest_week_m(runner: User, first: dt.date, last: dt.date) -> int | None:
    weeks = [week_of(day, runner.week_start) for day in (first, last)]
    if weeks[0] == weeks[1]:
        return None
    sums = weekly_running(runner, weeks[0].first_day, weeks[1].last_day)
    return max((week["distance"] for week in sums), default=0) or None


def note(brought: Import) -> None:
    """Once it has ended, and again when something of it was answered."""
    came = asdict(Came.now(brought))
    Import.objects.one(brought).update(came=came)


def offers_in(runs: RunQuerySet, runner: User) -> Iterator[tuple[int, Offer]]:
    """Sore places that their notes name and that are not marked, with the key of the run.

    The newest first. 3 queries.
    """
    noted = list(runs.newest_first().values_list("pk", "day", "note"))
    check_ins = CheckIn.objects.of(runner).filter(day__in={day for _, day, _ in noted})
    marked = {one.day: marked_in(one) for one in check_ins.with_spots(runner)}
    for key, day, said in noted:
        for offer in offers_of(said, day, marked.get(day, ())):
            yield key, offer


@dataclass(frozen=True, slots=True)
class News:
    """An import that Today tells of; `came` is None while it is read, and where it broke off."""

    brought: Import
    came: Came | None


def news_of(runner: User) -> News | None:
    """What is being read, or has been and was not looked at. 1 query."""
    for brought in _to_tell(runner, timezone.now() - Import.NEWS_FOR):
        return News(brought, Came(**brought.came) if brought.came else None)
    return None


@prepared
def _to_tell(runner: User, ended_since: dt.datetime) -> QuerySet[Import]:
    return Import.objects.of(runner).to_tell(ended_since)[:1]
