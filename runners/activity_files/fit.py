"""FIT: what a watch writes. The session messages hold all that is needed here.

A file is mostly records, one a second, and decoding them takes a minute for the largest file
allowed. So the frames are walked first, which is cheap because each record's length follows
from its definition, and only sessions and the activity message go to fitdecode.
"""

import datetime as dt
import math
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import fitdecode

from .activity import damaged
from .moments import offset_s
from .reading import Reading, chosen
from .sports import OTHER

_SESSION, _ACTIVITY = 18, 34  # global message numbers of the FIT profile
_MOST_KEPT = 50  # messages in one file; a triathlon has six
_MOST_FILES = 20  # one after another; a triathlon with a heart rate strap for swimming has four

_HEADER_SIZES = (12, 14)  # bytes; the longer one ends with its own checksum, which may be 0
_CRC_SIZE = 2

# First byte of a frame.
_COMPRESSED, _DEFINITION, _DEVELOPER, _LOCAL_TYPE = 0x80, 0x40, 0x20, 0x0F

_QUARTER_HOUR_S = 900  # every offset from UTC is a multiple of it

# Of a treadmill in a gym, which is fitness equipment by sport and a run all the same.
_INDOOR_RUNS = ("treadmill", "indoor_running")


def read_fit(plain: bytes) -> Reading:
    """The last run of the file: in a multisport file the one that the runner ended with."""
    readings: list[Reading] = []
    for count, body in enumerate(_chained(plain), start=1):
        if count > _MOST_FILES:
            raise damaged()
        readings += _sessions(_summary(body))
    return chosen(readings, last=True)


def _chained(plain: bytes) -> Iterator[bytes]:
    """The bodies of the FIT files that stand one after another, each with its checksum right."""
    start = 0
    while plain[start + 8 : start + 12] == b".FIT":
        header_size = plain[start]
        body = start + header_size
        end = body + int.from_bytes(plain[start + 4 : start + 8], "little")
        if header_size not in _HEADER_SIZES or end + _CRC_SIZE > len(plain) or body == end:
            raise damaged()
        if checksum(plain[start : end + _CRC_SIZE]) != 0:  # 0 is what data and checksum come to
            raise damaged()
        yield plain[body:end]
        start = end + _CRC_SIZE


def _summary(body: bytes) -> bytes:
    """A small FIT file of the session and activity messages of a large one."""
    kept = bytearray()
    for count, (definition, message) in enumerate(_messages(body), start=1):
        if count > _MOST_KEPT:
            raise damaged()
        kept += definition + message
    header = bytes([12, 0x20, 0, 0]) + len(kept).to_bytes(4, "little") + b".FIT"
    return header + kept + bytes(_CRC_SIZE)


def _messages(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each message that is wanted, with its definition before it."""
    steps = [0] * 256  # by first byte: the length of a message to skip; 0 needs a closer look
    wanted: dict[int, tuple[bytes, int]] = {}  # by local type: the definition, and the length
    place, end = 0, len(body)
    while place < end:
        first = body[place]
        step = steps[first]
        if step:
            place += step
        elif first & _COMPRESSED or not first & _DEFINITION:
            local = _local_type(first)
            if local not in wanted:
                raise damaged()  # a message whose definition never came
            definition, size = wanted[local]
            yield definition, body[place : place + size]
            place += size
        else:
            definition = _definition(body, place)
            place += len(definition)
            local = first & _LOCAL_TYPE
            size = 1 + _message_size(definition)
            wanted.pop(local, None)
            number = int.from_bytes(definition[3:5], "big" if definition[2] else "little")
            if number in (_SESSION, _ACTIVITY):
                wanted[local] = definition, size
                size = 0
            _set_steps(steps, local, size)
    if place != end:
        raise damaged()


def _definition(body: bytes, place: int) -> bytes:
    """First byte, reserved, byte order, number of the message (2), count, fields of 3 bytes."""
    end = place + 6
    if end > len(body):
        raise damaged()
    end += 3 * body[end - 1]
    if body[place] & _DEVELOPER:
        if end >= len(body):
            raise damaged()
        end += 1 + 3 * body[end]
    if end > len(body):
        raise damaged()
    return body[place:end]


def _message_size(definition: bytes) -> int:
    """The second byte of each field is its size. The count between the two kinds is skipped."""
    native_end = 6 + 3 * definition[5]
    return sum(definition[7:native_end:3]) + sum(definition[native_end + 2 :: 3])


def _local_type(first: int) -> int:
    return first >> 5 & 3 if first & _COMPRESSED else first & _LOCAL_TYPE


def _set_steps(steps: list[int], local: int, size: int) -> None:
    """Of every first byte that means a message of the local type."""
    for unused_bits in (0x00, 0x10, 0x20, 0x30):
        steps[unused_bits | local] = size
    if local < 4:  # those with a time stamp of five bits in the first byte
        compressed = _COMPRESSED | local << 5
        steps[compressed : compressed + 32] = [size] * 32


def _sessions(summary: bytes) -> list[Reading]:
    """Developer fields lose their names on the way, so none can pass for a native one."""
    sessions: list[Any] = []
    utc_offset_s: int | None = None
    reader = fitdecode.FitReader(
        BytesIO(summary),
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    try:
        with reader:
            for frame in reader:
                if frame.frame_type != fitdecode.FIT_FRAME_DATA:
                    continue
                if frame.name == "session":
                    sessions.append(frame)
                else:
                    utc_offset_s = _utc_offset_s(frame)
    except Exception as error:  # whatever hostile bytes make the decoder raise
        raise damaged() from error
    return [_reading(session, utc_offset_s) for session in sessions]


def _reading(session: Any, utc_offset_s: int | None) -> Reading:
    sport, sub_sport = (
        str(session.get_value(name, fallback=None) or "") for name in ("sport", "sub_sport")
    )
    start = session.get_value("start_time", fallback=None)
    climb_m = _number(session, "total_ascent")
    return Reading(
        format="fit",
        sport=_sport(sport, sub_sport),
        # A plain number counts from when the watch was switched on: no date.
        started_at=start.timestamp() if isinstance(start, dt.datetime) else None,
        utc_offset_s=utc_offset_s,
        timer_s=_number(session, "total_timer_time"),
        elapsed_s=_number(session, "total_elapsed_time"),
        distance_m=_number(session, "total_distance"),
        climb_m=None if climb_m is None else round(climb_m),
        effort=_effort(_number(session, "workout_rpe")),
    )


def _sport(sport: str, sub_sport: str) -> str:
    """In words, most exact first. FIT has a fixed list, so what is not running is another sport."""
    if sport == "running" or (sport == "fitness_equipment" and sub_sport in _INDOOR_RUNS):
        return "running"
    if sport in ("", "generic"):
        return sub_sport
    return f"{sub_sport} {sport} {OTHER}"


def _number(session: Any, name: str) -> float | None:
    value = session.get_value(name, fallback=None)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _effort(workout_rpe: float | None) -> int | None:
    """The answer is stored times ten; 0 is on the watch's scale, but is no effort of 1 to 10."""
    if workout_rpe is None or not 10 <= workout_rpe <= 100:
        return None
    return round(workout_rpe / 10)


def _utc_offset_s(activity: Any) -> int | None:
    """None for 0 too: some makers write the same time twice wherever the watch is."""
    at = activity.get_value("timestamp", fallback=None)
    local = activity.get_value("local_timestamp", fallback=None)
    if not isinstance(at, dt.datetime) or not isinstance(local, dt.datetime):
        return None
    difference_s = (local - at).total_seconds()
    return offset_s(dt.timedelta(seconds=round(difference_s / _QUARTER_HOUR_S) * _QUARTER_HOUR_S))


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return table


_CRC_TABLE = _crc_table()


def checksum(data: bytes) -> int:
    """CRC-16 of the FIT protocol, a byte at a time; fitdecode's takes four times as long."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc
