"""The page on which files are chosen: what is taken, what is refused, nothing twice."""

import datetime as dt
import errno
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from runners.accounts.actions import delete_account
from runners.data.retention import tidy_up
from runners.imports.jobs import read_next
from runners.models import Import, ImportFile, ImportState, Run, User
from runners.models.imports import import_storage
from tests.factories import make_run
from tests.storages import own_storages

DATA = Path(__file__).parents[2] / "data"
FIT = DATA / "activities/fit-run-fenix2.fit"
LIST = DATA / "exports/runkeeper_cardioActivities.csv"


def sent(*paths: Path) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]


def send(client: Client, *paths: Path, uid: uuid.UUID | str | None = None) -> Any:
    return client.post("/import/", {"uid": str(uid or uuid.uuid4()), "files": sent(*paths)})


def stored() -> list[str]:
    return import_storage().listdir("")[1]


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "imports").mkdir()
    own_storages(settings, tmp_path)


def test_files_wait_for_a_worker_under_names_of_ours(as_alice: Client, alice: User) -> None:
    response = send(as_alice, FIT, LIST)
    brought = Import.objects.of(alice).get()
    assert response.status_code == 302
    assert response["Location"] == f"/import/{brought.uid}/"
    assert brought.state == ImportState.WAITING
    assert brought.size == sum(file.size for file in brought.files.all())
    assert [file.name for file in brought.files.all()] == [FIT.name, LIST.name]
    assert not any("fenix" in name or "." in name for name in stored())
    assert not Run.objects.exists()
    for file in brought.files.all():
        assert Path(import_storage().path(file.stored)).stat().st_mode & 0o077 == 0


def test_a_worker_reads_them_and_the_files_go(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    send(as_alice, FIT)
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert read_next()
    assert stored() == []
    assert not ImportFile.objects.exists()
    assert Run.objects.of(alice).get().distance_m == 9008
    assert Import.objects.get().state == ImportState.DONE
    assert not read_next()


def test_the_same_form_sent_again_is_one_import(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    uid = uuid.uuid4()
    first = send(as_alice, FIT, uid=uid)
    again = send(as_alice, FIT, uid=uid)
    assert first["Location"] == again["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        read_next()
    assert send(as_alice, FIT, uid=uid)["Location"] == first["Location"]  # an old page
    assert Import.objects.count() == 1
    assert stored() == []


def test_a_second_import_waits_for_the_end_of_the_first(as_alice: Client, alice: User) -> None:
    first = send(as_alice, FIT)
    second = send(as_alice, FIT)
    assert second["Location"] == first["Location"]
    assert Import.objects.count() == 1
    assert len(stored()) == 1
    page = as_alice.get(second["Location"])
    assert b"Another import is still being read." in page.content
    assert as_alice.get("/import/")["Location"] == first["Location"]


@pytest.mark.parametrize("uid", ["", "no uid", "1"])
def test_without_a_file_or_a_uid_nothing_is_stored(as_alice: Client, uid: str) -> None:
    for response in (as_alice.post("/import/", {"uid": uid}), send(as_alice, FIT, uid=uid or "x")):
        assert response.status_code == 422
        assert b"Choose at least one file." in response.content
    assert stored() == []


def test_a_full_disk_is_told_and_nothing_stored(as_alice: Client, settings: Settings) -> None:
    settings.IMPORT_DISK_STAYS_FREE = 10**18
    response = send(as_alice, FIT)
    assert response.status_code == 422
    assert b"There is no room for these files here just now." in response.content
    assert stored() == []


def test_a_disk_that_fills_meanwhile_is_told_and_nothing_stays(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = FileSystemStorage._save  # type: ignore[attr-defined]  # private: no stub

    def fills_with_the_second(storage: FileSystemStorage, name: str, content: Any) -> Any:
        if content.name == LIST.name:
            Path(storage.path(name)).write_bytes(b"as far as there was room")
            raise OSError(errno.ENOSPC, "full")
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", fills_with_the_second)
    response = send(as_alice, FIT, LIST)
    assert response.status_code == 422
    assert b"There is no room for these files here just now." in response.content
    assert stored() == []
    assert not Import.objects.exists()


def test_only_so_many_imports_an_hour(as_alice: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "bring_in": "2/h/user"}
    for _ in range(2):
        assert send(as_alice, FIT).status_code == 302
        read_next()
    response = send(as_alice, FIT)
    assert b"These were many imports at once." in response.content


def test_without_consent_nothing_is_stored(as_alice: Client, alice: User) -> None:
    alice.consents.all().delete()
    assert send(as_alice, FIT)["Location"] == "/settings/consent/"
    assert stored() == []


def test_files_go_with_the_account(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    send(as_alice, FIT)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=alice)
    assert stored() == []
    assert not read_next()


def test_files_that_nothing_names_are_tidied_up(as_alice: Client) -> None:
    send(as_alice, FIT)
    import_storage().save("lost", SimpleUploadedFile("x", b"x"))
    assert tidy_up()["file that nothing names"] == 0  # it may just be stored
    assert tidy_up(timezone.now() + dt.timedelta(days=400))["file that nothing names"] == 1
    assert len(stored()) == 1


def test_a_typed_run_that_is_the_same_stays_and_is_asked_about(
    as_alice: Client, alice: User
) -> None:
    make_run(alice, dt.date(2015, 8, 15), distance_m=9_000, duration_s=2_830)
    send(as_alice, FIT)
    read_next()
    assert Run.objects.of(alice).count() == 1
