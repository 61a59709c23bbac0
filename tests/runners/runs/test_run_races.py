"""The same run sent at the same instant, and answers that meet a change: with real threads."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from runners.models import Run, User
from tests.factories import make_run, make_user
from tests.races import at_once, signed_in, sqlite_in
from tests.runners.runs.sending import hidden, read

pytestmark = pytest.mark.slow

ROUNDS = 6
PAUSED = "fit-run-fr610-paired.fit"
DAY = dt.date(2012, 10, 19)  # of the file

Asks = Callable[[], int]


@pytest.fixture(autouse=True)
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with sqlite_in(tmp_path):
        yield


@pytest.fixture(autouse=True)
def _as_many_files_as_there_are_rounds(settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "read_file": "100/m/user"}


@pytest.fixture
def alice(_on_disk: None) -> User:
    return make_user("Alice Ash")


@pytest.fixture
def tabs(alice: User) -> tuple[Client, Client]:
    return signed_in(alice), signed_in(alice)


def form(**fields: str) -> dict[str, str]:
    """8.38 km in 47:37 on the day of the file, a form of its own each time."""
    sent = {"uid": str(uuid.uuid4()), "day": str(DAY), "distance": "8.38", "duration": "47:37"}
    return {**sent, "really": f"day {DAY}", **fields}


def sends(client: Client, sent: Mapping[str, Any]) -> Asks:
    return lambda: client.post("/runs/add/", sent).status_code


def deletes(client: Client, run: Run) -> Asks:
    return lambda: client.post(f"/runs/{run.uid}/delete/").status_code


def test_typed_in_two_tabs_at_once_one_is_stored_and_the_other_asked(
    alice: User, tabs: tuple[Client, Client]
) -> None:
    for _round in range(ROUNDS):
        answers = at_once(*(sends(tab, form()) for tab in tabs))

        assert sorted(answers) == [302, 422]
        assert Run.objects.of(alice).count() == 1
        Run.objects.all().delete()


def test_typed_and_read_at_once_one_is_stored_and_the_other_asked(
    alice: User, tabs: tuple[Client, Client]
) -> None:
    for _round in range(ROUNDS):
        answers = at_once(sends(tabs[0], form()), sends(tabs[1], read(tabs[1], PAUSED)))

        assert sorted(answers) == [302, 422]
        assert Run.objects.of(alice).count() == 1
        Run.objects.all().delete()


def test_yes_sent_twice_at_once_merges_once(alice: User, tabs: tuple[Client, Client]) -> None:
    for _round in range(ROUNDS):
        run = make_run(alice, DAY, distance_m=8_400, duration_s=2_857, note="Windy.")
        question = tabs[0].post("/runs/add/", read(tabs[0], PAUSED, note="Cold."))
        sent = {**hidden(question), "same_as": str(run.uid)}

        answers = at_once(*(sends(tab, sent) for tab in tabs))

        assert answers == [302, 302]
        merged = Run.objects.of(alice).get()
        assert (merged.source, merged.note) == ("fit", "Windy.\n\nCold.")
        Run.objects.all().delete()


def test_yes_and_no_at_once_leave_the_file_in_one_run(
    alice: User, tabs: tuple[Client, Client]
) -> None:
    for _round in range(ROUNDS):
        run = make_run(alice, DAY, distance_m=8_400, duration_s=2_857)
        yes = hidden(tabs[0].post("/runs/add/", read(tabs[0], PAUSED)))
        no = hidden(tabs[1].post("/runs/add/", read(tabs[1], PAUSED)))

        answers = at_once(sends(tabs[0], {**yes, "same_as": str(run.uid)}), sends(tabs[1], no))

        assert sorted(answers) == [302, 422]
        assert Run.objects.of(alice).exclude(fingerprint="").count() == 1
        Run.objects.all().delete()


def test_yes_and_a_deletion_at_once_bring_nothing_back(
    alice: User, tabs: tuple[Client, Client]
) -> None:
    for _round in range(ROUNDS):
        run = make_run(alice, DAY, distance_m=8_400, duration_s=2_857)
        sent = hidden(tabs[0].post("/runs/add/", form(effort="6")))

        merged, deleted = at_once(
            sends(tabs[0], {**sent, "same_as": str(run.uid)}),
            deletes(tabs[1], run),
        )

        assert (merged in (302, 422), deleted) == (True, 302)
        assert not Run.objects.of(alice).exists()
        assert (Run.objects.get().effort == 6) == (merged == 302)
        Run.objects.all().delete()
