"""What must not come back with a backup, written as it happens, outside of the database.

Erased accounts, consent taken back, links that ended and switches turned off: a line of JSON each,
beside the backups, on the disk before the change is. A restore reads them: of each person, consent
or link the last line counts. People are opaque ids, and nothing says what anybody logged.

A file a day and machine, so that old days go as whole files, several machines never write into one
file, and what they wrote is put together by copying. A change that cannot be written down here is
not made, as one is not that the database cannot write: a promise would end with the next restore.
"""

import datetime as dt
import errno
import json
import os
import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from runners.models import CoachLink, Consent, User
from runners.models.coaching import SWITCHES

Line = dict[str, Any]
LinkKey = tuple[str, str, str]  # coach, athlete, and since when

PEOPLE = uuid.UUID("5d0c8f0e-6d0b-4c57-9d6e-0a5b1d4f7e21")
# As they are in the row, so that a switch and its last day are read again as they were.
SWITCH_FIELDS = [each for name in SWITCHES for each in (name, f"{name}_until")]
ENDED, ASKED, OPEN = "ended", "asked", "open"  # how a link stands


class CannotNote(OperationalError):
    """The journal cannot be written, so what should stand in it is not done."""


def opaque_id(person: User) -> str:
    """The same in every backup, and never another one's: keys are given anew after a restore."""
    return uuid.uuid5(PEOPLE, f"{person.pk} {_instant(person.joined_at)}").hex


def consent_key(consent: Consent, of: User) -> tuple[str, str]:
    return opaque_id(of), _instant(consent.agreed_at)


def link_key(link: CoachLink) -> LinkKey:
    """Reads `coach` and `athlete`."""
    return opaque_id(link.coach), opaque_id(link.athlete), _instant(link.started_at)


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


# Writing


@contextmanager
def erasing(person: User) -> Iterator[None]:
    """Around the deletion. Of several tries at once one may fail, so each has an id of its own."""
    this = {"person": opaque_id(person), "try": uuid.uuid4().hex}
    _write({"what": "erased", **this})
    try:
        yield
    except BaseException:
        with suppress(CannotNote):
            _write({"what": "kept", **this})
        raise


def consent_withdrawn(consent: Consent, *, of: User) -> None:
    """Last in the transaction."""
    person, agreed_at = consent_key(consent, of)
    _write({"what": "consent", "person": person, "agreed_at": agreed_at})


def link_changed(link: CoachLink, *, shows_less: bool) -> None:
    """In the transaction. Reads `coach` and `athlete`.

    What shows less is written before it is stored. What shows more is, after it: a line of a
    change that came to nothing would undo the line before it.
    """
    state = ENDED if link.ended_at else OPEN if link.is_open else ASKED
    line = {
        "what": "link",
        "at": timezone.now().isoformat(),
        **dict(zip(("coach", "athlete", "since"), link_key(link), strict=True)),
        "state": state,
        "ended_by": link.ended_by and opaque_id(link.ended_by),
        "switches": {name: getattr(link, name) for name in SWITCH_FIELDS},
    }
    if shows_less:
        _write(line)
    else:
        transaction.on_commit(lambda: _write(line), robust=True)


def _write(line: Line) -> None:
    """On the disk by the time it returns. Raises CannotNote."""
    now = timezone.now()
    # What a full disk cut off has no end: it spoils no line but itself.
    text = "\n" + json.dumps({"at": now.isoformat(), **line}, default=str) + "\n"
    path = folder() / f"{now:%Y-%m-%d}.{machine()}.jsonl"
    try:
        _make_folder()
        _append(path, text.encode())
    except OSError as problem:
        raise CannotNote(f"{path}: {problem.strerror}") from problem


def _append(path: Path, data: bytes) -> None:
    """In one piece, also where several processes do so."""
    is_new = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(file, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)
    if is_new:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """So that what was made or renamed in it is there after a power cut."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def folder() -> Path:
    return Path(settings.BACKUP_DIR) / "journal"


def _make_folder() -> None:
    for path in (folder().parent, folder()):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def machine() -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname()) or "machine"


# From when on it is whole


def begin(at: dt.datetime) -> None:
    """With each backup: from the first one on the journal says all that matters to it."""
    if begins_at() is None:
        begins_from(at)


def begins_from(at: dt.datetime) -> None:
    _make_folder()
    new = _beginning().with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"at": at.isoformat()}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(_beginning())
    sync_folder(folder())


def begins_at() -> dt.datetime | None:
    """None where there is no journal, or none that says so."""
    try:
        return dt.datetime.fromisoformat(json.loads(_beginning().read_text())["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _beginning() -> Path:
    return folder() / "begins.json"


def forget_before(at: dt.datetime) -> None:
    """What every backup knows already: the oldest is of this instant.

    A day more is kept, for machines whose clocks differ.
    """
    last = (at - dt.timedelta(days=1)).astimezone(dt.UTC).strftime("%Y-%m-%d")
    begins = begins_at()
    if begins is None or begins < at:
        begins_from(at)
    for path in folder().glob("*.jsonl"):
        if path.name[:10] < last:
            path.unlink(missing_ok=True)


# Reading


@dataclass(slots=True)
class Ended:
    """What the journal says in the end.

    `links` are the last line of each link. `unreadable` counts what is no line, such as the
    piece of one that a full disk cut off.
    """

    erased: set[str] = field(default_factory=set)
    consents: set[tuple[str, str]] = field(default_factory=set)
    links: dict[LinkKey, Line] = field(default_factory=dict)
    unreadable: int = 0


def read() -> Ended:
    """Raises OSError."""
    ended = Ended()
    tries: dict[str, set[str]] = {}
    for line in _lines(ended):
        match line["what"]:
            case "erased":
                tries.setdefault(line["person"], set()).add(line["try"])
            case "kept":
                tries.setdefault(line["person"], set()).discard(line["try"])
            case "consent":
                ended.consents.add((line["person"], line["agreed_at"]))
            case "link":
                ended.links[line["coach"], line["athlete"], line["since"]] = line
    ended.erased = {person for person, still in tries.items() if still}
    return ended


def _lines(ended: Ended) -> list[Line]:
    """In the order of time, of all machines."""
    lines: list[Line] = []
    for path in sorted(folder().glob("*.jsonl")):
        for text in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            if not text:
                continue
            try:
                line = json.loads(text)
                dt.datetime.fromisoformat(line["at"])
                lines.append({**line, "what": str(line["what"])})
            except (ValueError, KeyError, TypeError):
                ended.unreadable += 1
    return sorted(lines, key=lambda line: dt.datetime.fromisoformat(line["at"]))
