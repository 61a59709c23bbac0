"""GPX: tracks of points. No laps, no timer, no distance; all is worked out from the points."""

from collections.abc import Mapping

from runners.activity_files.activity import ActivityError, Remark
from runners.activity_files.climb import Climb
from runners.activity_files.instants import Span, moment
from runners.activity_files.moving import Moving, Place, place_of
from runners.activity_files.profile import Along
from runners.activity_files.reading import MOST_RUNS, SHORTEST_RUN_S, Reading
from runners.activity_files.safe_xml import number

# Below this share of points with a time the rest was drawn or lost, and first to last says
# nothing about the whole distance.
_LEAST_TIMED = 0.5

# Old units begin a new track where they lost their satellites, collections have one for each run.
_ANOTHER_RUN_S = 3_600

INDOORS: Remark = "indoors"


class GpxListener:
    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._tracks = 0
        self._is_new_track = False
        self._sport = ""  # of the track that is being read
        self._point = _Point(None)

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        if name == "trk":
            self._tracks += 1
            self._is_new_track, self._sport = True, ""
        elif name == "trkseg" and self._runs:
            self._runs[-1].moving.begin_segment()
        elif name == "trkpt":
            self._point = _Point(place_of(attributes.get("lat"), attributes.get("lon")))

    def closed(self, name: str, parent: str, text: str) -> None:
        if name == "trkpt":
            self._run_of(self._point).note(self._point)
        elif parent == "trkpt" and name == "time":
            self._point.note_time(text)
        elif parent == "trkpt" and name == "ele":
            self._point.elevation_m = number(text)
        elif parent == "trk" and name == "type":
            self._sport = self._sport or text.strip()
            if self._runs and not self._is_new_track:
                self._runs[-1].sport = self._runs[-1].sport or self._sport

    def readings(self) -> list[Reading]:
        """Raises ActivityError where no track tells when it was."""
        timed = [run.reading() for run in self._runs if run.is_timed]
        if timed:
            return timed
        if self._runs:
            raise ActivityError("hardly_timed")
        raise ActivityError("empty_track" if self._tracks else "no_activity")

    def _run_of(self, point: "_Point") -> "_Run":
        if not self._runs or (self._is_new_track and self._begins_another(point)):
            if len(self._runs) >= MOST_RUNS:
                raise ActivityError("too_many", most=MOST_RUNS)
            self._runs.append(_Run(self._sport))
        if point.at is not None:
            self._is_new_track = False
        return self._runs[-1]

    def _begins_another(self, point: "_Point") -> bool:
        before = self._runs[-1]
        if before.sport and self._sport and before.sport != self._sport:
            return True
        start, end = before.times.start, before.times.end
        if point.at is None or start is None or end is None:
            return False
        return not start <= point.at <= end + _ANOTHER_RUN_S


class _Point:
    def __init__(self, place: Place | None) -> None:
        self.place = place
        self.at: float | None = None
        self.utc_offset_s: int | None = None
        self.elevation_m: float | None = None

    def note_time(self, text: str) -> None:
        when = moment(text)
        if when is not None:
            self.at, self.utc_offset_s = when.at, when.utc_offset_s


class _Run:
    def __init__(self, sport: str) -> None:
        self.sport = sport
        self.times = Span()
        self.moving = Moving()
        self._points = 0
        self._timed = 0
        self._utc_offset_s: int | None = None
        self._began_at: Place | None = None
        self._climb = Climb()
        self._along = Along()

    @property
    def is_timed(self) -> bool:
        return self._timed >= self._points * _LEAST_TIMED

    def note(self, point: _Point) -> None:
        self._points += 1
        if point.at is not None:
            if self._timed == 0:
                self._utc_offset_s = point.utc_offset_s
            self._timed += 1
            self.times.note(point.at)
        if point.elevation_m is not None:
            self._climb.note(point.elevation_m)
        self._began_at = self._began_at or point.place
        self.moving.note(point.at, point.place)
        self._along.note(point.at, self.moving.distance_m, point.elevation_m)

    def reading(self) -> Reading:
        """Where no place is, or all are the same, the time is that from start to end."""
        moving_s = self.moving.total_s
        is_at_rest = moving_s < SHORTEST_RUN_S
        is_somewhere = self.moving.has_places and not is_at_rest
        return Reading(
            format="gpx",
            sport=self.sport,
            started_at=self.times.start,
            utc_offset_s=self._utc_offset_s,
            timer_s=None if is_at_rest else moving_s,
            elapsed_s=self.times.length_s,
            distance_m=self.moving.distance_m if is_somewhere else None,
            climb_m=self._climb.total_m,
            remarks=() if is_somewhere else (INDOORS,),
            profile=self._along.profile(),
            began_at=self._began_at,
        )
