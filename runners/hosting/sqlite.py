"""An SQLite file: copied by SQLite's backup API, replaced by renaming."""

import datetime as dt
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import DatabaseError, connection

from config.private_files import files_of
from runners.hosting import Refused
from runners.hosting.shelf import STAMP
from runners.journal import sync_folder

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PATIENCE_S = 0.5
LOG_PATIENCE_MS = 1_000


class Sqlite:
    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.path = Path(self.name)
        self.aside: dict[Path, Path] = {}  # where each file was, and is

    def size(self) -> int:
        return sum(path.stat().st_size for path in files_of(self.name) if path.exists())

    def copy_to(self, path: Path) -> None:
        """In one step: it reads as of one instant, and in WAL mode nobody waits for it."""
        path.touch(mode=0o600)
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
        except sqlite3.Error as problem:
            raise Refused(f"The database cannot be copied: {problem}.") from None

    def check(self, path: Path) -> None:
        try:
            with closing(sqlite3.connect(path)) as copy:
                [said, *_] = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
        except sqlite3.Error as problem:
            said = str(problem)
        if said != "ok":
            raise Refused(f"SQLite says of the copy: {said}.")

    def refuse_if_used(self) -> None:
        """Out of WAL mode, which SQLite allows only while nobody else has the file open."""
        connection.close()
        if not self.path.exists():
            return
        try:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE_S)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as problem:
            if getattr(problem, "sqlite_errorcode", 0) & 0xFF in BUSY:
                raise Refused(
                    "Limber is running, or something else has its database open: stop it first."
                ) from None
            # One that cannot be read is what a restore is for.

    def empty_log(self) -> None:
        """What is deleted is overwritten (`secure_delete`), and lies in the log a while longer.

        Where somebody reads for long it stays until the next time, as saves would wait meanwhile;
        and not inside a transaction, whose rows are in the log alone.
        """
        if connection.in_atomic_block:
            return
        with connection.cursor() as cursor:
            [patience_ms] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {LOG_PATIENCE_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")

    def set_aside(self, at: dt.datetime) -> str:
        connection.close()
        for path in files_of(self.name):
            if path.exists():
                self.aside[path] = path.with_name(f"replaced-{at:{STAMP}}-{path.name}")
                path.rename(self.aside[path])
                os.utime(self.aside[path])  # it is kept from now on
        return str(self.aside.get(self.path, ""))

    def replace_by(self, path: Path) -> None:
        connection.close()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            new.unlink(missing_ok=True)
            new.touch(mode=0o600)
            shutil.copyfile(path, new)
            with new.open("rb") as file:
                os.fsync(file.fileno())
        except OSError as problem:
            new.unlink(missing_ok=True)
            raise Refused(f"{new} cannot be written: {problem.strerror}.") from None
        for old in files_of(self.name):
            old.unlink(missing_ok=True)
        new.rename(self.path)
        sync_folder(self.path.parent)

    def aside_in(self) -> Path:
        return self.path.parent

    def put_back(self) -> None:
        try:
            connection.close()
        except DatabaseError:
            connection.connection = None
        for old in files_of(self.name):
            old.unlink(missing_ok=True)
        for path, aside in self.aside.items():
            aside.rename(path)
        sync_folder(self.path.parent)
