"""Fourteen days after somebody left: nothing of them in any table, and in no file."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as current
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from post_office.models import Email
from pytest_django import Settings

from guidance.models import Done, Plan, PlanItem
from runners.accounts import leaving
from runners.data.retention import tidy_up
from runners.models import User
from tests.races import sqlite_in
from tests.storages import own_storages
from tests.zebedea import ADDRESS, WORD, make_zebedea

pytestmark = [pytest.mark.slow, pytest.mark.database]

TELLING = (WORD, "Zebedea", "Quillfeather", ADDRESS)

# Tables whose rows are of nobody, or that Limber does not write.
OF_NOBODY = {
    "auth_group": "not used",
    "auth_group_permissions": "not used",
    "auth_permission": "Django's own",
    "django_content_type": "Django's own",
    "runners_tries": "counts under digests, which end by themselves",
    "runners_user_groups": "not used",
    "runners_user_user_permissions": "not used",
    "account_emailconfirmation": "of links that are signed instead",
    "post_office_emailtemplate": "not used",
    "post_office_attachment": "mails have none",
    "post_office_attachment_emails": "mails have none",
    "post_office_log": "written where a mail fails",
}


@pytest.fixture(autouse=True)
def _own_folders(settings: Settings, tmp_path: Path) -> None:
    own_storages(settings, tmp_path)


@pytest.fixture
def zebedea(mail_server: object, noon: time_machine.Traveller) -> User:
    return make_zebedea()


def tables() -> Iterator[tuple[str, list[str]]]:
    """Every row of every table there is, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, [json.dumps(row, default=str) for row in cursor.fetchall()]


def of_her(rows: list[str]) -> list[str]:
    return [row for row in rows if any(word.lower() in row.lower() for word in TELLING)]


def files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_who_left_is_found_in_any_table_or_file(
    zebedea: User, noon: time_machine.Traveller, tmp_path: Path
) -> None:
    full = dict(tables())
    empty = {table for table, rows in full.items() if not rows}
    assert empty <= OF_NOBODY.keys() | {"django_session"} | {"sqlite_sequence"}, empty
    assert len(files(tmp_path)) == 3
    pk = zebedea.pk

    leaving.leave(by=zebedea)
    at = dt.datetime(2026, 12, 8, 11, tzinfo=dt.UTC)
    noon.move_to(at)
    assert tidy_up(at)["account whose time was over"] == 1

    assert {table: of_her(rows) for table, rows in tables() if of_her(rows)} == {}
    assert files(tmp_path) == []
    for path in files(Path(current.BACKUP_DIR)):
        assert not of_her([path.read_text(errors="replace")])
    assert pointing_to(pk) == []
    assert not Email.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_who_left_lies_in_the_files_of_sqlite(
    request: pytest.FixtureRequest, noon: time_machine.Traveller, tmp_path: Path
) -> None:
    """Neither in pages that are free, nor in the log."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL: its vacuum does that, in a while")
    with sqlite_in(tmp_path):
        her = request.getfixturevalue("zebedea")
        assert bytes_of_her(tmp_path)
        leaving.leave(by=her)
        noon.shift(dt.timedelta(days=16))
        call_command("tidy_up")
        assert not bytes_of_her(tmp_path)


def bytes_of_her(folder: Path) -> list[str]:
    stored = b"".join(path.read_bytes() for path in folder.glob("*.sqlite3*"))
    return [word for word in TELLING if word.encode() in stored]


def pointing_to(pk: int) -> list[str]:
    """Columns that hold the key of a person, by what the models say of them."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        kind: type[Model] = model
        for field in kind._meta.concrete_fields:
            if field.related_model is User and kind._base_manager.filter(**{field.attname: pk}):
                found.append(f"{kind._meta.db_table}.{field.column}")
    return found


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_what_is_there(zebedea: User) -> None:
    """A search that finds nothing where all of it still stands would show nothing."""
    found = {table for table, rows in tables() if of_her(rows)}

    assert {"runners_user", "runners_run", "runners_note", "guidance_answer"} <= found
    assert pointing_to(zebedea.pk)
    assert Plan.objects.exists()
    assert PlanItem.objects.exists()
    assert Done.objects.exists()
