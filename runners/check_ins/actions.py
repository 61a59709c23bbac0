"""Writes of check-ins: one day has one, with its spots; a deleted one can be brought back."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from runners import standing
from runners.check_ins.day_state import (
    NOTE,
    SPOT,
    clear_clash,
    day_state,
    field_of,
    settle_day,
    spots_in,
    state_of,
)
from runners.models import CheckIn, SorenessEntry, User
from runners.prepared import prepared, together
from runners.web.merging import Base, Clashed, State, changed
from runners.writes import forget_deleted, lock, mark_deleted


class DayTaken(Exception):
    """The day has a newer check-in with spots or a note: undo would overwrite it."""


@transaction.atomic
def save_check_in(
    day: dt.date, spots: Iterable[SorenessEntry], *, note: str, by: User, base: Base | None = None
) -> CheckIn:
    """Make the check-in of a day, or change it. Without spots it is an all clear.

    `base` is what the form was built from; without one it is what is stored now. Raises Clashed.
    """
    lock(by)
    check_in, entries, stored = _stored_day(by, day)
    merged = settle_day(base or Base(stored), day_state(spots, note), stored)
    if check_in is None:
        check_in = CheckIn.objects.create(runner=by, day=day, note=merged.get(NOTE) or "")
    elif check_in.partial or changed(stored, merged):
        check_in.note, check_in.partial = merged.get(NOTE) or "", False
        check_in.save(update_fields=["note", "partial", "updated_at"])
    else:
        return check_in
    other = [field for field in changed(stored, merged) if field.startswith(SPOT)]
    _forget_spots(entries, other, by)
    new = spots_in({field: merged[field] for field in other if field in merged})
    for spot in new:
        spot.check_in = check_in
    SorenessEntry.objects.bulk_create(new)
    standing.renew_after_change(by)
    return check_in


@transaction.atomic
def mark_spots(day: dt.date, spots: Iterable[SorenessEntry], *, by: User) -> list[SorenessEntry]:
    """Add spots to a day, out of a note: without a check-in it gets a partial one.

    A place that is marked on that day already stays as it is, so sent again it changes nothing.
    """
    lock(by)
    check_in = CheckIn.objects.of(by).filter(day=day).first()
    if check_in is None:
        check_in = CheckIn.objects.create(runner=by, day=day, partial=True)
    marked = {(entry.area, entry.side) for entry in check_in.entries.filter(runner=by)}
    new = [spot for spot in spots if (spot.area, spot.side) not in marked]
    for spot in new:
        spot.check_in = check_in
    SorenessEntry.objects.bulk_create(new)
    standing.renew_after_change(by)
    return new


def _stored_day(
    runner: User, day: dt.date
) -> tuple[CheckIn | None, list[SorenessEntry], dict[str, Any]]:
    """The check-in, its spots and the state of both. 1 query."""
    found, entries = together(_check_in_of.of(runner, day), _entries_of.of(runner, day))
    check_in = next(iter(found), None)
    return check_in, entries, state_of(check_in, entries)


@prepared
def _check_in_of(runner: User, day: dt.date) -> QuerySet[CheckIn]:
    return CheckIn.objects.of(runner).filter(day=day)


@prepared
def _entries_of(runner: User, day: dt.date) -> QuerySet[SorenessEntry]:
    return SorenessEntry.objects.of(runner).filter(day=day).order_by("pk")


def _forget_spots(entries: Iterable[SorenessEntry], fields: Collection[str], runner: User) -> None:
    keys = [entry.pk for entry in entries if field_of(entry) in fields]
    SorenessEntry.objects.filter(runner=runner, pk__in=keys).delete()


@transaction.atomic
def save_all_clear(
    day: dt.date, *, by: User, note: str | None = None, base: Base | None = None
) -> CheckIn | None:
    """Make the day's check-in an all clear; return the one it replaced, for the undo.

    A day that is all clear already stays as it is, but for the note. None: no note was sent, so
    it stays what it is. `base` as above. Raises Clashed for spots that came since.
    """
    lock(by)
    before, _, stored = _stored_day(by, day)
    base = base or Base(stored)
    mine = day_state([], (base.state.get(NOTE) or "") if note is None else note)
    settled = settle_day(base, mine, stored)
    clash = clear_clash(mine, stored)
    if spots_in(settled) and base.choice(clash) != "mine":
        raise Clashed([clash], merged=mine, stored=stored)
    new_note = settled.get(NOTE) or ""
    replaced = before if before and (before.partial or spots_in(stored)) else None
    if before is not None and replaced is None:
        if new_note != before.note:
            before.note = new_note
            before.save(update_fields=["note", "updated_at"])
            standing.renew_after_change(by)
        return None
    if replaced is not None:
        forget_deleted(by)
        mark_deleted(replaced)
    CheckIn.objects.create(runner=by, day=day, note=new_note)
    standing.renew_after_change(by)
    return replaced


@transaction.atomic
def delete_check_in(check_in: CheckIn, *, by: User, seen: State | None = None) -> None:
    """Raises Clashed where it is no longer what was `seen` (None: whatever it is)."""
    lock(by)
    _, _, stored = _stored_day(by, check_in.day)
    if seen is not None and changed(seen, stored):
        raise Clashed([], merged=stored, stored=stored)
    forget_deleted(by)
    mark_deleted(check_in)
    standing.renew_after_change(by)


@transaction.atomic
def restore_check_in(check_in: CheckIn, *, by: User) -> None:
    """Undo. An all clear that took the day's place gives way, newer words and spots do not.

    Raises DayTaken.
    """
    lock(by)
    newer = CheckIn.objects.of(by).exclude(pk=check_in.pk).filter(day=check_in.day).first()
    if newer is not None:
        if newer.entries.filter(runner=by).exists() or newer.note not in ("", check_in.note):
            raise DayTaken
        mark_deleted(newer)
    check_in.deleted_at = None
    check_in.save(update_fields=["deleted_at", "updated_at"])
    standing.renew_after_change(by)
