"""Writes to runs that need another run: see `runners.actions` for the others."""

import uuid

from django.db import transaction

from runners import standing
from runners.models import Run, User
from runners.runs import queries
from runners.runs.filling import filled
from runners.writes import PerhapsKnown, RunKnown, lock


@transaction.atomic
def merge_run(new: Run, *, into: uuid.UUID, by: User) -> Run:
    """Fill what the run `into` lacks with what `new` knows; no row is added.

    Sent again it changes nothing. If `new` was stored meanwhile, that row is given back. Raises
    PerhapsKnown where the rule does not take the two for one run, as the diary is now; RunKnown
    where another is this run for certain; NoteTooLong.
    """
    lock(by)
    stored = Run.objects.filter(runner=by, uid=new.uid).first()
    if stored is not None:
        return stored
    matches = queries.matches(by, queries.facts_of(new, runner=by))
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
