"""How long a run took by a track that has no timer."""

import datetime as dt
import math
import random
from collections.abc import Iterable

import pytest

from runners.activity_files import ActivityError, read_activities
from runners.activity_files.gpx import INDOORS
from runners.runs.views import why_no_run
from tests.runners.activity_files.small_files import START, read_activity

METRE = math.degrees(1 / 6_371_008.8)  # in degrees of latitude
PACE_M_PER_S = 3
Moment = tuple[float, float]  # seconds after the start, metres from it


def points(moments: Iterable[Moment], place: str = 'lat="{}" lon="8"') -> str:
    return "".join(
        f"<trkpt {place.format(50 + metres * METRE)}>"
        f"<time>{(START + dt.timedelta(seconds=after_s)).isoformat()}</time></trkpt>"
        for after_s, metres in moments
    )


def track(*segments: Iterable[Moment], sport: str = "running") -> str:
    written = "".join(f"<trkseg>{points(segment)}</trkseg>" for segment in segments)
    return f"<trk><type>{sport}</type>{written}</trk>"


def gpx(*tracks: str) -> bytes:
    return f"<gpx>{''.join(tracks)}</gpx>".encode()


def running(from_s: int, to_s: int, every_s: int = 5, from_m: float = 0) -> list[Moment]:
    return [(at, from_m + (at - from_s) * PACE_M_PER_S) for at in range(from_s, to_s + 1, every_s)]


def standing(from_s: int, to_s: int, at_m: float, every_s: int = 1) -> list[Moment]:
    return [(at, at_m) for at in range(from_s, to_s + 1, every_s)]


@pytest.mark.parametrize("away_m", [0, 4, 30, 3_000])
def test_a_run_left_open_for_eight_days_took_forty_minutes(away_m: int) -> None:
    days = 8 * 86_400

    run = read_activity(gpx(track([*running(0, 2_400), (days, 7_200 + away_m)])))

    assert (run.duration_s, run.elapsed_s) == (2_400, days)
    assert run.distance_m == pytest.approx(7_200 + away_m, abs=2)


@pytest.mark.slow
def test_a_run_left_open_while_the_app_goes_on_writing() -> None:
    days = 8 * 86_400

    run = read_activity(gpx(track([*running(0, 2_400), *standing(2_460, days, 7_200, 60)])))

    assert (run.duration_s, run.elapsed_s) == (2_400, days)


@pytest.mark.parametrize("stop_s", [10, 45, 600])
def test_a_step_slower_than_half_a_metre_per_second_is_a_pause(stop_s: int) -> None:
    after = running(600 + stop_s, 1_200 + stop_s, from_m=1_804)

    run = read_activity(gpx(track([*running(0, 600), *after])))

    assert (run.duration_s, run.elapsed_s) == (1_200, 1_200 + stop_s)


def test_standing_with_a_point_each_second_is_a_pause() -> None:
    stop = standing(600, 690, 1_800)

    run = read_activity(gpx(track([*running(0, 600), *stop, *running(690, 1_290, from_m=1_800)])))

    assert run.duration_s == pytest.approx(1_200, abs=5)


def test_a_gap_that_was_run_is_none() -> None:
    """In a wood the satellites are lost for three minutes."""
    run = read_activity(gpx(track([*running(0, 600), *running(780, 1_200, from_m=2_300)])))

    assert run.duration_s == 1_200


def test_a_place_written_twice_is_no_stop() -> None:
    """Each fourth second repeats the place before it."""
    moments = [(at, (at - at % 4 // 3) * PACE_M_PER_S) for at in range(1_201)]

    assert read_activity(gpx(track(moments))).duration_s == 1_200


def test_time_between_segments_is_no_running() -> None:
    """Though the runner went on by tram meanwhile."""
    data = gpx(track(running(0, 600), running(1_200, 1_800, from_m=9_000)))

    run = read_activity(data)

    assert (run.duration_s, run.elapsed_s) == (1_200, 1_800)
    assert run.distance_m == pytest.approx(3_600, abs=1)


def test_jumping_about_on_a_bench_is_no_running() -> None:
    """Ten minutes of places a few metres around the true one."""
    around = random.Random(7)  # the same each time
    bench = [(at, 1_800 + around.gauss(0, 2)) for at, _ in standing(601, 1_200, 0)]

    run = read_activity(
        gpx(track([*running(0, 600), *bench, *running(1_201, 1_801, from_m=1_803)]))
    )

    assert run.elapsed_s == 1_801
    assert run.duration_s == pytest.approx(1_200, abs=20)


@pytest.mark.parametrize("every_s", [1, 5, 13])
def test_times_without_seconds(every_s: int) -> None:
    moments = [(at - at % 60, metres) for at, metres in running(0, 1_800, every_s)]

    assert read_activity(gpx(track(moments))).duration_s == pytest.approx(1_800, abs=60)


def test_one_point_with_a_wild_date_changes_nothing() -> None:
    wild = [(61 * 365 * 86_400, 900)]

    run = read_activity(gpx(track([*running(0, 300), *wild, *running(305, 600, from_m=915)])))

    assert run.duration_s == pytest.approx(600, abs=10)


@pytest.mark.parametrize("place", ["", 'lat="0" lon="0"', 'lat="50" lon="8"'])
def test_track_of_an_indoor_run_has_a_time_and_no_distance(place: str) -> None:
    data = gpx(f"<trk><trkseg>{points(running(0, 1_800), place)}</trkseg></trk>")

    run = read_activity(data)

    assert (run.duration_s, run.distance_m) == (1_800, None)
    assert run.remarks == (INDOORS,)


@pytest.mark.parametrize("inside", ["", "<type>running</type>", "<trkseg></trkseg>"])
def test_empty_track_of_an_indoor_run_is_not_called_a_plan(inside: str) -> None:
    with pytest.raises(ActivityError) as refused:
        read_activities(gpx(f"<trk>{inside}</trk>"), name="indoors.gpx")

    assert "indoors" in why_no_run(refused.value)
    assert "planned" not in why_no_run(refused.value)


def test_tracks_of_several_runs_are_several_runs() -> None:
    a_day = 86_400

    runs = read_activities(
        gpx(*(track(running(day * a_day, day * a_day + 1_800)) for day in range(3))), name="run"
    )

    assert [run.duration_s for run in runs] == [1_800] * 3
    starts = [run.started_at for run in runs if run.started_at]
    assert starts == [START + dt.timedelta(days=day) for day in range(3)]
    assert len({run.fingerprint for run in runs}) == 3


def test_tracks_soon_after_each_other_are_one_run() -> None:
    """Old units begin a new one where they lost their satellites."""
    run = read_activity(gpx(track(running(0, 600)), track(running(700, 1_300))))

    assert (run.duration_s, run.elapsed_s) == (1_200, 1_300)


def test_the_ride_after_a_run_is_no_part_of_it() -> None:
    run = read_activity(
        gpx(track(running(0, 600)), track(running(700, 1_300), sport="cycling")),
    )

    assert run.duration_s == 600
    assert run.distance_m == pytest.approx(1_800, abs=1)


def test_laps_without_a_timer_leave_out_the_pauses_too() -> None:
    written = "".join(
        f"<Trackpoint><Time>{(START + dt.timedelta(seconds=at)).isoformat()}</Time><Position>"
        f"<LatitudeDegrees>{50 + metres * METRE}</LatitudeDegrees>"
        "<LongitudeDegrees>8</LongitudeDegrees></Position></Trackpoint>"
        for at, metres in [*running(0, 600), *running(1_200, 1_800, from_m=1_800)]
    )
    data = (
        '<TrainingCenterDatabase><Activities><Activity Sport="Running">'
        f"<Lap><Track>{written}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    )

    run = read_activity(data.encode())

    assert (run.duration_s, run.elapsed_s) == (1_200, 1_800)
