"""Whether there is room for what somebody brings: by the limits of the settings, on the disk."""

import errno
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db.models import Sum

from runners.models import ImportFile, User
from runners.models.imports import import_storage

FULL = (errno.ENOSPC, errno.EDQUOT)


class NoRoom(Exception):
    """Why nothing was stored, by the name of a notice of imports."""

    def __init__(self, reason: str, **fields: Any) -> None:
        super().__init__(reason, fields)
        self.reason = reason
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is to come: its name, with the way to it in a folder, and its size in bytes."""

    name: str
    size: int


def check(files: Sequence[Announced], *, of: User) -> None:
    """Before any of them is stored. Raises NoRoom. 1 query."""
    if len(files) > settings.IMPORT_MOST_FILES:
        raise NoRoom("too-many-files", most=settings.IMPORT_MOST_FILES)
    for file in files:
        if file.size > settings.IMPORT_MOST_BYTES:
            raise NoRoom("too-large", name=file.name, most=settings.IMPORT_MOST_BYTES)
    size = sum(file.size for file in files)
    stored = ImportFile.objects.filter(runner=of).aggregate(size=Sum("size", default=0))["size"]
    if stored + size > settings.IMPORT_QUOTA:
        raise NoRoom("over-quota", size=size, most=settings.IMPORT_QUOTA)
    check_disk(size)


def check_disk(size: int) -> None:
    """Raises NoRoom."""
    if shutil.disk_usage(settings.SHARED_DIR).free - size < settings.IMPORT_DISK_STAYS_FREE:
        raise NoRoom("disk-full")


def store(content: File[bytes]) -> str:
    """Its name in the storage. Raises NoRoom where the disk fills meanwhile; then nothing stays."""
    storage, name = import_storage(), str(uuid.uuid4())
    try:
        return storage.save(name, content)
    except OSError as problem:
        with suppress(OSError):
            storage.delete(name)
        if problem.errno in FULL:
            raise NoRoom("disk-full") from None
        raise
