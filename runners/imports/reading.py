"""What each thing is: a run with all that is known of it, or the reason why it is none."""

import datetime as dt
import posixpath
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from runners.activity_files import Activity, ActivityError, read_activities
from runners.activity_files.activity import Unreadable
from runners.activity_files.profile import fitting, joined
from runners.activity_files.unpack import LARGEST_XML
from runners.body.areas import Place
from runners.exports.taking_back import NotRead, is_export, read_export
from runners.imports.apple import HEAD, is_health_export, read_workouts
from runners.imports.json_lists import read_json
from runners.imports.lists import Listed, listed_by_file, read_list
from runners.imports.matching import (
    Marked,
    MatchedList,
    Matching,
    Problem,
    headings_digest,
)
from runners.imports.parcels import Budget, Bundle, Entry, Given, Unopened, bundles
from runners.imports.tables import LARGEST, NoTable, Table, folded, read_table
from runners.imports.words import RUNNING, UNKNOWN, kind_of
from runners.limits import MAX_DISTANCE_M, MAX_DURATION_S, is_too_fast
from runners.models import Became, Run, SorenessEntry, User
from runners.models.logs import FIRST_DAY, RunSource
from runners.runs.several import Offered

# A recording comes before what was worked out of one: the first that comes fills the row.
ENDINGS = (".fit", ".tcx", ".gpx")
TABLES = (".csv", ".tsv", ".txt")
JSON, XML = ".json", ".xml"

LARGEST_EXPORT = 60_000_000  # bytes; ten years have 10 million
MOST_TO_MATCH = 20  # lists of one archive
LEFT_OUT = ("place-not-here", "no-side", "no-number")  # what is no fault of the list

WITHOUT_A_DAY = "no-day"  # the reason for which a run is asked about and cannot be added
NOT_A_RUN = "not-a-run"
BY_CHOICE = ("walk", "hike")  # left out, unless whoever walked says that they count as runs

# Where a list corrects its file: the runner changed it, or the service did.
CORRECTED_PERCENT = 2
CORRECTED_S = 60

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that was given. With a `run` that can be saved, or with the reason why not.

    `reason` is a sentence of `_no_run.html` or `_reasons.html`, with its `fields`. `match` is the
    run of the diary that it is or may be. `spot` is what a list says of a sore place, `kept` where
    a list is kept that only its runner can explain, `export` all that an export of Limber's holds.
    """

    file: str
    sport: str
    run: Run | None
    status: Became = Became.NEW
    reason: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    match: Run | None = None
    spot: SorenessEntry | None = None
    kept: "Kept | None" = None
    export: dict[str, Any] | None = None

    @property
    def is_by_choice(self) -> bool:
        return self.run is not None and self.reason == NOT_A_RUN

    @property
    def waits(self) -> bool:
        """For a word of its runner: it is not added, and can be."""
        return self.run is not None and (self.status == Became.ASKED or self.is_by_choice)


@dataclass(frozen=True, slots=True)
class Kept:
    """A list in the storage of imports, under the name `stored`. `headings` is a digest of them."""

    stored: str
    size: int
    headings: str


Keep = Callable[[bytes], str]  # gives the name it is stored under


def items(
    given: Iterable[Path | Given],
    runner: User,
    budget: Budget | None = None,
    keep: Keep | None = None,
    share: "Share | None" = None,
) -> Iterator[Item]:
    """Everything in the order of its folders and archives; of each the surest recordings first.

    Lists that are not known are kept with `keep`, where it is given. Of several workers each reads
    a `share`.
    """
    share = share or Share(0, 1)
    for found in bundles(given, budget):
        if isinstance(found, Bundle):
            yield from _items_of(found, runner, keep, share)
        elif share.is_first:
            yield _closed(found.way, found.problem)


@dataclass(frozen=True, slots=True)
class Share:
    """One of `of` shares of all recordings, the same each time; the first has all else as well."""

    number: int
    of: int

    @property
    def is_first(self) -> bool:
        return self.number == 0

    def has(self, entry: Entry) -> bool:
        return zlib.crc32(entry.way.encode()) % self.of == self.number


@dataclass(slots=True)
class _Contents:
    """What lies in a bundle. `by_file` are the rows of its lists by the way to their recording."""

    recordings: list[Entry] = field(default_factory=list)
    lists: list[tuple[str, list[Listed]]] = field(default_factory=list)
    by_file: dict[str, Listed] = field(default_factory=dict)
    health: list[Entry] = field(default_factory=list)
    unread: list[Item] = field(default_factory=list)
    to_match: list[Entry] = field(default_factory=list)
    exports: list[Entry] = field(default_factory=list)
    left_alone: int = 0


def _items_of(bundle: Bundle, runner: User, keep: Keep | None, share: Share) -> Iterator[Item]:
    is_given = not bundle.name  # what was chosen by hand is told about, whatever it is
    found = _contents(bundle, runner, share)
    if found.health and not share.is_first:
        return  # which of its recordings are routes of a workout, one reader alone can tell
    if found.exports:
        yield from map(_of_export, found.exports if share.is_first else ())
        return  # the tables beside it say the same
    if not share.is_first:
        found.left_alone = 0
    for entry in found.health:
        yield from _of_health(entry, found, runner)
    joined: set[Listed] = set()
    for entry in sorted(found.recordings, key=_rank):
        row = found.by_file.get(folded(_name_in_list(entry.name, found.by_file)))
        if row is not None:
            joined.add(row)
        if not share.has(entry):
            continue
        entry.budget.read += entry.packed
        for item in _of_recording(entry, row, runner):
            if item.reason == "no_activity" and not is_given:
                found.left_alone += 1
            else:
                yield item
    if share.is_first:
        yield from _of_lists(found, joined, keep, runner, is_given=is_given)
    if found.left_alone:
        yield Item(
            bundle.name, "", None, Became.LEFT_OUT, "left-alone", {"count": found.left_alone}
        )


def _of_lists(
    found: _Contents, joined: set[Listed], keep: Keep | None, runner: User, *, is_given: bool
) -> Iterator[Item]:
    """Rows without a recording, and what is no list that anybody knows."""
    for way, listed in found.lists:
        yield from (_of_row(way, row, runner) for row in listed if row not in joined)
    if found.lists and not is_given:
        found.left_alone += len(found.unread) + len(found.to_match)
    else:
        yield from found.unread
        yield from (_to_match(entry, keep) for entry in found.to_match)


def _contents(bundle: Bundle, runner: User, share: Share) -> _Contents:
    found = _Contents()
    for entry in bundle.entries:
        ending = ending_of(entry.name)
        if ending not in ENDINGS and share.is_first:
            entry.budget.read += entry.packed
        if ending == JSON and _begins_as(entry, is_export):
            found.exports.append(entry)
        elif ending in (*TABLES, JSON):
            _add_list(entry, ending, found, runner, is_given=not bundle.name)
        elif ending == XML and _begins_as(entry, is_health_export):
            found.health.append(entry)
        elif ending in ENDINGS or not bundle.name:
            found.recordings.append(entry)
        else:
            found.left_alone += 1
    return found


def _add_list(entry: Entry, ending: str, found: _Contents, runner: User, *, is_given: bool) -> None:
    try:
        listed = _rows(entry, ending, runner)
    except ToMatch as unknown:
        if is_given or (unknown.is_likely and len(found.to_match) < MOST_TO_MATCH):
            found.to_match.append(entry)
        else:
            found.left_alone += 1
        return
    except (NoTable, Unopened) as problem:
        if ending == JSON and not is_given:
            found.left_alone += 1
        else:
            found.unread.append(_closed(entry.way, problem))
        return
    found.lists.append((entry.way, listed))
    found.by_file |= listed_by_file(listed, posixpath.dirname(entry.name))


def _begins_as(entry: Entry, is_such: Callable[[bytes], bool]) -> bool:
    try:
        return is_such(entry.read(HEAD))
    except Unopened:
        return False  # and told of as a list, or as a recording


def ending_of(name: str) -> str:
    plain = name.lower().removesuffix(".gz")
    return posixpath.splitext(plain)[1]


def _rank(entry: Entry) -> tuple[int, str]:
    ending = ending_of(entry.name)
    return (ENDINGS.index(ending) if ending in ENDINGS else len(ENDINGS), entry.name)


def _name_in_list(name: str, by_file: dict[str, Listed]) -> str:
    """As the list has it: some who unpack an archive unpack its files as well."""
    packed = f"{name}.gz"
    return packed if folded(packed) in by_file else name


def _closed(way: str, problem: NoTable | Unopened) -> Item:
    fields = problem.fields if isinstance(problem, Unopened) else {}
    return Item(way, "", None, Became.FAILED, problem.reason, fields)


# Lists


def _rows(entry: Entry, ending: str, runner: User) -> list[Listed]:
    data = entry.read(LARGEST)
    if ending == JSON:
        return read_json(data, home=runner.tz)
    table = read_table(data)
    known = kind_of(table)
    if known is None:
        raise ToMatch(table, runner)
    kind, columns = known
    try:
        return read_list(table, kind, columns, home=runner.tz, units=runner.units)
    except NoTable:
        raise ToMatch(table, runner) from None


class ToMatch(Exception):
    """Only its runner knows what this list says."""

    def __init__(self, table: Table, runner: User) -> None:
        super().__init__(table, runner)
        self.table, self.runner = table, runner

    @property
    def is_likely(self) -> bool:
        """Whether it looks like one of runs or of spots."""
        guessed = Matching.guessed(self.table, units=self.runner.units)
        return guessed.has_day and (guessed.has_runs or guessed.has_spots)


def _to_match(entry: Entry, keep: Keep | None) -> Item:
    data = entry.read(LARGEST)
    table = read_table(data)
    kept = Kept(keep(data), len(data), headings_digest(table)) if keep else None
    fields = {"rows": len(table.rows)}
    return Item(entry.way, "", None, Became.ASKED, "list-to-match", fields, kept=kept)


def matched_items(way: str, table: Table, matching: Matching, runner: User) -> Iterator[Item]:
    """The rows of a list as its runner said that they are meant. Raises NoTable."""
    rows = list(MatchedList(table, matching, home=runner.tz).rows())
    strongest: dict[tuple[dt.date, Place], Marked] = {}
    for row in rows:
        for spot in row.spots:
            if isinstance(spot, Marked):
                known = strongest.setdefault((spot.day, spot.place), spot)
                if spot.intensity > known.intensity:
                    strongest[spot.day, spot.place] = spot
    for row in rows:
        file = f"{way}, row {row.line}"
        if row.run is not None:
            yield _of_row(way, row.run, runner)
        for spot in row.spots:
            if isinstance(spot, Problem):
                status = Became.LEFT_OUT if spot.reason in LEFT_OUT else Became.FAILED
                yield Item(file, "", None, status, spot.reason, dict(spot.fields))
            elif strongest[spot.day, spot.place] is not spot:
                yield Item(file, "", None, Became.KNOWN, "stronger-that-day")
            else:
                yield _of_spot(file, spot, matching, runner)


def _of_spot(file: str, spot: Marked, matching: Matching, runner: User) -> Item:
    if spot.day > runner.local_day():
        return Item(file, "", None, Became.LEFT_OUT, "not_yet", {"day": spot.day})
    if spot.day < FIRST_DAY:
        return Item(file, "", None, Became.LEFT_OUT, "row-without-a-day")
    felt = {"kind": matching.kind, "timing": matching.timing, "intensity": spot.intensity}
    return Item(file, "", None, spot=SorenessEntry.at(spot.place, day=spot.day, **felt))


def _of_row(way: str, row: Listed, runner: User) -> Item:
    file = f"{way}, row {row.line}"
    run = _run_of(row, runner)
    if row.sport not in (RUNNING, UNKNOWN):
        return _no_run(file, row.sport, run, runner)
    if row.day is None:
        return Item(file, RUNNING, None, Became.FAILED, "row-without-a-day")
    if run is None:
        return Item(file, RUNNING, None, Became.LEFT_OUT, "row-without-a-time")
    item = _checked(Item(file, row.sport, run), runner)
    if row.sport == UNKNOWN and item.status == Became.NEW:
        # Never a run of many by itself: whoever ran it says so.
        return replace(item, status=Became.ASKED, reason="sport-not-known")
    return item


def _run_of(row: Listed, runner: User) -> Run | None:
    if row.day is None or row.duration_s is None:
        return None
    return Run(
        runner=runner,
        day=row.day,
        started_at=row.started_at,
        utc_offset_s=row.utc_offset_s,
        duration_s=row.duration_s,
        elapsed_s=row.elapsed_s,
        distance_m=row.distance_m,
        climb_m=row.climb_m,
        effort=row.effort,
        note=row.note,
        source=RunSource.LIST,
        fingerprint=row.fingerprint,
    )


def _no_run(file: str, sport: str, run: Run | None, runner: User) -> Item:
    """With the run that it is by choice, where it may be one and can."""
    left_out = Item(file, sport, None, Became.LEFT_OUT, NOT_A_RUN, {"sport": sport})
    if run is None or not run.day or sport not in BY_CHOICE:
        return left_out
    can_be = _checked(replace(left_out, run=run, status=Became.NEW), runner)
    return replace(left_out, run=run) if can_be.status == Became.NEW else left_out


# An export of Limber's own


def _of_export(entry: Entry) -> Item:
    try:
        return Item(entry.way, "", None, export=read_export(entry.read(LARGEST_EXPORT)))
    except NotRead as problem:
        return Item(entry.way, "", None, Became.FAILED, problem.reason)
    except Unopened as problem:
        return _closed(entry.way, problem)


# The export of Apple Health


def _of_health(entry: Entry, found: _Contents, runner: User) -> Iterator[Item]:
    """Workouts with their routes, which give pace and height along the way."""
    folder = posixpath.dirname(entry.name)
    routes = {folded(recording.name): recording for recording in found.recordings}
    try:
        for workout in read_workouts(entry.chunks(), home=runner.tz):
            ways = [folded(posixpath.join(folder, route)) for route in workout.routes]
            own = [routes.pop(way) for way in ways if way in routes]
            item = _of_row(entry.way, workout.listed, runner)
            if item.run is not None:
                item.run.profile = _profile(own, item.run)
            yield item
    except (NoTable, Unopened) as problem:
        yield _closed(entry.way, problem)
    found.recordings = list(routes.values())


def _profile(routes: Iterable[Entry], run: Run) -> list[list[int | None]] | None:
    """Of all of them in the order of time: a pause, or a lost watch, begins another."""
    found: list[Activity] = []
    for route in routes:
        with suppress(ActivityError, Unopened):
            data = route.read(LARGEST_XML)
            found += read_activities(data, name=route.name, is_run=True)
    found.sort(key=lambda part: part.started_at or EARLIEST)
    parts = [(part.profile, part.distance_m) for part in found]
    profile = fitting(joined(parts), run.distance_m)
    return None if profile is None else [[*point] for point in profile]


# Recordings


def _of_recording(entry: Entry, row: Listed | None, runner: User) -> Iterator[Item]:
    """Where a list says what it was, it is believed; where it says a run, that is one anyway."""
    if row is not None and row.sport not in (RUNNING, UNKNOWN):
        yield from _no_runs(entry, row.sport, row, runner)
        return
    is_run = row is not None and row.sport == RUNNING
    try:
        data = entry.read(LARGEST_XML)
        activities = read_activities(data, name=entry.name, is_run=is_run, by_place=True)
    except Unopened as problem:
        yield _closed(entry.way, problem)
        return
    except ActivityError as error:
        sport = error.fields.get("sport")
        if row is not None and is_run and row.duration_s and row.day:
            yield _of_row(entry.way, row, runner)
        elif sport in BY_CHOICE:
            yield from _no_runs(entry, str(sport), row, runner)
        else:
            yield _refused(entry.way, error)
        return
    for activity in activities:
        yield _of_activity(entry.way, activity, row if len(activities) == 1 else None, runner)


def _no_runs(entry: Entry, sport: str, row: Listed | None, runner: User) -> Iterator[Item]:
    """Of a list, or of the file, that says another sport. Only what is by choice is read for it."""
    activities: list[Activity] = []
    is_listed = row is not None and row.sport == sport
    if sport in BY_CHOICE:
        with suppress(ActivityError, Unopened):
            data = entry.read(LARGEST_XML)
            activities = read_activities(
                data, name=entry.name, is_run=is_listed, like_runs=BY_CHOICE, by_place=True
            )
    for activity in activities:
        run = Offered.of(activity, runner=runner).to_run(runner)
        if row is not None and len(activities) == 1:
            _correct(run, row)
        yield _no_run(entry.way, sport, run, runner)
    if not activities:
        run_of_list = _run_of(row, runner) if row is not None and is_listed else None
        yield _no_run(entry.way, sport, run_of_list, runner)


def _refused(file: str, error: ActivityError) -> Item:
    sport = str(error.fields.get("sport", ""))
    status = Became.FAILED if error.code in get_args(Unreadable) else Became.LEFT_OUT
    reason = NOT_A_RUN if sport else error.code
    return Item(file, sport, None, status, reason, error.fields)


def _of_activity(file: str, activity: Activity, row: Listed | None, runner: User) -> Item:
    offered = Offered.of(activity, runner=runner)
    run = offered.to_run(runner)
    if row is not None:
        _correct(run, row)
    if not run.day:  # of a watch that was never set
        return Item(file, activity.sport, run, Became.ASKED, WITHOUT_A_DAY)
    item = _checked(Item(file, RUNNING, run), runner)
    if item.status != Became.NEW or activity.doubt is None:
        return item
    if activity.doubt == "sport_not_said" or activity.sport == UNKNOWN:
        return Item(file, UNKNOWN, run, Became.ASKED, "sport-not-known")
    reason = activity.doubt.replace("_", "-")
    return Item(file, activity.sport, run, Became.ASKED, reason)


def _correct(run: Run, row: Listed) -> None:
    """By the list, which the runner may have put right; what the runner answered stands."""
    run.note = row.note
    run.effort = run.effort or row.effort
    if not run.day and row.day:
        run.day = row.day
    run.started_at = run.started_at or row.started_at
    corrected = []
    for name, said, off in (
        ("distance_m", row.distance_m, (row.distance_m or 0) * CORRECTED_PERCENT / 100),
        ("elapsed_s", row.elapsed_s, CORRECTED_S),
    ):
        own = getattr(run, name)
        if said and own is not None and abs(own - said) > off:
            corrected.append(name)
        if said and (own is None or name in corrected):
            setattr(run, name, said)
    run.written = corrected or None
    if run.source == RunSource.GPX and row.moving_s:
        run.duration_s = row.moving_s
    run.duration_s = min(run.duration_s, run.elapsed_s or run.duration_s)


def _checked(item: Item, runner: User) -> Item:
    """A run that can be one, or the same item with the reason why not."""
    run = item.run
    if run is None:
        return item

    def left_out(reason: str, **fields: Any) -> Item:
        return Item(item.file, item.sport, run, Became.LEFT_OUT, reason, fields)

    if run.day > runner.local_day():
        return left_out("not_yet", day=run.day)
    if run.day < FIRST_DAY:
        return left_out("row-without-a-day")
    if run.duration_s > MAX_DURATION_S:
        return left_out("too_long", hours=MAX_DURATION_S // 3600)
    if run.distance_m and run.distance_m > MAX_DISTANCE_M:
        return left_out("too_far", km=MAX_DISTANCE_M // 1000)
    if run.distance_m and is_too_fast(run.distance_m, run.duration_s):
        return left_out("faster-than-anyone")
    return item
