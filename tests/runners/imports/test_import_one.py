"""One import: how far it is, what came of it, and the way back."""

import datetime as dt
import json
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from runners.imports import actions, jobs
from runners.models import Import, ImportRow, ImportState, Run, User
from runners.runs.actions import change_run
from runners.runs.run_state import state_of
from tests.factories import make_run
from tests.pages import read
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

DATA = Path(__file__).parents[2] / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text())
ACTIVITIES = sorted((DATA / "activities").iterdir())


def brought_in(runner: User, *paths: Path) -> Import:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    brought = actions.begin(files, uid=uuid.uuid4(), by=runner)
    assert jobs.read_next()
    brought.refresh_from_db()
    return brought


def page(client: Client, brought: Import) -> str:
    return " ".join(strip_tags(read(client, f"/import/{brought.uid}/")).split())


def test_the_report_tells_of_each_thing(as_alice: Client, alice: User) -> None:
    said = page(as_alice, brought_in(alice, *ACTIVITIES))
    assert "16 runs added" in said
    assert "19 October 2012 to 14 May 2026" in said
    assert "3 known already" in said
    assert "In the diary already, as the run of Friday 19 October 2012." in said
    assert "This was a walk." in said
    assert "A run? 2" in said
    assert "Not added 1" in said
    assert "This recording doesn't say on which day it was." in said
    assert "Undo: take out 16 runs" in said


def test_every_real_file_gives_its_values_through_the_page(as_alice: Client, alice: User) -> None:
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in ACTIVITIES]
    as_alice.post("/import/", {"uid": str(uuid.uuid4()), "files": files})
    assert jobs.read_next()
    rows = ImportRow.objects.filter(runner=alice).select_related("run", "match")
    runs = {row.file: row.run or row.match for row in rows if row.became in ("new", "known")}
    compared = 0
    for activity in EXPECTED["activities"]:
        run, said = runs.get(Path(activity["file"]).name), activity["expected"][-1]
        if run is None or not run.started_at or not activity["two_parsers_agree"]:
            continue
        compared += 1
        assert f"{run.started_at:%Y-%m-%dT%H:%M:%SZ}" == said["start_utc"]
        assert run.elapsed_s == pytest.approx(said["elapsed_s"], abs=4)  # of the better of a pair
        if said["timer_s"]:
            assert run.duration_s == pytest.approx(said["timer_s"], abs=1)
        # A track measures less exactly than the watch whose record of the same run counts.
        near = 0.2 if "short-paired" in activity["file"] else 0.02
        assert run.distance_m == pytest.approx(said["distance_m"], rel=near, abs=2)
    assert compared == 17


def test_a_list_of_all_of_it_can_be_downloaded(as_alice: Client, alice: User) -> None:
    brought = brought_in(alice, *ACTIVITIES)
    ImportRow.objects.filter(brought=brought, position=0).update(file="=cmd|'/C calc'!A0")
    response = as_alice.get(f"/import/{brought.uid}/report.csv")
    lines = response.content.decode().splitlines()
    assert len(lines) == 1 + ImportRow.objects.count()
    assert lines[1].startswith("'=cmd")


def test_undo_takes_all_of_it_back_but_what_was_changed(as_alice: Client, alice: User) -> None:
    brought = brought_in(alice, *ACTIVITIES)
    kept = Run.objects.of(alice).earliest("day")
    Run.objects.filter(pk=kept.pk).update(created_at=kept.created_at - dt.timedelta(minutes=5))
    change_run(kept, {**state_of(kept), "note": "My first race."}, by=alice)
    address = f"/import/{brought.uid}/"
    for _ in range(2):  # and sent again
        assert as_alice.post(f"{address}undo/").status_code == 302
    assert list(Run.objects.of(alice)) == [kept]
    said = page(as_alice, brought)
    assert "15 runs taken out again." in said
    assert "Taken out again" in said
    assert "Kept, because you changed them" in said
    assert "Undo" not in said
    again = brought_in(alice, *ACTIVITIES)  # and in again
    assert "15 runs added" in page(as_alice, again)


def test_while_it_is_read_the_page_asks_again(as_alice: Client, alice: User) -> None:
    files = [SimpleUploadedFile("a.fit", ACTIVITIES[0].read_bytes())]
    brought = actions.begin(files, uid=uuid.uuid4(), by=alice)
    address = f"/import/{brought.uid}/"
    waiting = as_alice.get(address).content.decode()
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    fragment = as_alice.get(address, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="import"')
    jobs.read_next()
    assert "every 2s" not in as_alice.get(address).content.decode()


def test_stopped_before_it_began_nothing_is_read(as_alice: Client, alice: User) -> None:
    files = [SimpleUploadedFile("a.fit", ACTIVITIES[0].read_bytes())]
    brought = actions.begin(files, uid=uuid.uuid4(), by=alice)
    for _ in range(2):
        assert as_alice.post(f"/import/{brought.uid}/stop/").status_code == 302
    assert not jobs.read_next()
    assert "You stopped it here." in page(as_alice, brought)
    assert not Run.objects.exists()


def test_strangers_find_nothing(as_alice: Client, alice: User, mallory: User) -> None:
    brought = brought_in(alice, *ACTIVITIES[:2])
    stranger = Client()
    stranger.force_login(mallory)
    for path in ("", "report.csv"):
        assert stranger.get(f"/import/{brought.uid}/{path}").status_code == 404
    for path in ("stop/", "undo/"):
        assert stranger.post(f"/import/{brought.uid}/{path}").status_code == 404
    assert Run.objects.of(alice).exists()


@pytest.mark.parametrize("count", [2, len(ACTIVITIES)])
def test_the_report_takes_the_same_queries(
    as_alice: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brought = brought_in(alice, *ACTIVITIES[-count:])
    as_alice.get(f"/import/{brought.uid}/")
    with django_assert_num_queries(12):
        as_alice.get(f"/import/{brought.uid}/")


def test_what_broke_off_says_so_and_keeps_what_is_in(
    as_alice: Client, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("runners.imports.reading._of_activity", breaks)
    brought = brought_in(alice, *ACTIVITIES[:2])
    assert brought.state == ImportState.BROKEN
    assert "by a fault of its own" in page(as_alice, brought)


# What was asked

HEADINGS = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Filename"
)


def strolls(path: Path, count: int = 3) -> Path:
    rows = [
        f'{n},"May {n}, 2022, 3:53:35 PM",Out,Zumbido,,1800,5.{n},' for n in range(1, count + 1)
    ]
    path.write_text("\n".join([HEADINGS, *rows]))
    return path


def answer(client: Client, brought: Import, **said: str) -> str:
    response = client.post(f"/import/{brought.uid}/answer/", said)
    assert response.status_code == 302
    return page(client, brought)


def test_a_run_that_may_be_known_is_joined_with_it(as_alice: Client, alice: User) -> None:
    typed = make_run(alice, dt.date(2015, 8, 15), distance_m=9_000, duration_s=2_830, note="Hot.")
    brought = brought_in(alice, DATA / "activities/fit-run-fenix2.fit")
    said = page(as_alice, brought)
    assert "The same run? 1" in said
    assert "15 Aug 2015 9.00 km in 47:10" in said
    row = str(ImportRow.objects.get().pk)
    assert "1 run joined with the one you have." in answer(
        as_alice, brought, row=row, **{"is": "same"}
    )
    assert "That was answered already." in answer(as_alice, brought, row=row, **{"is": "other"})
    run = Run.objects.of(alice).defer(None).get()
    assert (run.pk, run.distance_m, run.note) == (typed.pk, 9_000, "Hot.")
    assert run.started_at is not None
    assert run.profile


def test_a_run_that_is_another_is_added_and_goes_with_the_undo(
    as_alice: Client, alice: User
) -> None:
    make_run(alice, dt.date(2015, 8, 15), distance_m=9_000, duration_s=2_830)
    brought = brought_in(alice, DATA / "activities/fit-run-fenix2.fit")
    row = str(ImportRow.objects.get().pk)
    for _ in range(2):
        answer(as_alice, brought, row=row, **{"is": "other"})
    assert Run.objects.of(alice).count() == 2
    as_alice.post(f"/import/{brought.uid}/undo/")
    assert Run.objects.of(alice).count() == 1


def test_all_of_a_kind_are_answered_at_once(as_alice: Client, alice: User, tmp_path: Path) -> None:
    brought = brought_in(alice, DATA / "activities/tcx-googlefit-several-activities-no-gps.tcx")
    assert "A run? 2" in page(as_alice, brought)
    said = answer(as_alice, brought, reason="slower-than-a-stroll", **{"is": "other"})
    assert "2 runs added." in said
    assert "3 runs added" in said
    assert Run.objects.of(alice).count() == 3


def test_rows_of_a_sport_that_nobody_knows_wait_for_a_word(
    as_alice: Client, alice: User, tmp_path: Path
) -> None:
    brought = brought_in(alice, strolls(tmp_path / "activities.csv"))
    assert "What sport this was is not said" in page(as_alice, brought)
    answer(as_alice, brought, reason="sport-not-known", **{"is": "other"})
    assert Run.objects.of(alice).count() == 3


def test_after_an_undo_nothing_is_answered_any_more(as_alice: Client, alice: User) -> None:
    brought = brought_in(alice, DATA / "activities/tcx-googlefit-several-activities-no-gps.tcx")
    as_alice.post(f"/import/{brought.uid}/undo/")
    answer(as_alice, brought, reason="slower-than-a-stroll", **{"is": "other"})
    assert not Run.objects.of(alice).exists()


@pytest.mark.parametrize(
    "said", [{}, {"row": "0"}, {"row": "x"}, {"reason": "evil"}, {"row": "9" * 30}]
)
def test_an_answer_to_nothing_changes_nothing(
    as_alice: Client, alice: User, said: dict[str, str]
) -> None:
    brought = brought_in(alice, DATA / "activities/tcx-googlefit-several-activities-no-gps.tcx")
    assert "That was answered already." in answer(as_alice, brought, **said)
    assert Run.objects.of(alice).count() == 1
