"""The replica of `REPLICA_URL`, and what is read from it: nothing but what is asked inside
`reading_from_replica`. Nothing is ever written to it.

Who reads from it, and when it may be: `runners/replica.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"

_read_from: ContextVar[str] = ContextVar("_read_from", default=DEFAULT_DB_ALIAS)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    before = _read_from.set(REPLICA)
    try:
        yield
    finally:
        _read_from.reset(before)


def read_from() -> str:
    """The alias of the database that is read just now."""
    return _read_from.get()


class Router:
    """Where there is a replica. Also a row that was read from it is saved to the primary."""

    def db_for_read(self, model: object, **hints: Any) -> str:
        return read_from()

    def db_for_write(self, model: object, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
