"""Apple Health, Fitbit, Garmin's summaries and Nike: as their exports are written.

No real export of these may be passed on, so the files are put together after their shapes.
"""

import datetime as dt
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runners.activity_files import read_activities
from runners.imports.apple import read_workouts
from runners.imports.json_lists import read_json
from runners.imports.lists import Listed
from runners.imports.reading import items
from runners.imports.tables import NoTable
from runners.models import User

DATA = Path(__file__).parents[2] / "data"
GPX = DATA / "activities/gpx-run-hilly-with-stop.gpx"
VIENNA = ZoneInfo("Europe/Vienna")
DECLARED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
<!ELEMENT Workout ((MetadataEntry|WorkoutStatistics|WorkoutRoute)*)>
]>
<HealthData locale="de_AT">
 <ExportDate value="2021-09-01 08:00:00 +0200"/>
"""
RECORD = ' <Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="61"/>\n'


def workout(kind: str = "Running", inside: str = "", **said: str) -> str:
    attributes = {
        "workoutActivityType": f"HKWorkoutActivityType{kind}",
        "duration": "38.5",
        "durationUnit": "min",
        "startDate": "2021-08-26 08:22:57 +0200",
        "endDate": "2021-08-26 09:05:11 +0200",
        **said,
    }
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f" <Workout {written}>\n{inside} </Workout>\n"


def exported(*parts: str) -> bytes:
    return (DECLARED + "".join(parts) + "</HealthData>\n").encode()


def rows(data: bytes) -> list[Listed]:
    return [found.listed for found in read_workouts([data], home=VIENNA)]


# Apple Health


def test_a_workout_says_where_it_was_and_how_far() -> None:
    inside = (
        '  <MetadataEntry key="HKTimeZone" value="Pacific/Auckland"/>\n'
        '  <MetadataEntry key="HKElevationAscended" value="8210 cm"/>\n'
        '  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning"'
        ' sum="4.175" unit="mi"/>\n'
    )
    (row,) = rows(exported(RECORD, workout(inside=inside, startDate="2021-08-26 14:22:57 +0200")))
    assert (row.sport, row.duration_s, row.distance_m, row.climb_m) == ("running", 2310, 6719, 82)
    assert row.started_at == dt.datetime(2021, 8, 26, 12, 22, 57, tzinfo=dt.UTC)
    assert row.day == dt.date(2021, 8, 27)  # in Auckland
    assert row.utc_offset_s == 12 * 3600


def test_older_exports_have_the_distance_in_the_workout() -> None:
    (row,) = rows(exported(workout(totalDistance="6.72", totalDistanceUnit="km")))
    assert (row.distance_m, row.elapsed_s) == (6720, 2534)


def test_other_workouts_are_no_runs() -> None:
    data = exported(
        workout("Walking"), workout("FunctionalStrengthTraining"), workout("CardioDance")
    )
    assert [row.sport for row in rows(data)] == ["walk", "strength-training", "other"]


def test_an_entity_is_refused() -> None:
    bomb = exported().replace(b"<!ELEMENT Workout", b'<!ENTITY a "aaaa"><!ELEMENT Workout')
    with pytest.raises(NoTable, match="unsafe-list"):
        rows(bomb)
    outside = exported().replace(
        b"<!ELEMENT Workout", b'<!ENTITY a SYSTEM "/etc/passwd"><!ELEMENT Workout'
    )
    with pytest.raises(NoTable, match="unsafe-list"):
        rows(outside)


@pytest.mark.parametrize(
    "hostile",
    [
        "<a>" * 60,
        "".join(f"<a{n}/>" for n in range(2_500)),
        f'<a b="{"x" * 17_000_000}"/>',
    ],
    ids=["deep", "many names", "one long value"],
)
def test_what_no_phone_writes_is_refused(hostile: str) -> None:
    whole = exported(hostile)
    pieces = [whole[at : at + 1_000_000] for at in range(0, len(whole), 1_000_000)]
    with pytest.raises(NoTable):
        list(read_workouts(pieces, home=VIENNA))


def test_what_came_before_the_damage_is_there() -> None:
    found = read_workouts([exported(workout())[:-10]], home=VIENNA)
    assert next(found).listed.sport == "running"
    with pytest.raises(NoTable, match="damaged-list"):
        next(found)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_heartbeats() -> None:
    def chunks(count: int) -> Iterator[bytes]:
        yield DECLARED.encode()
        block = (RECORD * 1_000).encode()
        for _ in range(count):
            yield block
        yield workout().encode() + b"</HealthData>"

    tracemalloc.start()
    assert len(list(read_workouts(chunks(150), home=VIENNA))) == 1  # 11 MB
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


def test_an_export_is_joined_with_its_routes(alice: User, tmp_path: Path) -> None:
    route = '  <WorkoutRoute><FileReference path="/workout-routes/r1.gpx"/></WorkoutRoute>\n'
    other = '  <WorkoutRoute><FileReference path="/workout-routes/r2.gpx"/></WorkoutRoute>\n'
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as archive:
        archive.writestr(
            "apple_health_export/Exportación.xml",
            exported(
                workout(inside=route, totalDistance="6.72", totalDistanceUnit="km"),
                workout("Cycling", inside=other),
            ),
        )
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        for name in ("r1", "r2"):
            archive.writestr(f"apple_health_export/workout-routes/{name}.gpx", GPX.read_bytes())
    found = list(items([export], alice))
    assert [(item.status, item.sport) for item in found] == [
        ("new", "running"),
        ("left_out", "bike-ride"),
        ("left_out", ""),
    ]
    run = found[0].run
    assert run is not None
    assert (run.distance_m, run.duration_s, run.elapsed_s) == (6720, 2310, 2534)
    assert run.profile


def route(name: str) -> str:
    way = f'<FileReference path="/workout-routes/{name}.gpx"/>'
    return f"  <WorkoutRoute>{way}</WorkoutRoute>\n"


def test_routes_of_one_workout_are_joined_in_the_order_of_time(alice: User, tmp_path: Path) -> None:
    head, *points = GPX.read_text().split("<trkpt")
    ending = "</trkseg></trk></gpx>"
    points[-1] = points[-1].partition("</trkseg>")[0]
    parts = [points[at : at + 200] for at in range(0, len(points), 200)]
    names = [f"r{number}" for number in range(len(parts))]
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as archive:
        for name, part in zip(names, parts, strict=True):
            text = "<trkpt".join([head, *part]) + ending
            archive.writestr(f"e/workout-routes/{name}.gpx", text)
        archive.writestr("e/workout-routes/damaged.gpx", "<gpx>")
        inside = "".join(map(route, [*reversed(names), "damaged", "missing"]))
        whole = workout(inside=inside, totalDistance="6.72", totalDistanceUnit="km")
        archive.writestr("e/export.xml", exported(whole))
    (item,) = items([export], alice)
    (whole_way,) = read_activities(GPX.read_bytes(), name="whole.gpx")
    assert item.run is not None
    profile, expected = item.run.profile, whole_way.profile
    assert profile is not None
    assert expected is not None
    assert len(parts) > 2
    assert len(profile) <= 60
    assert profile[-1][0] == pytest.approx(expected[-1].end_m, rel=0.03)
    for nth in (1, 2):  # the pace, the height: of the first and of the last kilometre
        for end_m in (1_000, 6_000):
            near = min(profile, key=lambda point: abs(point[0] - end_m))
            same = min(expected, key=lambda point: abs(point.end_m - end_m))
            assert near[nth] == pytest.approx(same[nth], rel=0.1, abs=10)


# JSON


def read(said: Any) -> list[Listed]:
    return read_json(json.dumps(said).encode(), home=VIENNA)


def test_fitbit_exercises() -> None:
    exercise = {
        "logId": 21092332392,
        "activityName": "Run",
        "startTime": "09/12/21 22:30:11",
        "duration": 1_860_000,
        "activeDuration": 1_794_000,
        "distance": 5.01,
        "distanceUnit": "Kilometer",
        "elevationGain": 45.7,
    }
    miles = {**exercise, "distance": 3.11, "distanceUnit": "Mile", "logId": 2}
    walk = {**exercise, "activityName": "Walk", "logId": 3}
    first, second, third = read([exercise, miles, walk])
    assert first.started_at == dt.datetime(2021, 9, 12, 22, 30, 11, tzinfo=dt.UTC)
    assert first.day == dt.date(2021, 9, 13)  # in Vienna
    assert (first.duration_s, first.elapsed_s, first.distance_m, first.climb_m) == (
        1794,
        1860,
        5010,
        46,
    )
    assert second.distance_m == 5005
    assert third.sport == "walk"
    assert first.fingerprint == "fitbit:21092332392"


def test_a_run_of_the_nike_run_club() -> None:
    run = {
        "id": "5d9c6a5e",
        "type": "run",
        "start_epoch_ms": 1_570_518_000_000,
        "end_epoch_ms": 1_570_520_100_000,
        "active_duration_ms": 2_040_000,
        "summaries": [
            {"metric": "distance", "summary": "total", "value": 7.012},
            {"metric": "pace", "summary": "mean", "value": 4.8},
            {"metric": "ascent", "summary": "total", "value": 61.2},
        ],
        "tags": {"com.nike.name": "Tuesday Evening Run", "note": "right knee again"},
    }
    (row,) = read(run)
    assert (row.sport, row.duration_s, row.elapsed_s, row.distance_m) == (
        "running",
        2040,
        2100,
        7012,
    )
    assert row.note == "Tuesday Evening Run\nright knee again"
    assert [each.line for each in read({"activities": [run, run]})] == [1, 2]


def test_garmins_summaries() -> None:
    summary = {
        "activityId": 123,
        "name": "Canal before work",
        "activityType": "trail_running",
        "startTimeGmt": 1_621_000_000_000,
        "duration": 2_832_000.4,
        "elapsedDuration": 2_900_000,
        "distance": 900_820.0,
        "elevationGain": 4_600.0,
    }
    (row,) = read([{"summarizedActivitiesExport": [summary]}])
    assert (row.sport, row.duration_s, row.elapsed_s, row.distance_m, row.climb_m) == (
        "running", 2832, 2900, 9008, 46,
    )  # fmt: skip
    assert row.note == "Canal before work"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[1, 2]",
        "[" * 100_000,
        '{"start_epoch_ms": "soon", "summaries": {}}',
        '{"start_epoch_ms": 1e400, "summaries": [{"metric": [], "value": NaN}], "tags": 3}',
        '[{"logId": {}, "activityName": null, "startTime": 9}]',
        '[{"summarizedActivitiesExport": [{"startTimeGmt": -1, "distance": "far"}]}]',
    ],
)
def test_any_other_json_gives_no_run(text: str) -> None:
    try:
        found = read_json(text.encode(), home=VIENNA)
    except NoTable:
        return
    assert all(row.started_at is None or row.duration_s is None for row in found)
