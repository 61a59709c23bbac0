"""What the overview says of the machine: what waits for the worker, room on the disks, backups."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min
from post_office.models import STATUS, Email

from runners.hosting import shelf
from runners.hosting.checkup import nearest
from runners.models import Export, ExportState, Import

BACKUPS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """`what` is mails, imports or exports; `oldest` is None where there are none."""

    what: str
    number: int
    oldest: dt.datetime | None


def waiting() -> list[Waiting]:
    """How many and since when, and not whose. 3 queries."""
    unfinished = (ExportState.WAITING, ExportState.MAKING)
    rows = {
        "mails": (Email.objects.filter(status=STATUS.queued), "created"),
        "imports": (Import.objects.under_way(), "created_at"),
        "exports": (Export.objects.filter(state__in=unfinished), "created_at"),
    }
    return [
        Waiting(what, **queue.order_by().aggregate(number=Count("pk"), oldest=Min(since)))
        for what, (queue, since) in rows.items()
    ]


@dataclass(frozen=True, slots=True)
class Disk:
    """In units of 10⁹ bytes, as the doctor has it."""

    folder: Path
    free_gb: float
    total_gb: float


def disks() -> Iterator[Disk]:
    """Those that data and backups lie on, each once."""
    seen: set[int] = set()
    for folder in (Path(settings.LOCAL_DIR), Path(settings.SHARED_DIR), shelf.folder()):
        with suppress(OSError, StopIteration):  # the doctor says what is wrong with it
            there = nearest(folder)
            device = os.stat(there).st_dev
            if device not in seen:
                seen.add(device)
                usage = shutil.disk_usage(there)
                yield Disk(folder, usage.free / 1e9, usage.total / 1e9)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup, `size` in bytes."""

    made_at: dt.datetime
    size: int
    is_encrypted: bool


def backups() -> list[Made]:
    """Newest first; none where the folder cannot be read, which the doctor says."""
    with suppress(OSError):
        newest = sorted(shelf.backups(), reverse=True)[:BACKUPS_SHOWN]
        return [
            Made(one.made_at, one.path.stat().st_size, one.path.name.endswith(shelf.ENCRYPTED))
            for one in newest
        ]
    return []
