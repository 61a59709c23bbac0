"""For tests of what happens at the same instant: real threads, each with its own connection."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections
from django.test import Client

from runners.models import User

PATIENCE_S = 60
Result = TypeVar("Result")


@contextmanager
def sqlite_in(folder: Path) -> Iterator[None]:
    """SQLite as it is served, in a file: of one in memory two connections cannot both write."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "races.sqlite3")])
    connection.settings_dict["NAME"] = str(folder / "races.sqlite3")
    connection.connection = None
    # The first connection turns on the write-ahead log; two first ones at once would not wait.
    connection.ensure_connection()
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, in_memory


def at_once(*calls: Callable[[], Result]) -> list[Result]:
    """What each call gives, in the order named; all are let go at the same moment."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        start.wait(timeout=PATIENCE_S)
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        ran = [pool.submit(run, call) for call in calls]
        return [future.result(timeout=PATIENCE_S) for future in ran]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
