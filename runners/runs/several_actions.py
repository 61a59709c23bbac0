"""Writes the runs of one file."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from runners import standing
from runners.models import Run, User
from runners.runs.actions import RunKnown, store_run
from runners.writes import lock


@dataclass(frozen=True, slots=True)
class Added:
    """`saved` are there now, `known` were in the diary by another way."""

    saved: list[Run]
    known: list[Run]


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
