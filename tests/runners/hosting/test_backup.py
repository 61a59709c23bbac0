"""What a backup holds, who may open it, and who is told when there is none."""

import datetime as dt
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from pytest_django import Settings

from runners import journal
from runners.hosting import Refused, archive, backing_up, databases, shelf
from runners.hosting.archive import Manifest, Writer
from runners.models.imports import import_storage
from tests.mail_server import MailServer
from tests.runners.hosting.conftest import Host

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    was = os.umask(0o022)
    yield
    os.umask(was)


class CopiedFile:
    """In the place of a database, where only what is around it matters."""

    def __init__(self, *, meanwhile: str = "") -> None:
        self.meanwhile = meanwhile

    def size(self) -> int:
        return 8

    def copy_to(self, path: Path) -> None:
        path.write_bytes(b"the rows")
        if self.meanwhile:
            import_storage().save(self.meanwhile, ContentFile(b"came meanwhile"))

    def aside_in(self) -> Path:
        return shelf.folder()

    def check(self, path: Path) -> None:
        assert path.read_bytes() == b"the rows"


@pytest.fixture
def copied(host: Host, db: None, monkeypatch: pytest.MonkeyPatch) -> CopiedFile:
    file = CopiedFile()
    monkeypatch.setattr(databases, "current", lambda: file)
    monkeypatch.setattr(databases, "applied_migrations", lambda: [["runners", "0001_initial"]])
    return file


def test_it_holds_what_was_stored_before_and_while_the_database_was_copied(
    copied: CopiedFile, host: Host
) -> None:
    import_storage().save("before", ContentFile(b"abc"))
    copied.meanwhile = "meanwhile"

    made = host.back_up()

    with tarfile.open(made.path) as tar:
        names = tar.getnames()
    assert names == [
        "files/imports/before",
        "files/imports/meanwhile",
        "database",
        "manifest.json",
    ]
    assert there(shelf.folder()) == [made.path.name]
    assert there(host.home) == []


def there(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file() or path.name[0] == "."]


def test_a_file_that_was_still_being_stored_is_taken_whole(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "some.tar.gz"
    name = import_storage().save("growing", ContentFile(b"half"))
    manifest = Manifest(NOON, "sqlite", [])
    with archive.writing(path, manifest, []) as writer:
        backing_up._add_files(writer)
        Path(import_storage().path(name)).write_bytes(b"half and whole")
        assert backing_up._add_files(writer) == 1
        assert backing_up._add_files(writer) == 0
        add(writer, "database", b"")

    archive.unpack(path, tmp_path / "room", None)

    assert (tmp_path / "room/files/imports/growing").read_bytes() == b"half and whole"


def add(writer: Writer, name: str, content: bytes) -> None:
    with ContentFile(content).open() as file:
        writer.add(name, file, len(content))


@pytest.mark.usefixtures("copied")
def test_a_journal_that_was_lost_is_not_taken_for_one_that_reaches_back(host: Host) -> None:
    host.now -= 2 * DAY
    host.back_up()
    shutil.rmtree(journal.folder())
    host.now += 2 * DAY

    made = host.back_up()

    assert len(shelf.backups()) == 2
    assert journal.begins_at() == made.made_at


@pytest.mark.usefixtures("_usual_umask", "copied")
def test_nobody_else_on_the_machine_opens_it(host: Host) -> None:
    made = host.back_up()

    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf.folder().stat().st_mode) == 0o700


def test_it_is_encrypted_for_each_key_and_never_plain_on_the_disk(
    copied: CopiedFile, host: Host, settings: Settings, tmp_path: Path
) -> None:
    keys = [pyrage.x25519.Identity.generate() for _ in range(2)]
    settings.BACKUP_KEYS = [str(key.to_public()) for key in keys]

    made = host.back_up()

    for number, key in enumerate(keys):
        (tmp_path / "key").write_text(str(key))
        room = tmp_path / str(number)
        room.mkdir()
        assert archive.unpack(made.path, room, tmp_path / "key").vendor == databases.vendor()
        assert (room / "database").read_bytes() == b"the rows"


@pytest.mark.parametrize("keys", [[], [str(pyrage.x25519.Identity.generate().to_public())]])
def test_a_disk_that_fills_up_ends_it(keys: list[str]) -> None:
    with pytest.raises((OSError, Refused), match="No space left"):
        fill_up(keys)


def fill_up(keys: list[str]) -> None:
    with open("/dev/full", "wb", buffering=0) as full, archive.encrypting(full, keys) as sink:
        for _ in range(10):
            sink.write(bytes(100_000))


def test_too_little_room_is_said_before_it_begins(
    copied: CopiedFile, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied, "size", lambda: 10**18)

    with pytest.raises(Refused, match=r"A backup needs up to 2000000000000 MB in "):
        host.back_up()


@pytest.mark.usefixtures("copied")
def test_the_host_is_mailed_when_it_fails_and_not_otherwise(
    mail_server: type[MailServer], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_CONTACT = "host@limber.example"
    call_command("backup", "--mail")
    assert mail.outbox == []
    [last] = shelf.backups()

    def fails(path: Path) -> None:
        raise Refused("The disk reports an error.")

    monkeypatch.setattr(databases.current(), "copy_to", fails)
    with pytest.raises(CommandError, match=r"No backup was made\. The disk reports an error\."):
        call_command("backup", "--mail")

    [sent] = mail.outbox
    assert sent.to == ["host@limber.example"]
    assert sent.subject.endswith(": no backup was made")
    assert "The disk reports an error." in sent.body
    assert f"{last.made_at:%-d %B %Y %H:%M}" in sent.body
    assert there(shelf.folder()) == [last.path.name]


@pytest.mark.usefixtures("copied", "mail_server")
def test_what_nobody_foresaw_is_mailed_as_well_and_a_mail_that_did_not_go_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_CONTACT = "https://club.example/contact"

    def fails(path: Path) -> None:
        raise ZeroDivisionError("division")

    monkeypatch.setattr(databases.current(), "copy_to", fails)
    with pytest.raises(CommandError) as raised:
        call_command("backup", "--mail")

    assert "ZeroDivisionError: division" in str(raised.value)
    assert "no address to send a mail to" in str(raised.value)
