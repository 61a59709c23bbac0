"""The offset from UTC by the place where a run began."""

import datetime as dt
import math
from pathlib import Path

import pytest

from runners.activity_files import read_activities
from runners.activity_files.where import offset_at
from tests.runners.activity_files.small_files import HALF_HOUR, gpx

SUMMER = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC).timestamp()
WINTER = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC).timestamp()


@pytest.mark.parametrize(
    ("latitude", "longitude", "at", "hours"),
    [
        (48.2, 16.4, SUMMER, 2),  # Vienna
        (48.2, 16.4, WINTER, 1),
        (-36.9, 174.8, WINTER, 13),  # Auckland
        (27.7, 85.3, WINTER, 5.75),  # Kathmandu
        (40.7, -74.0, SUMMER, -4),  # New York
        (51.5, -0.1, WINTER, None),  # London: 0 says nothing
        (0.0, -30.0, WINTER, -2),  # at sea
        (90.0, 0.0, WINTER, None),
    ],
)
def test_offset_of_a_place(latitude: float, longitude: float, at: float, hours: float) -> None:
    found = offset_at((math.radians(latitude), math.radians(longitude)), at)
    assert found == (None if hours is None else hours * 3600)


def test_without_a_place_or_a_date_nothing_is_told() -> None:
    assert offset_at(None, SUMMER) is None
    assert offset_at((0.8, 0.3), None) is None
    assert offset_at((0.8, 0.3), 5.0) is None
    assert offset_at((900.0, 0.3), SUMMER) is None


@pytest.mark.parametrize(("zone", "offset_s"), [("-05:00", -18_000), ("Z", 7200), ("+00:00", 7200)])
def test_what_a_file_says_comes_before_its_place(zone: str, offset_s: int) -> None:
    """It begins on 50° north and 8° east, in summer."""
    data = gpx(*HALF_HOUR).replace(b"Z</time>", f"{zone}</time>".encode())

    (run,) = read_activities(data, name="run.gpx", by_place=True)

    assert run.utc_offset_s == offset_s


@pytest.mark.parametrize(
    ("name", "offset_s"),
    [
        ("fit-run-fr610-paired.fit", 3600),  # in summer in England
        ("tcx-run-fr610-paired.tcx", 3600),
        ("fit-run-fr70-footpod-no-gps.fit", None),
    ],
)
def test_offset_of_a_real_run(data_dir: Path, name: str, offset_s: int | None) -> None:
    data = (data_dir / "activities" / name).read_bytes()

    (run,) = read_activities(data, name=name, by_place=True)

    assert run.utc_offset_s == offset_s
