"""The offset from UTC by the place where a run began."""

import datetime as dt
import math

import pytest

from runners.activity_files.where import offset_at

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
