"""TCX: activities of laps of points. The laps carry the timer and the watch's own distance.

The sum of the laps is the time with the watch running: gaps between points are no pauses.
"""

from collections.abc import Mapping

from runners.activity_files.activity import ActivityError
from runners.activity_files.climb import Climb
from runners.activity_files.instants import Moment, Span, date_of, moment
from runners.activity_files.moving import Moving, Place, place_of
from runners.activity_files.profile import Along
from runners.activity_files.reading import MOST_RUNS, SHORTEST_RUN_S, Reading
from runners.activity_files.safe_xml import number


class TcxListener:
    def __init__(self) -> None:
        self._readings: list[Reading] = []
        self._activity = _Activity("")
        self._is_open = False

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        if name == "Activity":
            if len(self._readings) >= MOST_RUNS:
                raise ActivityError("too_many", most=MOST_RUNS)
            self._activity, self._is_open = _Activity(attributes.get("Sport", "")), True
        elif name == "Lap":
            self._activity.begin_lap(moment(attributes.get("StartTime", "")))

    def closed(self, name: str, parent: str, text: str) -> None:
        if parent in ("Trackpoint", "Position"):
            self._activity.note_part(name, text)
        elif name == "Trackpoint":
            self._activity.end_point()
        elif parent == "Lap":
            self._activity.note_lap(name, text)
        elif name == "Activity":
            self._readings.append(self._activity.reading())
            self._is_open = False

    def readings(self) -> list[Reading]:
        """All of them, the last as far as it goes where the file was cut off."""
        cut = [self._activity.reading(is_cut=True)] if self._is_open else []
        return [*self._readings, *cut]


class _Activity:
    def __init__(self, sport: str) -> None:
        self._sport = sport
        self._laps = 0
        self._start: Moment | None = None
        self._lap_times_s: list[float] = []
        self._lap_distances_m: list[float] = []
        self._furthest_m: float | None = None
        self._times = Span()
        self._moving = Moving()
        self._began_at: Place | None = None
        self._climb = Climb()
        self._along = Along()
        self._point: dict[str, str] = {}

    def begin_lap(self, start: Moment | None) -> None:
        self._laps += 1
        if self._start is None:
            self._start = start

    def note_lap(self, name: str, text: str) -> None:
        value = number(text)
        if value is None or value < 0:
            return
        if name == "TotalTimeSeconds":
            self._lap_times_s.append(value)
        elif name == "DistanceMeters":
            self._lap_distances_m.append(value)

    def note_part(self, name: str, text: str) -> None:
        self._point[name] = text

    def end_point(self) -> None:
        point, self._point = self._point, {}
        when = moment(point.get("Time", ""))
        if when is not None:
            self._times.note(when.at)
        distance_m, elevation_m = (
            number(point.get(name)) for name in ("DistanceMeters", "AltitudeMeters")
        )
        if distance_m is not None:
            self._furthest_m = max(distance_m, self._furthest_m or 0.0)
        if elevation_m is not None:
            self._climb.note(elevation_m)
        place = place_of(point.get("LatitudeDegrees"), point.get("LongitudeDegrees"))
        at = when.at if when else None
        self._began_at = self._began_at or place
        self._moving.note(at, place)
        counts_itself = self._furthest_m is None  # else by the watch, which knows better
        far_m = self._moving.distance_m if counts_itself else distance_m
        self._along.note(at, far_m, elevation_m)

    def reading(self, *, is_cut: bool = False) -> Reading:
        """A sum counts only where every lap has its part; then the points have to do.

        So they have to where the file was cut off: a lap says first what it came to in the end.
        """
        start = self._start
        has_totals = not (is_cut and self._times.length_s)
        timed, measured = (
            has_totals and len(parts) == self._laps
            for parts in (self._lap_times_s, self._lap_distances_m)
        )
        return Reading(
            format="tcx",
            sport=self._sport,
            started_at=start.at if start and date_of(start.at) else self._times.start,
            utc_offset_s=start.utc_offset_s if start else None,
            timer_s=sum(self._lap_times_s) if timed else self._moving_s(),
            elapsed_s=self._times.length_s,
            distance_m=sum(self._lap_distances_m) if measured else self._furthest_m,
            climb_m=self._climb.total_m,
            profile=self._along.profile(),
            began_at=self._began_at,
        )

    def _moving_s(self) -> float | None:
        moving = self._moving
        return moving.total_s if moving.has_places and moving.total_s >= SHORTEST_RUN_S else None
