"""How long a request waits to write, and how many of them do.

A process of the server has eight threads. Were all of them to wait for a lock that somebody else
holds, nobody could read. So they stand in line: on SQLite, which lets one write at a time, the
first one asks for its lock, on PostgreSQL the first four ask for theirs. Once they have asked for
longer than an ordinary write takes, only as many wait as `PLACES`. The rest is told at once that
nothing can be saved.

On SQLite a request waits so long altogether, not for each of its writes: 5 s to save something,
2 s where a page only renews or notes something as it is shown. PostgreSQL keeps to `lock_timeout`,
see the settings.
"""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest

from runners.web.database_trouble import TooManyWait, cause_of

PLACES = 4  # half of the threads of a process, see `serve`
# Two processes that write without a pause wait 0.25 s for each other at most, eight of them 2.5 s.
ORDINARY_S = 1.0
AT_ONCE_S = 0.25
TO_SAVE_S = 5.0
TO_SHOW_S = 2.0
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE")
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b[^)]*$")

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class Line:
    """The threads of this process that wait to write, in the order in which they came."""

    def __init__(self, places: int = PLACES, *, at_once: int = 1) -> None:
        self.places = places
        self.at_once = at_once  # as many ask the database
        self.changed = threading.Condition()
        self.waiting: deque[object] = deque()
        # Since when the first one asks in vain; kept for a while when it gives up, so that the
        # next one does not let everybody wait again.
        self.stuck_since: float | None = None
        self.kept_until = 0.0

    @contextmanager
    def turn(self, until: float) -> Iterator[None]:
        """Wait to be in front. Raises TooManyWait, at `until` (monotonic) at the latest."""
        me = object()
        with self.changed:
            self._stand_in_line(me, until)
        is_stuck = False
        try:
            yield
        except Exception as error:
            is_stuck = cause_of(error) is not None
            raise
        finally:
            self._leave(me, is_stuck=is_stuck)

    def _stand_in_line(self, me: object, until: float) -> None:
        self.waiting.append(me)
        while self.waiting.index(me) >= self.at_once:
            gives_up_at = min(until, self._full_at(me))
            if not self.changed.wait(max(0.0, gives_up_at - time.monotonic())):
                if time.monotonic() < min(until, self._full_at(me)):
                    continue  # somebody wrote meanwhile, or the place is a better one
                self.waiting.remove(me)
                self.changed.notify_all()
                raise TooManyWait("Too many threads wait to write.")
        now, is_alone = time.monotonic(), len(self.waiting) == 1
        if self.stuck_since is None or (is_alone and now > self.kept_until):
            self.stuck_since = now
        elif is_alone:  # perhaps it is over: the others wait for the answer to that
            self.stuck_since = max(self.stuck_since, now - ORDINARY_S + AT_ONCE_S)

    def _full_at(self, me: object) -> float:
        """From when on there is no place for this one."""
        if self.waiting.index(me) < self.places or self.stuck_since is None:
            return float("inf")
        return self.stuck_since + ORDINARY_S

    def _leave(self, me: object, *, is_stuck: bool) -> None:
        with self.changed:
            self.waiting.remove(me)
            now = time.monotonic()
            if is_stuck:
                self.kept_until = now + TO_SAVE_S
            else:
                self.stuck_since = now if self.waiting else None
            self.changed.notify_all()


LINES = {"sqlite": Line(), "postgresql": Line(at_once=PLACES)}


class Patience:
    """What one request may still wait. An execute wrapper of its connection."""

    def __init__(self, method: str | None) -> None:
        self.left = TO_SHOW_S if method in SAFE else TO_SAVE_S
        # The last statement that the database could not write. Whoever catches it may take it for
        # something else, as Django's cache does.
        self.refused: Exception | None = None
        self.locked_in: object = None

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        try:
            if self._may_wait(sql, context["connection"]):
                with self._turn(context["connection"]):
                    return execute(sql, params, many, context)
            return execute(sql, params, many, context)
        except Exception as error:
            if cause_of(error) is not None:
                self.refused = error
            raise

    def _may_wait(self, sql: str, database: BaseDatabaseWrapper) -> bool:
        """Only the first lock of a transaction: who holds one must not stand behind the others.

        On SQLite a transaction begins with the lock.
        """
        if database.in_atomic_block and database.vendor == "sqlite":
            return False
        if not (sql.lstrip().upper().startswith(WRITES) or LOCKS.search(sql)):
            return False
        transaction = database.atomic_blocks[0] if database.atomic_blocks else None
        was, self.locked_in = self.locked_in, transaction
        return transaction is None or transaction is not was

    @contextmanager
    def _turn(self, database: BaseDatabaseWrapper) -> Iterator[None]:
        began = time.monotonic()
        try:
            with LINES[database.vendor].turn(began + self.left):
                _wait_for(database, began + self.left - time.monotonic())
                yield
        finally:
            _wait_for(database, TO_SAVE_S)
            self.left = max(0.0, self.left - (time.monotonic() - began))


def _wait_for(database: BaseDatabaseWrapper, seconds: float) -> None:
    if database.vendor == "sqlite":
        database.connection.execute(f"PRAGMA busy_timeout = {int(max(0.0, seconds) * 1000)}")


@contextmanager
def patience(request: HttpRequest) -> Iterator[Patience]:
    """For the time of a request."""
    patient = Patience(request.method)
    with connection.execute_wrapper(patient):
        yield patient
