"""Why the database cannot write just now, in words for the log.

Only what may pass by itself or by the host's hand: a full or read-only disk, a lock that somebody
else holds, a server that is away. An old schema or a fault of ours is none of it, and stays an
error.
"""

import logging
import threading
from collections.abc import Iterator
from time import monotonic

from django.db import InterfaceError, OperationalError

from runners.journal import CannotNote

logger = logging.getLogger(__name__)

SAID_EVERY_S = 60

# By the primary code of SQLite's result.
SQLITE = {
    5: "somebody else holds the lock on the database",
    6: "somebody else holds the lock on the database",
    8: "the database file is read-only",
    10: "the disk reports an error",
    13: "the disk is full",
    14: "the database file cannot be opened",
}
# By the beginning of PostgreSQL's SQLSTATE; the longest one first.
POSTGRESQL = {
    "25006": "the database is read-only",
    "53100": "the disk is full",
    "55P03": "somebody else holds a lock for too long",
    "57014": "the database takes too long",
    "57P": "the database is being stopped or started",
    "08": "the connection to the database is lost",
    "40": "two saves stood in each other's way",
    "53": "the database has no room for more",
    "58": "the disk reports an error",
}
AWAY = "the database does not answer"
NOT_NOTED = "the journal beside the backups cannot be written"


class TooManyWait(OperationalError):
    """As many threads wait for the database as may: one more would keep readers waiting too."""


def cause_of(error: BaseException) -> str | None:
    """What keeps the database from writing; None where `error` has another reason.

    Django's session and its cache put errors of their own over that of the database, so the whole
    chain counts.
    """
    return next((cause for one in _chain(error) if (cause := _cause(one))), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _cause(error: BaseException) -> str | None:
    if isinstance(error, TooManyWait):
        return SQLITE[5]
    if isinstance(error, CannotNote):
        return NOT_NOTED
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return SQLITE.get(sqlite_code & 0xFF)
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is not None:
        return next(
            (words for code, words in POSTGRESQL.items() if sqlstate.startswith(code)), None
        )
    is_lost = isinstance(error, OperationalError | InterfaceError)
    # psycopg has no SQLSTATE where it reached no server, or waited in vain for a connection; the
    # errors of SQLite have no such attribute at all.
    return AWAY if is_lost and getattr(error.__cause__, "sqlstate", "") is None else None


class Notes:
    """Tells the log each cause once a minute, however many requests meet it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.said: dict[str, float] = {}

    def note(self, cause: str) -> None:
        now = monotonic()
        with self.lock:
            last = self.said.get(cause)
            if last is not None and now - last < SAID_EVERY_S:
                return
            self.said[cause] = now
        logger.error("Limber cannot save: %s. Requests that save are answered with 503.", cause)


notes = Notes()


def is_passing(error: BaseException) -> bool:
    """Whether the database just cannot write. If so, the log names the cause."""
    cause = cause_of(error)
    if cause is not None:
        notes.note(cause)
    return cause is not None
