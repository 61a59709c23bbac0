"""Asking for an export, and what becomes of it."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet

from runners.models import Export, User
from runners.models.exports import export_storage
from runners.stored_files import delete_lost, delete_once_certain
from runners.writes import lock


@transaction.atomic
def ask(uid: uuid.UUID, *, by: User) -> Export:
    """One at a time: while one is made it is that one. Sent again it is the first."""
    lock(by)
    mine = Export.objects.of(by)
    same = mine.filter(uid=uid).first() or mine.unfinished().first()
    return same or Export.objects.create(person=by, uid=uid)


def forget_exports_of(person: User) -> None:
    """Inside a transaction. One that is being made notices with its next list."""
    mine = Export.objects.of(person)
    _forget_files(mine)
    mine.delete()


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
    names = list(exports.exclude(stored="").values_list("stored", flat=True))
    delete_once_certain(export_storage(), names)


def forget_lost_files(before: dt.datetime) -> int:
    """Gives how many."""
    known = set(Export.objects.values_list("stored", flat=True))
    return delete_lost(export_storage(), known, before)
