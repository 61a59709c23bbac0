"""Reads the diary: a page of logged days with their runs and spots.

Paging goes by day, not by row number: a page begins where the one before ended, whatever was
added meanwhile, and costs the same after ten years as after ten days.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from runners.body.areas import PLACES
from runners.models import CheckIn, Run, Shared, SorenessEntry, User
from runners.models.coaching import FULLY_SHARED
from runners.models.logs import CheckInQuerySet, RunQuerySet
from runners.prepared import Prepared, prepared, together
from runners.web.notices import Phrase

PAGE_DAYS = 14  # logged days on one page
SHORTEST_GAP_DAYS = 3  # a day or two without an entry is nothing to point out
UNDO_OFFERED = dt.timedelta(minutes=10)
MOST_UNDOS = 5  # of each kind
ONE_DAY = dt.timedelta(days=1)
EARLIEST = dt.date.min + ONE_DAY
NO_KIND = "none"  # asks for runs whose kind was not noted

Source = RunQuerySet | CheckInQuerySet  # both are filtered and read by `day`
Log = TypeVar("Log", Run, CheckIn, SorenessEntry)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days to show. `before` leaves its day out, `day` begins with it."""

    area: str = ""
    side: str = ""
    felt: str = ""
    run_kind: str = ""
    words: tuple[str, ...] = ()  # all of them in one note
    before: dt.date | None = None
    day: dt.date | None = None

    @property
    def spot(self) -> dict[str, str]:
        """The columns of a spot that are asked for."""
        asked = {"area": self.area, "side": self.side, "kind": self.felt}
        return {column: value for column, value in asked.items() if value}

    @property
    def is_filtered(self) -> bool:
        return bool(self.spot or self.run_kind or self.words)

    def fits(self, spot: SorenessEntry) -> bool:
        return all(getattr(spot, column) == value for column, value in self.spot.items())

    @property
    def is_narrowed(self) -> bool:
        """By one of the lists."""
        return bool(self.spot or self.run_kind)

    @property
    def in_note(self) -> Q:
        return Q(*(Q(note__icontains=word) for word in self.words))

    @property
    def until(self) -> dt.date | None:
        """The newest day that the page may hold; None where it begins with the newest of all."""
        before = max(self.before, EARLIEST) - ONE_DAY if self.before else None
        return min((day for day in (before, self.day) if day), default=None)


@dataclass(frozen=True, slots=True)
class SpotShown:
    """A spot as the diary shows it; `fits` is whether the filter asked for it."""

    entry: SorenessEntry
    fits: bool


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run as the diary shows it; `news` is what `news_of` says of it."""

    run: Run
    news: str


@dataclass(frozen=True, slots=True)
class Day:
    """`gap_days`: so many days between this and the next newer entry hold none.

    `news` is what `news_of` says of the check-in, and so of its spots.
    """

    day: dt.date
    check_in: CheckIn | None
    spots: list[SpotShown]
    runs: list[RunShown]
    gap_days: int = 0
    news: str = ""

    @property
    def is_all_clear(self) -> bool:
        return self.check_in is not None and not self.spots and not self.check_in.partial


@dataclass(frozen=True, slots=True)
class DiaryPage:
    """`earlier` is the `before` of the next page, `later` the `day` of the one with newer days.

    `has_later` without `later`: the newest page is the one with newer days.
    """

    days: list[Day]
    earlier: dt.date | None
    later: dt.date | None
    has_later: bool

    def holds(self, day: dt.date) -> bool:
        return any(one.day == day for one in self.days)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """How far somebody may read, and since when what came is news to them; None: never."""

    shared: Shared = FULLY_SHARED
    since: dt.datetime | None = None

    @property
    def newer(self) -> str:
        """The column that says what is news. A change may be one of what is not shared."""
        is_all = self.shared.runs and self.shared.soreness and self.shared.notes
        return "updated_at" if is_all else "created_at"


OWN = Viewpoint()  # at one's own diary


def read_page(runner: User, wanted: Wanted, *, today: dt.date, look: Viewpoint = OWN) -> DiaryPage:
    """2 queries; 1 more with a filter, and 1 or 2 with newer days before the page."""
    days = _days(runner, wanted, look.shared)
    shown = days[:PAGE_DAYS]
    later = _later_days(runner, wanted, look.shared)
    return DiaryPage(
        days=_filled(runner, wanted, shown, today=today, look=look),
        earlier=shown[-1] if len(days) > PAGE_DAYS else None,
        later=later[PAGE_DAYS - 1] if len(later) >= PAGE_DAYS else None,
        has_later=bool(later),
    )


def newest_days(runner: User, count: int, *, today: dt.date, look: Viewpoint) -> list[Day]:
    """The last days with a log, newest first. At most a page of them. 2 queries."""
    days = _days(runner, Wanted(), look.shared)
    return _filled(runner, Wanted(), days[:count], today=today, look=look)


@dataclass(frozen=True, slots=True)
class News:
    """How many rows came or were changed since somebody last looked."""

    runs: int
    check_ins: int

    def __bool__(self) -> bool:
        return bool(self.runs or self.check_ins)

    @property
    def words(self) -> Phrase:
        counted = {"runs": self.runs, "check_ins": self.check_ins}
        return Phrase("runners/diary/_asked.html#news", counted)


def count_news(runner: User, look: Viewpoint) -> News:
    """1 query; none at a first look."""
    if look.since is None:
        return News(0, 0)
    newer = NEWER[look.newer]
    runs, check_ins = together(
        newer[Run].of(runner, look.since) if look.shared.runs else None,
        newer[CheckIn].of(runner, look.since) if look.shared.soreness else None,
    )
    return News(runs=sum(runs), check_ins=sum(check_ins))


def _newer(log: type[Run] | type[CheckIn], column: str) -> Prepared[[User, dt.datetime], Any, int]:
    @prepared
    def rows(runner: User, since: dt.datetime) -> QuerySet[Any, int]:
        """How many, or nothing."""
        newer = log.objects.of(runner).filter(**{f"{column}__gt": since})
        return newer.order_by().values("runner").annotate(n=Count("pk")).values_list("n", flat=True)

    return rows


NEWER = {
    column: {log: _newer(log, column) for log in (Run, CheckIn)}
    for column in ("created_at", "updated_at")
}


def news_of(row: Run | CheckIn, look: Viewpoint) -> str:
    """Whether a row came or was changed since the look before."""
    if look.since is None or getattr(row, look.newer) <= look.since:
        return ""
    return "new" if row.created_at > look.since else "changed"


def _days(runner: User, wanted: Wanted, shared: Shared) -> list[dt.date]:
    """The newest logged days, one more than a page holds: then there is another page."""
    until = wanted.until or dt.date.max
    found: set[dt.date] = set()
    if wanted.is_filtered:
        for source in _sources(runner, wanted, shared):
            found.update(_newest(source.filter(day__lte=until)))
    else:
        found.update(
            *together(
                _days_of_runs.of(runner, until) if shared.runs else None,
                _days_of_check_ins.of(runner, until) if shared.soreness else None,
            )
        )
    return sorted(found, reverse=True)[: PAGE_DAYS + 1]


@prepared
def _days_of_runs(runner: User, until: dt.date) -> QuerySet[Run, dt.date]:
    return _newest(Run.objects.of(runner).filter(day__lte=until))


@prepared
def _days_of_check_ins(runner: User, until: dt.date) -> QuerySet[CheckIn, dt.date]:
    return _newest(CheckIn.objects.of(runner).filter(day__lte=until))


def _newest(rows: Source) -> QuerySet[Any, dt.date]:
    return rows.order_by("-day").values_list("day", flat=True).distinct()[: PAGE_DAYS + 1]


def _later_days(runner: User, wanted: Wanted, shared: Shared) -> list[dt.date]:
    """Those that follow on the page, one more than a page holds; none after the newest page."""
    if wanted.until is None:
        return []
    found: set[dt.date] = set()
    for source in _sources(runner, wanted, shared):
        rows = source.filter(day__gt=wanted.until).order_by("day").values_list("day", flat=True)
        found.update(rows.distinct()[: PAGE_DAYS + 1])
    return sorted(found)[: PAGE_DAYS + 1]


def _sources(runner: User, wanted: Wanted, shared: Shared) -> list[Source]:
    """Whose days count: those of all runs and check-ins, or of those that were asked for."""
    sources = _logs(runner, wanted, shared)
    if not wanted.words:
        return sources
    if not shared.notes:
        return []
    noted = Q()
    if shared.runs:
        noted |= Q(day__in=Run.objects.of(runner).filter(wanted.in_note).values("day"))
    if shared.soreness:
        spots = SorenessEntry.objects.filter(wanted.in_note, check_in=OuterRef("pk"))
        told = CheckIn.objects.of(runner).filter(wanted.in_note | Exists(spots))
        noted |= Q(day__in=told.values("day"))
    return [source.filter(noted) for source in sources]


def _logs(runner: User, wanted: Wanted, shared: Shared) -> list[Source]:
    """Before a note is looked for."""
    if (wanted.run_kind and not shared.runs) or (wanted.spot and not shared.soreness):
        return []
    runs = Run.objects.of(runner)
    check_ins = CheckIn.objects.of(runner)
    if wanted.run_kind:
        runs = runs.filter(kind="" if wanted.run_kind == NO_KIND else wanted.run_kind)
    if not wanted.spot:
        of_runs: list[Source] = [runs] if shared.runs else []
        return [*of_runs, check_ins] if shared.soreness and not wanted.run_kind else of_runs
    spots = SorenessEntry.objects.filter(check_in=OuterRef("pk"), **wanted.spot)
    marked = check_ins.filter(Exists(spots))
    return [marked.filter(day__in=runs.values("day"))] if wanted.run_kind else [marked]


def _filled(
    runner: User, wanted: Wanted, days: list[dt.date], *, today: dt.date, look: Viewpoint
) -> list[Day]:
    shared = look.shared
    runs: dict[dt.date, list[RunShown]] = defaultdict(list)
    entries: dict[dt.date, list[SorenessEntry]] = defaultdict(list)
    ran, checked_in, felt = _logs_of(runner, days, shared)
    for run in ran:
        runs[run.day].append(RunShown(run, news_of(run, look)))
    check_ins = {check_in.day: check_in for check_in in checked_in}
    for entry in felt:
        entries[entry.day].append(entry)
    newer = [_newer_edge(wanted, today), *days]
    # A day without a run or a check-in may still hold one that is not shared.
    tells_gaps = shared.runs and shared.soreness and not wanted.is_filtered
    return [
        Day(
            day=day,
            check_in=check_ins.get(day),
            spots=_spots(entries.get(day, ()), wanted),
            runs=runs.get(day, []),
            gap_days=_gap(day, newer_day) if tells_gaps else 0,
            news=news_of(check_ins[day], look) if day in check_ins else "",
        )
        for day, newer_day in zip(days, newer, strict=False)
    ]


def _logs_of(
    runner: User, days: list[dt.date], shared: Shared
) -> tuple[list[Run], list[CheckIn], list[SorenessEntry]]:
    """What is not shared is not read, and stands empty: when symptoms began is soreness."""
    of_check_ins = () if shared.notes else ("note",)
    of_runs = (*of_check_ins, *(() if shared.soreness else ("onset_min",)))
    runs, check_ins, entries = together(
        RUNS[of_runs].of(runner, days) if shared.runs else None,
        CHECK_INS[of_check_ins].of(runner, days) if shared.soreness else None,
        ENTRIES[of_check_ins].of(runner, days) if shared.soreness else None,
    )
    for rows, hidden in ((runs, of_runs), (check_ins, of_check_ins), (entries, of_check_ins)):
        for row in rows:
            for column in hidden:
                setattr(row, column, EMPTY[column])
    return runs, check_ins, entries


def _without(
    hidden: tuple[str, ...], of: Callable[[User], QuerySet[Log]]
) -> Prepared[[User, Collection[dt.date]], Log, Log]:
    """Rows of those days, without the columns that are hidden."""

    @prepared
    def rows(runner: User, days: Collection[dt.date]) -> QuerySet[Log]:
        return of(runner).filter(day__in=days).defer(*hidden)

    return rows


EMPTY = {"note": "", "onset_min": None}
NOTES = ((), ("note",))
RUNS = {
    hidden: _without(hidden, lambda runner: Run.objects.of(runner).newest_first())
    for hidden in (*NOTES, ("onset_min",), ("note", "onset_min"))
}
CHECK_INS = {hidden: _without(hidden, CheckIn.objects.of) for hidden in NOTES}
ENTRIES = {hidden: _without(hidden, SorenessEntry.objects.of) for hidden in NOTES}


def _newer_edge(wanted: Wanted, today: dt.date) -> dt.date | None:
    """What a gap above the first day of the page would reach up to."""
    if wanted.day:
        return None
    return min(wanted.before, today) if wanted.before else today


def _gap(day: dt.date, newer: dt.date | None) -> int:
    between = (newer - day).days - 1 if newer else 0
    return between if between >= SHORTEST_GAP_DAYS else 0


def _spots(entries: Iterable[SorenessEntry], wanted: Wanted) -> list[SpotShown]:
    """What was asked for first, then the strongest, then in the order of the body map."""
    spots = [SpotShown(entry, wanted.fits(entry)) for entry in entries]
    places = [(str(area), str(side)) for area, side in PLACES]
    return sorted(
        spots,
        key=lambda spot: (
            not spot.fits,
            -spot.entry.intensity,
            places.index((spot.entry.area, spot.entry.side)),
            spot.entry.pk,
        ),
    )


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted a moment ago and can be brought back."""

    runs: list[Run]
    check_ins: list[CheckIn]

    def __bool__(self) -> bool:
        return bool(self.runs or self.check_ins)


def recently_deleted(runner: User) -> Deleted:
    """1 query."""
    since = timezone.now() - UNDO_OFFERED
    return Deleted(*together(_deleted_runs.of(runner, since), _deleted_check_ins.of(runner, since)))


@prepared
def _deleted_runs(runner: User, since: dt.datetime) -> QuerySet[Run]:
    gone = Run.objects.deleted_of(runner).filter(deleted_at__gte=since)
    return gone.order_by("-deleted_at")[:MOST_UNDOS]


@prepared
def _deleted_check_ins(runner: User, since: dt.datetime) -> QuerySet[CheckIn]:
    gone = CheckIn.objects.deleted_of(runner).filter(deleted_at__gte=since)
    return gone.order_by("-deleted_at")[:MOST_UNDOS]
