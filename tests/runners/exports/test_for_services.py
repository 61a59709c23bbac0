"""Runs for other services: what stands in the files, and that they are the same runs read back."""

import csv
import datetime as dt
import io
import time
import uuid
import zipfile
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from runners.activity_files import read_activities
from runners.exports.archive import write
from runners.imports import actions, jobs
from runners.models import CheckIn, ImportRow, Run, SorenessEntry, User
from tests.factories import TODAY, days_ago, make_run
from tests.runners.exports.test_export import archive_of
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

FOLDER = "for-other-services"
VIENNA_7 = dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)
SAME = ("day", "distance_m", "duration_s")


@pytest.fixture
def ran(alice: User) -> User:
    """By a watch with pauses, twice on a day without a time, abroad, without a distance."""
    secret = {"note": "hamstring, again", "effort": 6}
    timed = {"started_at": VIENNA_7, "elapsed_s": 3_300, "climb_m": 120}
    make_run(alice, days_ago(3), **timed, **secret)
    make_run(alice, days_ago(5), distance_m=5_000, duration_s=1_500)
    make_run(alice, days_ago(5), distance_m=8_000, duration_s=2_600)
    there = {"started_at": dt.datetime(2026, 11, 10, 14, tzinfo=dt.UTC), "utc_offset_s": -18_000}
    make_run(alice, dt.date(2026, 11, 10), distance_m=12_000, duration_s=4_000, **there)
    make_run(alice, days_ago(20), distance_m=None, duration_s=2_400)
    make_run(alice, days_ago(30), deleted_at=VIENNA_7)
    return alice


def files_of(person: User) -> dict[str, bytes]:
    archive = archive_of(person)
    names = [name for name in archive.namelist() if name.startswith(FOLDER)]
    return {name.removeprefix(f"{FOLDER}/"): archive.read(name) for name in names}


def brought_in(by: User, files: dict[str, bytes]) -> list[Run]:
    given = [SimpleUploadedFile(name, data) for name, data in files.items()]
    actions.begin(given, uid=uuid.uuid4(), by=by)
    while jobs.read_next():
        pass
    assert not ImportRow.objects.filter(runner=by, became="failed").exists()
    return list(Run.objects.of(by).order_by("day", "started_at", "distance_m"))


def only(files: dict[str, bytes], ending: str) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.endswith(ending)}


def same(runs: list[Run], *more: str) -> list[tuple[object, ...]]:
    return sorted(tuple(str(getattr(run, name)) for name in (*SAME, *more)) for run in runs)


@pytest.mark.usefixtures("noon")
def test_the_list_read_back_is_the_same_runs(ran: User, bob: User) -> None:
    rows = list(csv.DictReader(io.StringIO(files_of(ran)["activities.csv"].decode("utf-8-sig"))))
    assert [row["start_date_local"] for row in rows] == [
        str(days_ago(20)),
        "2026-11-10T09:00:00",
        *[str(days_ago(5))] * 2,
        "2026-11-20T07:00:00",
    ]
    assert {row["type"] for row in rows} == {"Run"}

    brought = brought_in(bob, only(files_of(ran), ".csv"))

    more = ("elapsed_s", "climb_m", "effort")
    assert same(brought, *more) == same(list(Run.objects.of(ran)), *more)
    assert brought[-1].started_at == VIENNA_7
    assert {run.note for run in brought} == {""}


@pytest.mark.usefixtures("noon")
def test_the_files_read_back_are_the_same_runs(ran: User, bob: User) -> None:
    files = only(files_of(ran), ".tcx")
    assert list(files) == [
        f"tcx/{days_ago(20)}-01.tcx",
        "tcx/2026-11-10-01.tcx",
        f"tcx/{days_ago(5)}-01.tcx",
        f"tcx/{days_ago(5)}-02.tcx",
        "tcx/2026-11-20-01.tcx",
    ]

    brought = brought_in(bob, files)

    assert same(brought) == same(list(Run.objects.of(ran)))
    assert (brought[-1].started_at, brought[-1].elapsed_s) == (VIENNA_7, 3_300)
    noon = brought[2].started_at
    assert noon is not None
    assert noon.astimezone(ran.tz).hour == 12  # where only the day is known
    assert brought[3].started_at == noon + dt.timedelta(seconds=1_500)


@pytest.mark.usefixtures("noon")
def test_list_and_files_together_are_each_run_once(ran: User, bob: User) -> None:
    assert same(brought_in(bob, files_of(ran))) == same(list(Run.objects.of(ran)))


@pytest.mark.usefixtures("noon")
def test_given_to_the_diary_that_they_are_from_they_change_nothing(ran: User) -> None:
    more = ("started_at", "elapsed_s", "climb_m", "effort", "note")
    before = same(list(Run.objects.of(ran)), *more)
    assert same(brought_in(ran, only(files_of(ran), ".csv")), *more) == before
    assert same(brought_in(ran, only(files_of(ran), "11-20-01.tcx")), *more) == before


@pytest.mark.usefixtures("noon")
def test_each_point_of_a_file_has_its_time_as_strava_wants_it(ran: User) -> None:
    """At the end of what was run, and at the end of the pauses."""
    files = only(files_of(ran), ".tcx")
    xml = ET.fromstring(files["tcx/2026-11-20-01.tcx"])
    name = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
    points = [[part.text for part in point] for point in xml.iter(f"{name}Trackpoint")]
    assert points == [
        ["2026-11-20T06:00:00Z", "0"],
        ["2026-11-20T06:50:00Z", "10000"],
        ["2026-11-20T06:55:00Z", "10000"],
    ]
    for data in files.values():
        [activity] = read_activities(data, name="x.tcx")
        assert activity.doubt is None


def test_no_note_leaves_with_them(ran: User) -> None:
    files = files_of(ran)
    assert b"hamstring" not in b"".join(files.values())
    assert "Neither Strava nor intervals.icu takes a list of runs." in " ".join(
        files["read-me.txt"].decode().split()
    )


def test_the_archive_taken_back_is_the_diary_and_its_files_are_not_read_beside_it(
    ran: User, bob: User
) -> None:
    out = io.BytesIO()
    write(ran, out)
    brought = brought_in(bob, {"limber.zip": out.getvalue()})
    assert same(brought, "note") == same(list(Run.objects.of(ran)), "note")
    assert ImportRow.objects.filter(runner=bob).count() == 1


@pytest.mark.slow
def test_ten_years_are_written_in_seconds(alice: User) -> None:
    days = [TODAY - dt.timedelta(days=ago) for ago in range(3_650)]
    profile = [[170 * part, 330, 240] for part in range(60)]
    Run.objects.bulk_create(
        Run(runner=alice, day=day, duration_s=3_000, distance_m=10_000, profile=profile)
        for day in days
    )
    CheckIn.objects.bulk_create(CheckIn(runner=alice, day=day) for day in days)
    SorenessEntry.objects.bulk_create(
        SorenessEntry(check_in=one, runner=alice, day=one.day, area=area, side="left", intensity=3)
        for one in CheckIn.objects.of(alice)
        for area in ("calf", "hamstring")
    )

    began, out = time.process_time(), io.BytesIO()
    write(alice, out)
    took_s = time.process_time() - began

    assert len(zipfile.ZipFile(out).namelist()) > 3_650
    assert took_s < 10
