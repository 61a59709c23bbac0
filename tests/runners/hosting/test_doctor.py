"""What the doctor says of each thing, right and wrong."""

import datetime as dt
import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from post_office.models import STATUS, Email
from pytest_django import Settings

from runners import journal
from runners.hosting import checkup, shelf
from runners.hosting.alive import seconds_since_sign_of_life, sign_of_life
from runners.hosting.checkup import all_findings
from runners.models import Import, ImportShare, ImportState, User
from tests.mail_server import MailServer
from tests.runners.hosting.conftest import Host

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def well(
    host: Host,
    db: None,
    mail_server: type[MailServer],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> type[MailServer]:
    """A Limber of which all is right."""
    settings.DEBUG = False
    settings.SITE_URL = "https://limber.example.org"
    settings.HOST_CONTACT = "host@limber.example"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(host.home / "limber.sqlite3"))
    monkeypatch.setitem(checkup.LOOKS, "schema", lambda now: (True, ""))  # made without migrations
    monkeypatch.setattr(checkup, "CLOCK_IS_SET", ["echo", "yes"])
    monkeypatch.setattr(checkup, "WANTS_FREE", 1)
    host.home.chmod(0o700)
    journal.begin(host.now)
    backed_up(HOUR)
    sign_of_life()
    return mail_server


def backed_up(age: dt.timedelta) -> None:
    for backup in shelf.backups():
        backup.path.unlink()
    path = shelf.folder() / shelf.name(timezone.now() - age, is_encrypted=True)
    path.touch(mode=0o600)


def wrong() -> dict[str, str]:
    found = all_findings(timezone.now())
    return {finding.what: finding.said for finding in found if not finding.is_right}


def test_all_is_right(well: type[MailServer]) -> None:
    out = StringIO()

    call_command("doctor", "--mail", stdout=out)

    said = out.getvalue().splitlines()
    assert [line.split()[:2] for line in said] == [
        ["ok", what] for what in checkup.LOOKS if what != "replica"
    ]
    assert mail.outbox == []


def test_what_is_wrong_is_said_counted_and_mailed(
    well: type[MailServer], settings: Settings
) -> None:
    settings.SITE_URL = ""
    backed_up(40 * HOUR)

    with pytest.raises(CommandError, match="Not right: 2") as raised:
        call_command("doctor", "--mail", stdout=StringIO())

    assert raised.value.returncode == 1
    assert list(wrong()) == ["SITE_URL", "backup"]
    [sent] = mail.outbox
    assert sent.body.count("WRONG") == 2
    assert "does its timer run?" in sent.body


def test_mail(well: type[MailServer], settings: Settings) -> None:
    well.away_after = 0
    assert "does not answer" in wrong()["mail"]
    well.away_after = None
    settings.HOST_CONTACT = "at the club house"
    assert "nobody is told" in wrong()["mail"]
    settings.SENDS_MAIL = False
    assert "EMAIL_URL is not set" in wrong()["mail"]


def test_clock(well: type[MailServer], alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "CLOCK_IS_SET", ["there-is-no-such-command"])
    assert wrong() == {}
    monkeypatch.setattr(checkup, "CLOCK_IS_SET", ["echo", "no"])
    assert "Nothing sets it" in wrong()["clock"]
    User.objects.update(last_login=timezone.now() + HOUR)
    assert "It is behind" in wrong()["clock"]


def test_disk(well: type[MailServer], host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "WANTS_FREE", 10**18)
    assert f"GB free in {host.home}" in wrong()["disk"]


@pytest.mark.django_db
def test_database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pgbouncer does not hand on, and that it stands between. A drill has a real one."""
    is_right, said = checkup._database(timezone.now())
    assert is_right
    if connection.vendor == "sqlite":
        return
    assert said == "A save waits 2500ms for a lock at most."

    monkeypatch.setattr(checkup, "is_pooled", lambda *_: True)
    assert "set DIRECT_DATABASE_URL" in checkup._database(timezone.now())[1]
    settings.DIRECT_DATABASE = {}
    assert checkup._database(timezone.now())[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
    assert "Nothing bounds how long" in checkup._database(timezone.now())[1]


@pytest.mark.slow
@pytest.mark.django_db
def test_schema() -> None:
    recorder = MigrationRecorder(connection)
    assert checkup._schema(timezone.now())[0]
    newest = max(name for app, name in recorder.applied_migrations() if app == "runners")

    recorder.record_unapplied("runners", newest)
    assert "The database lacks 1 migration" in checkup._schema(timezone.now())[1]
    recorder.record_applied("runners", newest)
    recorder.record_applied("runners", "9999_later")
    assert "A newer Limber was here (runners.9999_later)" in checkup._schema(timezone.now())[1]


def test_permissions(well: type[MailServer], host: Host) -> None:
    [backup] = shelf.backups()
    backup.path.chmod(0o640)
    assert wrong()["permissions"] == f"{backup.path} is open to other users of this machine."
    backup.path.chmod(0o600)
    host.home.chmod(0o701)
    assert wrong()["permissions"].startswith(f"{host.home} is open")
    host.home.chmod(0o750)  # whose group is the host's matter
    assert wrong() == {}


def test_backup(well: type[MailServer], settings: Settings) -> None:
    settings.BACKUP_KEYS = ["age1" + "q" * 58]
    assert "no public key of age" in wrong()["backup"]
    settings.BACKUP_KEYS = []
    backed_up(35 * HOUR)
    assert wrong() == {}
    [backup] = shelf.backups()
    shelf.begin_restore(backup.path)
    assert "did not end" in wrong()["backup"]
    shelf.end_restore()
    backup.path.unlink()
    assert "There is none" in wrong()["backup"]


def test_journal(well: type[MailServer]) -> None:
    (journal.folder() / "begins.json").unlink()
    assert "begins with the first backup" in wrong()["journal"]


def test_worker(well: type[MailServer], alice: User, host: Host) -> None:
    sign = host.home / "worker-alive"
    os.utime(sign, times=(time.time() - 600,) * 2)
    assert wrong()["worker"] == "Its last sign of life is 10 minutes old."
    sign.unlink()
    assert wrong() == {}
    ago = timezone.now() - HOUR
    late = Email.objects.create(
        from_email="l@example.org", to=["a@example.org"], status=STATUS.queued, scheduled_time=ago
    )
    assert wrong()["worker"].startswith("1 mail should have gone")
    late.delete()
    brought = Import.objects.create(runner=alice, created_at=ago)
    assert wrong()["worker"].startswith("An import waits")
    ImportShare.objects.create(
        brought=brought, number=0, state=ImportState.READING, beat_at=timezone.now()
    )
    assert wrong() == {}


def test_a_database_that_does_not_answer_is_one_line_of_it(
    well: type[MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(now: dt.datetime) -> checkup.Said:
        raise OSError("away")

    monkeypatch.setitem(checkup.LOOKS, "clock", away)
    assert wrong() == {"clock": "away"}


def test_the_worker_gives_a_sign_of_life(host: Host, tmp_path: Path) -> None:
    assert seconds_since_sign_of_life() is None
    sign_of_life()
    age_s = seconds_since_sign_of_life()
    assert age_s is not None
    assert age_s < 60
