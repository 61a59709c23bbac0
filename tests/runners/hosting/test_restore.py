"""Backups made while people write, brought back: nothing is lost, and what ended stays ended."""

import contextlib
import datetime as dt
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from runners import journal
from runners.accounts import actions as accounts
from runners.accounts import leaving
from runners.coaching.links import actions as links
from runners.coaching.links.confirming import question_links
from runners.hosting import Refused, archive, postgres, restoring, shelf, what_ended
from runners.models import (
    CoachLink,
    Consent,
    Import,
    ImportFile,
    Invitation,
    InvitationKind,
    Run,
    SecurityEvent,
    Session,
    User,
)
from runners.models.imports import import_storage
from runners.web.before_serving import check_schema
from runners.writes import lock
from tests.factories import days_ago, make_invitation, make_link, make_run, make_soreness, make_user
from tests.runners.hosting.conftest import SECOND, Host

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]

PATIENCE_S = 60
Rows = dict[str, set[str]]


def all_rows() -> Rows:
    """Of each table there is, the migrations too."""
    rows = {
        model._meta.db_table: {repr(row) for row in model._default_manager.values_list()}
        for model in apps.get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        rows["django_migrations"] = {repr(row) for row in cursor.fetchall()}
    assert rows.keys() >= set(connection.introspection.table_names()) - {"sqlite_sequence"}
    return rows


class Writer(threading.Thread):
    """Logs runs of one person, each with a spot on another day, and counts them in the note."""

    def __init__(self, runner: User, *, end: threading.Event) -> None:
        super().__init__()
        self.runner, self.end = runner, end
        self.written = 0
        self.has_written = threading.Condition()

    def run(self) -> None:
        while not self.end.is_set():
            with transaction.atomic():
                lock(self.runner)
                make_run(self.runner, note=str(self.written))
                make_soreness(self.runner, days_ago(self.written))
            with self.has_written:
                self.written += 1
                self.has_written.notify_all()
        connections.close_all()

    def wait_for_more(self) -> None:
        with self.has_written:
            now = self.written
            assert self.has_written.wait_for(lambda: self.written > now, PATIENCE_S)


@contextlib.contextmanager
def somebody_writing() -> Iterator[Writer]:
    """One alone: SQLite lets two of them wait for each other as long as it likes."""
    end = threading.Event()
    writer = Writer(make_user("Wanda Willow"), end=end)
    writer.start()
    try:
        yield writer
    finally:
        end.set()
        writer.join(PATIENCE_S)


def destroy(home: Path) -> None:
    """As on a new machine: no file, or a database with nothing in it."""
    for path in (home / "imports").iterdir():
        path.unlink()
    if connection.vendor == "sqlite":
        connection.close()
        for path in home.glob("races.sqlite3*"):
            path.unlink()
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE "{table}" CASCADE')


def test_what_was_backed_up_while_people_wrote_comes_back_in_every_table(
    alice: User, bob: User, host: Host
) -> None:
    make_link(bob, alice)
    make_run(alice)
    brought = Import.objects.create(runner=alice, size=3)
    stored = import_storage().save("0b5c", ContentFile(b"abc"))
    ImportFile.objects.create(brought=brought, name="a.gpx", stored=stored, size=3)
    with somebody_writing() as writer:
        before = all_rows()
        writer.wait_for_more()
        backup = host.back_up()
        writer.wait_for_more()
    after = all_rows()
    destroy(host.home)

    done = host.restore(backup.path)

    restored = all_rows()
    assert restored.keys() == after.keys()
    # The backup is noted after the copy, and the restore in what came back.
    assert [event.kind for event in SecurityEvent.objects.all()] == ["restored"]
    for rows_of in (before, restored, after):
        del rows_of[SecurityEvent._meta.db_table]
    for table, rows in restored.items():
        assert before[table] <= rows <= after[table], table
    written = {"runners_run", "runners_checkin", "runners_sorenessentry"}
    assert {table for table, rows in after.items() if restored[table] != rows} == written
    # All up to one, with all that belongs to it.
    notes = Run.objects.of(writer.runner).values_list("note", flat=True)
    assert sorted(map(int, notes)) == list(range(len(notes)))
    assert 1 <= len(notes) < writer.written
    assert writer.runner.check_ins.count() == len(notes)
    assert done.files == 1
    with import_storage().open(stored) as file:
        assert file.read() == b"abc"
    check_schema()
    assert not shelf.unfinished().exists()
    make_run(alice)  # and it can be written to, with keys of its own


def test_what_ended_after_the_backup_does_not_come_back(
    alice: User, bob: User, carol: User, mallory: User, host: Host
) -> None:
    ended, narrowed = make_link(bob, alice), make_link(carol, alice)
    asked, widened = make_link(alice, carol), make_link(bob, carol)
    untouched = make_link(carol, bob)
    invited = make_invitation(alice, InvitationKind.COACH, email="d@example.org", runs=True)
    Client().force_login(alice)
    make_run(mallory)
    backup = host.back_up()

    links.end_link(ended, by=bob)
    only_runs = {name: [name == "runs", None] for name in ("runs", "soreness", "guidance", "notes")}
    links.change_switches(narrowed, only_runs, by=alice)
    accounts.withdraw_consent(by=carol)
    with transaction.atomic():
        lock(carol)
        question_links(carol)
    links.change_switches(widened, {name: [False, None] for name in only_runs}, by=carol)
    links.change_switches(
        widened, {name: [True, None] for name in only_runs}, by=carol, password_given=True
    )
    links.end_link(make_link(mallory, alice), by=alice)  # of which the backup knows nothing
    accounts.delete_account(by=mallory)
    first = host.restore(backup.path)
    state = all_rows()
    again = host.restore(backup.path)

    assert (first.applied.accounts, first.applied.consents) == (1, 1)
    assert (first.applied.links, first.applied.switches) == (3, 1)
    assert again.applied == first.applied
    assert not User.objects.filter(email=mallory.email).exists()
    assert not Run.objects.exists()
    row = CoachLink.objects.get(pk=ended.pk)
    assert (row.ended_at is not None, row.ended_by) == (True, bob)
    row = CoachLink.objects.get(pk=narrowed.pk)
    assert (row.runs, row.soreness, row.is_open) == (True, False, True)
    assert not Consent.objects.of(carol).in_force().exists()
    assert Consent.objects.of(alice).in_force().exists()
    for link in (asked, widened):  # by a new password
        row = CoachLink.objects.get(pk=link.pk)
        assert (row.soreness, row.is_open, row.ended_at) == (True, False, None)
    row = CoachLink.objects.get(pk=untouched.pk)
    assert (row.soreness, row.is_open) == (True, True)
    assert not Session.objects.exists()
    assert not Invitation.objects.open().filter(pk=invited.pk).exists()
    assert state.keys() == all_rows().keys()


def test_who_left_after_the_backup_has_left_and_who_came_back_is_back(
    alice: User, bob: User, carol: User, mallory: User, host: Host
) -> None:
    link = make_link(bob, alice)
    for person in (carol, mallory):
        leaving.leave(by=person)
    backup = host.back_up()

    leaving.leave(by=alice)
    leaving.come_back(by=carol)
    leaving.leave(by=bob)
    leaving.come_back(by=bob)
    left = User.objects.get(pk=alice.pk).leaves_at
    first = host.restore(backup.path)
    again = host.restore(backup.path)

    assert (first.applied.left, first.applied.back) == (1, 1)
    assert again.applied == first.applied
    now = {person.pk: person.leaves_at for person in User.objects.all()}
    assert (now[alice.pk], now[carol.pk], now[bob.pk]) == (left, None, None)
    assert now[mallory.pk] is not None
    assert not CoachLink.objects.get(pk=link.pk).is_open


def test_whose_days_have_passed_meanwhile_is_erased_by_the_restore(
    alice: User, bob: User, host: Host
) -> None:
    make_run(alice)
    with time_machine.travel(timezone.now() - dt.timedelta(days=20)):
        leaving.leave(by=alice)
    backup = host.back_up()

    applied = host.restore(backup.path).applied

    assert (applied.accounts, applied.left) == (1, 0)
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Run.objects.exists()


def test_a_journal_that_is_applied_to_what_is_in_use_changes_nothing(
    alice: User, bob: User, host: Host
) -> None:
    """What was given anew after it had ended is the person's last word."""
    link = make_link(bob, alice)
    links.end_link(link, by=alice)
    anew = make_link(bob, alice)
    accounts.withdraw_consent(by=alice)
    accounts.give_consent(by=alice)
    everything = all_rows()

    applied = what_ended.apply(journal.read())

    assert applied == what_ended.Applied()
    assert all_rows() == everything
    assert CoachLink.objects.get(pk=anew.pk).is_open


def test_a_backup_that_is_older_than_the_journal_is_refused(alice: User, host: Host) -> None:
    backup = host.back_up()
    make_run(alice)
    journal.begins_from(backup.made_at + SECOND)
    with pytest.raises(Refused, match="after the backup"):
        host.restore(backup.path)
    for path in journal.folder().iterdir():
        path.unlink()
    with pytest.raises(Refused, match="There is no journal"):
        host.restore(backup.path)
    assert Run.objects.exists()

    host.restore(backup.path, anyway=True)

    assert not Run.objects.exists()


def test_what_is_not_whole_is_refused_and_changes_nothing(alice: User, host: Host) -> None:
    path = host.back_up().path
    whole = path.read_bytes()
    make_run(alice)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (b"", b"no backup", whole[:-2000], whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(Refused, match="not whole"):
            host.restore(path)
    with pytest.raises(Refused, match="cannot be read"):
        host.restore(path.with_name("limber-away.tar.gz"))

    assert Run.objects.count() == 1
    assert not shelf.unfinished().exists()


def test_one_of_a_newer_limber_is_refused(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('runners', '9999_later', CURRENT_TIMESTAMP)"
        )
    path = host.back_up().path
    try:
        with pytest.raises(Refused, match=r"lacks runners\.9999_later"):
            host.restore(path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_a_restore_that_fails_puts_back_what_was_there(
    alice: User, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = host.back_up().path
    make_run(alice)
    everything = all_rows()

    def fails(ended: journal.Ended, **_: object) -> None:
        assert not Run.objects.exists()
        with pytest.raises(Refused):  # what a machine that dies now leaves is not served
            shelf.refuse_while_unfinished()
        raise RuntimeError

    monkeypatch.setattr(what_ended, "apply", fails)
    with pytest.raises(RuntimeError):
        host.restore(path)

    assert all_rows() == everything
    assert not shelf.unfinished().exists()


def test_after_a_restore_that_was_cut_off_nothing_is_served_until_it_is_done(
    alice: User, host: Host
) -> None:
    path = host.back_up().path
    shelf.begin_restore(path)

    for command in ("serve", "work", "backup"):
        with pytest.raises(CommandError, match="A restore was begun and did not end"):
            call_command(command)
    host.restore(path)

    shelf.refuse_while_unfinished()


@contextlib.contextmanager
def somebody_else_connected() -> Iterator[None]:
    other: Any
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"])
    else:
        other = psycopg.connect(postgres._address())
    with contextlib.closing(other):
        other.execute("SELECT count(*) FROM runners_user").fetchone()
        yield


def test_one_of_an_older_limber_is_brought_forward(
    alice: User, host: Host, newest: list[tuple[str, str]]
) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("runners", "0029_imports")])
    path = host.back_up().path
    executor = MigrationExecutor(connection)
    executor.migrate(newest)
    alice.delete()

    host.restore(path)

    check_schema()
    assert User.objects.get().email == alice.email


def test_it_is_refused_while_limber_runs(
    alice: User, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = host.back_up().path
    make_run(alice)

    with monkeypatch.context() as patched:
        patched.setattr(postgres, "BETWEEN_LOOKS_S", 0)
        with somebody_else_connected(), pytest.raises(Refused, match="Limber is running"):
            host.restore(path)

    assert Run.objects.exists()
    host.restore(path)
    assert not Run.objects.exists()


def test_with_a_key_nothing_is_to_be_read_without_the_other_one(
    alice: User, host: Host, settings: Settings
) -> None:
    mine, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    settings.BACKUP_KEYS = [str(mine.to_public())]
    backup = host.back_up()
    make_run(alice)
    key = host.home / "key.txt"

    assert backup.path.name.endswith(".tar.gz.age")
    assert archive.is_encrypted(backup.path)
    with pytest.raises(Refused, match="is encrypted: name the file"):
        host.restore(backup.path)
    key.write_text(f"# created\n{other}\n")
    with pytest.raises(Refused, match="cannot be decrypted"):
        host.restore(backup.path, identity=key)
    key.write_text(f"# created\n{mine}\n")
    whole = backup.path.read_bytes()
    backup.path.write_bytes(whole[:-100])
    with pytest.raises(Refused, match=r"not whole|cannot be decrypted"):
        host.restore(backup.path, identity=key)
    assert Run.objects.exists()
    backup.path.write_bytes(whole)

    host.restore(backup.path, identity=key)

    assert not Run.objects.exists()


def test_the_commands_say_what_they_did(alice: User, bob: User, host: Host) -> None:
    out = StringIO()
    call_command("backup", stdout=out)
    [backup] = shelf.backups()
    assert out.getvalue().startswith(f"{backup.path}: ")
    assert out.getvalue().endswith("not encrypted\n")
    accounts.delete_account(by=bob)

    call_command("restore", str(backup.path), "--check", stdout=(out := StringIO()))
    assert out.getvalue().startswith("Whole, of ")
    call_command("restore", str(backup.path), stdout=(out := StringIO()))
    assert "Ended again by the journal: 1 erased account. Everybody" in out.getvalue()
    assert "kept for a week" in out.getvalue()
    call_command("restore", "--only-journal", stdout=(out := StringIO()))
    assert "by the journal: nothing." in out.getvalue()
    with pytest.raises(CommandError, match="Name one backup"):
        call_command("restore")


def test_names_that_lead_elsewhere_are_refused(host: Host) -> None:
    path = host.back_up().path
    with tarfile.open(path, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("files/imports/../../../evil"))

    with pytest.raises(Refused, match="not whole"):
        restoring.look_at(path)

    assert not (host.home / "evil").exists()
