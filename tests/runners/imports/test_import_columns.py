"""What is what in a list that nobody here knows: asked before anything is saved."""

import datetime as dt
import html
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from runners.check_ins.actions import save_check_in
from runners.data.retention import tidy_up
from runners.imports import actions, jobs
from runners.imports.matching import Matching
from runners.models import (
    Became,
    CheckIn,
    Import,
    ImportFile,
    ImportRow,
    ImportState,
    Run,
    SorenessEntry,
    User,
)
from tests.factories import make_check_in
from tests.pages import read
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

RUNS = (
    "Datum;Strecke;Zeit;RPE?;Kommentar",
    "26.11.2014;8,4;45:00;5;left ham tight",
    "28.11.2014;12;1:04:12;6;",
    "1.12.2014;5,25;30:00;13;",
    "x;5;25:00;;",
)
SPOTS = (
    "Datum;Stelle;Seite;Stärke",
    "1.2.2020;Knie;links;3",
    "1.2.2020;Knie;links;5",
    "2.2.2020;Wade;;2",
    "3.2.2020;Ohr;;1",
    "4.2.2020;Knie;rechts;9",
)
RUN_COLUMNS = {"says-0": "date", "says-1": "distance_km", "says-2": "time", "says-4": "note"}
SPOT_COLUMNS = {
    "says-0": "date",
    "says-1": "place",
    "side-1": "both",
    "says-2": "side",
    "says-3": "intensity",
    "place-0": "knee",
    "place-1": "calf",
    "place-2": "",
    "lowest": "1",
    "highest": "5",
    "worse": "high",
    "kind": "pain",
    "timing": "after",
}


def brought_in(runner: User, *lines: str, name: str = "log.csv") -> Import:
    """The list as it waits to be explained."""
    file = SimpleUploadedFile(name, "\n".join(lines).encode())
    first = actions.begin([file], uid=uuid.uuid4(), by=runner)
    assert jobs.read_next()
    first.refresh_from_db()
    assert first.state == ImportState.DONE
    return Import.objects.of(runner).to_match().first() or first


def page(client: Client, waiting: Import, **sent: str) -> Any:
    address = f"/import/{waiting.uid}/columns/"
    return client.post(address, sent) if sent else client.get(address)


def words(response: Any) -> str:
    return " ".join(html.unescape(strip_tags(response.content.decode())).split())


def test_a_list_that_is_not_known_is_asked_about_and_nothing_saved(
    as_alice: Client, alice: User
) -> None:
    waiting = brought_in(alice, *RUNS)
    first = Import.objects.of(alice).exclude(pk=waiting.pk).get()
    assert as_alice.get(f"/import/{first.uid}/")["Location"] == f"/import/{waiting.uid}/columns/"
    assert as_alice.get(f"/import/{waiting.uid}/")["Location"] == f"/import/{waiting.uid}/columns/"
    said = words(page(as_alice, waiting))
    assert "log.csv, 4 rows" in said
    assert "5 found, 2 to look at" in said
    assert "8.40 km" in said
    assert "1 row can’t be read so, like “13”" in said
    assert "log.csv, row 5 This row has no date that can be read." in said
    assert "Add 3 runs" in said
    assert not Run.objects.exists()
    assert "A list of yours waits" in words(as_alice.get("/today/"))


def test_what_was_said_is_shown_before_it_is_saved(as_alice: Client, alice: User) -> None:
    waiting = brought_in(alice, *RUNS)
    said = words(page(as_alice, waiting, **{"says-1": "distance_mi", "says-3": ""}))
    assert "13.5 km" in said
    assert "can’t be read so, like “13”" not in said
    waiting.refresh_from_db()
    assert waiting.state == ImportState.TO_MATCH


def test_a_yes_brings_its_runs_in(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    waiting = brought_in(alice, *RUNS)
    response = page(as_alice, waiting, **RUN_COLUMNS, add="yes")
    assert response["Location"] == f"/import/{waiting.uid}/"
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.read_next()
    runs = Run.objects.of(alice).order_by("day")
    assert [(run.day, run.distance_m, run.duration_s, run.effort) for run in runs] == [
        (dt.date(2014, 11, 26), 8400, 2700, 5),
        (dt.date(2014, 11, 28), 12000, 3852, 6),
        (dt.date(2014, 12, 1), 5250, 1800, None),
    ]
    assert runs[0].note == "left ham tight"
    said = words(as_alice.get(f"/import/{waiting.uid}/"))
    assert "3 runs added" in said
    assert "1 could not be read" in said
    assert not ImportFile.objects.exists()
    first = Import.objects.of(alice).exclude(pk=waiting.pk).get()
    assert "has a report of its own" in words(as_alice.get(f"/import/{first.uid}/"))


def test_said_twice_it_is_read_once(as_alice: Client, alice: User) -> None:
    """The answer never came, or the page stood open in two windows."""
    waiting = brought_in(alice, *RUNS)
    for columns in (RUN_COLUMNS, {**RUN_COLUMNS, "says-1": "distance_mi"}):
        assert page(as_alice, waiting, **columns, add="yes").status_code == 302
    assert jobs.read_next()
    assert not jobs.read_next()
    assert page(as_alice, waiting, **RUN_COLUMNS, add="yes").status_code == 302  # an old page
    assert not jobs.read_next()
    assert Run.objects.of(alice).count() == 3
    assert Run.objects.of(alice).order_by("day")[0].distance_m == 8400


def test_beside_another_import_it_waits(as_alice: Client, alice: User) -> None:
    waiting = brought_in(alice, *RUNS)
    other = actions.begin([SimpleUploadedFile("x.gpx", b"x")], uid=uuid.uuid4(), by=alice)
    response = page(as_alice, waiting, **RUN_COLUMNS, add="yes")
    assert response["Location"] == f"/import/{other.uid}/"
    waiting.refresh_from_db()
    assert waiting.state == ImportState.TO_MATCH
    assert b"Another import is still being read." in as_alice.get(response["Location"]).content


def test_the_next_list_that_looks_the_same_is_read_the_same(as_alice: Client, alice: User) -> None:
    waiting = brought_in(alice, *RUNS)
    page(as_alice, waiting, **{**RUN_COLUMNS, "says-1": "distance_mi", "says-3": ""}, add="yes")
    assert jobs.read_next()
    said = words(page(as_alice, brought_in(alice, RUNS[0], "2.1.2015;5;50:00;5;")))
    assert "8.05 km" in said
    assert "3 found" in said  # of the columns that hold anything


def test_a_list_can_be_left_out(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    waiting = brought_in(alice, *RUNS)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            as_alice.post(f"/import/{waiting.uid}/leave/")
    waiting.refresh_from_db()
    assert waiting.state == ImportState.STOPPED
    assert page(as_alice, waiting, **RUN_COLUMNS, add="yes").status_code == 302
    assert not jobs.read_next()


def test_a_list_that_nobody_explains_goes_after_a_month(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    waiting = brought_in(alice, *RUNS)
    with django_capture_on_commit_callbacks(execute=True):
        tidy_up(timezone.now() + dt.timedelta(days=29))
        waiting.refresh_from_db()
        assert waiting.state == ImportState.TO_MATCH
        tidy_up(timezone.now() + dt.timedelta(days=31))
    waiting.refresh_from_db()
    assert waiting.state == ImportState.STOPPED
    assert not waiting.files.exists()


@pytest.mark.parametrize(
    ("lines", "sent", "expected"),
    [
        (RUNS, {"says-0": ""}, "Say which column has the date."),
        (RUNS, {"says-0": "date", "says-2": ""}, "Say which column has the time of a run, or how"),
        (RUNS, {"says-1": "time", "says-2": "time"}, "Another column says this already."),
        (
            ("date,km,time", "9/11/2024,5,25:00"),
            {"says-0": "date"},
            "Say whether the day or the month comes first.",
        ),
        (
            ("date,km,time", "9/11/2024,5,25:00"),
            {"says-0": "date", "day_first": ""},
            "Say whether the day or the month comes first.",
        ),
        (SPOTS, {"says-1": "place"}, "Look at what has been added to this page"),
        (SPOTS, {**SPOT_COLUMNS, "highest": "1"}, "The highest is above the lowest."),
        (SPOTS, {**SPOT_COLUMNS, "highest": "nan"}, "Enter a number."),
        (RUNS, {"says-0": "date", "says-3": "at_nowhere", "says-2": ""}, "Say which column has"),
    ],
)
def test_what_is_open_is_said_and_nothing_begins(
    as_alice: Client, alice: User, lines: tuple[str, ...], sent: dict[str, str], expected: str
) -> None:
    waiting = brought_in(alice, *lines)
    response = page(as_alice, waiting, **sent, add="yes")
    assert response.status_code == 422
    assert expected in words(response)
    waiting.refresh_from_db()
    assert waiting.state == ImportState.TO_MATCH


def test_dates_that_could_be_two_are_read_as_was_said(as_alice: Client, alice: User) -> None:
    waiting = brought_in(alice, "date,km,time", "9/11/2024,5,25:00", "10/11/2024,5,25:00")
    assert "Say whether" not in words(page(as_alice, waiting))  # nobody was asked before
    said = words(page(as_alice, waiting, day_first="month"))
    assert "Wed 11 Sep 2024" in said
    page(as_alice, waiting, day_first="day", add="yes")
    assert jobs.read_next()
    assert Run.objects.of(alice).filter(day=dt.date(2024, 11, 9)).exists()


# Spots


def marked(runner: User) -> list[tuple[str, str, int]]:
    entries = SorenessEntry.objects.of(runner).order_by("day", "side")
    return [(str(entry.day), entry.place, entry.intensity) for entry in entries]


def spots_added(client: Client, runner: User, **sent: str) -> Import:
    waiting = brought_in(runner, *SPOTS)
    assert page(client, waiting, **{**SPOT_COLUMNS, **sent}, add="yes").status_code == 302
    assert jobs.read_next()
    waiting.refresh_from_db()
    return waiting


def test_spots_become_partial_check_ins(as_alice: Client, alice: User) -> None:
    waiting = brought_in(alice, *SPOTS)
    said = words(page(as_alice, waiting))
    assert "Sat 1 Feb 2020 left knee 5/10" in said  # of 10, as guessed
    assert "This row doesn't say which side it was." in said
    brought = spots_added(as_alice, alice)
    assert marked(alice) == [
        ("2020-02-01", "left knee", 10),
        ("2020-02-02", "left calf", 2),
        ("2020-02-02", "right calf", 2),
    ]
    assert all(check_in.partial for check_in in CheckIn.objects.of(alice))
    assert {entry.kind for entry in SorenessEntry.objects.of(alice)} == {"pain"}
    assert "3 sore spots out of your list." in words(as_alice.get("/today/"))
    said = words(as_alice.get(f"/import/{brought.uid}/"))
    assert "3 spots added" in said
    assert "9 is outside the scale that you gave." in said
    assert "“Ohr” is no place of the body map." in said
    assert "The same place was stronger in another row of that day" in said


def test_what_its_runner_wrote_stands(as_alice: Client, alice: User) -> None:
    make_check_in(alice, dt.date(2020, 2, 1))
    brought = spots_added(as_alice, alice)
    assert [day for day, _, _ in marked(alice)] == ["2020-02-02", "2020-02-02"]
    assert "You checked in on that day" in words(as_alice.get(f"/import/{brought.uid}/"))


def test_the_same_list_again_marks_nothing(as_alice: Client, alice: User) -> None:
    spots_added(as_alice, alice)
    before = marked(alice)
    again = spots_added(as_alice, alice)
    assert marked(alice) == before
    assert "Nothing new" in words(as_alice.get(f"/import/{again.uid}/"))


def test_an_undo_takes_its_spots_out_but_not_what_was_saved_since(
    as_alice: Client, alice: User
) -> None:
    brought = spots_added(as_alice, alice)
    kept = CheckIn.objects.of(alice).get(day=dt.date(2020, 2, 2))
    save_check_in(kept.day, list(kept.entries.all()), note="so it was", by=alice)
    assert "Undo: take out 1 spot" in read(as_alice, f"/import/{brought.uid}/").replace("\n", "")
    for _ in range(2):
        as_alice.post(f"/import/{brought.uid}/undo/")
    assert [day for day, _, _ in marked(alice)] == ["2020-02-02", "2020-02-02"]
    assert CheckIn.objects.of(alice).get() == kept


def test_a_worker_that_ends_in_the_middle_marks_nothing_twice(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    waiting = brought_in(alice, *SPOTS)
    page(as_alice, waiting, **SPOT_COLUMNS, add="yes")
    looks = iter([True, False])
    assert jobs.read_next(lambda: next(looks, False))
    waiting.refresh_from_db()
    assert waiting.state == ImportState.WAITING
    assert 0 < ImportRow.objects.filter(brought=waiting).count() < 6
    assert jobs.read_next()
    assert len(marked(alice)) == 3
    assert ImportRow.objects.filter(brought=waiting, became=Became.NEW).count() == 3


# Archives


def test_of_an_archive_only_what_looks_like_a_diary_is_asked_about(
    as_alice: Client, alice: User, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("log.csv", "\n".join(RUNS))
        archive.writestr("shoes.csv", "shoes,price\nblue,100\n")
    file = SimpleUploadedFile("all.zip", (tmp_path / "all.zip").read_bytes())
    first = actions.begin([file], uid=uuid.uuid4(), by=alice)
    assert jobs.read_next()
    said = words(as_alice.get(f"/import/{first.uid}/"))
    assert "1 list to look at" in said
    assert "all.zip/log.csv" in said
    assert Import.objects.of(alice).to_match().count() == 1


def test_a_stranger_finds_nothing(as_alice: Client, bob: User) -> None:
    waiting = brought_in(bob, *RUNS)
    assert page(as_alice, waiting).status_code == 404
    assert page(as_alice, waiting, **RUN_COLUMNS, add="yes").status_code == 404
    assert as_alice.post(f"/import/{waiting.uid}/leave/").status_code == 404


def test_columns_take_the_same_queries(
    as_alice: Client, alice: User, django_assert_num_queries: Any
) -> None:
    waiting = brought_in(alice, *SPOTS)
    with django_assert_num_queries(6):
        page(as_alice, waiting)


def test_a_stored_matching_is_read_again(alice: User) -> None:
    waiting = brought_in(alice, *RUNS)
    waiting.matching = Matching(("date", "", "time", "", "")).to_json()
    waiting.save(update_fields=["matching"])
    assert actions.matched_before(waiting) == Matching(("date", "", "time", "", ""))
