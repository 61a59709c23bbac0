"""What counts as a database that cannot write just now, and what stays an error."""

import sqlite3
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from runners.web.database_trouble import TooManyWait, cause_of


def wrapped(error: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django hands on what a driver raised."""
    outer = kind(*error.args)
    outer.__cause__ = error
    return outer


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (wrapped(sqlite_error(sqlite3.SQLITE_READONLY)), "the database file is read-only"),
        (wrapped(sqlite_error(1032)), "the database file is read-only"),  # SQLITE_READONLY_DBMOVED
        (wrapped(sqlite_error(sqlite3.SQLITE_FULL)), "the disk is full"),
        (wrapped(sqlite_error(778)), "the disk reports an error"),  # SQLITE_IOERR_WRITE
        (
            wrapped(sqlite_error(sqlite3.SQLITE_BUSY)),
            "somebody else holds the lock on the database",
        ),
        (wrapped(psycopg.errors.DiskFull()), "the disk is full"),
        (
            wrapped(psycopg.errors.ReadOnlySqlTransaction(), InternalError),
            "the database is read-only",
        ),
        (wrapped(psycopg.errors.LockNotAvailable()), "somebody else holds a lock for too long"),
        (wrapped(psycopg.errors.DeadlockDetected()), "two saves stood in each other's way"),
        (
            wrapped(psycopg.errors.AdminShutdown()),
            "the database is being stopped or started",
        ),
        (wrapped(psycopg.OperationalError("connection refused")), "the database does not answer"),
        (wrapped(psycopg_pool.PoolTimeout("in vain")), "the database does not answer"),
        (
            wrapped(psycopg.InterfaceError("closed"), InterfaceError),
            "the database does not answer",
        ),
        (TooManyWait(), "somebody else holds the lock on the database"),
    ],
)
def test_cause_is_named(error: Exception, cause: str) -> None:
    assert cause_of(error) == cause


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a fault of ours"),
        DatabaseError("Forced update did not affect any rows."),
        wrapped(sqlite_error(sqlite3.SQLITE_ERROR)),  # no such table
        wrapped(psycopg.errors.UndefinedTable(), ProgrammingError),
        wrapped(psycopg.errors.UniqueViolation(), IntegrityError),
        wrapped(psycopg.ProgrammingError("a placeholder too many"), ProgrammingError),
    ],
)
def test_a_fault_of_ours_stays_one(error: Exception) -> None:
    assert cause_of(error) is None


def interrupt() -> None:
    try:
        raise wrapped(sqlite_error(sqlite3.SQLITE_FULL), DatabaseError)
    except DatabaseError:
        raise ValueError("the session was interrupted") from None


def test_cause_is_found_under_another_error() -> None:
    with pytest.raises(ValueError, match="interrupted") as caught:
        interrupt()
    assert cause_of(caught.value) == "the disk is full"


def test_sqlite_itself_gives_the_code(tmp_path: Path) -> None:
    sqlite = sqlite3.connect(tmp_path / "plain.sqlite3", isolation_level=None)
    sqlite.execute("CREATE TABLE one (word)")
    sqlite.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite.execute("INSERT INTO one VALUES (?)", ["x" * 9000])
    sqlite.close()
    assert cause_of(caught.value) == "the disk is full"
