"""Small files made for a test, and files made to do harm."""

import encodings
import gzip
import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.activity_files import ActivityError, read_activities
from runners.activity_files.reading import CUT_OFF
from runners.limits import MAX_CLIMB_M, MAX_DISTANCE_M, MAX_DURATION_S
from runners.runs.views import why_no_run
from tests.runners.activity_files.small_files import (
    HALF_HOUR,
    HALF_HOUR_LAP,
    SESSION_DEFINITION,
    START,
    definition,
    fit,
    gpx,
    point,
    read_activity,
    records,
    session,
    tcx,
)

ROOT = Path(__file__).parents[3]
ACTIVITIES = ROOT / "tests/data/activities"


def refusal(data: bytes, name: str = "run") -> str:
    with pytest.raises(ActivityError) as refused:
        read_activities(data, name=name)
    assert why_no_run(refused.value).endswith(".")
    return refused.value.code


@pytest.mark.parametrize("data", [gpx(*HALF_HOUR), tcx(HALF_HOUR_LAP), fit(session())])
def test_a_small_file_of_each_format(data: bytes) -> None:
    run = read_activity(io.BytesIO(data), name="run")

    assert (run.started_at, run.duration_s, run.sport) == (START, 1800, "running")
    assert run.distance_m == pytest.approx(5000, rel=0.15)


@pytest.mark.parametrize(
    "data",
    [
        b" " * 10 + b'<?xml version="1.0" encoding="UTF-8"?>' + gpx(*HALF_HOUR),
        b"\xef\xbb\xbf" + gpx(*HALF_HOUR),
        gpx(*HALF_HOUR).decode().encode("utf-16"),
        gpx(*HALF_HOUR).replace(b"<gpx>", b'<gpx xmlns="http://example.org/wrong">'),
        gzip.compress(gpx(*HALF_HOUR)[:50]) + gzip.compress(gpx(*HALF_HOUR)[50:]),
        gzip.compress(gpx(*HALF_HOUR)) + b"\x00" * 512,
    ],
    ids=["spaces", "mark", "utf-16", "namespace", "two members", "padding"],
)
def test_odd_but_harmless_wrapping(data: bytes) -> None:
    assert read_activity(data, name="RUN.GPX.GZ").started_at == START


@pytest.mark.parametrize("year", ["1970", "1989", "1990", "2000", "2085"])
def test_a_clock_that_was_never_set_gives_no_date(year: str) -> None:
    track = gpx(*HALF_HOUR).replace(b"2024-", f"{year}-".encode())
    laps = tcx(HALF_HOUR_LAP, start=f"{year}-05-04T08:00:00Z")

    for data in (track, laps):
        run = read_activity(data, name="run")
        assert (run.started_at, run.duration_s) == (None, 1800)


@pytest.mark.parametrize("start", [0, 17_217_864, 0x0FFFFFFF, 3_000_000_000, 0xFFFFFFFE])
def test_fit_start_that_is_no_date(start: int) -> None:
    assert read_activity(fit(session(start)), name="run.fit").started_at is None


def test_one_wild_date_among_good_ones_does_not_count() -> None:
    run = read_activity(gpx(*HALF_HOUR, point("2085-01-01T00:00:00Z")), name="run.gpx")

    assert (run.started_at, run.duration_s) == (START, 1800)


@pytest.mark.parametrize(("zone", "offset_s"), [("+02:00", 7200), ("Z", None), ("+00:00", None)])
def test_offset_of_a_gpx_file(zone: str, offset_s: int | None) -> None:
    data = gpx(*HALF_HOUR).replace(b"Z</time>", f"{zone}</time>".encode())

    assert read_activity(data, name="run.gpx").utc_offset_s == offset_s


def test_climb_of_a_hill_with_wobble() -> None:
    """30 m up and 30 m down, the elevations a metre off by turns."""
    heights = [*range(100, 130), *range(130, 100, -1)]
    points = [
        point(f"2024-05-04T08:{minute:02}:00Z", elevation=str(height + minute % 2))
        for minute, height in enumerate(heights)
    ]

    run = read_activity(gpx(*points), name="run.gpx")

    assert run.climb_m == pytest.approx(30, abs=4)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "UTF8", "us-ascii", "ISO-8859-1", "latin1", "windows-1252", "iso-8859-15"],
)
def test_encodings_that_are_read(encoding: str) -> None:
    declared = f"<?xml version='1.0' encoding='{encoding}'?>".encode()

    assert read_activity(declared + gpx(*HALF_HOUR)).started_at == START


@pytest.mark.parametrize("wide", ["utf-16", "utf-16-le", "utf-16-be"])
def test_wide_characters_whatever_the_file_says_of_them(wide: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>' + gpx(*HALF_HOUR).decode()

    assert read_activity(text.encode(wide)).started_at == START


@pytest.mark.parametrize("encoding", ["rot13", "shift_jis", "utf-7", "idna", "", "x" * 60_000])
def test_encoding_that_is_not_known_is_told_and_not_looked_for(encoding: str) -> None:
    """Python's own list of encodings keeps each name that it was asked for."""
    asked = set(encodings._cache)
    data = f"<?xml version='1.0' encoding='{encoding}'?>".encode() + gpx(*HALF_HOUR)

    with pytest.raises(ActivityError) as refused:
        read_activities(data, name="run.gpx")

    assert why_no_run(refused.value).startswith("The characters of this file")
    assert set(encodings._cache) == asked


def test_run_without_distance() -> None:
    run = read_activity(fit(session(distance_m=0)), name="treadmill.fit")

    assert (run.duration_s, run.distance_m) == (1800, None)


@pytest.mark.parametrize("figure", ["nan", "-5000", "inf", "1e309", "five", ""])
def test_distance_that_is_no_distance(figure: str) -> None:
    lap = HALF_HOUR_LAP.replace("5000", figure)

    assert read_activity(tcx(lap), name="run.tcx").distance_m is None


@pytest.mark.parametrize(
    "sport", ["9", "run", "Trail Running", "TrailRun", "virtual_run", "Jogging"]
)
def test_words_for_running(sport: str) -> None:
    assert read_activity(gpx(*HALF_HOUR, sport=sport), name="run.gpx").sport == "running"


@pytest.mark.parametrize("sport", ["", "Laufen", "generic"])
def test_word_that_is_not_known_is_no_reason_to_refuse(sport: str) -> None:
    assert read_activity(gpx(*HALF_HOUR, sport=sport), name="run.gpx").sport == "unknown"


# Refusals


@pytest.mark.parametrize(
    "sport",
    ["cycling", "Biking", "1", "MountainBikeRide", "walking", "open_water_swimming", "Other"],
)
def test_another_sport(sport: str) -> None:
    assert refusal(gpx(*HALF_HOUR, sport=sport)) == "not_a_run"
    assert refusal(tcx(HALF_HOUR_LAP, sport=sport)) == "not_a_run"


BOMB = b"<!DOCTYPE gpx [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><gpx>&b;</gpx>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (gzip.compress(gpx(*HALF_HOUR), mtime=0)[:20], "damaged"),
        (gzip.compress(gpx(*HALF_HOUR), mtime=0)[:-8] + bytes(8), "damaged"),
        (gzip.compress(b"not a run at all", mtime=0)[:-9], "unknown_type"),
        (gzip.compress(gzip.compress(gpx(*HALF_HOUR))), "packed_twice"),
        (gpx(*HALF_HOUR)[:80], "damaged"),
        (fit(session())[:-20], "damaged"),
        (fit(session()).replace(b"\x40\x00\x00", b"\x40\x00\x01"), "damaged"),
        (fit(session()[:-3]), "damaged"),
        (fit(b"\x05\x00"), "damaged"),
        (b"PK\x03\x04" + bytes(100), "zip"),
        (b"\xff\xd8\xff\xe0 a picture", "unknown_type"),
        (b"Date,Distance\n2024-05-04,5\n", "unknown_type"),
        (b"<!DOCTYPE html><html></html>", "web_page"),
        (b"<kml/>", "other_xml"),
        (BOMB, "unsafe_xml"),
        (BOMB.decode().encode("utf-16"), "unsafe_xml"),
        (b'<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>', "unsafe_xml"),
        (b"<!DOCTYPE gpx [<!ENTITY % a 'x'>]><gpx/>", "unsafe_xml"),
        (b"<!DOCTYPE gpx [<!ELEMENT gpx ANY>]><gpx/>", "unsafe_xml"),
        (b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "http://example.org/">]><gpx>&x;</gpx>', "unsafe_xml"),
        (b"<gpx>&undeclared;</gpx>", "damaged"),
        (b"<gpx>" * 1_000, "damaged"),
        (b"<gpx " + b"".join(b'a%d="" ' % i for i in range(1_000)) + b"/>", "damaged"),
        (b"<gpx><rte/></gpx>", "no_activity"),
        (b"<TrainingCenterDatabase><Courses/></TrainingCenterDatabase>", "no_activity"),
        (fit(b"\x40\x00\x00\x14\x00\x00\x00"), "no_activity"),
        (tcx(""), "no_times"),
        (fit(session(timer_s=0)), "no_times"),
        (fit(session(timer_s=29, distance_m=80)), "too_short"),
        (fit(session(timer_s=604_801)), "too_long"),
        (fit(session(distance_m=1_000_000)), "too_far"),
        (tcx(HALF_HOUR_LAP.replace("5000", "1e9")), "too_far"),
        (tcx(HALF_HOUR_LAP.replace("1800", "1e300")), "too_long"),
        (b"<gpx><!--" + b"<" * 200_000 + b"--></gpx>", "damaged"),
        (b"<gpx a='" + b"x" * 200_000 + b"'></gpx>", "damaged"),
        (
            tcx(HALF_HOUR_LAP).replace(b"<Activity ", b"<Activity/>" * 101 + b"<Activity "),
            "too_many",
        ),
        (fit(SESSION_DEFINITION + session()[len(SESSION_DEFINITION) :] * 51), "damaged"),
    ],
)
def test_file_that_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize("name", ["run.gpx", "RUN.TCX", "run.tcx.gz"])
def test_file_that_is_not_what_its_name_says(name: str) -> None:
    assert refusal(fit(session()), name) == "wrong_name"


@pytest.mark.parametrize("name", ["run.fit", "RUN.FIT.GZ", "run", "activity.bin", "", "\x00/.."])
def test_name_that_agrees_or_says_nothing(name: str) -> None:
    assert read_activity(fit(session()), name=name).started_at == START


def test_every_cut_of_a_fit_file() -> None:
    """Without its last two bytes, the checksum, it still has all of its session."""
    whole = fit(session())

    assert {refusal(whole[:size]) for size in range(12, len(whole) - 2)} == {"damaged"}
    for size in (len(whole) - 2, len(whole) - 1):
        assert read_activity(whole[:size]).remarks == (CUT_OFF,)


@pytest.mark.parametrize("tail", [b"", b"\x1f\x8b\x08"])
def test_gzip_that_was_closed_wrongly_gives_what_is_in_it(tail: bytes) -> None:
    """Without its checksum and length, or with some bytes behind them."""
    packed = gzip.compress(gpx(*HALF_HOUR))

    run = read_activity(packed[:-8] + tail)

    assert (run.started_at, run.duration_s, run.remarks) == (START, 1_800, (CUT_OFF,))
    assert read_activity(packed + b"more").remarks == (CUT_OFF,)


# Size and memory


def gzip_bomb() -> bytes:
    """500 MB in half a megabyte."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(b" " * 10**7) for _ in range(50)) + packer.flush()


def full(start: bytes, piece: bytes, end: bytes, size: int) -> bytes:
    return start + piece * ((size - len(start) - len(end)) // len(piece)) + end


def largest_fit() -> bytes:
    """Eight million records of one byte."""
    return fit(full(session() + b"\x41\x00\x00\x14\x00\x00", b"\x01", b"", 8_000_000 - 14))


def largest_fit_without_session() -> bytes:
    return fit(full(definition(20, local=2), b"\x02", b"", 8_000_000 - 14))


def largest_fit_of_records() -> bytes:
    """Nearly 900,000 of them, cut off."""
    return fit(records([(at // 10, at) for at in range(880_000)]))[:-2]


def largest_gpx() -> bytes:
    start, end = gpx(*HALF_HOUR).split(b"</trkseg>")
    return full(start, HALF_HOUR[1].encode(), b"</trkseg>" + end, 25_000_000)


def many_names() -> bytes:
    return b"<gpx>" + b"".join(b"<n%d/>" % i for i in range(1_000_000)) + b"</gpx>"


HANGS_FROM_S = 120  # the slowest takes about 4 s on a quiet machine
MEASURE = """
import sys
from runners.activity_files import ActivityError, read_activities

def peak_mb():
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) / 1000

rest = peak_mb()
try:
    outcome = read_activities(open(sys.argv[1], "rb"), name="run")[0].format
except ActivityError as refused:
    outcome = refused.code
print(outcome, peak_mb() - rest)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (largest_fit, "fit"),
        (largest_fit_without_session, "no_activity"),
        (largest_fit_of_records, "fit"),
        (lambda: largest_fit() + b"\x00" * 100, "too_large"),
        (largest_gpx, "gpx"),
        (lambda: largest_gpx() + b" " * 100, "too_large"),
        (gzip_bomb, "too_large"),
        (many_names, "damaged"),
    ],
    ids=[
        "FIT",
        "FIT without session",
        "FIT records",
        "FIT too large",
        "GPX",
        "GPX too large",
        "gzip bomb",
        "names",
    ],
)
def test_the_largest_files_neither_fill_the_memory_nor_hang(
    make: Callable[[], bytes], outcome: str, tmp_path: Path
) -> None:
    """In a process of its own: what the parser takes, Python does not count."""
    path = tmp_path / "run"
    path.write_bytes(make())

    command = [sys.executable, "-W", "ignore", "-c", MEASURE, str(path)]
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=HANGS_FROM_S
    )

    actual, memory_mb = found.stdout.split()
    assert actual == outcome
    assert float(memory_mb) < 100


def namespaces(seed: int) -> bytes:
    """400 elements, each with a long namespace of its own."""
    elements = (f'<x xmlns:a="urn:{seed}:{i}:{"n" * 60_000}"/>' for i in range(400))
    return gzip.compress(gpx(*HALF_HOUR).replace(b"</gpx>", "".join(elements).encode() + b"</gpx>"))


MEASURE_MANY = """
import pathlib, sys
from runners.activity_files import read_activities

def resident_mb():
    status = open("/proc/self/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000

after = []
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    assert read_activities(path.open("rb"), name="run")[0].duration_s == 1800
    after.append(resident_mb())
print(after[-1] - after[1])
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    """Files of 24 MB; their names are forgotten with the parser that met them."""
    for seed in range(8):
        (tmp_path / f"{seed}.gpx.gz").write_bytes(namespaces(seed))

    found = subprocess.run(
        [sys.executable, "-c", MEASURE_MANY, tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=HANGS_FROM_S,
    )  # fmt: skip

    assert float(found.stdout) < 10


# Whatever the bytes, a run or a refusal

SMALL = [path.read_bytes() for path in sorted(ACTIVITIES.iterdir()) if path.stat().st_size < 20_000]
SMALL += [gpx(*HALF_HOUR), tcx(HALF_HOUR_LAP), gzip.compress(gpx(*HALF_HOUR))]


def read_or_refused(data: bytes) -> None:
    try:
        runs = read_activities(data, name="run")
    except ActivityError:
        return
    for run in runs:
        assert 30 <= run.duration_s <= min(run.elapsed_s, MAX_DURATION_S)
        assert run.distance_m is None or 1 <= run.distance_m <= MAX_DISTANCE_M
        assert run.climb_m is None or 0 <= run.climb_m <= MAX_CLIMB_M
        assert run.started_at is None or 2001 <= run.started_at.year < 2070


@pytest.mark.slow
@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.sampled_from(SMALL), st.integers(0), st.binary(max_size=20), st.integers(0, 20))
def test_damaged_bytes(data: bytes, place: int, put: bytes, gone: int) -> None:
    place %= len(data)
    read_or_refused(data[:place] + put + data[place + gone :])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.integers(0), st.binary(min_size=1, max_size=8))
def test_damaged_session_with_its_checksum_right(place: int, put: bytes) -> None:
    body = session()
    place %= len(body)
    read_or_refused(fit(body[:place] + put + body[place + len(put) :]))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_fit_messages(body: bytes) -> None:
    read_or_refused(fit(body))


@pytest.mark.slow
@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_where_figures_stand(time: str, figure: str) -> None:
    read_or_refused(gpx(point(time, elevation=figure), *HALF_HOUR))
    read_or_refused(tcx(HALF_HOUR_LAP.replace("5000", figure), start=time.replace('"', "")))
