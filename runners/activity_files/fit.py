"""FIT: what a watch writes. The session messages hold all that is needed here.

A file is mostly records, one a second, and decoding them takes a minute for the largest file
allowed. So the frames are walked first, which is cheap because each record's length follows
from its definition, and only sessions, sports and the activity message go to fitdecode. Records
are looked at where a session says too little, or never came.
"""

import datetime as dt
import math
from dataclasses import dataclass, replace
from io import BytesIO

import fitdecode
from fitdecode import FitDataMessage

from runners.activity_files.activity import ActivityError
from runners.activity_files.fit_frames import CRC_SIZE, Fault, Part, messages, parts
from runners.activity_files.fit_records import distance_within, distances, profiles, track_of
from runners.activity_files.instants import offset_s
from runners.activity_files.moving import Place
from runners.activity_files.reading import Found, Reading
from runners.activity_files.sports import OTHER, is_running, other_sport

# Global message numbers of the FIT profile.
_FILE_ID, _SPORT, _SESSION, _ACTIVITY = 0, 12, 18, 34
_MOST_KEPT = 50  # of these in one file; a triathlon has twelve

_HALF_TURN = math.pi / 2**31  # radians
_QUARTER_HOUR_S = 900  # every offset from UTC is a multiple of it

# Of a treadmill in a gym, which is fitness equipment by sport and a run all the same.
_INDOOR_RUNS = ("treadmill", "indoor_running")
_NOT_SAID = ("", "generic", "all")


def read_fit(plain: bytes) -> Found:
    """The sessions of the file: a triathlon has five, one of them a run."""
    readings: list[Reading] = []
    is_whole = True
    for part in parts(plain):
        summary, is_summary_whole = _summary(part)
        said = _decoded(summary)
        sessions = [_reading(session, said.utc_offset_s) for session in said.sessions]
        unfinished = [] if sessions else _unfinished(said, part.body)
        readings += _along(_measured(sessions, part.body), part.body) or unfinished
        is_whole = is_whole and is_summary_whole and not unfinished
    return Found(readings, is_whole)


def _summary(part: Part) -> tuple[bytes, bool]:
    """A small FIT file of the few messages wanted of a large one, and whether that is whole."""
    kept = bytearray()
    is_whole = part.is_whole
    try:
        wanted = messages(part.body, (_FILE_ID, _SPORT, _SESSION, _ACTIVITY))
        for count, message in enumerate(wanted, start=1):
            if count > _MOST_KEPT:
                raise ActivityError("damaged")
            kept += message.definition + message.content
    except Fault:
        is_whole = False
    header = bytes([12, 0x20, 0, 0]) + len(kept).to_bytes(4, "little") + b".FIT"
    return bytes(header + kept + bytes(CRC_SIZE)), is_whole


def _measured(sessions: list[Reading], body: bytes) -> list[Reading]:
    """A session without distance takes that of its last record."""
    if all(session.distance_m for session in sessions):
        return sessions
    counted = distances(body)
    return [
        session
        if session.distance_m
        else replace(
            session,
            distance_m=distance_within(counted, session.started_at, session.elapsed_s),
        )
        for session in sessions
    ]


def _along(sessions: list[Reading], body: bytes) -> list[Reading]:
    """With pace and height of those that are runs, which only the records tell."""
    runs = [session for session in sessions if other_sport(session.sport) is None]
    if not runs:
        return sessions
    found = profiles(body, [(run.started_at, run.elapsed_s) for run in runs])
    profile_of = dict(zip(map(id, runs), found, strict=True))
    return [replace(session, profile=profile_of.get(id(session))) for session in sessions]


def _unfinished(said: "_Said", body: bytes) -> list[Reading]:
    """What the records come to where the watch never wrote its session."""
    track = track_of(body) if said.is_activity else None
    if track is None:
        return []
    sport = _sport(said.sport)
    return [
        Reading(
            format="fit",
            sport=sport,
            started_at=track.start,
            utc_offset_s=said.utc_offset_s,
            timer_s=track.moving_s,
            elapsed_s=track.end - track.start,
            distance_m=track.distance_m,
            climb_m=None,
            is_sure=is_running(sport),
            profile=track.profile,
        )
    ]


@dataclass(slots=True)
class _Said:
    """The messages of a summary, as fitdecode gives them."""

    sessions: list[FitDataMessage]
    sport: FitDataMessage | None = None
    utc_offset_s: int | None = None
    file_type: str | int | None = None

    @property
    def is_activity(self) -> bool:
        """And not a planned course, which has records as well."""
        return self.file_type in (None, "activity")


def _decoded(summary: bytes) -> _Said:
    """Developer fields lose their names on the way, so none can pass for a native one."""
    said = _Said([])
    reader = fitdecode.FitReader(
        BytesIO(summary),
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    try:
        with reader:
            for frame in reader:
                if not isinstance(frame, FitDataMessage):
                    continue
                if frame.name == "session":
                    said.sessions.append(frame)
                elif frame.name == "sport":
                    said.sport = frame
                elif frame.name == "file_id":
                    # The first: after a fault, bytes may pass for another.
                    if said.file_type is None:
                        said.file_type = frame.get_value("type", fallback=None)
                else:
                    said.utc_offset_s = _utc_offset_s(frame)
    except Exception as error:  # whatever hostile bytes make the decoder raise
        raise ActivityError("damaged") from error
    return said


def _reading(session: FitDataMessage, utc_offset_s: int | None) -> Reading:
    start = session.get_value("start_time", fallback=None)
    climb_m = _number(session, "total_ascent")
    sport = _sport(session)
    return Reading(
        format="fit",
        sport=sport,
        # A plain number counts from when the watch was switched on: no date.
        started_at=start.timestamp() if isinstance(start, dt.datetime) else None,
        utc_offset_s=utc_offset_s,
        timer_s=_number(session, "total_timer_time"),
        elapsed_s=_number(session, "total_elapsed_time"),
        distance_m=_number(session, "total_distance"),
        climb_m=None if climb_m is None else round(climb_m),
        effort=_effort(_number(session, "workout_rpe")),
        is_sure=is_running(sport),
        began_at=_place(session),
    )


def _place(session: FitDataMessage) -> Place | None:
    """FIT counts half a turn as 2 to the power of 31."""
    names = ("start_position_lat", "start_position_long")
    latitude, longitude = (_number(session, name) for name in names)
    if latitude is None or longitude is None:
        return None
    return latitude * _HALF_TURN, longitude * _HALF_TURN


def _sport(message: FitDataMessage | None) -> str:
    """In words, most exact first, of a session or sport message; empty where it is not said.

    A number is a sport that came after fitdecode's list. All words of that list are known, so
    what is not running is another sport.
    """
    sport, sub_sport = (
        value if isinstance(value, str) else ""
        for value in (
            message and message.get_value(name, fallback=None) for name in ("sport", "sub_sport")
        )
    )
    if sport == "running" or (sport == "fitness_equipment" and sub_sport in _INDOOR_RUNS):
        return "running"
    if sport in _NOT_SAID:
        return "" if sub_sport in _NOT_SAID else sub_sport
    return f"{sub_sport} {sport} {OTHER}"


def _number(session: FitDataMessage, name: str) -> float | None:
    value = session.get_value(name, fallback=None)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _effort(workout_rpe: float | None) -> int | None:
    """The answer is stored times ten; 0 is on the watch's scale, but is no effort of 1 to 10."""
    if workout_rpe is None or not 10 <= workout_rpe <= 100:
        return None
    return round(workout_rpe / 10)


def _utc_offset_s(activity: FitDataMessage) -> int | None:
    """None for 0 too: some makers write the same time twice wherever the watch is."""
    at = activity.get_value("timestamp", fallback=None)
    local = activity.get_value("local_timestamp", fallback=None)
    if not isinstance(at, dt.datetime) or not isinstance(local, dt.datetime):
        return None
    difference_s = (local - at).total_seconds()
    return offset_s(dt.timedelta(seconds=round(difference_s / _QUARTER_HOUR_S) * _QUARTER_HOUR_S))
