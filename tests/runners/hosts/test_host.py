"""The overview: how many accounts, what waits, room, backups, what the doctor says."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email
from pytest_django import DjangoAssertNumQueries, Settings

from runners import security_log
from runners.accounts import leaving
from runners.hosting import checkup, shelf
from runners.models import Export, Import, ImportState, User
from runners.models import SecurityEventKind as Kind
from tests.pages import read

PAGE = "/host/"


def test_numbers_of_accounts_lead_to_them(as_hanna: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False, last_login=timezone.now())
    leaving.leave(by=bob)
    page = read(as_hanna, PAGE)

    assert "3 accounts" in page
    for state, said in {"deactivated": "Out of use", "leaving": "Closed, to be erased"}.items():
        assert f'<a href="/host/accounts/?state={state}">{said}</a></dt><dd>1</dd>' in page
    assert "?state=coach" not in page


def test_what_waits_and_since_when_but_not_whose(as_hanna: Client, alice: User) -> None:
    at = dt.datetime(2026, 11, 22, 7, 30, tzinfo=dt.UTC)
    Email.objects.bulk_create(
        [Email(from_email="l@example.org", to="x@example.org", status=STATUS.queued)]
    )
    Email.objects.update(created=at)
    Import.objects.create(runner=alice, state=ImportState.WAITING, created_at=at)
    Import.objects.create(runner=alice, state=ImportState.DONE, created_at=at)
    Export.objects.create(person=alice, created_at=at)
    page = read(as_hanna, PAGE)

    for what in ("Mails", "Imports", "Exports"):
        assert f"<dt>{what}</dt><dd>1 <span" in page
    assert page.count("since 22 November, 08:30") == 3
    assert "Alice" not in page
    assert "x@example.org" not in page


def test_where_nothing_waits_it_says_so(as_hanna: Client) -> None:
    assert read(as_hanna, PAGE).count("<dd>none</dd>") == 3


def test_it_says_what_the_doctor_says(as_hanna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def ill(_now: dt.datetime) -> tuple[bool, str]:
        return False, "It has <b>caught</b> a cold."

    monkeypatch.setitem(checkup.LOOKS, "worker", ill)
    page = as_hanna.get(PAGE).text

    assert "It has &lt;b&gt;caught&lt;/b&gt; a cold." in page
    assert page.count('class="pill s4">not right') >= 1
    assert all(what in page.lower() for what in ("mail", "clock", "schema", "journal"))


def test_backups_newest_first_with_their_size(
    as_hanna: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path / "backups"
    assert "There is none yet." in read(as_hanna, PAGE)
    shelf.folder().mkdir()
    for day, is_encrypted in ((20, True), (21, False)):
        made_at = dt.datetime(2026, 11, day, 2, 15, tzinfo=dt.UTC)
        (shelf.folder() / shelf.name(made_at, is_encrypted=is_encrypted)).write_bytes(b"x" * 2048)
    page = read(as_hanna, PAGE)

    newest, oldest = page.find("21 November 2026, 03:15"), page.find("20 November 2026, 03:15")
    assert 0 < newest < oldest
    assert page.count("2.0") >= 2
    assert page.count("not encrypted</span>") == 1
    assert " GB free</b>" in page


def test_a_folder_that_cannot_be_read_hides_nothing_else(
    as_hanna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> list[shelf.Backup]:
        raise PermissionError("closed")

    monkeypatch.setattr(shelf, "backups", fails)
    page = read(as_hanna, PAGE)
    assert "There is none yet." in page
    assert "closed" in page  # says the doctor


def test_what_happened_lately_without_sign_ins(as_hanna: Client, alice: User) -> None:
    security_log.note(Kind.SIGNED_IN, alice)
    security_log.note(Kind.EXPORTED, alice)
    page = read(as_hanna, PAGE)
    assert "Everything was taken out" in page
    assert "Signed in" not in page


def test_it_costs_the_same_for_few_and_for_many(
    as_hanna: Client,
    alice: User,
    bob: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkup, "LOOKS", {})
    with django_assert_num_queries(7):
        read(as_hanna, PAGE)
    for person in (alice, bob):
        security_log.note(Kind.EXPORTED, person)
        Export.objects.create(person=person)
    with django_assert_num_queries(7):
        read(as_hanna, PAGE)
