"""Moves a Limber to another database: all of it into an empty one, and both compared.

It is one transaction there, stored once every table has been found the same; before that and after
whatever goes wrong nothing is left in it. The database that it comes from is read as of one
instant, held shut for writers, and not changed.
"""

import copy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from psycopg import IsolationLevel

from config.env import Env
from config.private_files import files_of
from runners.formats import count
from runners.hosting import Refused, databases, shelf, tables
from runners.hosting.tables import Sum, Table

FROM, TO = "moving-from", "moving-to"
LOOKS_LIKE = "postgres://limber:secret@db.example.org/limber or sqlite:////srv/limber.sqlite3"
# One and the same server: it started then.
SERVER = "SELECT pg_postmaster_start_time(), current_database()"
MAY_MAKE_TABLES = "SELECT has_schema_privilege(current_schema(), 'CREATE')"


@dataclass(frozen=True, slots=True)
class Moved:
    """`unknown` are tables that belong to no part of Limber, and were left where they are."""

    tables: int
    rows: int
    unknown: list[str]


def move(address: str, *, while_running: bool, say: Callable[[str], None]) -> Moved:
    """To the database of an address as in DATABASE_URL; tells `say` each table that is done.

    `while_running` is for a rehearsal: what is saved meanwhile is not moved. Raises Refused; then
    nothing was moved.
    """
    wanted = settings_of(address)
    with shelf.working():
        shelf.refuse_while_unfinished()
        if lack := databases.lack_of_schema():
            raise Refused(lack)
        with _open(TO, wanted):
            _refuse_unless_empty()
        if not while_running:
            databases.current().refuse_if_used()
        try:
            _make_tables(address)
            with _open(TO, wanted), _open(FROM, _to_be_read(while_running=while_running)):
                moved = _moved(tables.in_order(), say, shut=not while_running)
                _count_for_plans()
        except BaseException as problem:
            with _open(TO, wanted):
                _empty(problem)
            if isinstance(problem, DatabaseError):
                raise Refused(f"Nothing was moved: {said(problem)}.") from None
            raise
    return moved


# Two more connections, beside the one that Limber has


def settings_of(address: str) -> dict[str, Any]:
    """Raises Refused, without a word of what the address is: it holds a password."""
    try:
        urlsplit(address).port  # noqa: B018  # raises ValueError where it is no number
        wanted = Env({"DATABASE_URL": address}).database("DATABASE_URL", default="")
    except (ImproperlyConfigured, ValueError):
        wanted = {}
    if wanted.get("NAME", "") in ("", ":memory:"):
        raise Refused(f"Name the database as in DATABASE_URL: {LOOKS_LIKE}.")
    whole: dict[str, dict[str, Any]]
    whole = connections.configure_settings({DEFAULT_DB_ALIAS: wanted})
    return whole[DEFAULT_DB_ALIAS]


def _to_be_read(*, while_running: bool) -> dict[str, Any]:
    """Limber's own, a few rows at a time and as of one instant."""
    ours = copy.deepcopy(connection.settings_dict)
    options = ours["OPTIONS"]
    if connection.vendor == "sqlite":
        options["transaction_mode"] = "DEFERRED" if while_running else "IMMEDIATE"
        return ours
    options.pop("pool", None)
    options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    options["options"] = f"{options.get('options', '')} -c default_transaction_read_only=on"
    return {**ours, "DISABLE_SERVER_SIDE_CURSORS": False}


@contextmanager
def _open(alias: str, wanted: dict[str, Any]) -> Iterator[None]:
    connections.settings[alias] = wanted
    try:
        yield
    finally:
        with suppress(DatabaseError):
            connections[alias].close()
        del connections[alias], connections.settings[alias]


# Before anything is done


def _refuse_unless_empty() -> None:
    _refuse_without_folder()
    target = connections[TO]
    try:
        if _is_ours():
            raise Refused("Limber uses this database already. Name another one.")
        there = target.introspection.table_names(include_views=True)
    except DatabaseError as problem:
        raise Refused(f"The database to move to does not answer: {said(problem)}.") from None
    if there:
        raise Refused(
            f"The database to move to is not empty: it holds {there[0]}. Name one without tables;"
            " nothing was changed."
        )
    if target.vendor == "postgresql" and not _answer(TO, MAY_MAKE_TABLES)[0]:
        raise Refused(
            f"{target.settings_dict['USER']} may not make tables in that database. Make it the"
            f" owner: ALTER DATABASE {target.settings_dict['NAME']} OWNER TO ..."
        )


def _refuse_without_folder() -> None:
    target = connections[TO]
    if target.vendor == "sqlite":
        folder = Path(target.settings_dict["NAME"]).absolute().parent
        if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            raise Refused(f"No file can be made in {folder}: there is no such folder, or no right.")


def _is_ours() -> bool:
    """However its host is called."""
    target = connections[TO]
    if target.vendor != connection.vendor:
        return False
    if target.vendor == "sqlite":
        names = (str(each.settings_dict["NAME"]) for each in (target, connection))
        one, other = (Path(name).resolve() for name in names)
        return one == other
    return _answer(TO, SERVER) == _answer(DEFAULT_DB_ALIAS, SERVER)


def _answer(alias: str, question: str) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return tuple(cursor.fetchone())


# Steps


def _make_tables(address: str) -> None:
    """In a process of its own: what migrations do to rows they do to the database of Limber."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
    done = subprocess.run(  # noqa: S603  # no shell, and nothing that people wrote
        command,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        [*_, last] = (done.stderr or done.stdout or "no word").strip().splitlines()
        raise Refused(f"The tables could not be made there: {last}")


def _moved(tables_there: list[Table], say: Callable[[str], None], *, shut: bool) -> Moved:
    with transaction.atomic(using=FROM), transaction.atomic(using=TO):
        if shut and connection.vendor == "postgresql":
            _keep_writers_away(tables_there)
        for table in reversed(tables_there):
            tables.empty(table, TO)  # of what migrations have put there
        sums = {table: _copied(table) for table in tables_there}
        tables.give_after(tables.last_keys(tables_there, FROM), TO)
        for table, copied in sums.items():
            compare(table, copied)
            say(f"{tables.name(table)}: {count(copied.rows, 'row')}, the same in both")
        known = {"django_migrations", *map(tables.name, tables_there)}
        unknown = {*connections[FROM].introspection.table_names()} - known
    return Moved(len(sums), sum(each.rows for each in sums.values()), sorted(unknown))


def _keep_writers_away(tables_there: list[Table]) -> None:
    """Of SQLite the transaction does it. Before the first look, so that it sees what they wrote."""
    quoted = map(connection.ops.quote_name, map(tables.name, tables_there))
    with connections[FROM].cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(quoted)} IN SHARE MODE")


def _copied(table: Table) -> Sum:
    copied = Sum()
    try:
        with closing(tables.read(table, FROM)) as rows:
            while batch := list(islice(rows, tables.AT_ONCE)):
                tables.write(table, batch, TO)
                for row in batch:
                    copied.add(row)
        connections[TO].check_constraints([tables.name(table)])
    except (DatabaseError, ValueError) as problem:
        raise Refused(f"{tables.name(table)} cannot be moved: {said(problem)}.") from None
    return copied


def compare(table: Table, copied: Sum) -> None:
    there = Sum.of(table, TO)
    if there != copied:
        raise Refused(
            f"{tables.name(table)} is not the same in both: {count(copied.rows, 'row')} with the"
            f" checksum {copied.checksum:x}, and {count(there.rows, 'row')} with"
            f" {there.checksum:x}. The new database is not to be used."
        )


def _count_for_plans() -> None:
    """So that the first pages need not wait for PostgreSQL to do it by itself."""
    if connections[TO].vendor == "postgresql":
        with connections[TO].cursor() as cursor:
            cursor.execute("ANALYZE")


def _empty(problem: BaseException) -> None:
    """All that is there is of this move: before it there was nothing."""
    target = connections[TO]
    if target.vendor == "sqlite":
        for path in files_of(str(target.settings_dict["NAME"])):
            path.unlink(missing_ok=True)
        return
    try:
        with target.cursor() as cursor:
            names = target.introspection.table_names(cursor)
            if names:
                quoted = ", ".join(map(target.ops.quote_name, names))
                cursor.execute(f"DROP TABLE {quoted} CASCADE")
    except DatabaseError as left:
        raise Refused(
            f"{said(problem)}. The new database could not be emptied either ({said(left)}): it is"
            " not to be used."
        ) from None


def said(problem: BaseException) -> str:
    """Its first line: what a database says after it may hold a row."""
    [first, *_] = str(problem).strip().splitlines() or [type(problem).__name__]
    return first.rstrip(".")
