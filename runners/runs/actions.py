"""Writes of runs. Of one run there is one row, however it comes."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from runners import standing
from runners.models import Run, User
from runners.runs import queries, run_state
from runners.runs.filling import filled
from runners.runs.same_run import Decision
from runners.web.merging import Base, Clash, Clashed, State, settle
from runners.writes import forget_deleted, lock, mark_deleted


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


@dataclass(frozen=True, slots=True)
class Added:
    """`saved` are there now, `known` were in the diary by another way."""

    saved: list[Run]
    known: list[Run]


@transaction.atomic
def add_run(run: Run, *, by: User, other_than: Collection[uuid.UUID] = ()) -> Run:
    """Store a new run. The same form sent again returns the first row.

    `other_than` are runs of which the runner has said that this is not one of them. Raises
    RunKnown for a run that is there already, and PerhapsKnown for one that may be.
    """
    lock(by)
    stored = store_run(run, by=by, other_than=other_than)
    if stored is run:
        standing.renew_after_change(by)
    return stored


@transaction.atomic
def add_runs(runs: Iterable[Run], *, by: User, other_than: Collection[uuid.UUID] = ()) -> Added:
    """Store those that are not there yet, all or none. Sent again, nothing more is stored.

    `other_than` are runs of which the runner has said that these are others. Raises PerhapsKnown
    where one may be a run that nobody asked about yet.
    """
    lock(by)
    runs = list(runs)
    beside = {run.uid for run in runs}
    added = Added([], [])
    for run in runs:
        try:
            added.saved.append(store_run(run, by=by, other_than=other_than, beside=beside))
        except RunKnown as known:
            added.known.append(known.run)
    if added.saved:
        standing.renew_after_change(by)
    return added


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
    sent_before, found = queries.sent_or_matches(by, run)
    if sent_before is not None:
        return sent_before
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
    forget_deleted(by)
    mark_deleted(run)
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
    for match in queries.matches(runner, run):
        came_since = run.deleted_at is not None and match.run.created_at > run.deleted_at
        if match.decision is Decision.KNOWN or (match.decision.is_sure and came_since):
            raise RunKnown(match.run)


@transaction.atomic
def merge_run(new: Run, *, into: uuid.UUID, by: User) -> Run:
    """Fill what the run `into` lacks with what `new` knows; no row is added.

    Sent again it changes nothing. If `new` was stored meanwhile, that row is returned. Raises
    PerhapsKnown where the rule does not take the two for one run, as the diary is now; RunKnown
    where another is this run for certain; NoteTooLong.
    """
    lock(by)
    stored, matches = queries.sent_or_matches(by, new)
    if stored is not None:
        return stored
    if matches and matches[0].decision.is_sure and matches[0].run.uid != into:
        raise RunKnown(matches[0].run)
    run = next((match.run for match in matches if match.run.uid == into), None)
    if run is None:
        raise PerhapsKnown([match.run for match in matches])
    fields = filled(run, new)
    if fields:
        for name, value in fields.items():
            setattr(run, name, value)
        run.save(update_fields=[*fields, "updated_at"], force_update=True)
        standing.renew_after_change(by)
    return run
