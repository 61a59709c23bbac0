"""All of Limber to another database and back: every row the same, or nothing is left there."""

import contextlib
import datetime as dt
import io
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as DjangoSession
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import AutoField
from django.utils import timezone
from post_office.models import Attachment, Email, EmailTemplate, Log

from runners.hosting import Refused, moving, postgres, shelf, tables
from runners.hosting.tables import Row, Sum, Table
from runners.models import Note, Run, Tries, User
from runners.web.before_serving import check_schema
from tests import serving
from tests.factories import make_run
from tests.postgres import plain_sql
from tests.runners.hosting.conftest import Host
from tests.runners.hosting.test_restore import somebody_else_connected
from tests.zebedea import make_zebedea

real = moving._make_tables
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]

# What one database keeps in another way than the other.
HOSTILE = "Zoë 🦵 'quoted' \"%s\" \\x00 \\N\t\r\n{}\u2028"
ODD_JSON = {"b": 1e22, "a": [1.0, -0.0, 0.1, None, True, "", HOSTILE], "nested": {"z": {}, "é": []}}


@pytest.fixture(scope="session")
def made(migrated: Path) -> Callable[[str], None]:
    """Makes the tables that `migrate` makes, which takes it a while, by copying them."""
    script = ""
    with serving.own_database(os.environ.get("DATABASE_URL")) as variables:
        if variables:
            real(variables["DATABASE_URL"])
            command = ["pg_dump", "--inserts", variables["DATABASE_URL"]]
            dump = subprocess.run(command, check=True, capture_output=True, text=True)
            script = plain_sql(dump.stdout)

    def make(address: str) -> None:
        if address.startswith("sqlite"):
            shutil.copyfile(migrated, address.removeprefix("sqlite:///"))
        else:
            with psycopg.connect(address) as server:
                server.execute(script.encode())

    return make


@pytest.fixture(autouse=True)
def _made_quickly(made: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_make_tables", made)


@pytest.fixture(autouse=True)
def _two_more_connections(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests open none but those that the settings name."""
    ensure = BaseDatabaseWrapper.ensure_connection

    def ensure_connection(self: BaseDatabaseWrapper) -> None:
        if self.connection is None and self.alias in (moving.FROM, moving.TO):
            with self.wrap_database_errors:
                self.connect()
        else:
            ensure(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensure_connection)


@pytest.fixture
def everything(mail_server: object, noon: time_machine.Traveller, database: None) -> User:
    """Somebody with rows in every table, and rows in tables that Limber does not use."""
    her = make_zebedea()
    Run.objects.filter(runner=her).update(
        note=HOSTILE, profile=ODD_JSON, started_at=timezone.now().replace(microsecond=1)
    )
    Tries.objects.create(key="k", at=[1_764_500_000_123], expires_at=timezone.now())
    kind, _ = ContentType.objects.get_or_create(app_label="runners", model="run")
    right, _ = Permission.objects.get_or_create(content_type=kind, codename="may", name="May")
    group = Group.objects.create(name="Not used")
    group.permissions.add(right)
    her.groups.add(group)
    her.user_permissions.add(right)
    address = EmailAddress.objects.get(user=her)
    EmailConfirmation.objects.create(email_address=address, key="k", sent=timezone.now())
    DjangoSession.objects.create(session_key="s", session_data="", expire_date=timezone.now())
    mail = Email.objects.first()
    assert mail is not None
    Log.objects.create(email=mail, status=0, message=HOSTILE)
    EmailTemplate.objects.create(name="t")
    attachment = Attachment.objects.create(file="not-there", name="a")
    attachment.emails.add(mail)
    return her


@pytest.fixture
def new(host: Host) -> str:
    """The address of an empty database: of the other kind where the tests run on PostgreSQL."""
    return f"sqlite:///{host.home}/new.sqlite3"


@pytest.fixture
def other_server(host: Host) -> Iterator[str]:
    """An empty database of the kind that the tests run on."""
    with serving.own_database(os.environ.get("DATABASE_URL")) as variables:
        yield variables.get("DATABASE_URL", f"sqlite:///{host.home}/other.sqlite3")


@contextlib.contextmanager
def limber_at(address: str) -> Iterator[None]:
    """As if DATABASE_URL were this one."""
    ours, wanted = connections["default"], connections.settings["default"]
    connections.settings["default"] = moving.settings_of(address)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = wanted
        connections["default"] = ours


def move(address: str, *, while_running: bool = False) -> moving.Moved:
    return moving.move(address, while_running=while_running, say=lambda _: None)


def models() -> list[Table]:
    return list(apps.get_models(include_auto_created=True))


def all_rows() -> dict[str, dict[Any, Row]]:
    """Of each table, by key. What its driver gives for JSON is compared as Python compares it."""
    return {
        model._meta.db_table: {
            row[0]: row for row in model._base_manager.values_list("pk", *names(model))
        }
        for model in models()
    }


def names(model: Table) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def is_empty(address: str) -> bool:
    with moving._open(moving.TO, moving.settings_of(address)):
        is_new = not connections[moving.TO].introspection.table_names()
    if address.startswith("sqlite"):  # looking at it has made the file
        Path(address.removeprefix("sqlite:///")).unlink(missing_ok=True)
    return is_new


# There and back


def test_there_and_back_every_row_of_every_table_is_the_same(
    everything: User, new: str, other_server: str, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL by way of SQLite, and once more."""
    call_command("load_demo", stdout=io.StringIO())
    before = all_rows()
    assert [table for table, rows in before.items() if not rows] == []
    last = f"sqlite:///{host.home}/last.sqlite3"

    with monkeypatch.context() as patched:
        patched.setattr(moving, "_make_tables", real)
        moved = move(new)
    with limber_at(new):
        check_schema()
        assert all_rows() == before
        move(other_server)
    with limber_at(other_server):
        check_schema()
        assert all_rows() == before
        move(last)
    with limber_at(last):
        assert all_rows() == before

    assert all_rows() == before
    assert moved.tables == len(before)
    assert moved.rows == sum(map(len, before.values()))
    mode = (host.home / "new.sqlite3").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_each_table_takes_a_next_row_with_a_key_that_none_had(
    everything: User, new: str, other_server: str
) -> None:
    gone = make_run(everything).pk
    Run.objects.filter(pk=gone).delete()

    move(new)
    with limber_at(new):
        move(other_server)
        take_a_next_row(gone)
    with limber_at(other_server):
        take_a_next_row(gone)


def take_a_next_row(gone: int) -> None:
    """Each in the place of the last one of its table, because some may stand there once only."""
    counted = [model for model in models() if isinstance(model._meta.pk, AutoField)]
    assert len(counted) > 40
    for model in counted:
        with transaction.atomic():
            last = model._base_manager.latest("pk")
            key = last.pk
            model._base_manager.filter(pk=key)._raw_delete("default")
            last.pk, last._state.adding = None, True
            last.save_base(raw=True, force_insert=True)
            assert last.pk == (gone if model is Run else key) + 1, model
            transaction.set_rollback(True)


# What is not the same is found


def changed(value: str) -> str:
    return f"UPDATE runners_note SET text = {value} WHERE id = (SELECT max(id) FROM runners_note)"


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        (Note, changed("text || ' '")),
        (Note, "UPDATE runners_note SET created_at = '2001-01-01 00:00:00.000001+00:00'"),
        (User, "UPDATE runners_user SET is_coach = NOT is_coach"),
        (Run, "UPDATE runners_run SET profile = '{}'"),
        (Run, "UPDATE runners_run SET profile = NULL"),
        (Group, "UPDATE auth_group SET id = id + 1000"),
        (Tries, "DELETE FROM runners_tries"),
        (Group, "INSERT INTO auth_group (id, name) VALUES (7000, 'x')"),
    ],
)
def test_a_row_that_is_not_the_same_is_found(
    everything: User, table: Table, damage: str, other_server: str
) -> None:
    move(other_server)
    copied = Sum.of(table, "default")
    with moving._open(moving.TO, moving.settings_of(other_server)):
        moving.compare(table, copied)
        with connections[moving.TO].cursor() as cursor:
            if table is Group and "UPDATE" in damage:
                cursor.execute("DELETE FROM auth_group_permissions")
                cursor.execute("DELETE FROM runners_user_groups")
            cursor.execute(damage)

        with pytest.raises(Refused, match=r"is not the same in both.*is not to be used"):
            moving.compare(table, copied)


def test_where_one_row_came_otherwise_nothing_is_left_there(
    everything: User, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = all_rows(), tables.write

    def writes_otherwise(table: Table, rows: list[Row], to: str) -> None:
        text = names(table).index("text") if table is Note else None
        at = len(rows) - 1
        if text is not None:
            rows = [*rows[:at], (*rows[at][:text], "other", *rows[at][text + 1 :])]
        write(table, rows, to)

    with monkeypatch.context() as patched:
        patched.setattr(tables, "write", writes_otherwise)
        with pytest.raises(Refused, match=r"runners_note is not the same in both: \d+ rows with"):
            move(new)

    assert is_empty(new)
    assert all_rows() == before
    move(new)  # and it may be tried again


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError, psycopg.OperationalError])
def test_after_an_error_in_the_middle_nothing_is_left_there(
    everything: User,
    other_server: str,
    problem: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, write = all_rows(), tables.write

    def fails(table: Table, rows: list[Row], to: str) -> None:
        if table is Note:
            raise problem
        write(table, rows, to)

    monkeypatch.setattr(tables, "write", fails)
    with pytest.raises(problem):
        move(other_server)

    assert is_empty(other_server)
    assert all_rows() == before


def test_what_postgresql_does_not_take_is_named_without_what_it_says(
    everything: User, new: str, other_server: str
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("about PostgreSQL")
    move(new)
    with limber_at(new):
        User.objects.filter(pk=everything.pk).update(name="long secret " * 100)
        with pytest.raises(
            Refused, match="runners_user cannot be moved: value too long"
        ) as refused:
            move(other_server)

    assert "secret" not in str(refused.value)
    assert is_empty(other_server)


# While somebody writes


def test_it_is_refused_while_limber_runs_but_for_a_rehearsal(
    alice: User, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BETWEEN_LOOKS_S", 0)
    out = io.StringIO()
    with somebody_else_connected():
        with pytest.raises(Refused, match="Limber is running"):
            move(new)
        assert is_empty(new)

        call_command("move_to", new, "--while-running", stdout=out)

    assert "This was a rehearsal" in out.getvalue()
    with limber_at(new):
        assert User.objects.get() == alice


@pytest.mark.parametrize("while_running", [False, True])
def test_nobody_writes_to_what_is_moved_but_in_a_rehearsal(
    alice: User, new: str, while_running: bool
) -> None:
    tried: list[bool] = []

    def write(_: str) -> None:
        if not tried:
            tried.append(somebody_elses("UPDATE runners_user SET name = 'Late'"))

    moved = moving.move(new, while_running=while_running, say=write)

    assert moved.rows
    assert tried == [while_running]
    assert User.objects.get().name == ("Late" if while_running else alice.name)
    with limber_at(new):
        assert User.objects.get().name == alice.name


def somebody_elses(statement: str) -> bool:
    """Whether it could be done, with little patience."""
    other: Any
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.1)
    else:
        other = psycopg.connect(postgres._address(), options="-c lock_timeout=100ms")
    with contextlib.closing(other):
        try:
            other.execute(statement)
            other.commit()
        except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
            return False
    return True


# What is refused, in a sentence


def ours() -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    found = connection.settings_dict
    return f"postgres://postgres@/{found['NAME']}?host={found['OPTIONS']['host']}"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://limber:secret@db/limber", "Name the database as in DATABASE_URL"),
        ("secret", "Name the database as in DATABASE_URL"),
        ("", "Name the database as in DATABASE_URL"),
        ("postgres://limber:secret@db", "Name the database as in DATABASE_URL"),
        ("postgres://limber:secret@db:port/limber", "Name the database as in DATABASE_URL"),
        ("postgres://limber:secret@[::1/limber", "Name the database as in DATABASE_URL"),
        ("sqlite://:memory:", "Name the database as in DATABASE_URL"),
        ("sqlite:////there/is/none/limber.sqlite3", "No file can be made in /there/is/none"),
        ("postgres://limber:secret@127.0.0.1:1/limber", "does not answer"),
        ("postgres://limber:secret@/limber?host=/there/is/none", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_without_its_password(
    alice: User, host: Host, address: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("move_to", address)

    said = str(refused.value)
    assert "secret@db.example.org" in said or "secret" not in said  # the one of the example
    assert said.count("\n") == 0
    assert sorted(path.name for path in host.home.glob("*.sqlite3")) in ([], ["races.sqlite3"])


def test_the_database_that_limber_uses_is_refused(alice: User) -> None:
    with pytest.raises(Refused, match="Limber uses this database already"):
        move(ours())
    assert User.objects.get() == alice


def test_one_with_anything_in_it_is_refused_and_left_alone(
    alice: User, new: str, other_server: str
) -> None:
    for address in (new, other_server):
        with moving._open(moving.TO, moving.settings_of(address)):
            with connections[moving.TO].cursor() as cursor:
                cursor.execute("CREATE TABLE mine (id integer)")
            with pytest.raises(Refused, match="is not empty: it holds mine"):
                move_beside(address)
        with moving._open(moving.TO, moving.settings_of(address)):
            assert connections[moving.TO].introspection.table_names() == ["mine"]


def move_beside(address: str) -> None:
    """The alias is taken anew, and given back."""
    settings = connections.settings[moving.TO]
    connections[moving.TO].close()
    try:
        move(address)
    finally:
        connections.settings[moving.TO] = settings


def test_a_file_that_is_no_database_is_refused_and_left_alone(alice: User, host: Host) -> None:
    (host.home / "letter.txt").write_text("Dear all, " * 200)

    with pytest.raises(Refused, match="does not answer: file is not a database"):
        move(f"sqlite:///{host.home}/letter.txt")

    assert (host.home / "letter.txt").read_text().startswith("Dear all")


def test_a_user_without_rights_is_refused(alice: User, other_server: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("about PostgreSQL")
    name = "without_rights"
    with psycopg.connect(other_server, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN".encode())
        try:
            with pytest.raises(Refused, match=f"{name} may not make tables in that database"):
                move(other_server.replace("//postgres@", f"//{name}@"))
        finally:
            server.execute(f"DROP ROLE {name}".encode())
    assert is_empty(other_server)


def test_a_schema_that_is_not_of_today_is_refused(
    alice: User, new: str, newest: list[tuple[str, str]]
) -> None:
    MigrationExecutor(connection).migrate([("runners", "0032_access_record_tables")])
    with pytest.raises(Refused, match=r"The database lacks \d migrations: manage\.py migrate"):
        move(new)
    MigrationExecutor(connection).migrate(newest)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('runners', '9999_later', CURRENT_TIMESTAMP)"
        )
        try:
            with pytest.raises(Refused, match=r"A newer Limber was here \(runners\.9999_later\)"):
                move(new)
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert is_empty(new)


def test_one_is_moved_at_a_time_and_none_that_a_restore_left(alice: User, new: str) -> None:
    with shelf.working(), pytest.raises(Refused, match="Another backup or restore is at work"):
        move(new)
    shelf.begin_restore(Path("b.tar.gz"))
    with pytest.raises(Refused, match="A restore was begun and did not end"):
        move(new)
    assert is_empty(new)


def test_a_server_that_cannot_make_the_tables_is_told_and_left_empty(
    alice: User, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_make_tables", real)
    monkeypatch.setenv("HASHED_STATIC", "perhaps")  # which the process of its own refuses
    with pytest.raises(Refused, match=r"The tables could not be made there: .*HASHED_STATIC must"):
        move(new)
    assert is_empty(new)


def test_the_command_says_each_table_and_what_is_next(
    alice: User, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_the_host (id integer)")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{new}\n"))
    out = io.StringIO()
    try:
        call_command("move_to", "-", stdout=out)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE of_the_host")

    said = out.getvalue()
    assert "\nrunners_user: 1 row, the same in both\n" in said
    assert f"\nMoved: {len(models())} tables, " in said
    assert "\nNot moved, as Limber knows no such tables: of_the_host.\n" in said
    assert "set DATABASE_URL to the new database" in said
    again = io.StringIO(f"{new}\n")
    monkeypatch.setattr(sys, "stdin", again)
    with pytest.raises(CommandError, match="is not empty"):  # sent a second time
        call_command("move_to", "-")


# Values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1e3, 1000),
        ([1.0, {"a": 2.0, "b": None}], (1, {"b": None, "a": 2})),
        (Decimal("1.50"), Decimal("1.5")),
        (b"\x00\xff", memoryview(b"\x00\xff")),
        (
            dt.datetime(2026, 11, 30, 11, 0, 0, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 30, 12, 0, 0, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        ),
    ],
)
def test_the_same_in_the_words_of_two_drivers_is_the_same(one: object, other: object) -> None:
    sums = [Sum(), Sum()]
    for each, value in zip(sums, (one, other), strict=True):
        each.add((value,))
    assert sums[0] == sums[1]


UTC_NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (None, "null"),
        (1, "1"),
        (0.1, 0.10000000000000002),
        (True, False),
        ([1, 2], [2, 1]),
        (UTC_NOON, UTC_NOON.replace(microsecond=1)),
        (dt.date(2026, 1, 2), dt.date(2026, 2, 1)),
        (dt.time(6), dt.time(6, 0, 0, 1)),
        (dt.timedelta(microseconds=1), dt.timedelta(0)),
        (UUID(int=1), UUID(int=2)),
        (b"\x00", b""),
        ("é", "e\u0301"),
    ],
)
def test_what_differs_in_the_least_differs(one: object, other: object) -> None:
    assert Sum().checksum != sum_of(one) != sum_of(other)


def sum_of(*values: object) -> int:
    found = Sum()
    for value in values:
        found.add((value,))
    return found.checksum


def test_rows_may_come_in_any_order_but_as_often() -> None:
    assert sum_of("a", "b") == sum_of("b", "a")
    assert sum_of("a", "b", "b") != sum_of("a", "a", "b")
    assert sum_of("a", "a") != 0


def test_an_unknown_kind_of_value_is_not_passed_over() -> None:
    with pytest.raises(TypeError, match="No checksum knows object"):
        sum_of(object())


def test_each_table_comes_after_those_that_its_rows_lead_to() -> None:
    order: list[Table] = tables.in_order()
    assert {*order} == {model for model in models() if not model._meta.proxy}
    leads: Callable[[Table], list[Table]] = tables._leads_to
    for at, table in enumerate(order):
        assert {*leads(table)} <= {*order[:at]}, table
