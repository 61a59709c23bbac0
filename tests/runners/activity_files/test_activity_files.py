"""Real files, read and compared with what other parsers found in them."""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from runners.activity_files import Activity, ActivityError, read_activities
from runners.activity_files.reading import CUT_OFF

DATA = Path(__file__).parents[2] / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text())
FILES: dict[str, Any] = {one["id"]: one for one in EXPECTED["activities"]}
TOLERANCES = EXPECTED["tolerances"]

REFUSED = {
    "fit-walk-fenix5": "not_a_run",
    "fit-yoga-venu3-no-distance": "not_a_run",
    "gpx-nike-fractional-seconds": "too_short",
    "gpx-without-times": "hardly_timed",
    "gpx-point-without-longitude": "too_short",
}
READ = [name for name in FILES if name not in REFUSED]


def read_all(name: str) -> list[Activity]:
    path = DATA / FILES[name]["file"]
    with path.open("rb") as file:
        return read_activities(file, name=path.name)


def read(name: str) -> Activity:
    """The first run."""
    return read_all(name)[0]


def expected_run(name: str) -> dict[str, Any]:
    """Of the triathlon the last session, which alone is a run; else the first."""
    sessions: list[dict[str, Any]] = FILES[name]["expected"]
    return sessions[-1 if FILES[name]["format"] == "fit" else 0]


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_duration_of_a_real_run(name: str) -> None:
    expected = expected_run(name)
    near = TOLERANCES["elapsed_and_timer_s"]

    run = read(name)

    assert run.format == FILES[name]["format"]
    assert run.elapsed_s == pytest.approx(expected["elapsed_s"], abs=near)
    if run.format != "gpx":
        assert run.duration_s == pytest.approx(expected["timer_s"], abs=near)


@pytest.mark.slow
def test_duration_without_a_timer_is_near_that_of_the_watch() -> None:
    """The GPX and the TCX file of one run; three stops in it come to 157 s."""
    run, watch = read("gpx-run-fr935-paired"), read("tcx-run-fr935-paired")

    assert watch.duration_s == 4_612
    assert run.duration_s == pytest.approx(watch.duration_s - 157, abs=15)


def test_long_stops_without_a_timer_are_no_running() -> None:
    """125, 64 and 62 s pass between two points that are 23, 6 and 1 m apart."""
    assert read("gpx-run-hilly-with-stop").duration_s == pytest.approx(2_534 - 251, abs=10)


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_start_of_a_real_run(name: str) -> None:
    expected = expected_run(name)["start_utc"]

    run = read(name)

    if expected is None:
        assert run.started_at is None
    else:
        assert run.started_at is not None
        difference = run.started_at - dt.datetime.fromisoformat(expected)
        assert abs(difference.total_seconds()) <= TOLERANCES["start_s"]


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_distance_of_a_real_run(name: str) -> None:
    expected = expected_run(name)["distance_m"]
    near = TOLERANCES["distance_fit_and_tcx_m"]
    if FILES[name]["format"] == "gpx":
        near = max(
            TOLERANCES["distance_gpx_at_least_m"],
            expected * TOLERANCES["distance_gpx_percent"] / 100,
        )

    assert read(name).distance_m == pytest.approx(expected, abs=near)


@pytest.mark.parametrize("name", [one for one in READ if FILES[one]["format"] == "fit"])
def test_offset_climb_and_effort_of_a_real_fit_run(name: str) -> None:
    expected = expected_run(name)

    run = read(name)

    assert run.utc_offset_s == FILES[name]["totals"]["utc_offset_s"]
    assert run.climb_m == expected["ascent_m"]
    assert run.effort == expected.get("rpe_0_10")


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_real_file_that_holds_no_run(name: str, code: str) -> None:
    with pytest.raises(ActivityError) as refused:
        read(name)

    assert refused.value.code == code


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), EXPECTED["same_run"])
def test_start_of_two_files_of_one_run(one: str, other: str) -> None:
    start, other_start = read(one).started_at, read(other).started_at

    assert start is not None
    assert other_start is not None
    assert abs(start - other_start) <= dt.timedelta(seconds=60)


def test_fingerprint_is_of_the_unpacked_file() -> None:
    name = "tcx-run-short-paired"
    plain = (DATA / FILES[name]["file"]).read_bytes()

    fingerprints = {
        run.fingerprint
        for data in (plain, gzip.compress(plain))
        for run in read_activities(data, name="run")
    }

    assert fingerprints == {FILES[name]["sha256"]}


def test_a_phone_that_took_a_stroll_for_three_runs_gives_them_all() -> None:
    runs = read_all("tcx-googlefit-several-activities-no-gps")

    assert [(run.duration_s, run.distance_m, run.doubt) for run in runs] == [
        (573, 277.1, "slower_than_a_stroll"),
        (387, 214.3, "slower_than_a_stroll"),
        (77, 97.5, None),
    ]
    assert len({run.fingerprint for run in runs}) == 3
    assert {len(run.fingerprint) for run in runs} == {64}


def test_triathlon_has_one_run_with_the_fingerprint_of_the_file() -> None:
    (run,) = read_all("fit-triathlon-five-sessions")

    assert run.fingerprint == FILES["fit-triathlon-five-sessions"]["sha256"]
    assert (run.duration_s, run.distance_m) == (2_851, 9_805.9)


def test_damaged_file_gives_what_stands_before_the_fault() -> None:
    """Its records go on to the year 2085."""
    (run,) = read_all("fit-broken-strava-android")

    assert run.started_at == dt.datetime(2021, 9, 27, 14, 13, 10, tzinfo=dt.UTC)
    assert (run.duration_s, run.distance_m, run.sport) == (3_558, 11_274.0, "running")
    assert run.remarks == (CUT_OFF,)


@pytest.mark.parametrize(
    ("name", "share"), [("fit-run-fenix2", 0.5), ("fit-run-fr610-paired", 0.9)]
)
def test_fit_file_cut_off_before_its_session(name: str, share: float) -> None:
    path = DATA / FILES[name]["file"]
    data = path.read_bytes()
    whole = read(name)

    (run,) = read_activities(data[: int(len(data) * share)], name=path.name)

    assert run.started_at == whole.started_at
    assert run.distance_m == pytest.approx((whole.distance_m or 0) * share, rel=0.15)
    assert run.elapsed_s == pytest.approx(whole.elapsed_s * share, rel=0.1)
    assert run.remarks == (CUT_OFF,)
    assert run.doubt == "sport_not_said"


@pytest.mark.parametrize(
    "name", ["gpx-run-hilly-with-stop", "tcx-run-fr410-no-heart-rate", "tcx-run-fr610-paired"]
)
def test_track_cut_off_in_the_middle(name: str) -> None:
    path = DATA / FILES[name]["file"]
    data = path.read_bytes()
    whole = read(name)

    (run,) = read_activities(data[: len(data) // 2], name=path.name)

    assert run.started_at == whole.started_at
    assert run.distance_m == pytest.approx((whole.distance_m or 0) / 2, rel=0.15)
    assert run.elapsed_s == pytest.approx(whole.elapsed_s / 2, rel=0.2)
    assert run.duration_s <= run.elapsed_s
    assert run.remarks == (CUT_OFF,)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fit-run-fr965-feel-rpe", "gpx-run-fr935-paired"])
def test_an_ordinary_run_has_neither_remark_nor_doubt(name: str) -> None:
    run = read(name)

    assert (run.remarks, run.doubt) == ((), None)
