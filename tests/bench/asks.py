"""What the pages and saves are that `make bench` measures, and how each is asked."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from runners.models import CheckIn, Run, Tries, User
from tests.serving import ROOT

FIT = ROOT / "tests/data/activities/fit-run-fenix5x-developer-fields.fit"  # 130 kB
TURNS = count()


class Asked(Protocol):
    """A browser, or what stands for it: `get` and `post` give the status and the body."""

    def get(self, path: str) -> tuple[int, bytes]: ...
    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]: ...
    def upload(self, path: str, file: Path) -> tuple[int, bytes]: ...


Way = Callable[[Asked], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Ask:
    """`aim` is how many times an empty page it may cost, `most_sql` how many queries.

    `before` makes the database ready for it, and is not measured.
    """

    title: str
    aim: float
    way: Way
    most_sql: int = 0
    before: Callable[[User], object] = field(default=lambda _: None)


def page(path: str) -> Way:
    return lambda asked: asked.get(path)


EMPTY = Ask("Empty page", 1, page("/privacy/"))  # signed in: session, person, frame, and text


def asks_of_a_runner() -> list[Ask]:
    return [
        EMPTY,
        Ask("Today", 3, page("/today/")),
        Ask("Check-in form", 2.5, page("/check-in/")),
        Ask("Save check-in", 6, save_check_in, 14, forget_today),
        Ask("Save, then Today", 9, save_check_in_and_look, before=forget_today),
        Ask("All clear", 6, save_all_clear, 14, forget_today),
        Ask("Save run", 6, save_run, 14, forget_todays_runs),
        Ask("Upload FIT", 6, upload, before=forget_tries),
        Ask("Diary", 3.5, page("/diary/")),
        Ask("Trends, 12 weeks", 3.5, page("/trends/?weeks=12")),
        Ask("Trends, 52 weeks", 6, page("/trends/?weeks=52")),
        Ask("Guidance", 4, page("/guidance/")),
        Ask("Library", 2, page("/guidance/library/")),
        Ask("Plan", 4, page("/guidance/plan/")),
        Ask("A self-check", 2.5, page("/guidance/checks/plank/")),
        Ask("Settings", 2.5, page("/settings/")),
        Ask("Summary", 5, page("/guidance/summary/")),
        Ask("Notes", 4, page("/notes/")),
    ]


def asks_of_a_coach(athlete: int) -> list[Ask]:
    """Of the coach of one athlete with years of days."""
    return [
        Ask("Athlete: overview", 6, page(f"/athletes/{athlete}/"), 14),
        Ask("Athlete: guidance", 5, page(f"/athletes/{athlete}/guidance/")),
    ]


def roster() -> Ask:
    return Ask("Roster", 3, page("/athletes/"))


# The saves: never the same twice, as the same sent again is no save


def today() -> str:
    return str(timezone.localdate())


def save_check_in(asked: Asked) -> tuple[int, bytes]:
    spot = {
        "place": "hamstring-left",
        "kind": "tightness",
        "intensity": str(3 + next(TURNS) % 4),
        "timing": "next_morning",
        "note": "",
    }
    fields = {f"spot-0-{name}": value for name, value in spot.items()}
    return asked.post(f"/check-in/{today()}/", fields)


def save_check_in_and_look(asked: Asked) -> tuple[int, bytes]:
    status, _ = save_check_in(asked)
    return asked.get("/today/") if status == 302 else (status, b"")


def save_all_clear(asked: Asked) -> tuple[int, bytes]:
    return asked.post(f"/check-in/{today()}/all-clear/", {})


def save_run(asked: Asked) -> tuple[int, bytes]:
    fields = {"day": today(), "distance": "10", "duration": "50:00", "effort": "4"}
    blank = {"kind": "", "onset_min": "", "note": ""}
    return asked.post("/runs/add/", {"uid": str(uuid.uuid4()), **fields, **blank})


def upload(asked: Asked) -> tuple[int, bytes]:
    return asked.upload("/runs/add/file/", FIT)


def forget_today(runner: User) -> None:
    CheckIn.objects.of(runner).filter(day=timezone.localdate()).delete()


def forget_todays_runs(runner: User) -> None:
    Run.objects.of(runner).filter(day=timezone.localdate()).delete()


def forget_tries(_runner: User) -> None:
    """So many files an hour are read of one person."""
    Tries.objects.all().delete()


class InProcess:
    """Asks without a server, in this process: for the queries of a page."""

    def __init__(self, person: User) -> None:
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(person)

    def get(self, path: str) -> tuple[int, bytes]:
        answer = self.client.get(path, secure=True)
        return answer.status_code, answer.getvalue()

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        answer = self.client.post(path, fields, secure=True)
        return answer.status_code, answer.getvalue()

    def upload(self, path: str, file: Path) -> tuple[int, bytes]:
        sent = SimpleUploadedFile(file.name, file.read_bytes())
        answer = self.client.post(path, {"file": sent}, secure=True)
        return answer.status_code, answer.getvalue()
