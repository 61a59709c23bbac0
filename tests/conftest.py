"""The cast of the tests: alice runs, bob coaches her, carol once did, mallory is a stranger."""

import datetime as dt
import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from pytest_django import Settings

from config.frames import with_room
from runners.models import User
from tests import serving
from tests.factories import make_user
from tests.log_changes import CONSENTED, COUNTED, lacking
from tests.mail_server import MailServer
from tests.races import sqlite_in
from tests.undefined_names import undefined_names

# Playwright runs an event loop in the thread of the tests; the database calls beside it are sync.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DATA = Path(__file__).parent / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database: the rest need not run again on a second one."""
    for item in items:
        asked = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True, scope="session")
def _migrates_without_collecting_garbage() -> Iterator[None]:
    """Each step makes all models anew, and a third of its time would go into looking for old ones
    among all that the tests hold."""
    migrate = MigrationExecutor.migrate

    def uncollected(self: MigrationExecutor, *args: Any, **options: Any) -> Any:
        gc.disable()
        try:
            return migrate(self, *args, **options)
        finally:
            gc.enable()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MigrationExecutor, "migrate", uncollected)
        yield


@pytest.fixture(autouse=True, scope="session")
def _fast_and_plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cheap password hashes, static files without a manifest, no permissions for each flush, and
    a journal that nobody needs.

    A test with real transactions empties every table after it, and the permissions that Django
    would then make anew for each model are asked for nowhere.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        KEEPS_ADVICE=False,
        BACKUP_DIR=tmp_path_factory.mktemp("backups"),
    ):
        yield


@pytest.fixture
def newest(transactional_db: None) -> Iterator[list[tuple[str, str]]]:
    """The newest migrations, for tests that go back behind them: the tables are brought forward."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield leaves
    MigrationExecutor(connection).migrate(leaves)


@pytest.fixture(autouse=True)
def _templates_know_their_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page that a test renders asks for no name that it was not given."""
    with undefined_names(monkeypatch) as asked:
        yield
    assert not asked, "\n".join(sorted(set(asked)))


@pytest.fixture(autouse=True)
def _changes_of_a_log_are_counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """And beside consent, by every request of a test."""
    get_response = BaseHandler.get_response
    forgotten: list[str] = []

    def watched(self: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        with lacking(COUNTED, CONSENTED) as found:
            answer = with_room(get_response, self, request)
        forgotten.extend(found)
        return answer

    monkeypatch.setattr(BaseHandler, "get_response", watched)
    yield
    assert not forgotten, "\n".join(forgotten)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that takes long to make: the first worker does, the others wait for it or find it.

    It is to be read, or copied.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(factory.mktemp(name))
            (base / f"{name}0").rename(folder)
    return folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file as `manage.py migrate` makes it, to be copied: that takes it a while."""

    def make(home: Path) -> None:
        serving.manage(serving.environment(home, serving.TRYING_OUT), "migrate", "--verbosity", "0")

    return made_once(tmp_path_factory, "migrated", make) / "limber.sqlite3"


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `manage.py collectstatic` makes, to be copied."""

    def make(home: Path) -> None:
        env = serving.environment(home, serving.TRYING_OUT)
        serving.manage(env, "collectstatic", "--noinput", "--verbosity", "0")

    return made_once(tmp_path_factory, "collected", make) / "static"


@pytest.fixture(scope="session")
def served_env(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path, collected: Path
) -> Iterator[dict[str, str]]:
    """The environment of a Limber of its own, with the demo alone in it, to be served for real.

    It lies on the kind of database that the tests run on.
    """
    with serving.own_database(os.environ.get("DATABASE_URL")) as database:
        home = tmp_path_factory.mktemp("served")
        env = serving.environment(home, {**serving.TRYING_OUT, **database})
        shutil.copytree(collected, home / "static")
        if database:
            serving.manage(env, "migrate", "--verbosity", "0")
        else:
            shutil.copy(migrated, home / "limber.sqlite3")
        serving.manage(env, "load_demo")
        yield env


@pytest.fixture
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """For tests of what happens at the same instant."""
    with sqlite_in(tmp_path):
        yield


@pytest.fixture
def mail_server(settings: Settings) -> type[MailServer]:
    """Limber as it is with `EMAIL_URL`: mail goes into the outbox, and from there to this one."""
    settings.SENDS_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.EMAIL_BACKEND = "runners.mail.outbox.OutboxBackend"
    settings.POST_OFFICE = {"BACKENDS": {"default": "tests.mail_server.MailServer"}}
    MailServer.is_new()
    return MailServer


@pytest.fixture
def data_dir() -> Path:
    return DATA


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon in Vienna on `TODAY`, and time goes on from there."""
    with time_machine.travel(dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)) as clock:
        yield clock


@pytest.fixture
def alice(db: None) -> User:
    return make_user("Alice Ash")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("Bob Birch")


@pytest.fixture
def carol(db: None) -> User:
    return make_user("Carol Cedar")


@pytest.fixture
def mallory(db: None) -> User:
    return make_user("Mallory Maple")


@pytest.fixture
def as_alice(noon: time_machine.Traveller, client: Client, alice: User) -> Client:
    """A browser that Alice is signed in to, at noon of `TODAY`."""
    client.force_login(alice)
    return client
