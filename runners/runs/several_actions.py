"""Writes the runs of one file."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from runners.actions import RunKnown, add_run, lock
from runners.models import Run, User


@dataclass(frozen=True, slots=True)
class Added:
    """`saved` are there now, `known` were in the diary by another way."""

    saved: list[Run]
    known: list[Run]


@transaction.atomic
def add_runs(runs: Iterable[Run], *, by: User) -> Added:
    """Store those that are not there yet, all or none. Sent again, nothing more is stored."""
    lock(by)
    added = Added([], [])
    for run in runs:
        try:
            added.saved.append(add_run(run, by=by))
        except RunKnown as known:
            added.known.append(known.run)
    return added
