"""What must not come back with a backup, written as it happens, outside of the database.

Accounts that were left or erased, consent taken back, links that ended and switches turned off: a
line of JSON each, beside the backups, on the disk before the change is. A restore reads them: of
each person, consent or link the last line counts. People are opaque ids, and nothing says what
anybody logged.

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
from collections.abc import Iterable, Iterator
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
ERASED, LEFT, CAME_BACK = "erased", "left", "came back"  # what becomes of an account


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


class EndOfAccount:
    """Lines of an account that ends. Each is one of a try, which may come to nothing."""

    def __init__(self) -> None:
        self._tries: list[Line] = []

    def erased(self, person: User) -> None:
        self._note(ERASED, person)

    def left(self, person: User, leaves_at: dt.datetime) -> None:
        self._note(LEFT, person, leaves_at=_instant(leaves_at))

    def _note(self, what: str, person: User, **more: str) -> None:
        this = _try_of(person)
        self._tries.append(this)
        _write({"what": what, **this, **more})

    def take_back(self) -> None:
        for this in self._tries:
            with suppress(CannotNote):
                _write({"what": "kept", **this})


@contextmanager
def end_of_account() -> Iterator[EndOfAccount]:
    """Around the transaction that ends it: where that fails, its lines are taken back.

    To be noted while the person is locked, so that lines and changes are in one order.
    """
    end = EndOfAccount()
    try:
        yield end
    except BaseException:
        end.take_back()
        raise


def came_back(person: User) -> None:
    """In the transaction, the person locked. Before it is stored, though it ends nothing: a restore
    that does not know of it erases what is wanted again. It is never taken back.
    """
    _write({"what": CAME_BACK, **_try_of(person)})


def _try_of(person: User) -> Line:
    return {"person": opaque_id(person), "try": uuid.uuid4().hex}


def consent_withdrawn(consent: Consent, *, of: User) -> None:
    """Last in the transaction."""
    person, agreed_at = consent_key(consent, of)
    _write({"what": "consent", "person": person, "agreed_at": agreed_at})


def link_changed(link: CoachLink, *, shows_less: bool) -> None:
    """In the transaction. Reads `coach` and `athlete`.

    What shows less is written before it is stored. What shows more is, after it: a line of a
    change that came to nothing would undo the line before it.
    """
    line = _line_of(link)
    if shows_less:
        _write(line)
    else:
        transaction.on_commit(lambda: _write(line), robust=True)


def links_ended(links: Iterable[CoachLink]) -> None:
    """As for one. All of them are on the disk at once: a coach may have hundreds."""
    _write(*map(_line_of, links))


def _line_of(link: CoachLink) -> Line:
    state = ENDED if link.ended_at else OPEN if link.is_open else ASKED
    return {
        "what": "link",
        "at": timezone.now().isoformat(),
        **dict(zip(("coach", "athlete", "since"), link_key(link), strict=True)),
        "state": state,
        "ended_by": link.ended_by and opaque_id(link.ended_by),
        "switches": {name: getattr(link, name) for name in SWITCH_FIELDS},
    }


def _write(*lines: Line) -> None:
    """On the disk by the time it returns. Raises CannotNote."""
    now = timezone.now()
    stamped = ({"at": now.isoformat(), **line} for line in lines)
    # What a full disk cut off has no end: it spoils no line but itself.
    text = "".join(f"\n{json.dumps(line, default=str)}\n" for line in stamped)
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

    `left` is when each account that was left goes, `back` are those whose people came back last.
    `links` are the last line of each link. `unreadable` counts what is no line, such as the piece
    of one that a full disk cut off.
    """

    erased: set[str] = field(default_factory=set)
    left: dict[str, dt.datetime] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    consents: set[tuple[str, str]] = field(default_factory=set)
    links: dict[LinkKey, Line] = field(default_factory=dict)
    unreadable: int = 0


def read() -> Ended:
    """Raises OSError."""
    ended = Ended()
    of_accounts: dict[str, dict[str, Line]] = {}  # by person and try
    for line in _lines(ended):
        match line["what"]:
            case "erased" | "left" | "came back":
                of_accounts.setdefault(line["person"], {})[line["try"]] = line
            case "kept":
                of_accounts.get(line["person"], {}).pop(line["try"], None)
            case "consent":
                ended.consents.add((line["person"], line["agreed_at"]))
            case "link":
                ended.links[line["coach"], line["athlete"], line["since"]] = line
    for person, lines in of_accounts.items():
        _settle(ended, person, list(lines.values()))
    return ended


def _settle(ended: Ended, person: str, lines: list[Line]) -> None:
    """The last line counts. What was erased stays so, unless its person has come back since: then
    a machine died between the line and the deletion.
    """
    said = [line["what"] for line in lines]
    since = len(said) - 1 - said[::-1].index(CAME_BACK) if CAME_BACK in said else 0
    if ERASED in said[since:]:
        ended.erased.add(person)
    elif said and said[-1] == LEFT:
        ended.left[person] = dt.datetime.fromisoformat(lines[-1]["leaves_at"])
    elif said:
        ended.back.add(person)


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
