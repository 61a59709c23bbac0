"""The imports that wait, and who reads them: any number of workers, each of them a share at a time.

A share is claimed before it is read. A worker that was killed gives no sign any more, so that
another takes the share up where it was: what is stored says how far that is.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from runners.imports import came
from runners.imports.actions import Beside, bring_in, forget_files, keep_list
from runners.imports.facts import facts_of, facts_of_spot
from runners.imports.matching import Matching
from runners.imports.parcels import Budget
from runners.imports.parts import given
from runners.imports.reading import Item, Keep, Share, items, matched_items
from runners.imports.tables import LARGEST, read_table
from runners.journal import opaque_id
from runners.models import Became, Import, ImportRow, ImportShare, ImportState
from runners.models.imports import import_storage
from runners.models.rows import ConsentGone, PersonGone
from runners.web.database_trouble import is_passing
from runners.web.logs import about, new_id
from runners.writes import look_for_consent

BEAT_EVERY_S = 5.0
MOST_ROWS = 10_000_000  # of a share, whose rows have positions of their own

Claimed = TypeVar("Claimed", Import, ImportShare)

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """By its runner, or with the account."""


class Interrupted(Exception):
    """The worker has to end."""


def read_next(goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Read a share of the import that has waited longest. False where nothing waits.

    1 query for nothing.
    """
    share = claim()
    if share is None:
        return False
    brought = share.brought
    with about(new_id(), opaque_id(brought.runner)):
        try:
            read(share, goes_on)
            if is_last(share):
                end(brought, ImportState.DONE)
                came.note(brought)
                logger.info("Read import %s", brought.pk)
        except Interrupted:
            give_back(share)
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


# Who reads what


def claim() -> ImportShare | None:
    """The next share, which nobody else takes now: of an import that was begun, or of a new one."""
    if not Import.objects.under_way().exists():
        return None
    return _claim_share() or _claim_import()


@transaction.atomic
def _claim_share() -> ImportShare | None:
    now = timezone.now()
    shares = ImportShare.objects.to_read(now).order_by("brought__created_at", "number")
    share = _unclaimed(shares).select_related("brought__runner").first()
    if share is None:
        return None
    ImportShare.objects.filter(pk=share.pk).update(state=ImportState.READING, beat_at=now)
    Import.objects.filter(pk=share.brought_id).update(state=ImportState.READING)
    return share


@transaction.atomic
def _claim_import() -> ImportShare | None:
    now = timezone.now()
    new = Import.objects.filter(state=ImportState.WAITING, shares=None).order_by("created_at")
    brought = _unclaimed(new).select_related("runner").first()
    if brought is None:
        return None
    Import.objects.filter(pk=brought.pk).update(state=ImportState.READING, started_at=now)
    first = ImportShare(brought=brought, number=0, state=ImportState.READING, beat_at=now)
    rest = [ImportShare(brought=brought, number=n) for n in range(1, how_many_shares(brought))]
    ImportShare.objects.bulk_create([first, *rest])
    return first


def _unclaimed(rows: QuerySet[Claimed]) -> QuerySet[Claimed]:
    """Without those that another worker is just claiming. SQLite lets one write at a time."""
    if not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(skip_locked=True, of=("self",))


def how_many_shares(brought: Import) -> int:
    """Where several workers can write at a time."""
    if brought.matching is not None or not connection.features.has_select_for_update_skip_locked:
        return 1
    return min(settings.IMPORT_MOST_SHARES, 1 + brought.size // settings.IMPORT_SHARE_BYTES)


@transaction.atomic
def is_last(share: ImportShare) -> bool:
    """Whether nothing is left to be read now that this share is."""
    ImportShare.objects.filter(pk=share.pk).update(state=ImportState.DONE, beat_at=timezone.now())
    others = ImportShare.objects.filter(brought=share.brought_id).exclude(state=ImportState.DONE)
    return not others.exists()


@transaction.atomic
def give_back(share: ImportShare) -> None:
    shares = ImportShare.objects.filter(brought=share.brought_id)
    shares.filter(pk=share.pk, state=ImportState.READING).update(state=ImportState.WAITING)
    if not shares.filter(state=ImportState.READING).exists():
        Import.objects.filter(pk=share.brought_id, state=ImportState.READING).update(
            state=ImportState.WAITING
        )


# Reading


def read(share: ImportShare, goes_on: Callable[[], bool]) -> None:
    """From where it was left. Raises Stopped, Interrupted, ConsentGone, PersonGone."""
    brought, budget = share.brought, Budget()
    last_beat = time.monotonic()

    def beat() -> None:
        nonlocal last_beat
        if not goes_on():
            raise Interrupted
        if time.monotonic() - last_beat >= BEAT_EVERY_S:
            last_beat = time.monotonic()
            note_progress(share, budget)

    begins_at = share.number * MOST_ROWS
    mine = (begins_at, begins_at + MOST_ROWS - 1)
    rows = ImportRow.objects.filter(brought=brought, position__range=mine)
    beside = Beside(set)
    for file, uid in rows.filter(became=Became.NEW, run__isnull=False).values_list(
        "file", "run__uid"
    ):
        beside[file].add(uid)
    done = rows.count()
    positions = count(begins_at + done)

    def note(decided: list[Item]) -> None:
        look_for_consent(brought.runner)
        ImportRow.objects.bulk_create(row_of(item, brought, next(positions)) for item in decided)
        note_progress(share, budget)

    is_again, storage = True, import_storage()

    def keep(data: bytes) -> str:
        """Not once more what is done."""
        return "" if is_again else storage.save(str(uuid.uuid4()), ContentFile(data))

    budget.beat = beat
    found = things(share, budget, keep)
    for _ in zip(range(done), found, strict=False):
        pass
    is_again = False
    for _ in bring_in(found, by=brought.runner, beside=beside, note=note):
        beat()


def things(share: ImportShare, budget: Budget, keep: Keep) -> Iterator[Item]:
    """All that it holds; a list that its runner explained is read so."""
    brought = share.brought
    if brought.matching is None:
        mine = Share(share.number, brought.shares.count())
        yield from items(given(brought), brought.runner, budget, keep, mine)
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


def note_progress(share: ImportShare, budget: Budget) -> None:
    """Raises Stopped where it is no longer to be read."""
    brought = share.brought
    ImportShare.objects.filter(pk=share.pk).update(beat_at=timezone.now(), read=budget.read)
    read = brought.shares.aggregate(all=Sum("read"))["all"] or 0
    still = Import.objects.filter(pk=brought.pk, state=ImportState.READING)
    if not still.update(read=min(read, brought.size), now=budget.now[:400]):
        raise Stopped


def end(brought: Import, state: ImportState) -> None:
    Import.objects.filter(pk=brought.pk, state=ImportState.READING).update(
        state=state, read=brought.size, now="", ended_at=timezone.now()
    )
    forget_files(brought)
