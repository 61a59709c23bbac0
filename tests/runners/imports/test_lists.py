"""Lists of other services: which one it is, and what each row says, by real lists."""

import datetime as dt
import json
import zoneinfo
from pathlib import Path
from typing import Any

import pytest

from runners.imports.lists import Listed, listed_by_file, read_list
from runners.imports.tables import NoTable, Table, decoded, figure, moments, read_table, seconds
from runners.imports.words import RUNNING, kind_of, sport_of

DATA = Path(__file__).parents[2] / "data"
EXPECTED = {
    one["id"]: one for one in json.loads((DATA / "expected-lists.json").read_text())["exports"]
}
HEADINGS = json.loads((DATA / "headings.json").read_text())["lists"]
VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")


def listed(data: bytes, *, units: str = "km", home: dt.tzinfo = VIENNA) -> list[Listed]:
    table = read_table(data)
    known = kind_of(table)
    assert known is not None
    kind, columns = known
    return read_list(table, kind, columns, home=home, units=units)


def real(id_: str) -> tuple[list[Listed], dict[str, Any]]:
    file = DATA / EXPECTED[id_]["file"]
    return listed(file.read_bytes()), EXPECTED[id_]["expected"]


# Real lists


def test_seven_years_of_a_garmin_list() -> None:
    rows, expected = real("garmin-connect-csv")
    assert len(rows) == expected["rows"]
    assert {row.sport for row in rows} == {RUNNING}
    assert sum(row.distance_m or 0 for row in rows) / 1000 == pytest.approx(
        expected["distance_km_total"], abs=0.1
    )
    by_year: dict[str, float] = {}
    for row in rows:
        assert row.day is not None
        by_year[str(row.day.year)] = (
            by_year.get(str(row.day.year), 0) + (row.distance_m or 0) / 1000
        )
    assert by_year == pytest.approx(expected["km_by_year"], abs=0.1)
    first = min(row.started_at for row in rows if row.started_at)
    assert first.astimezone(VIENNA).strftime("%Y-%m-%dT%H:%M:%S") == expected["first"]
    newest = rows[0]
    assert (newest.duration_s, newest.elapsed_s, newest.distance_m) == (1021, 1021, 3400)


def test_the_units_of_the_runner_change_nothing_where_steps_tell() -> None:
    data = (DATA / "exports/garmin_connect_activities.csv").read_bytes()
    assert listed(data, units="mi")[0].distance_m == 3400


def test_a_year_of_a_runkeeper_list_in_miles() -> None:
    rows, expected = real("runkeeper-csv-with-notes")
    assert len(rows) == expected["rows"]
    miles = sum(row.distance_m or 0 for row in rows) / 1609.344
    assert miles == pytest.approx(expected["distance_mi_total"], abs=0.1)
    assert sum(row.duration_s or 0 for row in rows) == expected["duration_s_total"]
    assert sum(bool(row.note) for row in rows) == expected["rows_with_notes"]
    assert sum(bool(row.file) for row in rows) == expected["rows_with_gpx_name"]


def test_a_strava_list_of_many_sports() -> None:
    rows, expected = real("strava-en-87-mit")
    runs = [row for row in rows if row.sport == RUNNING]
    assert (len(rows), len(runs)) == (expected["rows"], expected["runs"])
    assert sum(row.distance_m or 0 for row in runs) == pytest.approx(
        expected["total_distance_m"], abs=len(runs)
    )
    assert sum(row.elapsed_s or 0 for row in runs) == expected["total_elapsed_s"]
    assert sum(row.moving_s or 0 for row in runs) == expected["total_moving_s"]
    starts = sorted(row.started_at for row in runs if row.started_at)
    assert f"{starts[0]:%Y-%m-%dT%H:%M:%S}" == expected["first_run_utc"]
    assert f"{starts[-1]:%Y-%m-%dT%H:%M:%S}" == expected["last_run_utc"]
    assert sum(bool(row.file) for row in runs) == expected["runs_with_file"]
    assert {row.sport for row in rows} == {RUNNING, "walk", "bike-ride", "yoga", "other"}


# Headings of 15 lists, in five languages

SERVICES = {
    "Strava": "strava",
    "Garmin": "garmin",
    "Runkeeper": "runkeeper",
    "intervals": "intervals",
}
NO_RUNS = {
    "Ride", "Elliptical", "Swim", "Workout", "Hike", "Rowing", "Virtual Ride", "Walk", "Yoga",
    "Fietsrit",
    "Entrenamiento", "Entrenamiento con pesas", "Caminata", "Vuelta ciclista", "Natação em piscina",
    "Ciclismo", "Ciclismo virtual", "Ciclismo em local fechado", "Ciclismo em estradas",
    "Natação em alto mar", "Ciclismo na montanha", "Walking", "Cardio", "Incident Detected",
    "Cycling",
    "EBikeRide", "StairStepper", "WeightTraining", "VirtualRide", "Tennis",
}  # fmt: skip


@pytest.mark.parametrize("seen", HEADINGS, ids=lambda seen: seen["what"])
def test_headings_that_were_seen_are_known(seen: dict[str, Any]) -> None:
    table = Table(tuple(seen["headings"]), ())
    known = kind_of(table)
    assert known is not None
    kind, columns = known
    assert kind.service == next(
        service for word, service in SERVICES.items() if seen["what"].startswith(word)
    )
    assert seen["headings"].index(seen["date_column"]) in columns["when"]
    assert seen["headings"].index(seen["type_column"]) in columns["sport"]
    words = set(seen["types"])
    assert {word for word in words if sport_of(word) == RUNNING} == words - NO_RUNS


@pytest.mark.parametrize("seen", HEADINGS, ids=lambda seen: seen["what"])
def test_dates_that_were_seen_are_read(seen: dict[str, Any]) -> None:
    """With a 17th of a month for the day, where two figures have room for it, and 20:07:45."""
    for shape in seen["date_shapes"]:
        text = (
            shape.replace("9999", "2021").replace("99:99:99", "11:07:45").replace("99:99", "11:07")
        )
        text = text.replace("9:99:99", "8:07:45").replace("9:99", "8:07")
        text = text.replace("99/99/2021", "17/10/2021").replace("9/99/99", "9/17/21")
        text = text.replace("9/9/99", "9/9/21").replace("2021-99-99", "2021-10-17")
        text = text.replace("99", "17").replace("9 ", "9 ")
        (when,) = moments([text])
        assert when is not None, text
        assert (when.day.year, when.time is not None) == (2021, True), text
        assert when.day.day in (9, 17), text


def test_an_afternoon_is_one_in_either_language() -> None:
    cells = [
        "May 29, 2022, 3:53:35 PM",
        "29 jul 2022, 03:53:35\u202fp.m.",
        "29 jul 2022, 12:01:02 a. m.",
    ]
    times = [when.time for when in moments(cells) if when]
    assert times == [dt.time(15, 53, 35), dt.time(15, 53, 35), dt.time(0, 1, 2)]


def test_day_or_month_first_is_told_by_the_whole_column() -> None:
    assert [when.day for when in moments(["12/5/2021", "13/5/2021"]) if when] == [
        dt.date(2021, 5, 12),
        dt.date(2021, 5, 13),
    ]
    assert [when.day for when in moments(["12/5/21", "5/13/21"]) if when] == [
        dt.date(2021, 12, 5),
        dt.date(2021, 5, 13),
    ]
    with pytest.raises(NoTable, match="day-or-month"):
        moments(["12/5/2021", "3/4/2021"])


# Cells


@pytest.mark.parametrize(
    ("cell", "sign", "value"),
    [
        ("3,40", ",", 3.4),
        ("2.932", ",", 2932),
        ("1,234.5", ".", 1234.5),
        ("6,640", ".", 6640),
        ("--", ".", None),
        ("=cmd|' /C calc'!A0", ".", None),
        ("-", ",", None),
        ("1.2.3.4", ",", 1234),
        ("9" * 400, ".", None),
    ],
)
def test_a_figure_is_read_by_the_sign_of_its_file(
    cell: str, sign: str, value: float | None
) -> None:
    assert figure(cell, sign) == value


def test_durations_as_they_are_written() -> None:
    assert seconds("1:06:06", ".") == 3966
    assert seconds("26:42", ".") == 1602
    assert seconds("00:04:33,1", ",") == 273
    assert seconds("1428.0", ".") == 1428
    assert seconds(f"{'9' * 9_000}:10:10", ".") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_any_separator(encoding: str, separator: str) -> None:
    text = f"Größe{separator}b\r\n1{separator}2\r\n"
    table = read_table(text.encode(encoding))
    assert table == Table(("Größe", "b"), (("1", "2"),))


def test_bytes_of_no_text_are_no_list() -> None:
    with pytest.raises(NoTable, match="no-list"):
        read_table(b"\x89PNG\r\n\x1a\n" * 40)
    assert decoded(b"") == ""


def test_one_line_without_an_end_is_no_list() -> None:
    with pytest.raises(NoTable, match="damaged-list"):
        read_table(b"a," * 200_000 + b"x" * 300_000)


def test_a_list_too_large_is_not_read() -> None:
    with pytest.raises(NoTable, match="list-too-large"):
        read_table(b"a,b\n" * 8_000_000)


# What a service writes its own way

STRAVA = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Filename"
)


def test_a_name_that_the_service_made_up_says_nothing() -> None:
    rows = listed(
        f"{STRAVA}\n"
        '1,"May 29, 2022, 3:53:35 PM",Morning Run,Run,tight calf,1428,3.32,\n'
        '2,"May 30, 2022, 3:53:35 PM",Harbour loop,Run,,1428,3.32,a.gpx\n'.encode()
    )
    assert [row.note for row in rows] == ["tight calf", "Harbour loop"]
    assert rows[0].fingerprint == "strava:1"
    assert rows[0].distance_m == 3320
    assert list(listed_by_file(rows, "export")) == ["export/a.gpx"]


GARMIN = "Activity Type,Date,Title,Distance,Time,Avg Run Cadence,Avg Stride Length,Number of Laps"


def test_steps_tell_miles_from_kilometres_and_a_track_has_metres() -> None:
    row = "Running,2024-09-1{},Town,{},00:30:00,170,1.10,3"
    in_miles = "\n".join([GARMIN, *(row.format(day, "3.49") for day in range(4))])
    assert listed(in_miles.encode())[0].distance_m == round(3.49 * 1609.344)
    on_track = f'{in_miles}\nTrack Running,2024-09-20,Track,"6,640",00:30:00,170,1.10,3'
    assert listed(on_track.encode())[-1].distance_m == 6640


def test_without_steps_the_runner_knows_the_unit() -> None:
    row = "Running,2024-09-10,Town,3.49,00:30:00,--,--,3"
    assert listed(f"{GARMIN}\n{row}".encode(), units="mi")[0].distance_m == round(3.49 * 1609.344)
    assert listed(f"{GARMIN}\n{row}".encode(), units="km")[0].distance_m == 3490


def test_effort_is_a_whole_number_of_ten_or_none() -> None:
    intervals = (
        "id,start_date_local,name,type,moving_time,distance,elapsed_time,icu_training_load,icu_rpe"
    )
    rows = listed(
        f"{intervals}\n"
        "i1,2024-03-01T07:00:00,Easy,Run,1800,5000,1900,30,4\n"
        "i2,2024-03-02T07:00:00,Easy,Run,1800,5000,1900,30,0\n"
        "i3,2024-03-03T07:00:00,Easy,Run,1800,5000,1900,30,\n".encode()
    )
    assert [row.effort for row in rows] == [4, None, None]
    assert [(row.duration_s, row.elapsed_s, row.distance_m) for row in rows] == [
        (1800, 1900, 5000)
    ] * 3
