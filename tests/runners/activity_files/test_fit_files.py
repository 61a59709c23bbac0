"""What a FIT file says where its session is missing, says too little or cannot be believed."""

import random
import struct

import pytest

from runners.activity_files import ActivityError, read_activities
from runners.activity_files.fit_frames import checksum
from runners.activity_files.reading import CUT_OFF
from runners.runs.views import why_no_run
from tests.runners.activity_files.small_files import (
    START,
    definition,
    fit,
    read_activity,
    records,
    session,
    tcx,
)

HALF_HOUR = [(at, at * 3) for at in range(0, 1_801, 5)]  # seconds and metres
FILE_ID, SPORT = 0, 12
ACTIVITY, COURSE = 4, 6
RUNNING, CYCLING = 1, 2


def of_type(kind: int) -> bytes:
    return definition(FILE_ID, (0, 1, 0), local=3) + bytes([3, kind])


def of_sport(sport: int) -> bytes:
    return definition(SPORT, (0, 1, 0), local=4) + bytes([4, sport])


@pytest.mark.parametrize("missing", [0, None])
def test_session_without_distance_takes_that_of_its_last_record(missing: int | None) -> None:
    run = read_activity(fit(records(HALF_HOUR) + session(distance_m=missing)))

    assert (run.distance_m, run.duration_s, run.remarks) == (5_400, 1_800, ())


def test_a_last_record_without_distance_is_not_asked() -> None:
    body = records([*HALF_HOUR, (1_801, None)])

    assert read_activity(fit(body + session(distance_m=0))).distance_m == 5_400


def test_a_developer_field_is_no_distance() -> None:
    """Number 5 of a foot pod's own fields stands behind the native ones."""
    native = struct.pack("<BBBHB 6B", 0x62, 0, 0, 20, 2, 253, 4, 0x86, 5, 4, 0x86)
    described = native + bytes([1, 5, 4, 0])
    written = b"".join(
        struct.pack("<BIII", 2, 1_083_744_000 + at, 0xFFFFFFFF, at * 9_900) for at, _ in HALF_HOUR
    )

    assert read_activity(fit(described + written + session(distance_m=0))).distance_m is None


def test_second_session_takes_what_was_counted_since_its_start() -> None:
    """Whether its records go on counting or begin again."""
    later = 1_083_744_000 + 7_200
    ride = session(sport=CYCLING)
    run = session(start=later, distance_m=0)
    for first_m in (0, 20_000):
        counted = [(at, first_m + m) for at, m in HALF_HOUR]
        body = records([(0, 0), (1_800, 20_000)]) + ride + records(counted, later) + run

        assert read_activity(fit(body)).distance_m == 5_400


def test_timer_longer_than_start_to_end_is_not_believed() -> None:
    run = read_activity(fit(session(timer_s=90_000, elapsed_s=1_800)))
    laps = "<TotalTimeSeconds>{}</TotalTimeSeconds><Track>{}</Track>"
    points = "".join(
        f"<Trackpoint><Time>2024-05-04T08:{minute:02}:00Z</Time></Trackpoint>" for minute in (0, 30)
    )

    assert (run.duration_s, run.elapsed_s) == (1_800, 1_800)
    assert read_activity(tcx(laps.format(7_200, points))).duration_s == 1_800
    assert read_activity(tcx(laps.format(1_803, points))).duration_s == 1_803


@pytest.mark.parametrize("declared", [0, 10, 100_000])
def test_file_whose_size_is_wrong_gives_its_session(declared: int) -> None:
    whole = fit(records(HALF_HOUR) + session())

    run = read_activity(whole[:4] + declared.to_bytes(4, "little") + whole[8:])

    assert (run.started_at, run.duration_s, run.distance_m) == (START, 1_800, 5_000)
    assert run.remarks == (CUT_OFF,)


@pytest.mark.parametrize("size", [0, 1, 4_095, 4_096, 8_191, 8_192, 12_288, 50_001, 130_000])
def test_checksum_is_that_of_the_protocol(size: int) -> None:
    data = random.Random(size).randbytes(size)
    crc = 0
    for byte in data:  # bit by bit, as the protocol has it
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)

    assert checksum(data) == crc


def test_file_whose_checksum_is_wrong_gives_its_session() -> None:
    run = read_activity(fit(records(HALF_HOUR) + session())[:-2] + b"\x00\x01")

    assert (run.duration_s, run.remarks, run.doubt) == (1_800, (CUT_OFF,), None)


@pytest.mark.parametrize("size", [500, 2_000, 3_000])
def test_file_without_a_session_gives_its_records(size: int) -> None:
    whole = fit(of_type(ACTIVITY) + of_sport(RUNNING) + records(HALF_HOUR) + session())

    run = read_activity(whole[:size])

    assert run.started_at == START
    assert run.distance_m == run.duration_s * 3
    assert size / 3 < run.duration_s <= size
    assert (run.remarks, run.doubt) == ((CUT_OFF,), None)


@pytest.mark.parametrize(
    "slip", [(61 * 365 * 86_400, 999_999), (1_000, 4_000_000), (1_000, 0), (3, 3_000)]
)
def test_records_end_before_the_first_that_cannot_follow(slip: tuple[int, int]) -> None:
    """It is too late, too far on, or goes back in distance or in time."""
    body = of_sport(RUNNING) + records([*HALF_HOUR[:200], slip, *HALF_HOUR[200:]])

    run = read_activity(fit(body)[:-2])

    assert (run.started_at, run.duration_s, run.distance_m) == (START, 995, 2_985)


def test_bytes_after_a_fault_that_pass_for_another_file_id() -> None:
    body = of_type(ACTIVITY) + of_sport(RUNNING) + records(HALF_HOUR) + bytes([3, 0])

    assert read_activity(fit(body)[:-2]).duration_s == 1_800


def test_compressed_times_of_records() -> None:
    """Five bits of each time stand in the first byte; the definition has local type 1."""
    body = records([(0, 0)]) + definition(20, (5, 4, 0x86), local=1)
    for at in range(20, 1_801, 20):
        compressed = 0x80 | 1 << 5 | (1_083_744_000 + at) & 0x1F
        body += struct.pack("<BI", compressed, at * 300)

    run = read_activity(fit(of_sport(RUNNING) + body)[:-2])

    assert (run.duration_s, run.distance_m) == (1_800, 5_400)


def test_ride_that_was_cut_off_is_no_run() -> None:
    with pytest.raises(ActivityError) as refused:
        read_activities(fit(of_sport(CYCLING) + records(HALF_HOUR))[:-2], name="ride.fit")

    sentence = "This file holds a bike ride, so there is no run to log from it."
    assert why_no_run(refused.value) == sentence


def test_records_of_a_planned_course_are_no_run() -> None:
    with pytest.raises(ActivityError) as refused:
        read_activities(fit(of_type(COURSE) + records(HALF_HOUR)), name="course.fit")

    assert refused.value.code == "no_activity"


@pytest.mark.parametrize("sport", [0, 254, 0xFF, 200])
def test_sport_that_is_not_said_is_asked_about(sport: int) -> None:
    """Generic, all, none, and a number that no list has."""
    run = read_activity(fit(session(sport=sport)))

    assert (run.sport, run.doubt) == ("unknown", "sport_not_said")


@pytest.mark.parametrize(
    ("distance_m", "timer_s", "doubt"),
    [
        (20_000, 1_800, "faster_than_anyone"),
        (42_195, 6_000, "faster_than_anyone"),
        (42_195, 7_300, None),
        (1_000, 140, None),
        (900, 1_800, "slower_than_a_stroll"),
    ],
)
def test_pace_that_nobody_runs_is_asked_about(
    distance_m: int, timer_s: int, doubt: str | None
) -> None:
    assert read_activity(fit(session(distance_m=distance_m, timer_s=timer_s))).doubt == doubt


def test_several_sessions_of_running_are_several_runs() -> None:
    starts = [1_083_744_000 + hours * 3_600 for hours in (0, 5)]

    runs = read_activities(fit(b"".join(session(start=start) for start in starts)), name="run.fit")

    assert [run.duration_s for run in runs] == [1_800, 1_800]
    assert len({run.fingerprint for run in runs}) == 2
    assert len({run.started_at for run in runs}) == 2
