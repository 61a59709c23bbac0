"""Real files, read and compared with what other parsers found in them."""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from runners.activity_files import Activity, ActivityError, read_activity

DATA = Path(__file__).parents[1] / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text())
FILES: dict[str, Any] = {one["id"]: one for one in EXPECTED["activities"]}
TOLERANCES = EXPECTED["tolerances"]

REFUSED = {
    "fit-walk-fenix5": "not_a_run",
    "fit-yoga-venu3-no-distance": "not_a_run",
    "fit-broken-strava-android": "damaged",
    "gpx-nike-fractional-seconds": "too_short",
    "gpx-without-times": "no_times",
    "gpx-point-without-longitude": "too_short",
}
READ = [name for name in FILES if name not in REFUSED]


def read(name: str) -> Activity:
    path = DATA / FILES[name]["file"]
    with path.open("rb") as file:
        return read_activity(file, name=path.name)


def expected_run(name: str) -> dict[str, Any]:
    """The last session of a FIT file, the first activity of a TCX file."""
    sessions: list[dict[str, Any]] = FILES[name]["expected"]
    return sessions[-1 if FILES[name]["format"] == "fit" else 0]


@pytest.mark.parametrize("name", READ)
def test_duration_of_a_real_run(name: str) -> None:
    expected = expected_run(name)
    near = TOLERANCES["elapsed_and_timer_s"]

    run = read(name)

    assert run.format == FILES[name]["format"]
    assert run.duration_s == pytest.approx(expected["timer_s"] or expected["elapsed_s"], abs=near)
    assert run.elapsed_s == pytest.approx(expected["elapsed_s"], abs=near)


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
        read_activity(data, name="run").fingerprint for data in (plain, gzip.compress(plain))
    }

    assert fingerprints == {FILES[name]["sha256"]}


def test_remarks_of_a_phone_that_took_a_stroll_for_three_runs() -> None:
    assert read("tcx-googlefit-several-activities-no-gps").remarks == (
        "This file holds 3 runs. Here is the first of them.",
        "This is slower than a stroll. Was it a run?",
    )


@pytest.mark.parametrize("name", ["fit-run-fr965-feel-rpe", "gpx-run-fr935-paired"])
def test_remarks_of_an_ordinary_run(name: str) -> None:
    assert read(name).remarks == ()
