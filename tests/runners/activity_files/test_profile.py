"""Pace and height along a run: few points, nothing of where it was, nothing made up."""

from dataclasses import fields
from pathlib import Path

import pytest

from runners.activity_files import read_activities
from runners.activity_files.profile import MOST_POINTS, Along, Point, Profile, fitting, joined
from tests.runners.activity_files.small_files import (
    HALF_HOUR,
    fit,
    gpx,
    read_activity,
    records,
    session,
)

FILES = Path(__file__).parents[2] / "data" / "activities"
PAIRED = "fit-run-fr610-paired.fit", "tcx-run-fr610-paired.tcx"


def along(*points: tuple[float, float | None, float | None]) -> Profile | None:
    """Of seconds, metres and heights."""
    heard = Along()
    for point in points:
        heard.note(*point)
    return heard.profile()


def steady(length_m: int, m_per_s: int = 4, height_m: float | None = 100) -> Profile:
    found = along(*((m / m_per_s, m, height_m) for m in range(0, length_m + 1, m_per_s)))
    assert found is not None
    return found


def test_a_steady_run_has_one_pace_and_height() -> None:
    assert steady(300) == tuple(Point(end_m, 250, 100) for end_m in (60, 120, 180, 240, 300))


@pytest.mark.parametrize("length_m", [300, 3_600, 3_700, 10_000, 42_195, 400_000])
def test_it_never_has_more_points_than_it_may(length_m: int) -> None:
    profile = steady(length_m)

    assert 5 <= len(profile) <= MOST_POINTS
    assert {point.pace_s_per_km for point in profile} == {250}
    assert profile[-1].end_m == pytest.approx(length_m, abs=20)


def test_too_short_a_way_makes_no_picture() -> None:
    assert along(*((m / 4, m, 100) for m in range(0, 240, 4))) is None
    assert along() is None


def test_a_stop_counts_in_no_pace() -> None:
    before = [(m / 4, m, 100.0) for m in range(0, 151, 2)]
    after = [(600 + m / 4, m, 100.0) for m in range(152, 501, 2)]

    profile = along(*before, *after)

    assert profile is not None
    assert {point.pace_s_per_km for point in profile} == {250}


def test_a_jump_of_the_satellites_counts_in_no_pace() -> None:
    run = [(m / 4, m + (90 if m > 200 else 0), None) for m in range(0, 501, 2)]

    profile = along(*run)

    assert profile is not None
    assert {point.pace_s_per_km for point in profile} == {250}
    assert {point.height_m for point in profile} == {None}


def test_what_goes_back_or_is_not_known_does_not_count() -> None:
    run: list[tuple[float, float | None, float | None]] = []
    for m in range(0, 301, 4):
        run += [(m / 4, m, 100), (m / 4, None, 50), (m / 4 - 5, m, 100), (m / 4, 0, 100)]

    assert along(*run) == steady(300)


def test_a_height_that_no_place_has_is_left_out() -> None:
    profile = along(*((m / 4, m, 9_500 if m % 8 else 100) for m in range(0, 301, 4)))

    assert profile == steady(300)


def test_minutes_without_seconds_are_steps_too() -> None:
    profile = along(*((m // 240 * 60, m, None) for m in range(0, 3_000, 4)))

    assert profile is not None
    assert {point.pace_s_per_km for point in profile} == {250}


def test_parts_of_a_run_follow_each_other() -> None:
    found = joined([(steady(300), 300.0), (None, 100.0), (steady(300, 2, None), 300.0)])
    assert found == (
        *(Point(end_m, 250, 100) for end_m in (60, 120, 180, 240, 300)),
        Point(400, None, None),
        *(Point(end_m, 500, None) for end_m in (460, 520, 580, 640, 700)),
    )


def test_many_parts_have_no_more_points_than_one() -> None:
    parts = [(steady(3_000, m_per_s, height_m), 3_000.0) for m_per_s, height_m in
             ((4, 100), (2, 200), (4, None))]  # fmt: skip
    found = joined(parts)
    assert found is not None
    assert 40 <= len(found) <= MOST_POINTS
    assert found[-1].end_m == 9_000
    assert {point.height_m for point in found} >= {100, 200, None}
    time_s = sum(
        (point.pace_s_per_km or 0) * (point.end_m - before) / 1000
        for before, point in zip((0, *(one.end_m for one in found)), found, strict=False)
    )
    assert time_s == pytest.approx(750 + 1_500 + 750, rel=0.005)


@pytest.mark.parametrize("parts", [[], [(None, None)], [(None, 500.0), (None, 700.0)]])
def test_parts_without_a_pace_make_no_picture(parts: list[tuple[None, float | None]]) -> None:
    assert joined(parts) is None


def test_a_profile_of_another_distance_is_none_of_this_run() -> None:
    profile = steady(3_000)

    assert fitting(profile, 3_200) == profile
    assert fitting(profile, 4_000) is None
    assert fitting(profile, None) is None


# Files


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("fit-run-fr610-paired.fit", 35),
        ("tcx-run-fr610-paired.tcx", 35),
        ("gpx-run-hilly-with-stop.gpx", 54),
        ("fit-triathlon-five-sessions.fit", 43),
    ],
)
def test_a_real_file_tells_pace_and_height(name: str, points: int) -> None:
    run = read_activity((FILES / name).read_bytes())

    assert run.profile is not None
    assert run.distance_m is not None
    assert len(run.profile) == points
    assert run.profile[-1].end_m == pytest.approx(run.distance_m, rel=0.02)
    mean = sum(point.pace_s_per_km or 0 for point in run.profile) / points
    assert mean == pytest.approx(run.duration_s / run.distance_m * 1000, rel=0.05)
    assert None not in {point.height_m for point in run.profile}


def test_two_files_of_one_run_tell_the_same_paces() -> None:
    told = [read_activity((FILES / name).read_bytes()).profile for name in PAIRED]

    paces = [[point.pace_s_per_km for point in profile or ()] for profile in told]
    assert paces[0] == paces[1]


@pytest.mark.parametrize(
    "name", ["fit-run-fr70-footpod-no-gps.fit", "tcx-googlefit-several-activities-no-gps.tcx"]
)
def test_a_file_without_points_has_none(name: str) -> None:
    runs = read_activities((FILES / name).read_bytes(), name=name)

    assert [run.profile for run in runs] == [None] * len(runs)


def test_points_of_a_fit_file_belong_to_their_session() -> None:
    ran = [(at, at * 4) for at in range(0, 600, 5)]
    rode = [(at, 2_400 + (at - 600) * 8) for at in range(600, 1_200, 5)]
    start = 1_083_744_000
    sessions = session(start, 599, 2_396) + session(start + 600, 599, 4_792, sport=2)

    run = read_activity(fit(sessions + records([*ran, *rode])))

    assert run.profile is not None
    assert {point.pace_s_per_km for point in run.profile} == {250}
    assert run.profile[-1].end_m <= 2_400


def test_a_watch_that_never_wrote_its_session_still_tells_the_pace() -> None:
    run = read_activity(fit(records([(at, at * 4) for at in range(0, 600, 2)]))[:-2])

    assert run.profile is not None
    assert {point.pace_s_per_km for point in run.profile} == {250}


def test_two_points_are_no_profile() -> None:
    assert read_activity(gpx(*HALF_HOUR)).profile is None


def test_no_point_has_a_place() -> None:
    assert Point._fields == ("end_m", "pace_s_per_km", "height_m")
    assert "place" not in {field.name for field in fields(read_activity(gpx(*HALF_HOUR)))}
