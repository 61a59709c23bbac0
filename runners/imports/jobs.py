"""The imports that wait, and who reads them: any number of workers, each import by one of them.

An import is claimed before it is read. A worker that was killed gives no sign any more, so that
another takes the import up where it was: what is stored says how far that is.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import count

from django.core.files.base import ContentFile
from django.db import DatabaseError
from django.utils import timezone

from runners.imports import came
from runners.imports.actions import Beside, bring_in, forget_files, keep_list
from runners.imports.facts import facts_of, facts_of_spot
from runners.imports.matching import Matching
from runners.imports.parcels import Budget
from runners.imports.parts import given
from runners.imports.reading import Item, Keep, items, matched_items
from runners.imports.tables import LARGEST, read_table
from runners.models import Became, Consent, Import, ImportRow, ImportState
from runners.models.imports import import_storage
from runners.models.rows import PersonGone
from runners.web.database_trouble import is_passing

BEAT_EVERY_S = 5.0

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """By its runner, or with the account."""


class ConsentGone(Exception):
    """The runner has taken it back: nothing more is stored."""


class Interrupted(Exception):
    """The worker has to end."""


def read_next(goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Read the import that has waited longest. False where none waits. 1 query for nothing."""
    brought = claim()
    if brought is None:
        return False
    try:
        read(brought, goes_on)
        end(brought, ImportState.DONE)
        came.note(brought)
    except Interrupted:
        Import.objects.filter(pk=brought.pk, state=ImportState.READING).update(
            state=ImportState.WAITING
        )
    except (Stopped, PersonGone):
        forget_files(brought)
    except ConsentGone:
        end(brought, ImportState.STOPPED)
    except Exception as problem:
        if isinstance(problem, DatabaseError) and is_passing(problem):
            raise  # without a sign of life it is taken up again
        logger.exception("Import %s broke off", brought.pk)
        end(brought, ImportState.BROKEN)
    return True


def claim() -> Import | None:
    """The next one, which nobody else takes now."""
    now = timezone.now()
    for key in Import.objects.to_read(now).order_by("created_at").values_list("pk", flat=True)[:20]:
        if (
            Import.objects.to_read(now)
            .filter(pk=key)
            .update(state=ImportState.READING, beat_at=now)
        ):
            Import.objects.filter(pk=key, started_at=None).update(started_at=now)
            return Import.objects.select_related("runner").filter(pk=key).first()
    return None


def read(brought: Import, goes_on: Callable[[], bool]) -> None:
    """From where it was left. Raises Stopped, Interrupted, ConsentGone, PersonGone."""
    budget = Budget()
    last_beat = time.monotonic()

    def beat() -> None:
        nonlocal last_beat
        if not goes_on():
            raise Interrupted
        if time.monotonic() - last_beat >= BEAT_EVERY_S:
            last_beat = time.monotonic()
            note_progress(brought, budget)

    rows = ImportRow.objects.filter(brought=brought)
    beside = Beside(set)
    for file, uid in rows.filter(became=Became.NEW, run__isnull=False).values_list(
        "file", "run__uid"
    ):
        beside[file].add(uid)
    done = rows.count()
    positions = count(done)

    def note(decided: list[Item]) -> None:
        if not Consent.objects.of(brought.runner).in_force().exists():
            raise ConsentGone
        ImportRow.objects.bulk_create(row_of(item, brought, next(positions)) for item in decided)
        note_progress(brought, budget)

    is_again, storage = True, import_storage()

    def keep(data: bytes) -> str:
        """Not once more what is done."""
        return "" if is_again else storage.save(str(uuid.uuid4()), ContentFile(data))

    budget.beat = beat
    found = things(brought, budget, keep)
    for _ in zip(range(done), found, strict=False):
        pass
    is_again = False
    for _ in bring_in(found, by=brought.runner, beside=beside, note=note):
        beat()


def things(brought: Import, budget: Budget, keep: Keep) -> Iterator[Item]:
    """All that it holds; a list that its runner explained is read so."""
    if brought.matching is None:
        yield from items(given(brought), brought.runner, budget, keep)
        return
    for file in brought.files.all():
        budget.now = file.name
        with import_storage().open(file.stored) as stored:
            table = read_table(stored.read(LARGEST))
        matching = Matching.of_json(brought.matching)
        yield from matched_items(file.name, table, matching, brought.runner)


def row_of(item: Item, brought: Import, position: int) -> ImportRow:
    fields = {name: str(value) for name, value in item.fields.items()}
    if kept := keep_list(item, brought.runner):
        fields["list"] = str(kept)
    facts = facts_of(item.run) if item.run and item.waits else None
    if item.spot is not None and item.status == Became.NEW:
        facts = facts_of_spot(item.spot)
    return ImportRow(
        brought=brought,
        position=position,
        file=item.file[:400],
        became=item.status,
        reason=item.reason,
        fields=fields,
        facts=facts,
        run=item.run if item.status == Became.NEW else None,
        match=item.match,
    )


def note_progress(brought: Import, budget: Budget) -> None:
    """Raises Stopped where it is no longer to be read."""
    still = Import.objects.filter(pk=brought.pk, state=ImportState.READING)
    progress = {"read": min(budget.read, brought.size), "now": budget.now[:400]}
    if not still.update(beat_at=timezone.now(), **progress):
        raise Stopped


def end(brought: Import, state: ImportState) -> None:
    Import.objects.filter(pk=brought.pk, state=ImportState.READING).update(
        state=state, read=brought.size, now="", ended_at=timezone.now()
    )
    forget_files(brought)
