"""Writes. Each one names the doer, holds in one transaction and renews the standing after it."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils import timezone

from runners import standing
from runners.accounts import outbox
from runners.check_ins.day_state import (
    NOTE,
    SPOT,
    Spot,
    clear_clash,
    day_state,
    field_of,
    settle_day,
    spot_of,
    spots_in,
    state_of,
)
from runners.models import CheckIn, CoachLink, Consent, Run, SorenessEntry, User
from runners.runs import queries, run_state
from runners.runs.same_run import Decision
from runners.web.merging import Base, Clash, Clashed, State, changed, settle

UNDO_KEPT = dt.timedelta(days=1)  # how long a deleted row can be brought back


# How often an account is deleted anew where a row came to it in the middle. Each try waits for
# the writes that are under way, so the second one finds them all.
DELETE_TRIES = 5


class PersonGone(Exception):
    """One of the people has deleted the account meanwhile: nothing is stored about them."""


class DayTaken(Exception):
    """The day has a newer check-in with spots or a note: undo would overwrite it."""


class RunKnown(Exception):
    """The run is already there."""

    def __init__(self, run: Run) -> None:
        super().__init__(str(run))
        self.run = run


class PerhapsKnown(Exception):
    """These may be the run, likeliest first, so the runner has to say. Empty if all are gone."""

    def __init__(self, runs: list[Run]) -> None:
        super().__init__(", ".join(map(str, runs)))
        self.runs = runs


def lock(*people: User) -> None:
    """Let one write about these people wait for the other, on every database.

    Inside a transaction, and in one order for everybody. Without the lock on keys, because a row
    that points to a coach may just be written under an athlete's lock, and would wait here while
    this waits for the athlete. Raises PersonGone.
    """
    keys = {person.pk for person in people}
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    if len(rows.values_list("pk")) < len(keys):
        raise PersonGone


# Check-ins


@transaction.atomic
def save_check_in(
    day: dt.date, spots: Iterable[Spot], *, note: str, by: User, base: Base | None = None
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
    _forget_spots(entries, other)
    SorenessEntry.objects.bulk_create(
        SorenessEntry(check_in=check_in, **asdict(spot))
        for spot in spots_in({field: merged[field] for field in other if field in merged})
    )
    standing.renew_after_change(by)
    return check_in


def _stored_day(
    runner: User, day: dt.date
) -> tuple[CheckIn | None, list[SorenessEntry], dict[str, Any]]:
    """The check-in, its spots and the state of both. 2 queries, 1 without a check-in."""
    check_in = CheckIn.objects.of(runner).filter(day=day).first()
    entries = list(check_in.entries.order_by("pk")) if check_in else []
    return check_in, entries, state_of(check_in, entries)


def _forget_spots(entries: Iterable[SorenessEntry], fields: Collection[str]) -> None:
    keys = [entry.pk for entry in entries if field_of(spot_of(entry)) in fields]
    SorenessEntry.objects.filter(pk__in=keys).delete()


@transaction.atomic
def save_all_clear(
    day: dt.date, *, by: User, note: str | None = None, base: Base | None = None
) -> CheckIn | None:
    """Make the day's check-in an all clear; give back the one it replaced, for the undo.

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
        return None
    if replaced is not None:
        _forget_old(by)
        _mark_deleted(replaced)
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
    _forget_old(by)
    _mark_deleted(check_in)
    standing.renew_after_change(by)


@transaction.atomic
def restore_check_in(check_in: CheckIn, *, by: User) -> None:
    """Undo. An all clear that took the day's place gives way, newer words and spots do not.

    Raises DayTaken.
    """
    lock(by)
    newer = CheckIn.objects.of(by).exclude(pk=check_in.pk).filter(day=check_in.day).first()
    if newer is not None:
        if newer.entries.exists() or newer.note not in ("", check_in.note):
            raise DayTaken
        _mark_deleted(newer)
    check_in.deleted_at = None
    check_in.save(update_fields=["deleted_at", "updated_at"])
    standing.renew_after_change(by)


# Runs


@transaction.atomic
def add_run(run: Run, *, by: User, other_than: Collection[uuid.UUID] = ()) -> Run:
    """Store a new run. The same form sent again gives back the first row.

    `other_than` are runs of which the runner has said that this is not one of them. Raises
    RunKnown for a run that is there already, and PerhapsKnown for one that may be.
    """
    lock(by)
    stored = store_run(run, by=by, other_than=other_than)
    if stored is run:
        standing.renew_after_change(by)
    return stored


def store_run(
    run: Run,
    *,
    by: User,
    other_than: Collection[uuid.UUID] = (),
    beside: Collection[uuid.UUID] = (),
) -> Run:
    """As above, for whoever holds the lock and renews the standing after the last run.

    `beside` are runs of the same file, which tells them apart.
    """
    sent_before = Run.objects.filter(runner=by, uid=run.uid).first()
    if sent_before is not None:
        return sent_before
    found = queries.matches(by, queries.facts_of(run, runner=by))
    matches = [match for match in found if match.run.uid not in beside]
    if matches and matches[0].decision.is_sure:
        raise RunKnown(matches[0].run)
    perhaps = [match.run for match in matches if match.run.uid not in other_than]
    if perhaps:
        raise PerhapsKnown(perhaps)
    run.runner = by
    run.save(force_insert=True)
    return run


@transaction.atomic
def change_run(run: Run, mine: State, *, by: User, base: Base | None = None) -> Run:
    """Change what the form changed. `base` is what it was built from (None: what is stored).

    Raises Clashed, also for a change of a run that was deleted meanwhile: whoever chooses their
    own then brings it back (or RunKnown, where the same file was brought in again).
    """
    lock(by)
    run = Run.objects.get(runner=by, pk=run.pk)
    stored = run_state.state_of(run)
    base = base or Base(stored)
    merged = settle(base, mine, stored)
    columns = run_state.write_state(run, merged)
    if columns and run.deleted_at is not None:
        gone = Clash(run_state.DELETED, mine=False, stored=True)
        choice = base.choice(gone)
        if choice is None:
            raise Clashed([gone], merged=merged, stored=stored)
        if choice == "stored":
            return run
        _refuse_known(run, by)
        run.deleted_at = None
        columns.append("deleted_at")
    if columns:
        run.save(update_fields=[*columns, "updated_at"])
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
    """Undo. Raises RunKnown where the same run came in again meanwhile.

    Two that stood side by side before do so again, even if the rule takes them for one: what was
    there comes back. Only of one file there is never more than one run.
    """
    lock(by)
    _refuse_known(run, by)
    run.deleted_at = None
    run.save(update_fields=["deleted_at", "updated_at"])
    standing.renew_after_change(by)


def _refuse_known(run: Run, runner: User) -> None:
    for match in queries.matches(runner, queries.facts_of(run, runner=runner)):
        came_since = run.deleted_at is not None and match.run.created_at > run.deleted_at
        if match.decision is Decision.KNOWN or (match.decision.is_sure and came_since):
            raise RunKnown(match.run)


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
    """From now on nothing more is stored; what is there stays until the runner deletes it.

    The clock may have run ahead when it was given, and nothing is taken back before it is given.
    """
    lock(by)
    withdrawn_at = Greatest("agreed_at", timezone.now())
    Consent.objects.of(by).in_force().update(withdrawn_at=withdrawn_at)


@transaction.atomic
def save_settings(mine: State, *, by: User, base: Base | None = None) -> User:
    """Change what the form changed, by column. `base` is what it was built from. Raises Clashed.

    Time zone and week start decide which day is today, so the standing may change.
    """
    person = _locked(by)
    stored = {column: getattr(person, column) for column in mine}
    merged = settle(base or Base(stored), mine, stored)
    columns = changed(stored, merged)
    if columns:
        for column in columns:
            setattr(person, column, merged[column])
        person.save(update_fields=columns)
        standing.renew_after_change(person)
    return person


@transaction.atomic
def answer_welcome(answers: State, *, by: User) -> None:
    """The first questions, once: what was answered on another page stays."""
    person = _locked(by)
    if person.welcomed_at is not None:
        return
    for column, value in answers.items():
        setattr(person, column, value)
    person.welcomed_at = timezone.now()
    person.save(update_fields=[*answers, "welcomed_at"])


def _locked(person: User) -> User:
    """The row as it is now. Raises PersonGone."""
    row = User.objects.select_for_update(no_key=True).filter(pk=person.pk).first()
    if row is None:
        raise PersonGone
    return row


def delete_account(*, by: User) -> None:
    """Every row that reaches the person goes: all of them hang on it by foreign keys, but mails.

    A row that was being written meanwhile may point to the person only after they were counted:
    then all of it is tried once more. Deleted twice, it is gone once.
    """
    for tries_left in reversed(range(DELETE_TRIES)):
        try:
            _delete_rows_of(by.pk)
        except IntegrityError:
            if not tries_left:
                raise
        else:
            return


@transaction.atomic
def _delete_rows_of(key: int) -> None:
    """With the lock on keys, so that no row begins to point here meanwhile; nor one to a link that
    goes with the account, as a line of the roster does.
    """
    person = User.objects.select_for_update().filter(pk=key).first()
    if person is not None:
        links = CoachLink.objects.filter(Q(coach=person) | Q(athlete=person))
        list(links.select_for_update().order_by("pk"))
        outbox.forget_mails_of(person)
        person.delete()
