"""A pool of connections in front of PostgreSQL: what cannot go through it, and the way past it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

if TYPE_CHECKING:
    import psycopg

NEEDS_DIRECT = (
    "DATABASE_URL leads to a pool of connections, through which nothing can be dumped or replaced:"
    " set DIRECT_DATABASE_URL to PostgreSQL itself."
)


def go_past_the_pool() -> None:
    """From now on, in this process: to PostgreSQL itself, where the host names the way."""
    if settings.DIRECT_DATABASE is None:
        return
    let_go()
    wanted = connections.configure_settings({DEFAULT_DB_ALIAS: settings.DIRECT_DATABASE})
    connections.settings[DEFAULT_DB_ALIAS] = wanted[DEFAULT_DB_ALIAS]
    del connections[DEFAULT_DB_ALIAS]


def is_pooled(pid: int, there: "psycopg.Connection[Any]") -> bool:
    """Whether a pool stands between, by the process that serves us: a pool names another one."""
    return pid != there.info.backend_pid


def let_go() -> None:
    """Of each connection of this process."""
    try:
        connection.close()
    except DatabaseError:
        connection.connection = None
    connection.close_pool()  # type: ignore[attr-defined]  # of this backend alone
