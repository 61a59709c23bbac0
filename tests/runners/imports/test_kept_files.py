"""Files that their runner keeps: listed, saved again, deleted, and nobody else's."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from pytest_django import Settings

from runners.accounts.actions import delete_account
from runners.data.retention import tidy_up
from runners.imports import actions, jobs
from runners.models import Import, ImportFile, ImportState, User
from runners.models.imports import import_storage
from tests.runners.imports.test_import import FIT, LIST, _own_storage, sent, stored
from tests.runners.imports.test_import_one import page

__all__ = ["_own_storage"]

Commits = Any  # pytest-django's


def kept(client: Client, *paths: Path) -> Import:
    """Sent by the page, with its box ticked, and read."""
    uid = uuid.uuid4()
    client.post("/import/", {"uid": str(uid), "keep": "on", "files": sent(*paths)})
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert jobs.read_next()
    return Import.objects.get(uid=uid)


def address(brought: Import, name: str = FIT.name) -> str:
    return f"/import/{brought.uid}/files/{brought.files.get(name=name).pk}/"


def test_the_box_is_empty_by_itself_and_stays_as_it_was(as_alice: Client) -> None:
    box = '<input type="checkbox" name="keep"'
    assert f"{box}>" in as_alice.get("/import/").text
    refused = as_alice.post("/import/", {"uid": str(uuid.uuid4()), "keep": "on"})
    assert f"{box} checked>" in refused.text


def test_what_is_kept_is_listed_with_its_size(as_alice: Client) -> None:
    brought = kept(as_alice, FIT, LIST)
    said = page(as_alice, brought)
    assert "2 files kept" in said
    for path in (FIT, LIST):
        assert path.name in said
        assert f"{path.stat().st_size / 1024:.1f} KB" in said
    assert len(stored()) == 2
    assert tidy_up()["file that nothing names"] == 0


def test_what_is_kept_is_saved_by_its_owner_alone(
    as_alice: Client, mallory: User, bob: User
) -> None:
    brought = kept(as_alice, FIT)
    response = as_alice.get(address(brought))
    assert response.getvalue() == FIT.read_bytes()
    assert response["Content-Disposition"] == f'attachment; filename="{FIT.name}"'
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    stranger = Client()
    stranger.force_login(mallory)
    assert stranger.get(address(brought)).status_code == 404
    assert stranger.post(f"/import/{brought.uid}/files/delete/").status_code == 404
    assert len(stored()) == 1


def test_a_name_leads_nowhere_and_breaks_no_header(as_alice: Client) -> None:
    brought = kept(as_alice, FIT)
    ImportFile.objects.update(name='läuf"\r\nSet-Cookie: a=b.html')
    (file,) = brought.files.all()
    response = as_alice.get(address(brought, file.name))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''l%C3%A4uf%22")
    assert response.getvalue()  # to its end, so that it is closed


def test_kept_files_go_with_a_button_or_with_the_account(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Commits
) -> None:
    brought, other = kept(as_alice, FIT), kept(as_alice, LIST)
    gone = address(brought)
    for said in ("1 file deleted.", "No file was kept."):  # and sent again
        with django_capture_on_commit_callbacks(execute=True):
            as_alice.post(f"/import/{brought.uid}/files/delete/")
        assert said in page(as_alice, brought)
    assert as_alice.get(gone).status_code == 404
    assert "kept" not in page(as_alice, brought).replace("No file was kept.", "")
    assert len(stored()) == other.files.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=alice)
    assert stored() == []


def test_a_file_that_is_gone_from_the_disk_is_not_there(as_alice: Client) -> None:
    brought = kept(as_alice, FIT)
    import_storage().delete(brought.files.get().stored)
    assert as_alice.get(address(brought)).status_code == 404


def test_while_they_are_read_nothing_is_saved_or_deleted(as_alice: Client, alice: User) -> None:
    file = SimpleUploadedFile(FIT.name, FIT.read_bytes())
    brought = actions.begin([file], uid=uuid.uuid4(), by=alice, keeps_files=True)
    assert as_alice.get(address(brought)).status_code == 404
    as_alice.post(f"/import/{brought.uid}/files/delete/")
    assert jobs.read_next()
    brought.refresh_from_db()
    assert brought.state == ImportState.DONE
    assert "1 file kept" in page(as_alice, brought)


@pytest.mark.parametrize("way", ["stop", "undo"])
def test_they_stay_however_the_import_ends(as_alice: Client, alice: User, way: str) -> None:
    file = SimpleUploadedFile(FIT.name, FIT.read_bytes())
    brought = actions.begin([file], uid=uuid.uuid4(), by=alice, keeps_files=True)
    if way == "undo":
        jobs.read_next()
    as_alice.post(f"/import/{brought.uid}/{way}/")
    assert "1 file kept" in page(as_alice, brought)
    assert as_alice.get(address(brought)).getvalue() == FIT.read_bytes()


def test_files_that_came_in_parts_are_kept_as_well(
    as_alice: Client, alice: User, settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.IMPORT_PART_BYTES = 50_000
    uid, data = uuid.uuid4(), FIT.read_bytes()
    begun = f"/import/{uid}/begin/?keep=on"
    as_alice.post(begun, f"{len(data)}\t{FIT.name}\n", content_type="text/plain")
    for number in range(3):
        part = data[number * 50_000 : (number + 1) * 50_000]
        as_alice.post(f"/import/{uid}/parts/{number}/", part, content_type="text/plain")
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.read_next()
    brought = Import.objects.get(uid=uid)
    assert as_alice.get(address(brought)).getvalue() == data
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(f"/import/{uid}/files/delete/")
    assert stored() == []
