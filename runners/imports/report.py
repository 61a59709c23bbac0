"""What came of an import, as its page shows it: counts, then each thing with its reason."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, Sum
from django.utils import timezone

from runners.check_ins.offers import Offer
from runners.exports.cells import harmless
from runners.imports.actions import changed_since, kept_files, runs_of, untouched_count
from runners.imports.came import Came, offers_in
from runners.imports.facts import run_of
from runners.imports.reading import WITHOUT_A_DAY
from runners.models import Became, Import, ImportFile, ImportRow, Run
from runners.web.notices import words

OWN_REASONS = "runners/imports/_reasons.html"  # with names such as `list-not-known`
REASONS_OF_FILES = "runners/runs/_no_run.html"  # with names such as `no_times`
OFFERED = 20  # sore places of notes at once; what is marked makes room for others
LEFT_ALONE = "left-alone"
SHOWN = 50  # things of a kind; the list to download has all
SOON = 0.03  # of all that is to be read: before it nobody can tell how long it takes
BAR = 1000  # units of the bar's width


def said(reason: str, fields: Mapping[str, Any]) -> str:
    if not reason:
        return ""
    template = OWN_REASONS if "-" in reason else REASONS_OF_FILES
    return words(f"{template}#{reason}", **{name: _read(name, fields[name]) for name in fields})


def _read(name: str, value: Any) -> Any:
    """As it was before it was stored: days and counts are stored as text."""
    if name == "day" and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return int(value) if isinstance(value, str) and value.isdecimal() else value


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of the bar, from `left` on, in thousandths of it."""

    became: str
    count: int
    left: int
    width: int

    @property
    def label(self) -> str:
        return str(Became(self.became).label)


@dataclass(frozen=True, slots=True)
class Thing:
    """`run` is what waits for an answer, None where there is nothing to add."""

    row: ImportRow
    words: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for one reason: `count` things, of which some are shown.

    `has_match`: each may be a run of the diary.
    """

    reason: str
    count: int
    things: tuple[Thing, ...]

    @property
    def has_match(self) -> bool:
        return self.reason == "perhaps-known"

    @property
    def is_of_lists(self) -> bool:
        return self.reason == "list-to-match"

    @property
    def can_be_answered(self) -> bool:
        return any(thing.run for thing in self.things)


@dataclass(frozen=True, slots=True)
class Choice:
    """Walks, or hikes, that were left out and can be added."""

    sport: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """`first` and `last` are the days of the new runs; `spots` came in beside them, out of a list.

    `taken_back` says what came of an export of Limber's own.

    `can_undo` of them would go with an undo.
    """

    brought: Import
    counts: Mapping[str, int]
    first: dt.date | None
    last: dt.date | None
    distance_m: int
    parts: tuple[Part, ...]
    left: dt.timedelta | None
    left_out: tuple[tuple[str, int], ...] = ()
    choices: tuple[Choice, ...] = ()
    known: tuple[Thing, ...] = ()
    asked: tuple[Question, ...] = ()
    failed: tuple[Thing, ...] = ()
    spots: int = 0
    taken_back: str = ""
    can_undo: int = 0
    changed: tuple[Run, ...] = ()
    kept: tuple[ImportFile, ...] = ()
    came: Came | None = None
    offers: tuple[Offer, ...] = ()

    @property
    def runs(self) -> int:
        return self.counts[Became.NEW] - self.spots

    @property
    def list_to_match(self) -> str:
        """The import of the one list that all of this is about, where only its runner knows it."""
        lists = [question for question in self.asked if question.is_of_lists]
        if self.total == 1 and lists:
            return str(lists[0].things[0].row.fields.get("list", ""))
        return ""

    @property
    def kept_bytes(self) -> int:
        return sum(file.size for file in self.kept)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def minutes_left(self) -> int:
        """At least one; 0 where it cannot be told."""
        return 0 if self.left is None else max(1, round(self.left.total_seconds() / 60))


def report_of(brought: Import) -> Report:
    """3 queries while it is read, 8 at the end, 3 for sore places of notes, 1 for kept files."""
    rows = ImportRow.objects.of(brought)
    counted = rows.order_by().values_list("became").annotate(Count("pk"))
    counts = {**dict.fromkeys(Became.values, 0), **dict(counted)}
    sums = runs_of(brought).aggregate(
        first=Min("day"), last=Max("day"), far=Sum("distance_m", default=0)
    )
    share = 1.0 if not brought.is_unfinished else brought.read / (brought.size or 1)
    found = Report(
        brought,
        counts,
        sums["first"],
        sums["last"],
        sums["far"],
        tuple(_parts(counts, share)),
        _left(brought, share),
    )
    if brought.is_unfinished:
        return found
    left_out, choices = _left_out(rows)
    came = None if brought.undone_at else Came.of(brought)
    return replace(
        found,
        left_out=left_out,
        choices=() if brought.undone_at else choices,
        known=_things(rows, Became.KNOWN),
        asked=() if brought.undone_at else tuple(_questions(rows, brought)),
        failed=_things(rows, Became.FAILED),
        spots=_spots(rows, brought),
        taken_back=_taken_back(rows) if counts[Became.NEW] and not sums["first"] else "",
        can_undo=0 if brought.undone_at else untouched_count(brought),
        changed=tuple(changed_since(brought)[:SHOWN]),
        kept=tuple(kept_files(brought)) if brought.keeps_files else (),
        came=came,
        offers=_offers(brought, came) if came else (),
    )


def _offers(brought: Import, came: Came) -> tuple[Offer, ...]:
    """Some of them. 3 queries, none where no note names anything."""
    runs = runs_of(brought).filter(pk__in=came.noted)
    found = offers_in(runs, brought.runner) if came.noted else iter(())
    return tuple(offer for _, offer in islice(found, OFFERED))


def _parts(counts: Mapping[str, int], share: float) -> Iterable[Part]:
    """The bar is full where all is read; its parts are as many as there are things of a kind."""
    total, left = sum(counts.values()), 0
    for became, count in counts.items():
        width = round(BAR * share * count / total) if total else 0
        yield Part(became, count, left, width)
        left += width


def _left(brought: Import, share: float) -> dt.timedelta | None:
    if brought.started_at is None or not SOON < share < 1:
        return None
    taken = timezone.now() - brought.started_at
    return taken * (1 - share) / share


def _left_out(rows: Any) -> tuple[tuple[tuple[str, int], ...], tuple[Choice, ...]]:
    """By the reason, the most first; and what of it its runner may choose. 1 query."""
    found: Counter[str] = Counter()
    alone = 0  # each share counts its own
    chosen: Counter[str] = Counter()
    waits = ExpressionWrapper(Q(facts__isnull=False), BooleanField())
    left = rows.filter(became=Became.LEFT_OUT).annotate(waits=waits)
    for reason, fields, is_by_choice in left.values_list("reason", "fields", "waits"):
        if reason == LEFT_ALONE:
            alone += int(fields["count"])
        else:
            found[said(reason, fields)] += 1
        chosen.update([fields["sport"]] if is_by_choice else [])
    if alone:
        found[said(LEFT_ALONE, {"count": alone})] += 1
    return tuple(found.most_common()), tuple(Choice(*each) for each in chosen.most_common())


def _things(rows: Any, became: Became) -> tuple[Thing, ...]:
    shown = rows.filter(became=became).select_related("match")[:SHOWN]
    return tuple(Thing(row, said(row.reason, row.fields)) for row in shown)


def _taken_back(rows: Any) -> str:
    row = rows.filter(reason="taken-back").first()
    return said(row.reason, row.fields) if row else ""


def _spots(rows: Any, brought: Import) -> int:
    if brought.matching is None:
        return 0
    return int(rows.filter(became=Became.NEW).exclude(facts=None).count())


def _questions(rows: Any, brought: Import) -> Iterable[Question]:
    found: dict[str, list[ImportRow]] = {}
    for row in rows.filter(became=Became.ASKED).select_related("match"):
        found.setdefault(row.reason, []).append(row)
    for reason, asked in found.items():
        things = (_asked(row, brought) for row in asked[:SHOWN])
        yield Question(reason, len(asked), tuple(things))


def _asked(row: ImportRow, brought: Import) -> Thing:
    run = None
    if row.facts and row.reason != WITHOUT_A_DAY:
        run = run_of(row.facts, brought.runner)
    return Thing(row, said(row.reason, row.fields), run)


def csv_rows(brought: Import) -> Iterable[list[str]]:
    """All of it, for whoever wants to look through it."""
    yield ["file", "became", "why", "day", "run"]
    rows = ImportRow.objects.of(brought).select_related("run", "match")
    for row in rows.iterator(chunk_size=500):
        run = row.run or row.match
        day, uid = (str(run.day), str(run.uid)) if run else ("", "")
        became, why = row.get_became_display(), said(row.reason, row.fields)
        yield [harmless(row.file), became, why, day, uid]
