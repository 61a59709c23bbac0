"""TCX: activities of laps of points. The laps carry the timer and the watch's own distance.

The sum of the laps is the time with the watch running: gaps between points are no pauses.
"""

from collections.abc import Mapping

from .climb import Climb
from .moments import Moment, Span, date_of, moment
from .reading import Reading, chosen
from .safe_xml import number

_MOST_ACTIVITIES = 100  # looked at; files hold one, those of phones and triathlons a few


class TcxListener:
    def __init__(self) -> None:
        self._readings: list[Reading] = []
        self._activity = _Activity("")

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        if name == "Activity":
            self._activity = _Activity(attributes.get("Sport", ""))
        elif name == "Lap":
            self._activity.begin_lap(moment(attributes.get("StartTime", "")))

    def closed(self, name: str, parent: str, text: str) -> None:
        if parent == "Trackpoint":
            self._activity.note_point(name, text)
        elif parent == "Lap":
            self._activity.note_lap(name, text)
        elif name == "Activity" and len(self._readings) < _MOST_ACTIVITIES:
            self._readings.append(self._activity.reading())

    def reading(self) -> Reading:
        """The first run: the others of a phone's file are its guesses about the same hour."""
        return chosen(self._readings, last=False)


class _Activity:
    def __init__(self, sport: str) -> None:
        self._sport = sport
        self._laps = 0
        self._start: Moment | None = None
        self._lap_times_s: list[float] = []
        self._lap_distances_m: list[float] = []
        self._furthest_m: float | None = None
        self._times = Span()
        self._climb = Climb()

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

    def note_point(self, name: str, text: str) -> None:
        if name == "Time":
            when = moment(text)
            if when is not None:
                self._times.note(when.at)
            return
        value = number(text)
        if value is None:
            return
        if name == "DistanceMeters":
            self._furthest_m = max(value, self._furthest_m or 0.0)
        elif name == "AltitudeMeters":
            self._climb.note(value)

    def reading(self) -> Reading:
        """A sum counts only where every lap has its part; then the points have to do."""
        start = self._start
        distances_m = self._lap_distances_m
        return Reading(
            format="tcx",
            sport=self._sport,
            started_at=start.at if start and date_of(start.at) else self._times.start,
            utc_offset_s=start.utc_offset_s if start else None,
            timer_s=sum(self._lap_times_s) if len(self._lap_times_s) == self._laps else None,
            elapsed_s=self._times.length_s,
            distance_m=sum(distances_m) if len(distances_m) == self._laps else self._furthest_m,
            climb_m=self._climb.total_m,
        )
