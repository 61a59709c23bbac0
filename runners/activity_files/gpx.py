"""GPX: a track of points. No laps, no timer, no distance; all is worked out from the points."""

import math
from collections.abc import Mapping

from .activity import ActivityError, no_activity
from .climb import Climb
from .moments import Span, moment
from .reading import Reading
from .safe_xml import number

_EARTH_RADIUS_M = 6_371_008.8  # the mean radius

# Below this share of points with a time the rest was drawn or lost, and first to last says
# nothing about the whole distance.
_LEAST_TIMED = 0.5


class GpxListener:
    def __init__(self) -> None:
        self._sport = ""
        self._points = 0
        self._timed = 0
        self._times = Span()
        self._utc_offset_s: int | None = None
        self._distance_m = 0.0
        self._climb = Climb()
        self._here: tuple[float, float] | None = None

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        if name == "trkseg":
            self._here = None  # no distance is counted from one segment to the next
        elif name == "trkpt":
            self._points += 1
            self._step_to(_position(attributes))

    def closed(self, name: str, parent: str, text: str) -> None:
        if parent == "trkpt":
            if name == "time":
                self._note_time(text)
            elif name == "ele":
                elevation_m = number(text)
                if elevation_m is not None:
                    self._climb.note(elevation_m)
        elif parent == "trk" and name == "type" and not self._sport:
            self._sport = text.strip()

    def reading(self) -> Reading:
        if not self._points:
            raise no_activity()
        if self._timed < self._points * _LEAST_TIMED:
            raise ActivityError(
                "no_times",
                "This track says where, but hardly when, so it doesn't tell how long the run "
                "took. You can still log it by hand.",
            )
        return Reading(
            format="gpx",
            sport=self._sport,
            started_at=self._times.start,
            utc_offset_s=self._utc_offset_s,
            timer_s=None,
            elapsed_s=self._times.length_s,
            distance_m=self._distance_m,
            climb_m=self._climb.total_m,
        )

    def _note_time(self, text: str) -> None:
        when = moment(text)
        if when is None:
            return
        if self._timed == 0:
            self._utc_offset_s = when.utc_offset_s
        self._timed += 1
        self._times.note(when.at)

    def _step_to(self, there: tuple[float, float] | None) -> None:
        if there is None:
            return
        if self._here is not None:
            self._distance_m += _great_circle_m(self._here, there)
        self._here = there


def _position(attributes: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude in radians."""
    latitude, longitude = number(attributes.get("lat")), number(attributes.get("lon"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if latitude == 0 and longitude == 0:
        return None  # what some apps write before they know where they are
    return math.radians(latitude), math.radians(longitude)


def _great_circle_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine formula."""
    (lat, lon), (other_lat, other_lon) = one, other
    chord = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
