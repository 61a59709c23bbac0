"""Imports that a browser sends in parts, and goes on with after a break.

All files of an import, one after the other, are one row of bytes, which is cut into parts of one
size: a thousand small files are a few parts, and an archive is many. Each part is an object of its
own in the storage. Whoever sends asks which part is lacking, so nothing has to be remembered there.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from runners.imports import room
from runners.imports.actions import Unfinished, forget_all_files
from runners.imports.parcels import LONGEST_NAME, readable
from runners.imports.room import Announced
from runners.models import Import, ImportFile, ImportPart, ImportState, User
from runners.models.imports import ImportQuerySet, import_storage
from runners.writes import lock

LONGEST_SIZE = 15  # digits
NAMED = 3  # files of an upload that was broken off


class OtherFiles(Exception):
    """Others than those of the upload that was broken off."""


class NotAnnounced(Exception):
    """A part that is none of the files that were announced, or not all of one."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """Bytes that are `there`, and the first part that is `lacking`; None where all is there."""

    there: int
    lacking: int | None


def announced(body: bytes) -> list[Announced]:
    """From lines of a size, a tab and a name. Raises ValueError."""
    return [_announced(line) for line in body.decode().split("\n") if line]


def _announced(line: str) -> Announced:
    size, _, name = line.partition("\t")
    if not (size.isascii() and size.isdecimal() and len(size) <= LONGEST_SIZE and name):
        raise ValueError(line)
    return Announced(readable(name[-LONGEST_NAME:]), int(size))  # its end says what it is


@transaction.atomic
def begin(
    files: Sequence[Announced], *, uid: uuid.UUID, by: User, keeps_files: bool = False
) -> Import:
    """The import of these files: a new one, or the one that was broken off with the same files.

    Sent again it gives the first. Raises NoRoom, Unfinished, OtherFiles.
    """
    lock(by)
    begun = _begun_before(files, uid, by)
    if begun is not None:
        Import.objects.sending().filter(pk=begun.pk).update(keeps_files=keeps_files)
        return begun
    room.check(files, of=by)
    size = sum(file.size for file in files)
    brought = Import.objects.create(
        runner=by,
        uid=uid,
        size=size,
        part_size=settings.IMPORT_PART_BYTES,
        keeps_files=keeps_files,
        state=ImportState.SENDING if size else ImportState.WAITING,
        beat_at=timezone.now(),
    )
    starts = accumulate((file.size for file in files), initial=0)
    ImportFile.objects.bulk_create(
        ImportFile(brought=brought, name=file.name, size=file.size, starts_at=start)
        for file, start in zip(files, starts, strict=False)
    )
    return brought


def _begun_before(files: Sequence[Announced], uid: uuid.UUID, by: User) -> Import | None:
    under_way = Import.objects.of(by).unfinished().first()
    is_sending = under_way is not None and under_way.state == ImportState.SENDING
    if under_way is not None and is_sending and _files_of(under_way) == list(files):
        return under_way
    all_there = Import.objects.of(by).filter(uid=uid).exclude(state=ImportState.SENDING).first()
    if all_there is None and under_way is not None:
        raise OtherFiles if is_sending else Unfinished(under_way)
    return all_there


def _files_of(brought: Import) -> list[Announced]:
    return [Announced(*file) for file in ImportFile.objects.of(brought).values_list("name", "size")]


def how_far(brought: Import) -> HowFar:
    """1 query while it is sent."""
    if brought.state != ImportState.SENDING:
        return HowFar(brought.size, None)
    there = dict(ImportPart.objects.of(brought).values_list("number", "size"))
    lacking = (number for number in range(brought.part_count) if number not in there)
    return HowFar(sum(there.values()), next(lacking, None))


def keep(brought: Import, number: int, data: bytes, *, by: User) -> None:
    """Store a part, once. Where the import is not sent any more nothing is stored.

    Raises NotAnnounced, NoRoom. The part is stored before the transaction: others need not wait.
    """
    if brought.state != ImportState.SENDING:
        return
    if not data or len(data) != brought.length_of(number):
        raise NotAnnounced
    if ImportPart.objects.of(brought).filter(number=number).exists():
        return
    room.check_disk(len(data))
    stored, is_mine = room.store(ContentFile(data)), False
    try:
        is_mine = _noted(brought, number, stored, len(data), by)
    finally:
        if not is_mine:
            import_storage().delete(stored)


@transaction.atomic
def _noted(brought: Import, number: int, stored: str, size: int, by: User) -> bool:
    """Not where the same part came in beside this one, or the import was stopped meanwhile."""
    lock(by)
    still = Import.objects.one(brought).sending()
    if not still.update(beat_at=timezone.now()):
        return False
    parts = ImportPart.objects.of(brought)
    if parts.filter(number=number).exists():
        return False
    ImportPart.objects.create(brought=brought, number=number, stored=stored, size=size)
    if parts.count() == brought.part_count:
        still.update(state=ImportState.WAITING)
    return True


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """An upload that is not whole: the names of the first few of its files, and how many more."""

    brought: Import
    there: int
    names: tuple[str, ...]
    more: int


def broken_off(runner: User) -> BrokenOff | None:
    """4 queries, 1 where there is none."""
    brought = Import.objects.of(runner).sending().first()
    if brought is None:
        return None
    files = ImportFile.objects.of(brought)
    names = tuple(files.values_list("name", flat=True)[:NAMED])
    return BrokenOff(brought, how_far(brought).there, names, files.count() - len(names))


# What is not sent any more


def drop(brought: Import) -> None:
    """What was sent of it goes. Where all of it is there already it is read."""
    _drop(Import.objects.one(brought))


def drop_upload_of(person: User) -> None:
    """Of somebody who wants nothing more to be stored."""
    _drop(Import.objects.of(person))


def drop_abandoned(before: dt.datetime) -> int:
    """Uploads of which no part has come since. Gives how many."""
    return _drop(Import.objects.filter(beat_at__lt=before))


def _drop(some: ImportQuerySet) -> int:
    return sum(_drop_one(some.sending().one(brought), brought) for brought in some.sending())


@transaction.atomic
def _drop_one(still: ImportQuerySet, brought: Import) -> int:
    dropped = still.update(state=ImportState.STOPPED, ended_at=timezone.now())
    if dropped:
        forget_all_files(brought)
    return dropped
