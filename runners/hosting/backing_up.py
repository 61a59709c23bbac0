"""Makes a backup: the files, then the database as of one instant, then the files that came since.

So every file that the database names is there. What was read meanwhile, and is in no row any more,
is there as well, and goes with the next `tidy_up` after a restore.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage, storages

from runners import journal, security_log
from runners.hosting import Refused, archive, databases, shelf
from runners.hosting.archive import Manifest, Writer
from runners.hosting.databases import Database
from runners.hosting.shelf import Backup
from runners.models import SecurityEventKind

# Static files are made anew, and in Django's own storage nothing lies.
NOT_KEPT = {"default", "staticfiles"}


def make(now: dt.datetime) -> Backup:
    """The newest backup, with those gone that are not kept any longer. Raises Refused."""
    try:
        backup = _make(now)
    except Exception:
        security_log.note(SecurityEventKind.BACKUP_FAILED)
        raise
    security_log.note(SecurityEventKind.BACKED_UP)
    return backup


def _make(now: dt.datetime) -> Backup:
    with shelf.working() as room:
        try:
            return _made(room, now)
        except OSError as problem:
            where = problem.filename or shelf.folder()
            raise Refused(f"{where}: {problem.strerror or problem}.") from problem


def _made(room: Path, now: dt.datetime) -> Backup:
    shelf.refuse_while_unfinished()
    shelf.forget_pieces(now)
    database = databases.current()
    _refuse_without_space(database)
    journal.begin(now)  # first: it has to know all that happens after the copy
    name = shelf.name(now, is_encrypted=bool(settings.BACKUP_KEYS))
    manifest = Manifest(now, databases.vendor(), [])
    with archive.writing(shelf.folder() / name, manifest, settings.BACKUP_KEYS) as writer:
        while _add_files(writer):
            pass
        copy = room / archive.DATABASE
        manifest.migrations = databases.applied_migrations()
        database.copy_to(copy)
        _add_files(writer)
        database.check(copy)
        with copy.open("rb") as file:
            writer.add(archive.DATABASE, file, copy.stat().st_size)
    oldest = shelf.forget_old()
    if oldest is not None:
        journal.forget_before(oldest)
    shelf.forget_replaced(database.aside_in(), now)
    return Backup(now, shelf.folder() / name)


def kept_storages() -> Iterator[tuple[str, Storage]]:
    for alias in settings.STORAGES:
        if alias not in NOT_KEPT:
            yield alias, storages[alias]


def names_in(storage: Storage, below: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(below)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (f"{below}{name}" for name in files)
    for folder in folders:
        yield from names_in(storage, f"{below}{folder}/")


def _add_files(writer: Writer) -> int:
    """Those that are new, or longer than they were: they are still being stored. Says how many."""
    added = 0
    for alias, storage in kept_storages():
        for name in names_in(storage):
            part = f"{archive.FILES}/{alias}/{name}"
            try:
                with storage.open(name) as file:
                    if writer.manifest.parts.get(part, [None])[0] == file.size:
                        continue
                    writer.add(part, file, file.size)
            except FileNotFoundError:
                continue  # it has just been read, and forgotten
            added += 1
    return added


def _refuse_without_space(database: Database) -> None:
    """For a copy of the database, and for the backup with another one in it, not made smaller."""
    files = sum(storage.size(name) for _, storage in kept_storages() for name in names_in(storage))
    size = database.size()
    need = [(Path(settings.LOCAL_DIR), size), (shelf.folder(), size + files)]
    shelf.refuse_without_space("A backup", need)
