"""Files in a storage that rows name: how they go with their rows, and where no row names them."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from django.core.files.storage import Storage
from django.db import transaction


def delete_once_certain(storage: Storage, names: Iterable[str]) -> None:
    """Inside a transaction: off the disk once it is certain that nobody asks for them."""
    for name in names:
        transaction.on_commit(partial(storage.delete, name))


def delete_lost(storage: Storage, known: set[str], before: dt.datetime) -> int:
    """Those that no row names: a machine died while they were stored. Gives how many."""
    names, gone = [], 0
    with suppress(FileNotFoundError):  # nothing was ever stored
        names = storage.listdir("")[1]
    for name in names:
        if name not in known and storage.get_modified_time(name) < before:
            storage.delete(name)
            gone += 1
    return gone
