"""Lists that nobody here knows: what is guessed of their columns, and what they say when asked."""

import datetime as dt
import json
import zoneinfo
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runners.body.areas import Area, Side, SorenessKind
from runners.imports.columns import Says, areas_of, place_word, side_of
from runners.imports.matching import Marked, MatchedList, MatchedRow, Matching, Problem, Scale
from runners.imports.tables import NoTable, Table, read_table

DATA = Path(__file__).parents[2] / "data"
EXPECTED = {
    one["file"]: one["expected"]
    for one in json.loads((DATA / "expected-lists.json").read_text())["exports"]
}
VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")


def table(*lines: str) -> Table:
    return read_table("\n".join(lines).encode())


def guessed(*lines: str, units: str = "km") -> tuple[str, ...]:
    return Matching.guessed(table(*lines), units=units).says


def real(name: str, **said: Any) -> tuple[list[MatchedRow], dict[str, Any]]:
    read = read_table((DATA / name).read_bytes())
    matching = replace(Matching.guessed(read, units="km"), **said)
    return list(MatchedList(read, matching, home=VIENNA).rows()), EXPECTED[name]


def rows(matching: Matching, *lines: str) -> list[MatchedRow]:
    return list(MatchedList(table(*lines), matching, home=VIENNA).rows())


# What is guessed


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("Datum;Strecke;Zeit;RPE?;Schuhe;Kommentar", "26.11.2014;8,4;45:00;5;Blau;kalt"),
            ("date", "distance_km", "time", "effort", "", "note"),
        ),
        (
            ("Дата,Дистанция,Время,Обувь", "2020-01-02,10.5,55:12,синие", "2020-01-04,5,25:12,"),
            ("date", "distance_km", "time", ""),
        ),
        (
            ("日付,距離,時間", "2020/01/02,10.5,0:55:12", "2020/01/14,5.2,0:25:12"),
            ("date", "distance_km", "time"),
        ),
        (("date\tminutes\tmiles", "1/20/2020\t50\t6"), ("date", "time_min", "distance_mi")),
        (("Data;Dystans;Czas", "2020-01-02;10,5;0:55"), ("date", "distance_km", "time_hm")),
        (("date,dist,secs", "2020-01-02,10500,3300"), ("date", "distance_m", "time_s")),
        (("2020-01-02,10.5,55:12", "2020-01-05,5.5,25:12"), ("date", "distance_km", "time")),
        (
            ("Day,Left knee,Lower back,Notes", "3/15/2020,3,0,fine after all the way home"),
            ("date", "at_knee", "at_low_back", "note"),
        ),
        (
            ("Datum;Stelle;Seite;Stärke", "1.2.2020;Knie;links;4", "3.2.2020;Wade;re;2"),
            ("date", "place", "side", "intensity"),
        ),
        (
            ("jour;mois;année;durée (min);km", "3;août;2020;50;9,5"),
            ("day", "month", "year", "time_min", "distance_km"),
        ),
        (("shoes,price", "blue,100", "red,120"), ("", "")),
    ],
)
def test_columns_are_guessed(lines: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert guessed(*lines) == expected


def test_the_runners_units_are_meant_where_both_would_be_running() -> None:
    lines = ("date,distance,time", "2020-01-02,5,40:00")
    assert guessed(*lines, units="mi")[1] == Says.MI
    assert guessed(*lines, units="km")[1] == Says.KM


def test_remarks_may_stand_above_the_headings() -> None:
    read = table("My log,,", "all in km,,", "date,km,time", "2020-01-02,5,25:00")
    assert (read.headings, read.first) == (("date", "km", "time"), 4)


@pytest.mark.parametrize(
    ("text", "word", "areas", "side"),
    [
        ("Left knee", "knee", (Area.KNEE,), Side.LEFT),
        ("Wade rechts", "wade", (Area.CALF,), Side.RIGHT),
        ("genou gauche", "genou", (Area.KNEE,), Side.LEFT),
        ("Right Mostly", "mostly", (), Side.RIGHT),
        ("both calves", "calves", (Area.CALF,), "both"),
        ("L/R hamstring", "hamstring", (Area.HAMSTRING,), "both"),
        ("Back of the knee", "back of the knee", (Area.BACK_OF_KNEE,), ""),
        ("Hip", "hip", (Area.HIP_FLEXOR, Area.OUTER_HIP, Area.GLUTE), ""),
        ("happiness", "happiness", (), ""),
    ],
)
def test_words_of_places(text: str, word: str, areas: tuple[Area, ...], side: str) -> None:
    assert (place_word(text), areas_of(text), side_of(text)) == (word, areas, side)


# Runs


def test_a_log_of_ones_own_in_which_the_day_comes_first() -> None:
    found, expected = real("exports/own_log_day_first.csv")
    runs = [row.run for row in found if row.run]
    assert len(runs) == expected["rows"]
    assert sum(run.distance_m or 0 for run in runs) / 1000 == pytest.approx(
        expected["total_distance_km"], abs=0.1
    )
    assert sum(run.duration_s or 0 for run in runs) == expected["total_time_s"]
    days = [run.day for run in runs if run.day]
    assert (str(min(days)), str(max(days))) == (expected["first_day"], expected["last_day"])


def test_another_list_of_days_without_a_clock_time() -> None:
    found, expected = real("exports/other_runs_by_day.csv")
    runs = [row.run for row in found if row.run]
    assert sum(run.distance_m or 0 for run in runs) == pytest.approx(
        expected["total_distance_m"], abs=len(runs)
    )
    assert sum(run.duration_s or 0 for run in runs) == expected["total_moving_s"]
    assert not any(run.started_at for run in runs)
    assert max(Counter(run.day for run in runs).values()) == expected["most_on_one_day"]


def test_day_and_clock_time_in_columns_of_their_own() -> None:
    says = ("date", "clock", "distance_mi", "time_hm", "elapsed", "climb_ft", "note", "note")
    (row,) = rows(
        Matching(says),
        "day,at,far,long,all,up,a,b",
        "3/15/2020,6:30 pm,10,1:20,1:25:00,1000,hot,knee",
    )
    run = row.run
    assert run is not None
    assert run.started_at == dt.datetime(2020, 3, 15, 17, 30, tzinfo=dt.UTC)
    assert (run.distance_m, run.duration_s, run.elapsed_s, run.climb_m) == (16093, 4800, 5100, 305)
    assert run.note == "hot\nknee"


def test_where_nothing_tells_day_from_month_nothing_is_guessed() -> None:
    lines = ("date,km,time", "9/11/2024,5,25:00", "10/11/2024,5,25:00")
    says = guessed(*lines)
    with pytest.raises(NoTable, match="day-or-month"):
        rows(Matching(says), *lines)
    days = [
        [row.run.day for row in rows(Matching(says, day_first=first), *lines) if row.run]
        for first in (True, False)
    ]
    assert days == [
        [dt.date(2024, 11, 9), dt.date(2024, 11, 10)],
        [dt.date(2024, 9, 11), dt.date(2024, 10, 11)],
    ]


def test_dates_that_tell_by_themselves_are_believed_whatever_was_said_of_another_list() -> None:
    lines = ("date,km,time", "9/11/2024,5,25:00", "13/11/2024,5,25:00")
    found = rows(Matching(guessed(*lines), day_first=False), *lines)
    assert [row.run.day for row in found if row.run] == [
        dt.date(2024, 11, 9),
        dt.date(2024, 11, 13),
    ]


# Spots


def spots(found: list[MatchedRow]) -> list[Marked]:
    return [spot for row in found for spot in row.spots if isinstance(spot, Marked)]


def problems(found: list[MatchedRow]) -> Counter[str]:
    return Counter(spot.reason for row in found for spot in row.spots if isinstance(spot, Problem))


def test_eight_years_of_a_diary_of_pain() -> None:
    """Its dates are written where they change, its sides hardly ever."""
    name = "diaries/pain_participant1.csv"
    read = read_table((DATA / name).read_bytes())
    matching = Matching.guessed(read, units="km")
    region = matching.says.index("place")
    assert matching.kind == SorenessKind.PAIN
    found, expected = real(name, sides={region: "both"})
    assert len(found) == expected["rows"]
    days = {spot.day for spot in spots(found)}
    assert str(min(days)) == expected["first"]
    knees = [spot for spot in spots(found) if spot.place.area == Area.KNEE]
    assert len({(spot.day, spot.place) for spot in knees}) > 5_000  # left and right
    missing = problems(real(name)[0])
    assert missing["no-side"] > 2_900
    assert missing["place-not-here"] == problems(found)["place-not-here"] > 8_000


def test_a_diary_whose_day_stands_in_one_of_two_places() -> None:
    name = "diaries/pain_participant8.csv"
    found, expected = real(name, sides={0: "left"})
    assert problems(found)["row-without-a-day"] == 0
    low_back = [spot for spot in spots(found) if spot.place.area == Area.LOW_BACK]
    assert len(low_back) == expected["rows_by_name"]["Low Back Pain"]
    knee = [spot for spot in spots(found) if spot.place.area == Area.KNEE]
    assert len(knee) == expected["rows_by_name"]["Knee Pain"]
    assert {spot.place.side for spot in knee} == {Side.LEFT}
    assert Matching.guessed(read_table((DATA / name).read_bytes()), units="km").kind == "pain"


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (Scale(0, 10, 10), [0, 3, 5, None]),
        (Scale(1, 5, 5), [None, 5, 10, None]),
        (Scale(1, 5, 1), [None, 5, 0, None]),
        (Scale(0, 100, 100), [0, 0, 0, 1]),
    ],
)
def test_every_scale_becomes_zero_to_ten(scale: Scale, expected: list[int | None]) -> None:
    assert [scale.intensity(number) for number in (0, 3, 5, 12)] == expected


def test_a_column_for_each_place() -> None:
    matching = Matching(("date", "at_knee", "at_calf", "at_low_back"), sides={2: "right"})
    (row,) = rows(matching, "day,Left knee,calf,back", "2020-03-15,3,4,x")
    assert [(str(s.place.area), str(s.place.side)) for s in spots([row])] == [
        ("knee", "left"),
        ("calf", "right"),
    ]
    assert problems([row]) == {"no-number": 1}


def test_how_a_list_was_read_can_be_stored() -> None:
    matching = Matching(
        ("date", "place", "intensity"), True, {1: "both"}, {"knie": "knee"}, Scale(1, 5, 1)
    )
    assert Matching.of_json(json.loads(json.dumps(matching.to_json()))) == matching
