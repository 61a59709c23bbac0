"""How long somebody ran, where nothing but a track of points tells it.

Apps that write such tracks leave out the pauses, or go on writing while the runner stands at a
traffic light, sits in a café or has forgotten to stop the recording.
"""

import math

from runners.activity_files.safe_xml import number

Place = tuple[float, float]  # latitude and longitude in radians

_STANDING_M_PER_S = 0.5  # half of a slow walk
# Watches write the same place twice in the middle of a run. Of one run of 75 minutes these
# moments came to nearly five; real stops are longer.
_HESITATION_S = 5.0
# At rest the place that satellites give jumps about, at any speed but within a few metres.
_REST_M, _REST_S = 20.0, 120.0

_EARTH_RADIUS_M = 6_371_008.8  # the mean radius


class Moving:
    """Adds up the time in motion, point by point.

    A step reaches to the next point that has a place and another time, so tunnels and times
    without seconds are no stops. Where no point has a place, all time within segments counts.
    """

    def __init__(self) -> None:
        self.distance_m = 0.0
        self.has_places = False
        self._counted_s = 0.0
        self._rest: _Rest | None = None
        self.begin_segment()

    def begin_segment(self) -> None:
        """What lies between this segment and the one before is no running."""
        self._end_rest()
        self._at: float | None = None
        self._place: Place | None = None
        self._path_m = 0.0
        self._slow_s = 0.0

    @property
    def total_s(self) -> float:
        return self._counted_s + (self._rest.counted_s if self._rest else 0.0)

    def note(self, at: float | None, place: Place | None) -> None:
        if place is not None:
            self._go_to(place)
        if at is None or (place is None and self._place is not None):
            return
        if self._at is not None and at > self._at:
            self._step(at, at - self._at)
        if at != self._at:
            self._at, self._path_m = at, 0.0

    def _go_to(self, place: Place) -> None:
        self.has_places = True
        if self._place is not None:
            step_m = great_circle_m(self._place, place)
            self.distance_m += step_m
            self._path_m += step_m
        self._place = place

    def _step(self, at: float, length_s: float) -> None:
        if self._place is None:
            self._counted_s += length_s
            return
        moved_s = self._moved_s(length_s)
        if self._rest is not None and self._rest.is_near(self._place):
            self._rest.note(at, self._place, moved_s)
        else:
            self._end_rest()
            self._counted_s += moved_s
            self._rest = _Rest(self._place, at)

    def _moved_s(self, length_s: float) -> float:
        """The length of a step in motion, with the moment of hesitation before it."""
        if self._path_m < length_s * _STANDING_M_PER_S:
            self._slow_s += length_s
            return 0.0
        hesitated_s, self._slow_s = self._slow_s, 0.0
        return length_s + (hesitated_s if hesitated_s < _HESITATION_S else 0.0)

    def _end_rest(self) -> None:
        if self._rest is not None:
            self._counted_s += self._rest.counted_s
            self._rest = None


class _Rest:
    """Time spent around one place; after two minutes it was no running, however it looked.

    Steps that lead farther away than any before count all the same: they led to the rest.
    """

    def __init__(self, place: Place, at: float) -> None:
        self._place = place
        self._begin = self._end = at
        self._farthest_m = 0.0
        self._away_s = self._about_s = 0.0

    def is_near(self, place: Place) -> bool:
        return great_circle_m(self._place, place) <= _REST_M

    def note(self, at: float, place: Place, moved_s: float) -> None:
        self._end = at
        distance_m = great_circle_m(self._place, place)
        if distance_m > self._farthest_m:
            self._farthest_m = distance_m
            self._away_s += moved_s
        else:
            self._about_s += moved_s

    @property
    def counted_s(self) -> float:
        is_rest = self._end - self._begin >= _REST_S
        return self._away_s if is_rest else self._away_s + self._about_s


def place_of(latitude_text: str | None, longitude_text: str | None) -> Place | None:
    latitude, longitude = number(latitude_text), number(longitude_text)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if latitude == 0 and longitude == 0:
        return None  # what some apps write before they know where they are
    return math.radians(latitude), math.radians(longitude)


def great_circle_m(one: Place, other: Place) -> float:
    """The haversine formula."""
    (lat, lon), (other_lat, other_lon) = one, other
    chord = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
