"""A database that cannot write: really read-only, full, locked or away, on SQLite as it is served
and on PostgreSQL. Its connections are opened anew for it, as the server does after a trouble."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created

Trouble = Callable[[], AbstractContextManager[None]]


@contextmanager
def each_connection(*statements: str) -> Iterator[None]:
    """Whatever opens a connection begins with these."""

    def begin(connection: Any, **_more: Any) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    connection_created.connect(begin)
    forget_connection()
    try:
        yield
    finally:
        connection_created.disconnect(begin)
        forget_connection()


def forget_connection() -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL alone


def read_only() -> AbstractContextManager[None]:
    if connection.vendor == "sqlite":
        return each_connection("PRAGMA query_only = ON")
    return each_connection("SET default_transaction_read_only = on")


def locked() -> AbstractContextManager[None]:
    """Somebody else writes, and does not end: on PostgreSQL in the rows of every person, and in
    the tries."""
    if connection.vendor == "sqlite":
        return file_locked(str(connection.settings_dict["NAME"]))
    return rows_locked()


@contextmanager
def file_locked(name: str) -> Iterator[None]:
    other = sqlite3.connect(name, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def rows_locked() -> Iterator[None]:
    with psycopg.connect(**_where()) as other, each_connection("SET lock_timeout = '200ms'"):
        for table in ("runners_user", "runners_coachlink", "runners_standing", "runners_session"):
            other.execute(f"SELECT 1 FROM {table} FOR UPDATE".encode())
        # Of those who try for the first time there is no row yet.
        other.execute("LOCK TABLE runners_tries IN EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def full() -> Iterator[None]:
    """SQLite alone: not one page more than there are."""
    with each_connection("PRAGMA max_page_count = 1"):
        yield


@contextmanager
def away() -> Iterator[None]:
    """No file, no server."""
    forget_connection()
    was = dict(connection.settings_dict)
    connection.settings_dict |= {"NAME": "/nowhere/at/all", "HOST": "/nowhere/at/all"}
    connection.settings_dict["OPTIONS"] = {**was["OPTIONS"], "pool": None}
    if connection.vendor == "sqlite":
        del connection.settings_dict["OPTIONS"]["pool"]
    try:
        yield
    finally:
        connection.settings_dict |= was
        forget_connection()


def _where() -> dict[str, Any]:
    """What psycopg needs to reach the database of the tests."""
    names = ("dbname", "user", "password", "host", "port")
    return {
        name: value for name, value in connection.get_connection_params().items() if name in names
    }


@contextmanager
def seconds(most: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < most
