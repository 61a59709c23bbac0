"""`manage.py import`: real files, lists and archives, each run once."""

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from runners.imports.actions import bring_in
from runners.imports.reading import items
from runners.models import Consent, Run, User
from runners.models.logs import RunSource
from tests.factories import make_run

DATA = Path(__file__).parents[2] / "data"
ACTIVITIES = json.loads((DATA / "expected.json").read_text())
FIT = DATA / "activities/fit-run-fenix2.fit"
GPX = DATA / "activities/gpx-run-hilly-with-stop.gpx"
STRAVA = DATA / "exports/strava_export_sample.zip"
RUNKEEPER = DATA / "exports/runkeeper_cardioActivities.csv"
HEADINGS = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Filename,Elapsed Time,Moving Time,Distance,Perceived Exertion"
)

Line = dict[str, Any]


def run_import(*paths: Path, runner: User, check: bool = False) -> list[Line]:
    out = io.StringIO()
    extra = ["--check"] if check else []
    call_command("import", *map(str, paths), "--runner", runner.email, *extra, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def by_name(lines: list[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(Path(line["file"]).name, []).append(line)
    return found


def archive(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/"), content)
    return path


def strava_row(file: str, sport: str = "Run", **said: str) -> str:
    row = {
        "id": "77",
        "name": "Harbour loop",
        "description": "tight calf",
        "elapsed": "2534",
        "moving": "2300.0",
        "distance": "6718.4",
        "effort": "6.0",
        **said,
    }
    return (
        f'{row["id"]},"Aug 26, 2021, 6:22:57 AM",{row["name"]},{sport},{row["description"]},'
        f"{row['elapsed']},6.72,{file},{row['elapsed']}.0,{row['moving']},{row['distance']},"
        f"{row['effort']}"
    )


# Real files


def test_every_real_file_gives_its_values_or_its_reason(alice: User) -> None:
    tolerance = ACTIVITIES["tolerances"]
    found = by_name(run_import(DATA / "activities", runner=alice))
    statuses: dict[str, int] = {}
    for activity in ACTIVITIES["activities"]:
        name = Path(activity["file"]).name
        for line in found[name]:
            statuses[line["status"]] = statuses.get(line["status"], 0) + 1
            assert (line["reason"] == "") is (line["status"] == "new"), line
        line, said = found[name][-1], activity["expected"][-1]
        if line["status"] in ("new", "known") and line["start"] and activity["two_parsers_agree"]:
            assert line["start"] == said["start_utc"]
            assert line["elapsed_s"] == pytest.approx(said["elapsed_s"], abs=1.0)
            if said["timer_s"]:
                assert line["duration_s"] == pytest.approx(
                    said["timer_s"], abs=tolerance["elapsed_and_timer_s"]
                )
            assert line["distance_m"] == pytest.approx(said["distance_m"], rel=0.02, abs=2)
    assert statuses == {"new": 16, "known": 3, "left_out": 5, "asked": 3}
    assert Run.objects.of(alice).count() == 16
    known = {
        line["file"].removeprefix("activities/")
        for lines in found.values()
        for line in lines
        if line["status"] == "known"
    }
    assert known == {
        "tcx-run-fr610-paired.tcx",
        "gpx-run-fr935-paired.gpx.gz",
        "gpx-run-short-paired.gpx",
    }


def test_all_of_it_again_changes_nothing(alice: User) -> None:
    run_import(DATA / "activities", RUNKEEPER, runner=alice)
    before = list(Run.objects.of(alice).order_by("pk").values())
    again = run_import(DATA / "activities", RUNKEEPER, runner=alice)
    assert {line["status"] for line in again} == {"known", "left_out", "asked"}
    assert list(Run.objects.of(alice).order_by("pk").values()) == before


def test_check_saves_nothing_and_says_the_same(alice: User) -> None:
    said = run_import(DATA / "activities", runner=alice, check=True)
    assert not Run.objects.exists()
    assert run_import(DATA / "activities", runner=alice) == said


def test_a_year_of_a_list(alice: User) -> None:
    lines = run_import(RUNKEEPER, runner=alice)
    assert [line["status"] for line in lines].count("new") == 178
    run = Run.objects.of(alice).get(day="2013-12-29")
    assert (run.source, run.duration_s, run.note) == (RunSource.LIST, 1602, "Whoooo 1000 miles!")


def test_nobody_else_gets_a_run(alice: User, bob: User) -> None:
    make_run(bob)
    run_import(FIT, runner=alice)
    assert Run.objects.of(bob).count() == 1


# Strava's archive


def test_a_real_export_joins_its_list_with_its_files(alice: User) -> None:
    lines = run_import(STRAVA, runner=alice)
    assert [line["status"] for line in lines] == ["new", "left_out"]
    assert lines[1]["reason"].startswith("15 other files")
    run = Run.objects.of(alice).get()
    assert (run.source, run.duration_s, run.note) == (RunSource.FIT, 1428, "Laufen Landal Park")
    assert f"{run.started_at:%Y-%m-%dT%H:%M:%SZ}" == "2022-05-29T15:53:35Z"


def strava(path: Path, *rows: str, **files: bytes) -> Path:
    return archive(path, **{"activities.csv": "\n".join([HEADINGS, *rows]).encode(), **files})


def test_the_list_corrects_what_the_file_says(alice: User, tmp_path: Path) -> None:
    row = strava_row("activities/1.gpx.gz", distance="7000.0", elapsed="2700")
    files = {"activities__1.gpx.gz": gzip.compress(GPX.read_bytes())}
    (line,) = run_import(strava(tmp_path / "export_1.zip", row, **files), runner=alice)
    assert (line["distance_m"], line["elapsed_s"], line["duration_s"]) == (7000, 2700, 2300)
    assert line["effort"] == 6
    assert Run.objects.of(alice).get().note == "Harbour loop\ntight calf"


def test_a_small_difference_leaves_the_file_right(alice: User, tmp_path: Path) -> None:
    row = strava_row("activities/1.gpx", distance="6800.0", elapsed="2580")
    files = {"activities__1.gpx": GPX.read_bytes()}
    (line,) = run_import(strava(tmp_path / "export_1.zip", row, **files), runner=alice)
    assert (line["distance_m"], line["elapsed_s"]) == (6718, 2534)


def test_the_list_says_what_sport_it_was(alice: User, tmp_path: Path) -> None:
    files = {"activities__1.gpx": GPX.read_bytes(), "activities__2.fit": FIT.read_bytes()}
    rows = strava_row("activities/1.gpx", "Walk"), strava_row("activities/2.fit", "Zumbido")
    lines = run_import(strava(tmp_path / "export_1.zip", *rows, **files), runner=alice)
    assert {line["file"].rpartition("/")[2]: line["status"] for line in lines} == {
        "1.gpx": "left_out",
        "2.fit": "new",
    }


def test_a_row_without_a_file_is_a_run_and_so_is_one_whose_file_is_broken(
    alice: User, tmp_path: Path
) -> None:
    broken = strava_row("activities/2.fit", id="78", distance="9000", elapsed="3100")
    rows = strava_row(""), broken.replace("Aug 26", "Aug 27")
    files = {"activities__2.fit": b"no activity at all"}
    lines = run_import(strava(tmp_path / "export_1.zip", *rows, **files), runner=alice)
    assert [line["status"] for line in lines] == ["new", "new"]
    assert {run.source for run in Run.objects.of(alice)} == {RunSource.LIST}


def test_an_unpacked_export_is_the_same_export(alice: User, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    with zipfile.ZipFile(STRAVA) as opened:
        opened.extractall(folder)
    packed = next(folder.glob("activities/*.fit.gz"))
    packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    lines = run_import(folder, runner=alice)
    assert [line["status"] for line in lines] == ["new", "left_out"]
    assert Run.objects.of(alice).get().note == "Laufen Landal Park"


# Each run once, by any way


def test_a_file_fills_the_run_of_a_list_and_no_second_one_comes(
    alice: User, tmp_path: Path
) -> None:
    run_import(strava(tmp_path / "export_1.zip", strava_row("")), runner=alice)
    (line,) = run_import(GPX, runner=alice)
    assert line["status"] == "known"
    run = Run.objects.of(alice).get()
    assert run.note == "Harbour loop\ntight calf"
    assert run.profile is not None
    assert run.duration_s == 2300


def test_a_typed_run_of_the_day_is_asked_about(alice: User) -> None:
    make_run(alice, dt.date(2021, 8, 26), distance_m=6700, duration_s=2500)
    (line,) = run_import(GPX, runner=alice)
    assert line["status"] == "asked"
    assert "26 August 2021" in line["reason"]
    assert Run.objects.of(alice).count() == 1


def test_stopped_in_the_middle_and_begun_again_it_comes_to_the_same(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runners.imports.actions.AT_ONCE", 50)
    brought = bring_in(items([RUNKEEPER], alice), by=alice)
    for _ in range(60):
        next(brought)
    assert Run.objects.of(alice).count() == 100
    statuses = [str(item.status) for item in bring_in(items([RUNKEEPER], alice), by=alice)]
    assert (statuses.count("known"), statuses.count("new")) == (100, 78)
    assert Run.objects.of(alice).count() == 178


# What is no run, and what cannot be read


def test_a_sport_that_nobody_knows_is_asked_about(alice: User, tmp_path: Path) -> None:
    lines = run_import(strava(tmp_path / "e.zip", strava_row("", "Zumbido")), runner=alice)
    assert [(line["status"], line["sport"]) for line in lines] == [("asked", "unknown")]


def test_what_nobody_can_run_is_left_out(alice: User, tmp_path: Path) -> None:
    row = strava_row("", elapsed="600", moving="600", distance="9000")
    (line,) = run_import(strava(tmp_path / "e.zip", row), runner=alice)
    assert (line["status"], line["reason"]) == (
        "left_out",
        "This is faster than anybody has ever run.",
    )
    assert not Run.objects.exists()


def test_a_list_in_a_language_not_known_is_never_guessed(alice: User, tmp_path: Path) -> None:
    strange = tmp_path / "lista.csv"
    strange.write_text("Aktivitetstyp,Dag,Sträcka\nLöpning,2024-01-02,5\n")
    (line,) = run_import(strange, runner=alice)
    assert (line["status"], line["reason"]) == (
        "asked",
        "A list of 1 row, whose headings or dates only you can explain.",
    )


def test_a_garmin_export_says_of_steps_and_sleep_in_one_line(alice: User, tmp_path: Path) -> None:
    inner = archive(tmp_path / "in.zip", **{"1.fit": FIT.read_bytes()}).read_bytes()
    outer = archive(
        tmp_path / "garmin.zip",
        **{
            "DI_CONNECT__Uploaded__part1.zip": inner,
            "DI_CONNECT__Wellness__sleep.json": b"[]",
            "DI_CONNECT__Wellness__steps.json": b"[]",
        },
    )
    lines = run_import(outer, runner=alice)
    assert [(line["status"], line["reason"]) for line in lines] == [
        ("left_out", "2 other files, such as steps, sleep and settings, left alone"),
        ("new", ""),
    ]


def test_who_is_not_here_and_what_is_not_there_is_told(alice: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("import", str(FIT), "--runner", "nobody@example.org")
    alice.consents.all().delete()
    with pytest.raises(CommandError, match="has not agreed"):
        call_command("import", str(FIT), "--runner", alice.email)
    Consent.objects.create(runner=alice)
    with pytest.raises(CommandError, match="There is no"):
        call_command("import", str(tmp_path / "gone.zip"), "--runner", alice.email)
