"""The folder of backups: how they are named, which are kept, and that one works there at a time."""

import datetime as dt
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from runners.hosting import Refused
from runners.journal import sync_folder

DAILY, WEEKLY = 7, 4  # the newest of as many days, and of as many weeks
REPLACED_KEPT = dt.timedelta(days=7)  # what a restore has put aside
STAMP = "%Y%m%dT%H%M%SZ"
PLAIN, ENCRYPTED = ".tar.gz", ".tar.gz.age"
PIECE = ".part"  # of a backup that is being written
PIECE_KEPT = dt.timedelta(hours=1)  # since it last grew


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A file whose name says when it was made: `limber-20261130T021500Z.tar.gz`."""

    made_at: dt.datetime
    path: Path


def folder() -> Path:
    return Path(settings.BACKUP_DIR)


def name(made_at: dt.datetime, *, is_encrypted: bool) -> str:
    return f"limber-{made_at.astimezone(dt.UTC):{STAMP}}{ENCRYPTED if is_encrypted else PLAIN}"


def backups() -> list[Backup]:
    """Oldest first. What lies there under other names is none of ours."""
    found = []
    for path in folder().glob("limber-*"):
        stem, dot, rest = path.name.removeprefix("limber-").partition(".")
        try:
            made_at = dt.datetime.strptime(stem, STAMP).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        if dot + rest in (PLAIN, ENCRYPTED):
            found.append(Backup(made_at, path))
    return sorted(found)


def kept(made: Iterable[dt.datetime]) -> set[dt.datetime]:
    """Of these instants the last of each of the last days and weeks in which there is one."""
    of_day: dict[dt.date, dt.datetime] = {}
    of_week: dict[tuple[int, int], dt.datetime] = {}
    for at in sorted(made):
        of_day[at.date()] = at
        of_week[at.isocalendar()[:2]] = at
    days = [of_day[day] for day in sorted(of_day)[-DAILY:]]
    weeks = [of_week[week] for week in sorted(of_week)[-WEEKLY:]]
    return {*days, *weeks}


def forget_old() -> dt.datetime | None:
    """Gives the instant of the oldest backup that is left."""
    there = backups()
    keep = kept(backup.made_at for backup in there)
    for backup in there:
        if backup.made_at not in keep:
            backup.path.unlink(missing_ok=True)
    return min(keep, default=None)


def forget_replaced(where: Path, now: dt.datetime) -> None:
    _forget(where.glob("replaced-*"), now - REPLACED_KEPT)


def forget_pieces(now: dt.datetime) -> None:
    """What one that was killed has left; another machine may be writing its own."""
    _forget(folder().glob(f"limber-*{PIECE}"), now - PIECE_KEPT)


def _forget(paths: Iterable[Path], before: dt.datetime) -> None:
    for path in paths:
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


@contextmanager
def working() -> Iterator[Path]:
    """A room for what is not encrypted, so beside the database and not among the backups.

    It is gone afterwards, as is what one that was killed has left. Raises Refused while another
    one works.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Path(settings.LOCAL_DIR)
    lock = os.open(home, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                "Another backup or restore is at work. Try again once it is done."
            ) from None
        room = home / ".working"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(mode=0o700)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)
    finally:
        os.close(lock)


# A restore that was not finished


def unfinished() -> Path:
    """While it is there, the database may hold what must not come back."""
    return folder() / "restore-unfinished.json"


def begin_restore(path: Path) -> None:
    with os.fdopen(os.open(unfinished(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        json.dump({"backup": str(path)}, f)
        f.flush()
        os.fsync(f.fileno())
    sync_folder(folder())


def end_restore() -> None:
    unfinished().unlink(missing_ok=True)
    sync_folder(folder())


def refuse_without_space(what: str, need: Iterable[tuple[Path, int]]) -> None:
    """`need` are folders, and bytes in each; those on one disk count together, under the last."""
    by_disk: dict[int, tuple[Path, int]] = {}
    for folder, size in need:
        disk = folder.stat().st_dev
        _, before = by_disk.get(disk, (folder, 0))
        by_disk[disk] = (folder, before + size)
    for where, bytes_needed in by_disk.values():
        free = shutil.disk_usage(where).free
        if free < bytes_needed:
            raise Refused(
                f"{what} needs up to {bytes_needed / 1e6:.0f} MB in {where}, where"
                f" {free / 1e6:.0f} MB are free."
            )


def refuse_while_unfinished() -> None:
    if unfinished().exists():
        raise Refused(
            "A restore was begun and did not end, so the database may hold what was erased since"
            f" ({unfinished()}). Run manage.py restore again."
        )
