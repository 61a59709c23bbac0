"""Brings a backup back: looks at all of it first, replaces, applies the journal, or puts back."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from runners import journal, security_log
from runners.hosting import Refused, archive, backing_up, databases, shelf, what_ended
from runners.hosting.archive import Manifest
from runners.hosting.what_ended import Applied
from runners.models import SecurityEventKind


@dataclass(frozen=True, slots=True)
class Restored:
    made_at: dt.datetime
    aside: str  # where what was replaced lies, if there was anything
    files: int
    applied: Applied


def look_at(path: Path, *, identity: Path | None = None) -> Manifest:
    """All checks that change nothing. Raises Refused."""
    with shelf.working() as room:
        return _checked(path, room, identity)


def restore(
    path: Path, *, now: dt.datetime, identity: Path | None = None, anyway: bool = False
) -> Restored:
    """`anyway` brings back a backup although the journal does not reach back to it.

    Raises Refused; then all is as it was before.
    """
    with shelf.working() as room:
        manifest = _checked(path, room, identity)
        lack = _lack_of_journal(manifest)
        if lack and not anyway:
            raise Refused(lack)
        try:
            ended = journal.read()
        except OSError as problem:
            raise Refused(f"The journal cannot be read: {problem}.") from None
        database = databases.current()
        database.refuse_if_used()
        was_unfinished = shelf.unfinished().exists()
        shelf.begin_restore(path)
        try:
            aside = database.set_aside(now)
            files = _put_files(room)
            database.replace_by(room / archive.DATABASE)
            _bring_forward()
            applied = what_ended.apply(ended, is_whole=not lack)
            what_ended.close_doors()
        except BaseException:
            database.put_back()
            if not was_unfinished:
                shelf.end_restore()
            raise
        shelf.end_restore()
        security_log.note(SecurityEventKind.RESTORED)
        connection.close()
        return Restored(manifest.made_at, aside, files, applied)


def apply_journal() -> Applied:
    """To a database that came back in another way, as with a copy of the whole machine."""
    applied = what_ended.apply(journal.read())
    what_ended.close_doors()
    return applied


# Checks


def _checked(path: Path, room: Path, identity: Path | None) -> Manifest:
    manifest = archive.unpack(path, room, identity)
    _refuse_other_vendor(manifest)
    _refuse_newer_schema(manifest)
    _refuse_unknown_storages(room)
    databases.current().check(room / archive.DATABASE)
    _refuse_without_space(room)
    return manifest


def _refuse_other_vendor(manifest: Manifest) -> None:
    if manifest.vendor != databases.vendor():
        raise Refused(
            f"The backup is of a database of {manifest.vendor}, and DATABASE_URL names one of"
            f" {databases.vendor()}."
        )


def _refuse_newer_schema(manifest: Manifest) -> None:
    """One that is older is brought forward."""
    known = MigrationLoader(None).disk_migrations
    unknown = [".".join(each) for each in manifest.migrations if tuple(each) not in known]
    if unknown or not manifest.migrations:
        what = f"lacks {unknown[0]}" if unknown else "finds no schema in it"
        raise Refused(
            f"The backup was made by another Limber, perhaps a newer one: this one {what}."
            " Install the version that made it."
        )


def _refuse_unknown_storages(room: Path) -> None:
    known = {alias for alias, _ in backing_up.kept_storages()}
    if unknown := {alias for alias, _, _ in archive.files_in(room)} - known:
        raise Refused(f"The backup holds files of {', '.join(unknown)}, and STORAGES has none.")


def _refuse_without_space(room: Path) -> None:
    """Beside what is there now, which is kept."""
    database = 2 * (room / archive.DATABASE).stat().st_size
    files = sum(path.stat().st_size for _, _, path in archive.files_in(room))
    need = [(Path(settings.LOCAL_DIR), database), (Path(settings.SHARED_DIR), files)]
    shelf.refuse_without_space("A restore", need)


def _lack_of_journal(manifest: Manifest) -> str:
    """What it may not know of; empty where it reaches back to the backup."""
    begins = journal.begins_at()
    if begins is None:
        return (
            f"There is no journal in {journal.folder()}, so accounts that were erased since, links"
            " that ended and consent that was taken back would come back. Put the folder of the"
            " journal there; if it is lost, --anyway restores without it."
        )
    if manifest.made_at < begins:
        return (
            f"The journal begins at {begins:%d %B %Y %H:%M} UTC, after the backup: what was erased,"
            " ended or taken back between the two would come back. --anyway restores nevertheless."
        )
    return ""


# Steps


def _put_files(room: Path) -> int:
    """Their names are of Limber's making, so one that is there already is the same."""
    put = 0
    for alias, name, path in archive.files_in(room):
        storage = storages[alias]
        if not storage.exists(name):
            with path.open("rb") as file:
                storage.save(name, File(file))
            put += 1
    return put


def _bring_forward() -> None:
    """By the migrations that came after the backup."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
