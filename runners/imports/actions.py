"""Brings what was read into the diary: each run once, a few in each short transaction."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from runners import standing
from runners.exports.taking_back import NotRead, take_back
from runners.imports import room
from runners.imports.facts import run_of
from runners.imports.matching import Matching
from runners.imports.reading import NOT_A_RUN, WITHOUT_A_DAY, Item
from runners.imports.spots import MarkedDays, take_out
from runners.imports.spots import untouched as untouched_spots
from runners.models import Became, Import, ImportFile, ImportPart, ImportRow, ImportState, Run, User
from runners.models.imports import import_storage
from runners.models.logs import RunQuerySet
from runners.runs import queries
from runners.runs.actions import RunKnown, store_run
from runners.runs.filling import NoteTooLong, filled
from runners.runs.queries import KnownRuns
from runners.stored_files import delete_lost, delete_once_certain
from runners.writes import lock

AT_ONCE = 50  # runs in one transaction: a check-in beside it hardly waits

LIST_KEPT = dt.timedelta(days=30)  # until its runner explains it

Beside = defaultdict[str, set[uuid.UUID]]  # runs of one file, by its name: two of them are two
A_MOMENT = dt.timedelta(seconds=1)

Note = Callable[[list[Item]], None]  # what else is stored with them


def bring_in(
    items: Iterable[Item],
    *,
    by: User,
    beside: Beside | None = None,
    note: Note = lambda _: None,
) -> Iterator[Item]:
    """The items with what became of them. What was brought in before is `known`, and filled up.

    May be called again after it was stopped anywhere: nothing comes twice. `note` is called in
    the transaction of each few.
    """
    pending = iter(items)
    beside = Beside(set) if beside is None else beside
    while batch := list(islice(pending, AT_ONCE)):
        yield from _store(batch, beside, note, by)


def look_through(items: Iterable[Item], *, runner: User) -> Iterator[Item]:
    """The same without saving anything. 1 query."""
    known, beside = KnownRuns.all_of(runner), Beside(set)
    for item in items:
        decided = _decided(item, known, beside)
        if decided.run and decided.status == Became.NEW:
            known.add(decided.run)
        yield decided


@transaction.atomic
def _store(batch: list[Item], beside: Beside, note: Note, by: User) -> list[Item]:
    lock(by)
    known = KnownRuns.all_of(by)
    days = MarkedDays(by, {item.spot.day for item in batch if item.spot})
    decided: list[Item] = []
    new: list[Run] = []
    is_changed = False
    for item in batch:
        found = days.decided(_decided(_taken_back(item, by), known, beside))
        decided.append(found)
        if found.run and found.status == Became.NEW:
            known.add(found.run)
            new.append(found.run)
        elif found.run and found.match and found.status == Became.KNOWN:
            is_changed |= _fill(found.match, found.run, is_stored=found.match not in new)
    Run.objects.bulk_create(new)
    is_changed |= days.store(decided)
    note(decided)
    if new or is_changed:
        standing.renew_after_change(by)
    return decided


def _taken_back(item: Item, by: User) -> Item:
    if item.export is None:
        return item
    try:
        counts = take_back(item.export, by=by)
    except NotRead as problem:
        return replace(item, export=None, status=Became.FAILED, reason=problem.reason)
    fields = {name: counts.get(name, 0) for name in ("runs", "check_ins")}
    return replace(item, export=None, reason="taken-back", fields=fields)


def _decided(item: Item, known: KnownRuns, beside: Beside) -> Item:
    if item.run is None or not (item.status == Became.NEW or item.is_by_choice):
        return item
    of_file = beside[item.file]
    matches = [match for match in known.matches(item.run) if match.run.uid not in of_file]
    of_file.add(item.run.uid)
    if not matches:
        return item
    decision, run = matches[0].decision, matches[0].run
    said = replace(item, fields={"day": run.day}, match=run)
    if decision.is_sure:
        return replace(said, status=Became.KNOWN, reason="known-as")
    if item.is_by_choice:
        return item
    return replace(said, status=Became.ASKED, reason="perhaps-known")


def _fill(run: Run, new: Run, *, is_stored: bool) -> bool:
    """Says whether anything of the run changed.

    `updated_at` stays: it tells what its runner has changed since it came.
    """
    try:
        fields = filled(run, new)
    except NoteTooLong:
        new.note = ""
        fields = filled(run, new)
    for name, value in fields.items():
        setattr(run, name, value)
    if fields and is_stored:
        run.save(update_fields=[*fields])
    return bool(fields)


# Beginning


class Unfinished(Exception):
    """Another import of this runner is still being sent or read."""

    def __init__(self, brought: Import) -> None:
        super().__init__(str(brought))
        self.brought = brought


def begin(
    files: Sequence[UploadedFile[bytes]], *, uid: uuid.UUID, by: User, keeps_files: bool = False
) -> Import:
    """Store the files, so that a worker reads them. The same form sent again gives the first.

    Raises Unfinished, NoRoom. The files are stored before the transaction: others need not wait
    for them.
    """
    sent_before = Import.objects.of(by).filter(uid=uid).first()
    if sent_before is not None:
        return sent_before
    stored: list[tuple[UploadedFile[bytes], str]] = []
    is_mine = False
    try:
        stored.extend((file, room.store(file)) for file in files)
        brought, is_mine = _begun(stored, uid, by, keeps_files=keeps_files)
    finally:
        if not is_mine:
            for _, where in stored:
                import_storage().delete(where)
    return brought


@transaction.atomic
def _begun(
    stored: list[tuple[UploadedFile[bytes], str]], uid: uuid.UUID, by: User, *, keeps_files: bool
) -> tuple[Import, bool]:
    """Not of these files where the same form came in beside this one."""
    lock(by)
    sent_before = Import.objects.of(by).filter(uid=uid).first()
    if sent_before is not None:
        return sent_before, False
    under_way = Import.objects.of(by).unfinished().first()
    if under_way is not None:
        raise Unfinished(under_way)
    size = sum(file.size or 0 for file, _ in stored)
    brought = Import.objects.create(runner=by, uid=uid, size=size, keeps_files=keeps_files)
    ImportFile.objects.bulk_create(
        ImportFile(brought=brought, name=(file.name or "")[:300], stored=where, size=file.size or 0)
        for file, where in stored
    )
    return brought, True


# A list that only its runner can explain


def keep_list(item: Item, by: User) -> uuid.UUID | None:
    """A kept list waits to be explained as an import of its own. Inside a transaction."""
    kept = item.kept
    if kept is None:
        return None
    brought = Import.objects.create(
        runner=by, state=ImportState.TO_MATCH, size=kept.size, headings=kept.headings
    )
    ImportFile.objects.create(
        brought=brought, name=item.file[-300:], stored=kept.stored, size=kept.size
    )
    return brought.uid


@transaction.atomic
def match_list(brought: Import, matching: Matching, *, by: User) -> None:
    """Let it be read as its runner said. Sent again it changes nothing. Raises Unfinished."""
    lock(by)
    under_way = Import.objects.of(by).unfinished().exclude(pk=brought.pk).first()
    if under_way is not None:
        raise Unfinished(under_way)
    to_match = Import.objects.one(brought).to_match()
    if to_match.update(state=ImportState.WAITING, matching=matching.to_json()):
        _settle_list(brought, "list-matched")


@transaction.atomic
def leave_list(brought: Import) -> None:
    """Nothing of it is brought in."""
    now = timezone.now()
    if Import.objects.one(brought).to_match().update(state=ImportState.STOPPED, ended_at=now):
        forget_files(brought)
        _settle_list(brought, "list-left")


def forget_old_lists(now: dt.datetime) -> int:
    """Lists that nobody explained. Gives how many."""
    old = Import.objects.to_match().filter(created_at__lte=now - LIST_KEPT)
    lists = list(old.select_related("runner"))
    for brought in lists:
        leave_list(brought)
    return len(lists)


def _settle_list(brought: Import, reason: str) -> None:
    """In the report of the import that it came with."""
    asked = ImportRow.objects.filter(
        runner=brought.runner, became=Became.ASKED, fields__list=str(brought.uid)
    )
    asked.update(became=Became.LEFT_OUT, reason=reason)


def matched_before(brought: Import) -> Matching | None:
    """How the newest list with the same headings was read."""
    same = Import.objects.of(brought.runner).filter(headings=brought.headings)
    said = same.exclude(matching=None).values_list("matching", flat=True).first()
    return Matching.of_json(said) if said else None


# What was asked


def waiting(brought: Import) -> QuerySet[ImportRow]:
    """What the runner can still answer: a run without a day is none that can be added."""
    return _open(brought).filter(became=Became.ASKED).exclude(reason=WITHOUT_A_DAY)


def by_choice(brought: Import, sport: str) -> QuerySet[ImportRow]:
    """Walks, or hikes, that were left out and can still be added as runs."""
    rows = _open(brought).filter(became=Became.LEFT_OUT, reason=NOT_A_RUN)
    return rows.filter(fields__sport=sport)


def _open(brought: Import) -> QuerySet[ImportRow]:
    """After an undo there is nothing to add any more."""
    rows = ImportRow.objects.of(brought).filter(brought__undone_at=None)
    return rows.filter(facts__isnull=False)


def answer(rows: QuerySet[ImportRow], *, is_same: bool, by: User) -> int:
    """A yes to what was asked, or left to choose: each is the run it may be, or one of its own.

    Gives how many were answered. Sent again it finds them answered.
    """
    keys = list(rows.values_list("pk", flat=True))
    return sum(
        _answer(rows.filter(pk__in=keys[first : first + AT_ONCE]), is_same, by)
        for first in range(0, len(keys), AT_ONCE)
    )


@transaction.atomic
def _answer(rows: QuerySet[ImportRow], is_same: bool, by: User) -> int:
    lock(by)
    answered = 0
    for row in rows.select_related("match"):
        run, known = run_of(row.facts or {}, by), row.match
        if is_same and known is not None and known.deleted_at is None:
            known = _of_the_same_file(run, by) or known
            _fill(known, run, is_stored=True)
            _settle(row, Became.KNOWN, match=known)
        elif not is_same:
            _add(row, run, by)
        else:
            continue
        answered += 1
    if answered:
        standing.renew_after_change(by)
    return answered


def _of_the_same_file(run: Run, by: User) -> Run | None:
    """It may have come in since: of one file there is never more than one run."""
    same = Run.objects.of(by).filter(fingerprint=run.fingerprint)
    return same.first() if run.fingerprint else None


def _add(row: ImportRow, run: Run, by: User) -> None:
    """Whatever it may be, it is another: only a run that it is for certain stands against it."""
    others = {match.run.uid for match in queries.matches(by, run)}
    try:
        _settle(row, Became.NEW, run=store_run(run, by=by, other_than=others))
    except RunKnown as known:
        _settle(row, Became.KNOWN, match=known.run)


def _settle(row: ImportRow, became: Became, **runs: Run) -> None:
    row.became, row.facts = became, None
    row.reason = "known-as" if became == Became.KNOWN else ""
    row.fields = {}
    for name, run in runs.items():
        setattr(row, name, run)
        if row.reason:
            row.fields = {"day": str(run.day)}
    row.save(update_fields=["became", "facts", "reason", "fields", *runs])


# The files


def forget_files(brought: Import) -> None:
    """Once they are read. Those that their runner wants to keep stay."""
    if not brought.keeps_files:
        forget_all_files(brought)


def forget_all_files(brought: Import) -> None:
    """Off the disk, too, as soon as it is certain that nobody asks for them."""
    _forget(ImportFile.objects.of(brought), ImportPart.objects.of(brought))


def kept_files(brought: Import) -> QuerySet[ImportFile]:
    """None while they are read."""
    files = ImportFile.objects.of(brought).filter(brought__keeps_files=True)
    return files.exclude(brought__in=Import.objects.one(brought).unfinished())


def delete_files(brought: Import) -> int:
    """Those that were kept. Gives how many; sent again there are none."""
    count = kept_files(brought).count()
    if count:
        forget_all_files(brought)
    return count


def forget_files_of(person: User) -> None:
    """Inside a transaction; their rows go with the account."""
    _forget(ImportFile.objects.filter(runner=person), ImportPart.objects.filter(runner=person))


@transaction.atomic
def _forget(files: QuerySet[ImportFile], parts: QuerySet[ImportPart]) -> None:
    names = [name for name in (*_stored(files), *_stored(parts)) if name]
    files.delete()
    parts.delete()
    delete_once_certain(import_storage(), names)


def forget_lost_files(before: dt.datetime) -> int:
    """Gives how many."""
    known = {*_stored(ImportFile.objects.all()), *_stored(ImportPart.objects.all())}
    return delete_lost(import_storage(), known, before)


def _stored(rows: QuerySet[ImportFile] | QuerySet[ImportPart]) -> QuerySet[Any, str]:
    return rows.values_list("stored", flat=True)


# The way back


def stop(brought: Import) -> bool:
    """What is in stays. The worker notices with the next few things. False where it had ended."""
    ended = {"state": ImportState.STOPPED, "ended_at": timezone.now()}
    if Import.objects.one(brought).sending().update(**ended):
        forget_all_files(brought)  # they are not whole
        return True
    is_mine = bool(Import.objects.one(brought).unfinished().update(**ended))
    if is_mine:
        forget_files(brought)
    return is_mine


def stop_all_of(person: User) -> None:
    for brought in Import.objects.of(person).unfinished():
        stop(brought)


@transaction.atomic
def undo(brought: Import, *, by: User) -> int:
    """Take its runs and spots out again, but for those changed since. Gives how many went.

    Sent again it changes nothing.
    """
    lock(by)
    spots = untouched_spots(brought)
    take_out(spots, by)
    gone = untouched(brought).update(deleted_at=timezone.now(), updated_at=timezone.now())
    gone += len(spots)
    Import.objects.one(brought).filter(undone_at=None).update(undone_at=timezone.now())
    if gone:
        standing.renew_after_change(by)
    return gone


def untouched(brought: Import) -> RunQuerySet:
    """Its runs as they came. A run is written with both its times in one moment."""
    return runs_of(brought).filter(updated_at__lt=F("created_at") + A_MOMENT)


def untouched_count(brought: Import) -> int:
    """How many runs and spots an undo would take out."""
    return untouched(brought).count() + len(untouched_spots(brought))


def changed_since(brought: Import) -> RunQuerySet:
    return runs_of(brought).filter(updated_at__gte=F("created_at") + A_MOMENT).newest_first()


def runs_of(brought: Import) -> RunQuerySet:
    """Those that came new by it."""
    rows = ImportRow.objects.of(brought).filter(became=Became.NEW)
    return Run.objects.of(brought.runner).filter(pk__in=rows.values("run"))
