"""Asking for an export, and what becomes of it."""

import datetime as dt
import uuid
from contextlib import suppress
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from runners.models import Export, User
from runners.models.exports import export_storage
from runners.writes import lock


@transaction.atomic
def ask(uid: uuid.UUID, *, by: User) -> Export:
    """One at a time: while one is made it is that one. Sent again it is the first."""
    lock(by)
    mine = Export.objects.of(by)
    same = mine.filter(uid=uid).first() or mine.unfinished().first()
    return same or Export.objects.create(person=by, uid=uid)


def forget_exports_of(person: User) -> None:
    """Inside a transaction; their rows go with the account."""
    _forget_files(Export.objects.filter(person=person))


@transaction.atomic
def forget_old(now: dt.datetime) -> int:
    """Gives how many."""
    old = Export.objects.filter(created_at__lte=now - Export.KEPT).exclude(
        pk__in=Export.objects.there(now)
    )
    count = old.count()
    _forget_files(old)
    old.delete()
    return count


def _forget_files(exports: QuerySet[Export]) -> None:
    """Off the disk once it is certain that nobody asks for them."""
    for name in exports.exclude(stored="").values_list("stored", flat=True):
        transaction.on_commit(partial(export_storage().delete, name))


def forget_lost_files(before: dt.datetime) -> int:
    """Files that no row names: a worker died while it wrote. Gives how many."""
    storage, names, gone = export_storage(), [], 0
    known = set(Export.objects.values_list("stored", flat=True))
    with suppress(FileNotFoundError):  # nobody has taken anything out yet
        names = storage.listdir("")[1]
    for name in names:
        if name not in known and storage.get_modified_time(name) < before:
            storage.delete(name)
            gone += 1
    return gone
