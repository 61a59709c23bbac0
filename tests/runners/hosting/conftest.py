import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django import Settings

from runners.hosting import backing_up, restoring
from runners.hosting.restoring import Restored
from runners.hosting.shelf import Backup
from tests.races import sqlite_in
from tests.storages import own_storages

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def host(settings: Settings, tmp_path: Path) -> "Host":
    """Folders of its own for all that a host keeps."""
    own_storages(settings, tmp_path)
    settings.LOCAL_DIR = settings.SHARED_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_KEYS = []
    return Host(tmp_path)


@pytest.fixture
def database(transactional_db: None, host: "Host") -> Iterator[None]:
    """As it is served: SQLite in a file. Tables that a test leaves away are made anew."""
    with sqlite_in(host.home):
        yield
    if "runners_user" not in connection.introspection.table_names():
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


class Host:
    """Makes backups a second apart, and brings them back."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.now = timezone.now()

    def back_up(self) -> Backup:
        self.now += SECOND
        return backing_up.make(self.now)

    def restore(
        self, path: Path, *, identity: Path | None = None, anyway: bool = False
    ) -> Restored:
        self.now += SECOND
        return restoring.restore(path, now=self.now, identity=identity, anyway=anyway)
