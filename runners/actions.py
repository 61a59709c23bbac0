"""Writes. Each one names the doer, holds in one transaction and renews the standing after it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from runners import standing
from runners.models import CheckIn, CoachLink, Consent, Run, SorenessEntry, User

UNDO_KEPT = dt.timedelta(days=1)  # how long a deleted row can be brought back


class DayTaken(Exception):
    """The day has a newer check-in with spots: undo would overwrite it."""


class RunKnown(Exception):
    """A run with this fingerprint or start is already there."""

    def __init__(self, run: Run) -> None:
        super().__init__(str(run))
        self.run = run


@dataclass(frozen=True, slots=True)
class Spot:
    """One marked place, as the check-in form gives it."""

    area: str
    side: str
    kind: str
    timing: str
    intensity: int
    note: str = ""


def lock(*people: User) -> None:
    """Let one write about these people wait for the other, on every database.

    Inside a transaction, and in one order for everybody. Without the lock on keys, because a row
    that points to a coach may just be written under an athlete's lock, and would wait here while
    this waits for the athlete.
    """
    keys = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


# Check-ins


@transaction.atomic
def save_check_in(day: dt.date, spots: Iterable[Spot], *, note: str, by: User) -> CheckIn:
    """Make or replace the check-in of a day. Without spots it is an all clear."""
    lock(by)
    check_in, _ = CheckIn.objects.of(by).update_or_create(
        day=day, defaults={"note": note, "partial": False}, create_defaults=_new(by, day, note)
    )
    check_in.entries.all().delete()
    SorenessEntry.objects.bulk_create(
        SorenessEntry(
            check_in=check_in,
            area=spot.area,
            side=spot.side,
            kind=spot.kind,
            timing=spot.timing,
            intensity=spot.intensity,
            note=spot.note,
        )
        for spot in spots
    )
    standing.renew_after_change(by)
    return check_in


def _new(runner: User, day: dt.date, note: str) -> dict[str, Any]:
    return {"runner": runner, "day": day, "note": note}


@transaction.atomic
def save_all_clear(day: dt.date, *, by: User, note: str | None = None) -> CheckIn | None:
    """Make the day's check-in an all clear; give back the one it replaced, for the undo.

    A day that is all clear already stays as it is, but for the note. None: no note was sent.
    """
    lock(by)
    before = CheckIn.objects.of(by).filter(day=day).first()
    replaced = before if before and (before.partial or before.entries.exists()) else None
    if before is not None and replaced is None:
        if note is not None and note != before.note:
            before.note = note
            before.save(update_fields=["note", "updated_at"])
        return None
    if replaced is not None:
        _forget_old(by)
        _mark_deleted(replaced)
    CheckIn.objects.create(runner=by, day=day, note=note or "")
    standing.renew_after_change(by)
    return replaced


@transaction.atomic
def delete_check_in(check_in: CheckIn, *, by: User) -> None:
    lock(by)
    _forget_old(by)
    _mark_deleted(check_in)
    standing.renew_after_change(by)


@transaction.atomic
def restore_check_in(check_in: CheckIn, *, by: User) -> None:
    """Undo. An all clear that took the day's place gives way, newer spots do not (`DayTaken`)."""
    lock(by)
    newer = CheckIn.objects.of(by).exclude(pk=check_in.pk).filter(day=check_in.day).first()
    if newer is not None:
        if newer.entries.exists():
            raise DayTaken
        _mark_deleted(newer)
    check_in.deleted_at = None
    check_in.save(update_fields=["deleted_at", "updated_at"])
    standing.renew_after_change(by)


# Runs


@transaction.atomic
def add_run(run: Run, *, by: User) -> Run:
    """Store a new run. The same form sent again gives back the first row.

    Raises RunKnown for a file, or a run of the same start, that the runner already has.
    """
    lock(by)
    sent_before = Run.objects.filter(runner=by, uid=run.uid).first()
    if sent_before is not None:
        return sent_before
    known = known_run(by, fingerprint=run.fingerprint, started_at=run.started_at)
    if known is not None:
        raise RunKnown(known)
    run.runner = by
    run.save()
    standing.renew_after_change(by)
    return run


def known_run(
    runner: User, *, fingerprint: str = "", started_at: dt.datetime | None = None
) -> Run | None:
    """The run that the same file gave, or the same run from another file.

    Two files of one run start within a minute of each other (watch and phone, FIT and TCX).
    """
    runs = Run.objects.of(runner)
    if fingerprint and (run := runs.filter(fingerprint=fingerprint).first()):
        return run
    if started_at is None:
        return None
    minute = dt.timedelta(seconds=60)
    return runs.filter(started_at__range=(started_at - minute, started_at + minute)).first()


@transaction.atomic
def change_run(run: Run, *, by: User) -> Run:
    lock(by)
    run.save()
    standing.renew_after_change(by)
    return run


@transaction.atomic
def delete_run(run: Run, *, by: User) -> None:
    lock(by)
    _forget_old(by)
    _mark_deleted(run)
    standing.renew_after_change(by)


@transaction.atomic
def restore_run(run: Run, *, by: User) -> None:
    """Undo. Raises RunKnown where the same file was brought in again meanwhile."""
    lock(by)
    known = known_run(by, fingerprint=run.fingerprint)
    if known is not None:
        raise RunKnown(known)
    run.deleted_at = None
    run.save(update_fields=["deleted_at", "updated_at"])
    standing.renew_after_change(by)


# The row of something deleted stays for the undo, and goes for good with a later deletion.


def _mark_deleted(row: Run | CheckIn) -> None:
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at", "updated_at"])


def _forget_old(runner: User) -> None:
    before = timezone.now() - UNDO_KEPT
    Run.objects.deleted_of(runner).filter(deleted_at__lt=before).delete()
    CheckIn.objects.deleted_of(runner).filter(deleted_at__lt=before).delete()


# People


@transaction.atomic
def give_consent(*, by: User) -> Consent:
    lock(by)
    in_force = Consent.objects.of(by).in_force().first()
    return in_force or Consent.objects.create(runner=by)


@transaction.atomic
def withdraw_consent(*, by: User) -> None:
    """From now on nothing more is stored; what is there stays until the runner deletes it."""
    lock(by)
    Consent.objects.of(by).in_force().update(withdrawn_at=timezone.now())


@transaction.atomic
def save_settings(runner: User, *, by: User) -> None:
    """Time zone and week start decide which day is today, so the standing may change."""
    runner.save()
    standing.renew_after_change(by)


@transaction.atomic
def delete_account(*, by: User) -> None:
    """Every row that reaches the person goes: all of them hang on it by foreign keys.

    With the lock on keys, so that no row begins to point here meanwhile; nor one to a link that
    goes with the account, as a line of the roster does.
    """
    User.objects.select_for_update().filter(pk=by.pk).first()
    links = CoachLink.objects.filter(Q(coach=by) | Q(athlete=by))
    list(links.select_for_update().order_by("pk"))
    by.delete()
