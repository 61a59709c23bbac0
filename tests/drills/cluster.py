"""`python -m deploy.cluster` from outside, and people at its front."""

import contextlib
import html
import http.client
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.cluster.network import PEOPLE
from deploy.cluster.services import ADDRESSES, PASSWORDS
from tests import serving
from tests.drills.box import enter_network_of
from tests.load import NOT_CHECKED, sign_up
from tests.serving import Visitor

FRONT = ADDRESSES["front"]
ENDS_AFTER_S = 840
AGAIN_S = 1.0  # from the page that says to try again to the press of its button
PATIENCE_S = 30
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
NO_ANSWER = (OSError, http.client.HTTPException)
KEPT = "What you typed is still here"


def at(name: str) -> str:
    """One of the databases, for whoever looks at what is stored."""
    return f"host={ADDRESSES[name]} user=limber password={PASSWORDS['password']} dbname=limber"


@dataclass(frozen=True, slots=True)
class Cluster:
    process: "subprocess.Popen[str]"

    def said(self, command: str) -> list[str]:
        """What it says to a command that it has to do."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self.lines_until_done()

    def lines_until_done(self) -> list[str]:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            if line == "ok\n":
                return lines
            lines.append(line.rstrip())
            assert not line.startswith("not done:"), "\n".join(lines)
        raise AssertionError("\n".join(["The cluster has ended.", *lines]))

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Where something goes wrong, what the hosts had to say of it."""
        try:
            yield
        except BaseException:
            print(*self.said("errors"), sep="\n")
            raise

    def role_of(self, role: str) -> str:
        """The first database that Patroni calls so."""
        lines = [line.split() for line in self.said("show")]
        return next(line[0] for line in lines if line[1:2] == [role])

    def threads(self, number: int) -> ThreadPoolExecutor:
        """That stand at its switch, where people do."""
        return ThreadPoolExecutor(number, initializer=partial(enter_network_of, self.process.pid))


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.cluster", "--for", str(ENDS_AFTER_S)],
        cwd=serving.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        cluster = Cluster(process)
        cluster.lines_until_done()
        inside = os.readlink(f"/proc/{process.pid}/ns/pid_for_children")
        yield cluster
    finally:
        process.kill()  # and Linux all that is in there
        process.communicate()
    until = time.monotonic() + PATIENCE_S
    while left := list(processes_in(inside)):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def processes_in(namespace: str) -> Iterator[str]:
    """Their numbers, out here."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(folder / "ns/pid") == namespace:
                yield folder.name


@dataclass(slots=True)
class AtFront(Visitor):
    """From one of the many addresses that people have."""

    source: str = PEOPLE[0]

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(
            FRONT, 443, timeout=PATIENCE_S, context=NOT_CHECKED, source_address=(self.source, 0)
        )


def at_front(number: int) -> AtFront:
    headers = {"Referer": f"https://{FRONT}/"}
    return AtFront(443, headers=headers, tls=NOT_CHECKED, source=PEOPLE[number])


@dataclass(slots=True)
class Person:
    """Saves, and where that cannot be, presses the button of the page that says so."""

    number: int
    visitor: AtFront = field(init=False)
    # What was answered: uids of runs, and days with how strong it was.
    runs_saved: list[str] = field(default_factory=list)
    check_ins_saved: list[tuple[str, int]] = field(default_factory=list)
    sent_again: int = 0
    longest_s: float = 0.0  # from the first press to the answer that it is saved

    def __post_init__(self) -> None:
        self.visitor = at_front(self.number)

    @property
    def saved(self) -> int:
        return len(self.runs_saved) + len(self.check_ins_saved)

    @property
    def email(self) -> str:
        return f"person{self.number}@example.org"

    def signs_up(self) -> None:
        sign_up(self.visitor, self.email)

    def runs(self, day: str) -> None:
        uid = str(uuid.uuid4())
        fields = {"uid": uid, "day": day, "distance": "5", "duration": "30:00", "effort": "4"}
        self._saves("/runs/add/", {**fields, "kind": "", "onset_min": "", "note": f"with {uid}"})
        self.runs_saved.append(uid)

    def checks_in(self, day: str, intensity: int) -> None:
        spot = {"place": "calf-left", "kind": "soreness", "intensity": str(intensity)}
        fields = {f"spot-0-{name}": value for name, value in spot.items()}
        self._saves(f"/check-in/{day}/", {**fields, "spot-0-timing": "after", "spot-0-note": ""})
        self.check_ins_saved.append((day, intensity))

    def asks_for_export(self) -> str:
        uid = str(uuid.uuid4())
        self._saves("/export/", {"uid": uid})
        return uid

    def has_export(self, uid: str) -> bool:
        """Through any web host, whichever of them has made it."""
        return self.visitor.get(f"/export/{uid}.zip").body.startswith(b"PK")

    def _saves(self, path: str, typed: dict[str, str]) -> None:
        began, fields = time.monotonic(), typed
        while (answer := self.visitor.post(path, **fields)).status != 302:
            page = answer.body.decode()
            assert answer.status == 503, page
            assert KEPT in page, page
            fields = {name: html.unescape(value) for name, value in FIELD.findall(page)}
            del fields["csrfmiddlewaretoken"]
            assert fields == typed
            self.sent_again += 1
            time.sleep(AGAIN_S)
        self.longest_s = max(self.longest_s, time.monotonic() - began)


@dataclass(slots=True)
class Watcher:
    """Somebody else, who looks at their diary four times a second."""

    person: Person
    away_s: float = 0.0  # the longest, from the first page that did not come to the next that did
    away_since: float | None = None
    goes_on: bool = True

    def begin_anew(self) -> None:
        self.away_s = 0.0

    def look_on(self) -> None:
        while self.goes_on:
            began, is_there = time.monotonic(), False
            with contextlib.suppress(*NO_ANSWER):
                is_there = self.person.visitor.get("/diary/").status == 200
            if not is_there and self.away_since is None:
                self.away_since = began
            elif is_there:
                since = began if self.away_since is None else self.away_since
                self.away_s, self.away_since = max(self.away_s, time.monotonic() - since), None
            time.sleep(0.25)
