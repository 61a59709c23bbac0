"""Files that come in parts: each part once, whatever breaks off, comes twice or is made up."""

import datetime as dt
import errno
import io
import random
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners.accounts.actions import delete_account, withdraw_consent
from runners.data.retention import tidy_up
from runners.formats import file_size
from runners.imports import actions, room, uploading
from runners.imports.jobs import read_next
from runners.imports.parts import given
from runners.imports.room import Announced
from runners.models import Import, ImportFile, ImportPart, ImportRow, ImportState, Run, User
from tests.factories import make_user
from tests.races import at_once, signed_in, sqlite_in
from tests.runners.imports.test_import import _own_storage, stored

__all__ = ["_own_storage"]

DATA = Path(__file__).parents[2] / "data"
FIT = DATA / "activities/fit-run-fenix2.fit"
PART = 1_000  # bytes
Files = dict[str, bytes]
# 2,500 bytes: parts of 1,000, 1,000 and 500; the second file lies in all three.
FILES: Files = {
    "a.csv": random.Random(1).randbytes(900),
    "runs/b.fit": random.Random(2).randbytes(1_300),
    "runs/c.gpx": random.Random(3).randbytes(300),
}


@pytest.fixture(autouse=True)
def _small_parts(settings: Settings) -> None:
    settings.IMPORT_PART_BYTES = PART


def list_of(files: Files) -> str:
    return "\n".join(f"{len(data)}\t{name}" for name, data in files.items())


def parts_of(files: Files) -> list[bytes]:
    whole = b"".join(files.values())
    return [whole[at : at + PART] for at in range(0, len(whole), PART)]


def post(client: Client, address: str, body: str | bytes = b"") -> Any:
    headers = {"HX-Request": "true"}
    return client.post(address, body, content_type="application/octet-stream", headers=headers)


def begin(client: Client, files: Files = FILES, uid: uuid.UUID | None = None) -> Any:
    return post(client, f"/import/{uid or uuid.uuid4()}/begin/", list_of(files))


def send(client: Client, number: int, body: bytes | None = None, files: Files = FILES) -> Any:
    body = parts_of(files)[number] if body is None else body
    return post(client, f"/import/{Import.objects.latest('pk').uid}/parts/{number}/", body)


def lacking(response: Any) -> tuple[str, str]:
    """The first part that is lacking and the bytes that are there, as the page is told."""
    assert response.status_code == 200, response.text
    address, part_size, part, there = response.text.split("\n")
    assert address == f"/import/{Import.objects.latest('pk').uid}/"
    assert part_size == str(PART)
    return part, there


def read_back() -> Files:
    files = {}
    for file in given(Import.objects.latest("pk")):
        with file.open() as stream:
            files[file.name] = stream.read()
    return files


# Sending


def test_parts_become_the_files_and_wait_for_a_worker(as_alice: Client, alice: User) -> None:
    assert lacking(begin(as_alice)) == ("0", "0")
    brought = Import.objects.of(alice).get()
    assert (brought.state, brought.size) == (ImportState.SENDING, 2_500)
    assert not read_next()  # not before all is there
    assert as_alice.get(f"/import/{brought.uid}/")["Location"] == "/import/"
    assert lacking(send(as_alice, 0)) == ("1", "1000")
    assert lacking(send(as_alice, 1)) == ("2", "2000")
    assert not read_next()
    assert lacking(send(as_alice, 2)) == ("", "2500")
    brought.refresh_from_db()
    assert brought.state == ImportState.WAITING
    assert read_back() == FILES
    assert len(stored()) == 3
    assert not any("." in name or "/" in name for name in stored())


def test_what_was_sent_in_parts_is_read_and_goes(
    as_alice: Client, alice: User, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    """A recording in a folder, and one in an archive that lies over many parts."""
    settings.IMPORT_PART_BYTES = 20_000
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(DATA / "activities/fit-run-fr110-header-crc-zero.fit", "in/b.fit")
    files = {"box.zip": archive.getvalue(), "watch/a.fit": FIT.read_bytes(), "watch/b.sqlite": b"x"}
    begin(as_alice, files)
    whole = b"".join(files.values())
    for number, at in enumerate(range(0, len(whole), 20_000)):
        send(as_alice, number, whole[at : at + 20_000])
    with django_capture_on_commit_callbacks(execute=True):
        assert read_next()
    rows = {row.file: (row.became, row.reason) for row in ImportRow.objects.all()}
    assert rows == {
        "watch/a.fit": ("new", ""),
        "watch": ("left_out", "left-alone"),  # what lay beside it in the folder is counted
        "box.zip/in/b.fit": ("new", ""),
    }
    assert Run.objects.of(alice).count() == 2
    assert stored() == []
    assert not ImportFile.objects.exists()
    assert not ImportPart.objects.exists()


def test_parts_may_come_in_any_order(as_alice: Client) -> None:
    begin(as_alice)
    assert lacking(send(as_alice, 2)) == ("0", "500")
    assert lacking(send(as_alice, 0)) == ("1", "1500")
    assert lacking(send(as_alice, 1)) == ("", "2500")
    assert read_back() == FILES


def test_a_part_whose_answer_was_lost_comes_twice_and_is_kept_once(as_alice: Client) -> None:
    begin(as_alice)
    send(as_alice, 0)
    assert lacking(send(as_alice, 0, b"x" * PART)) == ("1", "1000")
    assert len(stored()) == ImportPart.objects.count() == 1
    send(as_alice, 1)
    for _ in range(2):
        assert lacking(send(as_alice, 2)) == ("", "2500")
    assert len(stored()) == 3
    assert read_back() == FILES


def test_after_a_break_it_says_how_far_it_is(as_alice: Client) -> None:
    begin(as_alice)
    send(as_alice, 0)
    uid = Import.objects.get().uid
    assert lacking(as_alice.get(f"/import/{uid}/sent/")) == ("1", "1000")


def test_the_same_files_chosen_again_go_on_where_they_were(as_alice: Client, alice: User) -> None:
    begin(as_alice)
    send(as_alice, 0)
    page = as_alice.get("/import/").text
    assert "Not all sent yet" in page
    assert "a.csv, runs/b.fit, runs/c.gpx" in page
    assert f'action="/import/{Import.objects.get().uid}/drop/"' in page
    assert lacking(begin(as_alice)) == ("1", "1000")
    assert Import.objects.of(alice).count() == 1


def test_other_files_first_want_the_old_ones_dropped(as_alice: Client, alice: User) -> None:
    begin(as_alice)
    send(as_alice, 0)
    for others in ({**FILES, "runs/c.gpx": b"x"}, {"a.csv": FILES["a.csv"]}):
        assert begin(as_alice, others)["HX-Redirect"] == "/import/"
        assert "These are not the files that were broken off." in as_alice.get("/import/").text
    uid = Import.objects.get().uid
    for _ in range(2):  # and sent again
        assert as_alice.post(f"/import/{uid}/drop/")["Location"] == "/import/"
    assert "Not all sent yet" not in as_alice.get("/import/").text
    assert lacking(begin(as_alice, {"d.fit": b"d"})) == ("0", "0")


def test_the_form_stores_nothing_beside_an_upload(as_alice: Client) -> None:
    begin(as_alice)
    send(as_alice, 0)
    with FIT.open("rb") as file:
        response = as_alice.post("/import/", {"uid": str(uuid.uuid4()), "files": file})
    assert response.status_code == 422
    assert "These are not the files that were broken off." in response.text
    assert len(stored()) == Import.objects.count() == 1


def test_to_begin_sent_again_is_one_import(as_alice: Client) -> None:
    uid, empty = uuid.uuid4(), {"a.fit": b""}
    for _ in range(2):
        assert lacking(begin(as_alice, empty, uid)) == ("", "0")  # nothing is to come
    read_next()
    assert lacking(begin(as_alice, empty, uid)) == ("", "0")  # an old page
    assert Import.objects.count() == 1


def test_while_one_is_read_another_waits(as_alice: Client) -> None:
    begin(as_alice, {"a.fit": b""})
    uid = Import.objects.get().uid
    assert begin(as_alice)["HX-Redirect"] == f"/import/{uid}/"
    assert "Another import is still being read." in as_alice.get(f"/import/{uid}/").text
    assert Import.objects.count() == 1


# What does not fit


@pytest.mark.parametrize(
    ("number", "body"),
    [
        (0, b""),
        (0, b"x" * (PART - 1)),  # cut off
        (0, b"x" * (PART + 1)),
        (2, b"x" * PART),  # the last one has 500
        (3, b"x"),
        (10**30, b"x" * PART),
    ],
)
def test_bytes_that_were_not_announced_are_not_stored(
    as_alice: Client, number: int, body: bytes
) -> None:
    begin(as_alice)
    response = send(as_alice, number, body)
    assert response.status_code == 422
    assert "A file has changed since you chose it." in response.text
    assert stored() == []


def test_a_part_larger_than_any_is_not_read(as_alice: Client, settings: Settings) -> None:
    begin(as_alice)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = PART
    assert send(as_alice, 0).status_code == 200
    assert send(as_alice, 1, b"x" * (PART + 1)).status_code == 413
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"\xff\t\xff", b"12", b"-1\ta.fit", b"1\t", b"9" * 16 + b"\ta.fit", b"x\ty"],
)
def test_a_list_that_is_none_begins_nothing(as_alice: Client, body: bytes) -> None:
    response = post(as_alice, f"/import/{uuid.uuid4()}/begin/", body)
    assert response.status_code == 422
    assert response.text == "Choose at least one file."
    assert not Import.objects.exists()


def test_names_are_kept_to_be_read(as_alice: Client) -> None:
    begin(as_alice, {"../\x1b[2J\0.fit": b"", "e" * 400 + ".fit": b""})
    short, long = Import.objects.get().files.values_list("name", flat=True)
    assert short == "../?[2J?.fit"
    assert long == "e" * 296 + ".fit"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"IMPORT_MOST_BYTES": 1_000}, "runs/b.fit is larger than"),
        ({"IMPORT_MOST_FILES": 2}, "These are more than 2 files."),
        ({"IMPORT_QUOTA": 2_499}, "Of one person"),
        ({"IMPORT_DISK_STAYS_FREE": 10**18}, "There is no room for these files here just now."),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_sent(
    as_alice: Client, settings: Settings, limits: dict[str, int], said: str
) -> None:
    for name, value in limits.items():
        setattr(settings, name, value)
    response = begin(as_alice)
    assert response.status_code == 422
    assert said in response.text
    assert "Nothing was stored." in response.text
    assert not Import.objects.exists()


def test_the_quota_counts_what_lies_here_of_one_person(
    alice: User, mallory: User, settings: Settings
) -> None:
    settings.IMPORT_QUOTA = 3_000
    done = Import.objects.create(runner=alice, state=ImportState.DONE)
    ImportFile.objects.create(brought=done, name="kept.fit", stored="kept", size=1_000)
    with pytest.raises(room.NoRoom, match="over-quota"):
        uploading.begin([Announced("a", 2_001)], uid=uuid.uuid4(), by=alice)
    uploading.begin([Announced("a", 2_000)], uid=uuid.uuid4(), by=alice)
    uploading.begin([Announced("a", 3_000)], uid=uuid.uuid4(), by=mallory)


def test_a_disk_that_fills_meanwhile_keeps_what_is_there(
    as_alice: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(as_alice)
    send(as_alice, 0)

    def fills(storage: FileSystemStorage, name: str, content: Any) -> str:
        Path(storage.path(name)).write_bytes(b"as far as there was room")
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", fills)
        response = send(as_alice, 1)
    assert response.status_code == 507
    assert "What was sent is kept" in response.text
    settings.IMPORT_DISK_STAYS_FREE, before = 10**18, settings.IMPORT_DISK_STAYS_FREE
    assert send(as_alice, 1).status_code == 507
    assert len(stored()) == 1
    settings.IMPORT_DISK_STAYS_FREE = before
    assert lacking(send(as_alice, 1)) == ("2", "2000")


def test_parts_come_as_often_as_their_limit_says(as_alice: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "bring_in_part": "2/m/user", "bring_in": ""}
    begin(as_alice)
    for number in range(2):
        send(as_alice, number)
    response = send(as_alice, 2)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert len(stored()) == 2


def test_imports_are_begun_as_often_as_their_limit_says(
    as_alice: Client, settings: Settings
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "bring_in": "1/h/user"}
    begin(as_alice)
    response = begin(as_alice)
    assert response.status_code == 429
    assert response.text.startswith("These were many imports at once. Try again")


# Who is not to send, any more


def test_strangers_neither_ask_nor_send(as_alice: Client, alice: User, mallory: User) -> None:
    begin(as_alice)
    uid = Import.objects.get().uid
    stranger = signed_in(mallory)
    assert post(stranger, f"/import/{uid}/parts/0/", parts_of(FILES)[0]).status_code == 404
    assert stranger.get(f"/import/{uid}/sent/").status_code == 404
    assert stranger.post(f"/import/{uid}/drop/").status_code == 404
    assert stored() == []
    begin(stranger, {"d.fit": b"d"}, uid)  # the same name for another of their own
    assert Import.objects.of(alice).get().size == 2_500


@pytest.mark.parametrize("how", ["stop", "drop"])
def test_what_was_stopped_takes_no_more(
    as_alice: Client, how: str, django_capture_on_commit_callbacks: Any
) -> None:
    """Such as in another tab, while this one sends on."""
    begin(as_alice)
    send(as_alice, 0)
    uid = Import.objects.get().uid
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(f"/import/{uid}/{how}/")
    assert stored() == []
    assert lacking(send(as_alice, 1))[0] == ""  # the page goes to the import, which says so
    assert stored() == []
    assert "You stopped it here." in as_alice.get(f"/import/{uid}/").text
    assert str(uid) not in as_alice.get("/import/").text


def test_a_part_stored_while_the_import_is_stopped_goes_again(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(as_alice)
    store = room.store

    def stopped_meanwhile(content: Any) -> str:
        actions.stop(Import.objects.get())
        return store(content)

    monkeypatch.setattr(room, "store", stopped_meanwhile)
    assert lacking(send(as_alice, 0))[0] == ""
    assert stored() == []


def test_to_start_over_stops_nothing_that_is_read(as_alice: Client) -> None:
    """A page that was open since before the last part came."""
    begin(as_alice, {"a.fit": b""})
    brought = Import.objects.get()
    as_alice.post(f"/import/{brought.uid}/drop/")
    brought.refresh_from_db()
    assert brought.state == ImportState.WAITING


def test_consent_taken_back_ends_an_upload(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    begin(as_alice)
    send(as_alice, 0)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(by=alice)
    assert stored() == []
    assert Import.objects.get().state == ImportState.STOPPED
    for response in (send(as_alice, 1), begin(as_alice)):
        assert response["HX-Redirect"] == "/settings/consent/"
    assert stored() == []


def test_parts_go_with_the_account(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    begin(as_alice)
    send(as_alice, 0)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=alice)
    assert stored() == []


def test_an_upload_is_forgotten_a_day_after_its_last_part(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    """By the clock of the tests, and no file that a part names is taken for a lost one."""
    begin(as_alice)
    send(as_alice, 0)
    Import.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        gone = tidy_up(timezone.now() + dt.timedelta(hours=23))
    assert gone["upload that was broken off"] == 0
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        gone = tidy_up(timezone.now() + dt.timedelta(hours=25))
    assert gone["upload that was broken off"] == 1
    assert gone["file that nothing names"] == 0
    assert stored() == []
    assert lacking(send(as_alice, 1))[0] == ""
    assert stored() == []


# How much it costs


@pytest.mark.parametrize("parts", [1, 3])
def test_a_part_takes_the_same_queries(
    as_alice: Client, parts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    archive = {"box.zip": b"x" * 9 * PART}
    begin(as_alice, archive)
    for number in range(parts):
        send(as_alice, number, files=archive)
    with django_assert_num_queries(17):
        send(as_alice, parts, files=archive)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_at_once_store_it_once(tmp_path: Path) -> None:
    with sqlite_in(tmp_path):
        alice = make_user("Alice Ash")
        files = [Announced(name, len(data)) for name, data in FILES.items()]

        def begin() -> Import:
            return uploading.begin(files, uid=uuid.uuid4(), by=alice)

        first, second = at_once(begin, begin)
        assert first == second

        def tab() -> None:
            for number, data in enumerate(parts_of(FILES)):
                uploading.keep(first, number, data, by=alice)

        at_once(tab, tab)
        assert Import.objects.get().state == ImportState.WAITING
        assert len(stored()) == ImportPart.objects.count() == 3
        assert read_back() == FILES


@pytest.mark.parametrize(
    ("size", "reads"),
    [(0, "0.0 MB"), (349_000, "0.3 MB"), (31_400_000, "31 MB"), (4.5e9, "4.5 GB"), (2e9, "2 GB")],
)
def test_sizes_read_as_the_page_says_them(size: int, reads: str) -> None:
    assert file_size(size) == reads
