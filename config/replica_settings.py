"""Settings of the replica of `REPLICA_URL`, and a connection that waits for it only so long."""

from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS

LONGEST_S = 3.0  # for one answer


class BoundedConnection(psycopg.Connection[Any]):
    """A `statement_timeout` is the server's own, and TCP is its kernel's: where a server hangs on a
    machine that goes on, neither ends.
    """

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Raises OperationalError after it, and then the connection is closed."""
        try:
            return super().wait(gen, *args, **{**kwargs, "timeout": LONGEST_S})
        except psycopg.OperationalError:
            self.close()  # an answer may still come, and to end a transaction would wait for it
            raise


def settings_of(database: dict[str, Any]) -> dict[str, Any]:
    """Django's settings for it, of those of its address.

    Whoever reads it waits 1 s for a connection, 2 s for a machine that is gone, 2 s for rows, 3 s
    for a server that hangs, and then reads the primary.
    """
    options = database.get("OPTIONS", {})
    given = options.get("options", "")
    bounds = {
        "pool": {"max_size": 8, "timeout": 1, "connection_class": BoundedConnection},
        "connect_timeout": 2,  # seconds
        "tcp_user_timeout": 2_000,  # milliseconds
        "options": f"{given} -c default_transaction_read_only=on -c statement_timeout=2s".strip(),
    }
    return {
        **database,
        "OPTIONS": {**options, **bounds},
        "CONN_HEALTH_CHECKS": True,  # a pool does not see that its server was started anew
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"MIRROR": DEFAULT_DB_ALIAS},
    }
