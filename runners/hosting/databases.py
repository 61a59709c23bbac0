"""A database as a whole: copied while it is written to, replaced, and put back."""

import datetime as dt
from pathlib import Path
from typing import Protocol

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from runners.formats import count
from runners.hosting.sqlite import Sqlite


class Database(Protocol):
    """Methods raise Refused."""

    def size(self) -> int:
        """Bytes, about as many as a copy takes at most."""

    def copy_to(self, path: Path) -> None:
        """As of one instant, while others write."""

    def check(self, path: Path) -> None:
        """That a copy is sound."""

    def refuse_if_used(self) -> None:
        """Where it can be told that somebody else has it open."""

    def empty_log(self) -> None:
        """Of rows that were deleted, as far as it keeps them where we can reach."""

    def set_aside(self, at: dt.datetime) -> str:
        """Keep what is there, to be put back. Gives where."""

    def replace_by(self, path: Path) -> None:
        """All of it or nothing."""

    def put_back(self) -> None:
        """What was set aside."""

    def aside_in(self) -> Path:
        """The folder of what was set aside, under names that begin with `replaced-`."""


def current() -> Database:
    if connection.vendor == "sqlite":
        return Sqlite()
    from runners.hosting.postgres import Postgres  # with psycopg 6 MB, which SQLite does not need

    return Postgres()


def applied_migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def lack_of_schema() -> str:
    """Why it is not the one of this Limber; empty where it is."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return f"The database lacks {count(len(missing), 'migration')}: manage.py migrate"
    unknown = executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys()
    if unknown:
        return f"A newer Limber was here ({'.'.join(min(unknown))}): install that version."
    return ""


def vendor() -> str:
    return connection.vendor
