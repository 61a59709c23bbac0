"""Walks and hikes are left out and counted, and become runs where their runner says so."""

import zipfile
from pathlib import Path

import pytest
from django.test import Client

from runners.imports import actions
from runners.models import Import, ImportRow, Run, User
from tests.runners.imports.test_import import _own_storage
from tests.runners.imports.test_import_command import GPX, HEADINGS
from tests.runners.imports.test_import_one import answer, brought_in, page
from tests.runners.imports.test_other_services import exported, workout

__all__ = ["_own_storage"]

WALKS = {"is": "other", "sport": "walk"}


def outings(path: Path, *sports: str) -> Path:
    rows = [
        f'{n},"May {n}, 2022, 3:53:35 PM",Out {n},{sport},,3600,5,,3600.0,3500.0,500{n}.0,'
        for n, sport in enumerate(sports, start=1)
    ]
    path.write_text("\n".join([HEADINGS, *rows]))
    return path


@pytest.fixture
def brought(alice: User, tmp_path: Path) -> Import:
    sports = "Walk", "Walk", "Hike", "Ride", "Run", "Walk"
    return brought_in(alice, outings(tmp_path / "activities.csv", *sports))


def test_walks_wait_for_one_yes_and_hikes_for_another(
    as_alice: Client, alice: User, brought: Import
) -> None:
    said = page(as_alice, brought)
    assert "1 run added" in said
    assert "5 left out" in said
    assert "3 walksLeft out so far. Add them as runs? Then they count in your distance" in said
    assert "1 hikeLeft out so far. Add it as a run? Then it counts in your distance" in said

    said = answer(as_alice, brought, **WALKS)
    assert "3 runs added." in said
    assert "4 runs added" in said
    assert "2 left out" in said
    assert "walks" not in said
    assert "1 hike" in said
    run = Run.objects.of(alice).get(day="2022-05-02")
    assert (run.distance_m, run.duration_s, run.note) == (5002, 3500, "Out 2")

    said = answer(as_alice, brought, **WALKS)  # sent again, or from a page of yesterday
    assert "That was answered already." in said
    assert Run.objects.of(alice).count() == 4

    as_alice.post(f"/import/{brought.uid}/undo/")
    assert not Run.objects.of(alice).exists()


def test_after_an_undo_no_walk_is_added(as_alice: Client, alice: User, brought: Import) -> None:
    rows = actions.by_choice(brought, "walk")  # of a page that is open
    assert rows.count() == 3
    as_alice.post(f"/import/{brought.uid}/undo/")
    assert "walks" not in page(as_alice, brought)
    assert actions.answer(rows, is_same=False, by=alice) == 0
    assert "That was answered already." in answer(as_alice, brought, **WALKS)
    assert not Run.objects.of(alice).exists()


def test_a_ride_is_no_choice(as_alice: Client, alice: User, brought: Import) -> None:
    answer(as_alice, brought, **{"is": "other", "sport": "bike-ride"})
    assert Run.objects.of(alice).count() == 1


def test_what_was_added_is_known_the_next_time(
    as_alice: Client, alice: User, brought: Import, tmp_path: Path
) -> None:
    answer(as_alice, brought, **WALKS)
    again = brought_in(alice, tmp_path / "activities.csv")
    said = page(as_alice, again)
    assert "4 known already" in said
    assert "walks" not in said
    assert "1 hike" in said


def test_what_came_in_twice_is_added_once(
    as_alice: Client, alice: User, brought: Import, tmp_path: Path
) -> None:
    again = brought_in(alice, tmp_path / "activities.csv")
    answer(as_alice, brought, **WALKS)
    answer(as_alice, again, **WALKS)
    assert Run.objects.of(alice).count() == 4
    assert "4 known already" in page(as_alice, again)


# Files


def archive(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/"), content)
    return path


def test_a_file_of_a_walk_gives_all_that_it_says(
    as_alice: Client, alice: User, tmp_path: Path
) -> None:
    walk = GPX.read_bytes().replace(b"<type>running</type>", b"<type>walking</type>")
    (tmp_path / "walk.gpx").write_bytes(walk)
    brought = brought_in(alice, tmp_path / "walk.gpx")
    assert "1 walkLeft out so far." in page(as_alice, brought)
    answer(as_alice, brought, **WALKS)
    run = Run.objects.of(alice).defer(None).get()
    assert (run.source, run.distance_m, run.elapsed_s) == ("gpx", 6718, 2534)
    assert run.profile


def test_a_list_says_that_its_file_was_a_walk(
    as_alice: Client, alice: User, tmp_path: Path
) -> None:
    row = '1,"Aug 26, 2021, 6:22:57 AM",Out,Walk,,2534,7,activities/1.gpx,2534,2500,7000.0,'
    lines = "\n".join([HEADINGS, row, row.replace("1.gpx", "2.fit").replace("Aug 26", "Aug 27")])
    files = {"activities__1.gpx": GPX.read_bytes(), "activities__2.fit": b"no activity"}
    export = archive(tmp_path / "export.zip", **{"activities.csv": lines.encode(), **files})
    brought = brought_in(alice, export)
    answer(as_alice, brought, **WALKS)
    runs = Run.objects.of(alice).order_by("day").values_list("source", "distance_m")
    assert list(runs) == [("gpx", 7000), ("list", 7000)]


def test_apples_walks_are_a_choice(as_alice: Client, alice: User, tmp_path: Path) -> None:
    files = {"export__Exportar.xml": exported(workout("Walking"))}
    export = archive(tmp_path / "export.zip", **files)
    brought = brought_in(alice, export)
    answer(as_alice, brought, **WALKS)
    assert Run.objects.of(alice).get().duration_s == 2310


def test_what_can_be_no_run_is_no_choice(as_alice: Client, alice: User, tmp_path: Path) -> None:
    """Faster than anybody runs, or without a time."""
    fast = '9,"May 9, 2022, 3:53:35 PM",Out,Walk,,600,9,,600.0,600.0,9000.0,'
    timeless = '8,"May 8, 2022, 3:53:35 PM",Out,Walk,,,5,,,,5000.0,'
    path = tmp_path / "activities.csv"
    path.write_text("\n".join([HEADINGS, fast, timeless]))
    brought = brought_in(alice, path)
    said = page(as_alice, brought)
    assert "This was a walk. × 2" in said
    assert "Left out so far" not in said
    assert not ImportRow.objects.exclude(facts=None).exists()
