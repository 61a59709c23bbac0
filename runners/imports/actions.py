"""Brings what was read into the diary: each run once, a few hundred in each short transaction."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from django.db import transaction

from runners import standing
from runners.imports.reading import Item
from runners.models import Run, User
from runners.runs.filling import NoteTooLong, filled
from runners.runs.queries import KnownRuns
from runners.writes import lock

AT_ONCE = 200  # runs in one transaction: a check-in beside it waits for less than a second

Beside = defaultdict[str, set[uuid.UUID]]  # runs of one file, by its name: two of them are two


def bring_in(items: Iterable[Item], *, by: User) -> Iterator[Item]:
    """The items with what became of them. What was brought in before is `known`, and filled up.

    May be called again after it was stopped anywhere: nothing comes twice.
    """
    pending, beside = iter(items), Beside(set)
    while batch := list(islice(pending, AT_ONCE)):
        yield from _store(batch, beside, by)


def look_through(items: Iterable[Item], *, runner: User) -> Iterator[Item]:
    """The same without saving anything. 1 query."""
    known, beside = KnownRuns.all_of(runner), Beside(set)
    for item in items:
        decided = _decided(item, known, beside)
        if decided.run and decided.status == "new":
            known.add(decided.run)
        yield decided


@transaction.atomic
def _store(batch: list[Item], beside: Beside, by: User) -> list[Item]:
    lock(by)
    known = KnownRuns.all_of(by)
    decided: list[Item] = []
    new: list[Run] = []
    is_changed = False
    for item in batch:
        found = _decided(item, known, beside)
        decided.append(found)
        if found.run and found.status == "new":
            known.add(found.run)
            new.append(found.run)
        elif found.run and found.match and found.status == "known":
            is_changed |= _fill(found.match, found.run, is_stored=found.match not in new)
    Run.objects.bulk_create(new)
    if new or is_changed:
        standing.renew_after_change(by)
    return decided


def _decided(item: Item, known: KnownRuns, beside: Beside) -> Item:
    if item.run is None or item.status != "new":
        return item
    of_file = beside[item.file]
    matches = [match for match in known.matches(item.run) if match.run.uid not in of_file]
    of_file.add(item.run.uid)
    if not matches:
        return item
    decision, run = matches[0].decision, matches[0].run
    said = replace(item, fields={"day": run.day}, match=run)
    if decision.is_sure:
        return replace(said, status="known", reason="known-as")
    return replace(said, status="asked", reason="perhaps-known")


def _fill(run: Run, new: Run, *, is_stored: bool) -> bool:
    """What was written stands; says whether anything was lacking."""
    try:
        fields = filled(run, new)
    except NoteTooLong:
        new.note = ""
        fields = filled(run, new)
    for name, value in fields.items():
        setattr(run, name, value)
    if fields and is_stored:
        run.save(update_fields=[*fields, "updated_at"])
    return bool(fields)
