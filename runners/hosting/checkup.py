"""Looks over a Limber: one finding for each thing that a host has to care for."""

import datetime as dt
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models import Max
from django.utils import timezone
from post_office.models import STATUS, Email

from config.private_files import OTHERS, files_of
from config.replica import REPLICA
from runners import journal
from runners.formats import count
from runners.hosting import Refused, archive, databases, shelf, telling
from runners.hosting.alive import seconds_since_sign_of_life
from runners.hosting.pool import NEEDS_DIRECT, is_pooled
from runners.models import Import, ImportShare, ImportState, User

BACKUP_AGE = dt.timedelta(hours=36)  # of one a day, the next is a while late
SLACK = dt.timedelta(seconds=60)  # between two clocks
TIDY_AGE = dt.timedelta(hours=36)  # as above
QUEUE_AGE = dt.timedelta(minutes=15)
WORKER_AGE_S = 120
CLOCK_IS_SET = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
WANTS_FREE = 1_000_000_000  # bytes
LAG = dt.timedelta(seconds=30)
HOW_FAR_BEHIND = """
    SELECT system_identifier, pg_is_in_recovery(),
        pg_is_in_recovery() AND pg_is_wal_replay_paused(),
        pg_last_wal_replay_lsn() < %s::pg_lsn, clock_timestamp() - pg_last_xact_replay_timestamp()
    FROM pg_control_system()
"""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    is_right: bool
    said: str


Said = tuple[bool, str]


def all_findings(now: dt.datetime) -> Iterator[Finding]:
    for what, look in LOOKS.items():
        if look is _replica and REPLICA not in connections:
            continue
        try:
            is_right, said = look(now)
        except (DatabaseError, OSError, Refused) as problem:
            is_right, said = False, " ".join(str(problem).split())
        yield Finding(what, is_right, said)


def _mode(_now: dt.datetime) -> Said:
    if settings.DEBUG:
        return False, "DEBUG is on, which is for trying out on one machine."
    return True, "DEBUG is off."


def _mail(_now: dt.datetime) -> Said:
    if not settings.SENDS_MAIL:
        return False, "EMAIL_URL is not set: mail is printed, and addresses are not confirmed."
    server = telling.mail_server()
    try:
        server.open()
    except OSError as problem:
        return False, f"The server of EMAIL_URL does not answer: {problem}"
    with suppress(OSError):
        server.close()
    if not telling.has_an_address():
        return False, "HOST_CONTACT is no mail address, so nobody is told of a failed backup."
    return True, f"The server answers; {settings.HOST_CONTACT} is told of a failed backup."


def _site_url(_now: dt.datetime) -> Said:
    if not settings.SITE_URL:
        return False, "SITE_URL is not set: commands send no mails with links."
    return True, f"Links in mails begin with {settings.SITE_URL}."


def _clock(now: dt.datetime) -> Said:
    newest = User.objects.aggregate(at=Max("last_login"))["at"]
    if newest is not None and newest > now + SLACK:
        return False, f"It is behind: somebody has signed in at {newest:%d %B %Y %H:%M} UTC."
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(cursor.fetchone()[0] - timezone.now())
        if apart > SLACK:
            return False, f"It differs from the database's by {apart.total_seconds():.0f} s."
    if _is_set_by_the_network() is False:
        return False, "Nothing sets it by the network. On Debian: apt-get install systemd-timesyncd"
    return True, f"It is {now:%d %B %Y %H:%M} UTC."


def _is_set_by_the_network() -> bool | None:
    """None where it cannot be told."""
    try:
        asked = subprocess.run(CLOCK_IS_SET, capture_output=True, text=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(asked.stdout.strip())


def _disk(_now: dt.datetime) -> Said:
    last = max(shelf.backups(), default=None)
    wanted = {Path(settings.LOCAL_DIR): WANTS_FREE, Path(settings.SHARED_DIR): WANTS_FREE}
    # Two more of the largest thing that comes every night.
    wanted[nearest(shelf.folder())] = max(WANTS_FREE, 2 * last.path.stat().st_size if last else 0)
    free = {folder: shutil.disk_usage(folder).free for folder in wanted}
    short = [folder for folder, need in wanted.items() if free[folder] < need]
    said = ", ".join(f"{free[folder] / 1e9:.1f} GB free in {folder}" for folder in short or free)
    return not short, f"{said}."


def nearest(folder: Path) -> Path:
    """The folder, or the one that it would be made in."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _schema(_now: dt.datetime) -> Said:
    lack = databases.lack_of_schema()
    return not lack, lack or "All migrations are applied."


def _database(_now: dt.datetime) -> Said:
    """Whether what Limber asks for as it connects arrives; pgbouncer does not hand it on."""
    if connection.vendor == "sqlite":
        return True, "SQLite, of which a save waits for its turn in the settings' time."
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), pg_backend_pid()")
        patience, pid = cursor.fetchone()
    if patience == "0":
        return False, "Nothing bounds how long a save waits for a lock: see deploy/pgbouncer.ini."
    if is_pooled(pid, connection.connection) and settings.DIRECT_DATABASE is None:
        return False, NEEDS_DIRECT
    return True, f"A save waits {patience} for a lock at most."


def _replica(_now: dt.datetime) -> Said:
    """How far behind; where it is, whoever wrote meanwhile reads the primary."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier, pg_current_wal_lsn() FROM pg_control_system()")
        primary, written = cursor.fetchone()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(HOW_FAR_BEHIND, [written])
        whose, is_one, is_paused, is_behind, since = cursor.fetchone()
    if whose != primary or not is_one:
        return False, "REPLICA_URL names no streaming replica of the database of DATABASE_URL."
    if is_paused:
        return False, "It is paused, so the primary is read: SELECT pg_wal_replay_resume()"
    if is_behind and since > LAG:
        return False, f"It is {since.total_seconds():.0f} s behind, so the primary is read."
    return True, "It follows the primary."


def _permissions(_now: dt.datetime) -> Said:
    """Of what the host names, the group is the host's matter."""
    folders = [Path(settings.LOCAL_DIR), Path(settings.SHARED_DIR)]
    folders += [shelf.folder(), journal.folder()]
    database = str(connection.settings_dict["NAME"])
    files = files_of(database) if connection.vendor == "sqlite" else []
    files += [backup.path for backup in shelf.backups()]
    files += list(journal.folder().glob("*"))
    for path, closed in [(f, stat.S_IRWXO) for f in folders] + [(f, OTHERS) for f in files]:
        with suppress(FileNotFoundError):
            state = path.stat()
            if stat.S_IMODE(state.st_mode) & closed:
                return False, f"{path} is open to other users of this machine."
            if not os.access(path, os.W_OK):
                return False, f"{path} cannot be written by the user who runs this."
            if state.st_uid != Path(settings.LOCAL_DIR).stat().st_uid:
                return False, f"{path} has another owner than {settings.LOCAL_DIR}."
    return True, f"{settings.LOCAL_DIR} and the backups are closed to others."


def _backup(now: dt.datetime) -> Said:
    if shelf.unfinished().exists():
        return False, "A restore was begun and did not end: run manage.py restore again."
    last = max(shelf.backups(), default=None)
    if last is None:
        return False, f"There is none in {shelf.folder()}: manage.py backup"
    said = f"The last one is of {last.made_at:%d %B %Y %H:%M} UTC"
    if now - last.made_at > BACKUP_AGE:
        return False, f"{said}: does its timer run?"
    for key in settings.BACKUP_KEYS:
        archive.recipient(key)
    is_encrypted = last.path.name.endswith(shelf.ENCRYPTED)
    return True, f"{said}, {'encrypted' if is_encrypted else 'not encrypted'}."


def _journal(_now: dt.datetime) -> Said:
    begins = journal.begins_at()
    if begins is None:
        return False, "It begins with the first backup: manage.py backup"
    unreadable = journal.read().unreadable
    said = f"It is whole since {begins:%d %B %Y %H:%M} UTC"
    return True, f"{said}, but for {count(unreadable, 'torn line')}." if unreadable else f"{said}."


def _worker(now: dt.datetime) -> Said:
    """By its sign of life where it runs on this machine, else by what waits too long."""
    waiting = Email.objects.filter(status=STATUS.queued, scheduled_time__lt=now - QUEUE_AGE)
    reading = ImportShare.objects.filter(state=ImportState.READING)
    if reading.filter(beat_at__gt=now - ImportShare.PATIENCE).exists():
        return True, "It is reading an import."
    if number := waiting.count() if settings.SENDS_MAIL else 0:
        return False, f"{count(number, 'mail')} should have gone: does manage.py serve or work run?"
    if Import.objects.under_way().filter(created_at__lt=now - QUEUE_AGE).exists():
        return False, "An import waits to be read: does manage.py serve or work run?"
    age_s = seconds_since_sign_of_life()
    if age_s is None:
        return True, "Nothing waits for it; it has never run on this machine."
    if age_s > WORKER_AGE_S:
        return False, f"Its last sign of life is {age_s / 60:.0f} minutes old."
    return True, "It runs."


def _leaving(now: dt.datetime) -> Said:
    late = User.objects.filter(leaves_at__lt=now - TIDY_AGE).count()
    if late:
        are = f"{count(late, 'account')} should be erased"
        return False, f"{are}: does the timer of manage.py tidy_up run?"
    return True, "Nobody who has left waits to be erased."


LOOKS: dict[str, Callable[[dt.datetime], Said]] = {
    "mode": _mode,
    "mail": _mail,
    "SITE_URL": _site_url,
    "clock": _clock,
    "disk": _disk,
    "database": _database,
    "schema": _schema,
    "replica": _replica,
    "permissions": _permissions,
    "backup": _backup,
    "journal": _journal,
    "worker": _worker,
    "leaving": _leaving,
}
