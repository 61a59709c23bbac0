"""A run that came before takes time and distance from a better record of it, by any way."""

import datetime as dt
import gzip
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from runners.imports import actions
from runners.models import ImportRow, Run, User
from runners.runs.actions import change_run
from runners.runs.run_state import state_of
from tests.factories import make_run
from tests.migrating import migrate
from tests.runners.imports.test_import import _own_storage
from tests.runners.imports.test_import_command import run_import, strava
from tests.runners.imports.test_import_one import answer, brought_in, page
from tests.runners.runs.sending import hidden, read

__all__ = ["_own_storage"]

DATA = Path(__file__).parents[2] / "data"
# 15.13 km from the positions, 15.05 km by the watch; 1:16:52 with the timer running.
GPX = DATA / "activities/gpx-run-fr935-paired.gpx.gz"
TCX = DATA / "activities/tcx-run-fr935-paired.tcx.gz"
FENIX = "fit-run-fenix2.fit"
START = dt.datetime(2015, 8, 15, 14, 45, 8, tzinfo=dt.UTC)

Figures = tuple[str, int | None, int]


def only(runner: User) -> Figures:
    run = Run.objects.of(runner).get()
    return run.source, run.distance_m, run.duration_s


def pace(runner: User) -> object:
    return Run.objects.of(runner).defer(None).get().profile


BY_WATCH = ("tcx", 15_049, 4_612)


def test_the_better_file_tells_the_figures_whichever_came_first(
    alice: User, bob: User, mallory: User, tmp_path: Path
) -> None:
    run_import(TCX, runner=alice)
    run_import(GPX, runner=alice)
    assert only(alice) == BY_WATCH

    run_import(GPX, runner=bob)
    assert only(bob)[0] == "gpx"
    assert pace(bob) != pace(alice)
    (line,) = run_import(TCX, runner=bob)
    assert line["status"] == "known"
    assert only(bob) == BY_WATCH
    assert pace(bob) == pace(alice)

    # The same at once: files that lie beside an archive are read before it.
    with zipfile.ZipFile(tmp_path / "watch.zip", "w") as archive:
        archive.write(TCX, TCX.name)
    run_import(GPX, tmp_path / "watch.zip", runner=mallory)
    assert only(mallory) == BY_WATCH

    before = Run.objects.of(bob).values().get()
    run_import(GPX, TCX, runner=bob)
    assert Run.objects.of(bob).values().get() == before


def test_what_the_runner_changed_stands(alice: User) -> None:
    run_import(GPX, runner=alice)
    run = Run.objects.of(alice).get()
    change_run(run, {**state_of(run), "distance": 15_500}, by=alice)
    run_import(TCX, runner=alice)
    assert only(alice) == ("tcx", 15_500, 4_612)


def test_so_does_what_was_changed_before_it_was_saved(as_alice: Client, alice: User) -> None:
    """A form that was filled from a file, with another distance and an answer."""
    as_alice.post("/runs/add/", read(as_alice, GPX.name, distance="15.5", effort="7"))
    assert Run.objects.of(alice).get().written == ["distance_m", "effort"]
    run_import(TCX, runner=alice)
    assert only(alice) == ("tcx", 15_500, 4_612)


def test_a_form_saved_as_the_file_filled_it_changed_nothing(as_alice: Client, alice: User) -> None:
    alice.units = "mi"
    alice.save(update_fields=["units"])
    as_alice.post("/runs/add/", read(as_alice, GPX.name))
    assert Run.objects.of(alice).get().written == []


def test_a_correction_of_a_list_stands_and_the_time_is_the_watchs(
    alice: User, tmp_path: Path
) -> None:
    row = (
        '77,"Nov 3, 2018, 2:24:45 PM",Long one,Run,,4622,16.00,activities/1.gpx.gz,'
        "4622.0,4500.0,16000.0,"
    )
    files = {"activities__1.gpx.gz": gzip.compress(gzip.decompress(GPX.read_bytes()))}
    run_import(strava(tmp_path / "export_1.zip", row, **files), runner=alice)
    assert only(alice) == ("gpx", 16_000, 4_500)
    run_import(TCX, runner=alice)
    assert only(alice) == ("tcx", 16_000, 4_612)
    run_import(tmp_path / "export_1.zip", runner=alice)
    assert only(alice) == ("tcx", 16_000, 4_612)


# The way back


def test_undo_of_an_import_that_only_improved_a_run_leaves_it_improved(
    as_alice: Client, alice: User
) -> None:
    first, second = brought_in(alice, GPX), brought_in(alice, TCX)
    Run.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    Run.objects.update(updated_at=timezone.now() - dt.timedelta(days=1))
    third = brought_in(alice, TCX)
    for brought in (second, third):
        assert "Undo" not in page(as_alice, brought)
        as_alice.post(f"/import/{brought.uid}/undo/")
    assert only(alice) == BY_WATCH

    # It is of the first, with which it goes: its runner has changed nothing.
    said = page(as_alice, first)
    assert "Undo: take out 1 run" in said
    as_alice.post(f"/import/{first.uid}/undo/")
    assert not Run.objects.of(alice).exists()
    assert "Kept" not in page(as_alice, first)


def test_a_run_that_its_own_import_improved_later_goes_with_the_undo(alice: User) -> None:
    brought = brought_in(alice, GPX)
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Run.objects.update(created_at=long_ago, updated_at=long_ago)
    run_import(TCX, runner=alice)
    assert actions.untouched(brought).count() == 1


# What was asked


def off_by_an_hour(runner: User, **fields: object) -> Run:
    figures = {"distance_m": 9_060, "duration_s": 2_860, "elapsed_s": 2_860, "source": "gpx"}
    start = START + dt.timedelta(hours=1)
    return make_run(runner, START.date(), started_at=start, **{**figures, **fields})


def test_yes_to_a_better_file_takes_its_figures(as_alice: Client, alice: User) -> None:
    run = off_by_an_hour(alice)
    question = as_alice.post("/runs/add/", read(as_alice, FENIX))
    said = " ".join(question.content.decode().split())
    assert (
        "“Yes” adds the climb and the pace along the way. It takes the distance, the time and"
        " the time with pauses from the new one, which knows better. What you wrote stays as it is."
    ) in said
    for _ in range(2):
        as_alice.post("/runs/add/", {**hidden(question), "same_as": str(run.uid)})
    assert only(alice) == ("fit", 9_008, 2_832)


def test_yes_on_the_report_does_the_same(as_alice: Client, alice: User) -> None:
    off_by_an_hour(alice)
    brought = brought_in(alice, DATA / "activities" / FENIX)
    answer(as_alice, brought, reason="perhaps-known", **{"is": "same"})
    assert only(alice) == ("fit", 9_008, 2_832)


def test_yes_after_the_file_came_in_as_another_run_makes_no_second_of_it(
    as_alice: Client, alice: User
) -> None:
    asked_about = off_by_an_hour(alice)
    brought = brought_in(alice, DATA / "activities" / FENIX)
    Run.objects.filter(pk=asked_about.pk).update(deleted_at=timezone.now())
    run_import(DATA / "activities" / FENIX, runner=alice)
    Run.objects.filter(pk=asked_about.pk).update(deleted_at=None)
    said = answer(as_alice, brought, reason="perhaps-known", **{"is": "same"})
    assert "1 run joined" in said
    assert ImportRow.objects.get().match != asked_about
    assert Run.objects.of(alice).count() == 2


# Before it was noted what a runner wrote


@pytest.mark.slow
def test_of_runs_of_before_all_stands_but_what_an_import_brought(
    newest: list[tuple[str, str]], alice: User, bob: User, carol: User, mallory: User
) -> None:
    run_import(GPX, runner=alice)
    brought_in(bob, GPX)
    brought_in(carol, GPX)
    Run.objects.of(carol).update(updated_at=timezone.now() + dt.timedelta(minutes=5))
    make_run(mallory)
    migrate(("runners", "0029_imports"))
    migrate(*newest)
    every = ["distance_m", "duration_s", "effort", "elapsed_s"]
    stands = [Run.objects.of(runner).get().written for runner in (alice, bob, carol, mallory)]
    assert stands == [every, None, every, None]
