"""A runner's own long reads, from the replica where it holds what the primary holds of them.

`Standing.changes` counts every change of a runner's log, in the transaction of the change. Where
the replica shows the same count as the primary, it has each of them: what was saved is seen at
once, however late the replica is, without a clock or a cookie. Else, and where it does not answer,
the primary is read. Why: `docs/decisions/replica-by-count.md`.

What the count does not cover (accounts, sessions, consents, links, notes, whatever is about
somebody else) is never asked for in here.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import TypeVar

from django.db import Error, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from config.replica import REPLICA, reading_from_replica
from runners.models import Standing, User
from runners.models.standing import standing_of, standing_read_anew
from runners.web.database_trouble import cause_of

LEFT_ALONE_S = 30  # after it did not answer, and then one reader at a time asks whether it does

logger = logging.getLogger(__name__)
Rows = TypeVar("Rows")


def read_own(runner: User, rows: Callable[[], Rows]) -> Rows:
    """What `rows` reads of the runner's own log, and of nothing else. It may be called twice.

    Where there is a replica 1 query more to it, and 1 to the primary for the standing, which
    the page saves later.
    """
    if REPLICA in connections and health.may_be_asked():
        own = standing_read_anew(runner)
        try:
            # In one transaction, for an address may lead to several replicas.
            with reading_from_replica(), transaction.atomic(using=REPLICA):
                if own is not None and _is_level(own, standing_of(runner)):
                    return rows()
        except Error as problem:
            health.note(problem)
    return rows()


def _is_level(own: Standing, there: Standing | None) -> bool:
    health.answers()
    is_level = there is not None and (there.pk, there.changes) == (own.pk, own.changes)
    return is_level and health.has_schema()


class Health:
    """What this process has found out about the replica."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._left_alone_until = 0.0  # of the monotonic clock; 0 where it answered last time
        self._has_schema = False

    def may_be_asked(self) -> bool:
        if not self._left_alone_until:
            return True
        with self._one_at_a_time:
            now = monotonic()
            if now < self._left_alone_until:
                return False
            self._left_alone_until = now + LEFT_ALONE_S
        return True

    def note(self, problem: Error) -> None:
        """Whoever asked reads the primary, as do the others for a while."""
        with suppress(Error):
            connections[REPLICA].close()
        self._left_alone_until = monotonic() + LEFT_ALONE_S
        said = cause_of(problem) or type(problem).__name__
        logger.warning("The replica is left alone for %d s: %s", LEFT_ALONE_S, said)

    def answers(self) -> None:
        self._left_alone_until = 0.0

    def has_schema(self) -> bool:
        """Whether it has every migration that the primary has. None is counted as a change, and
        what it has once it keeps.
        """
        if not self._has_schema:
            here, there = (
                MigrationRecorder(one).applied_migrations().keys()
                for one in (connection, connections[REPLICA])
            )
            self._has_schema = here <= there
        return self._has_schema


health = Health()
