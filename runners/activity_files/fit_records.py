"""The records of a FIT file, one a second: for a session that is missing or says too little."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from runners.activity_files.fit_frames import COMPRESSED, Fault, Message, messages
from runners.activity_files.moving import Moving, Place

_RECORD, _EVENT = 20, 21  # global message numbers
# Numbers of fields. Developer fields are counted apart, so none can pass for one of these.
_LATITUDE, _LONGITUDE, _DISTANCE, _TIMESTAMP = 0, 1, 5, 253
_FIELD_SIZE = 4  # bytes, of each of these
_INVALID, _INVALID_PLACE = 0xFFFFFFFF, 0x7FFFFFFF

_EPOCH = 631_065_600  # the last day of 1989, where FIT begins to count
_SWITCHED_ON = 0x10000000  # below it a time counts from when the watch was switched on
_SEMICIRCLE = math.pi / 2**31

_MOST_RECORDS = 200_000  # one a second for the longest run, and some events
# A record so much later or farther on than the one before is a slip of bytes.
_LONGEST_PAUSE_S = 86_400
_FASTEST_M_PER_S, _LONGEST_JUMP_M = 15.0, 500.0


@dataclass(frozen=True, slots=True)
class Record:
    """`at` in seconds since 1970, or since the watch was switched on: that is no date."""

    at: float
    distance_m: float | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Track:
    """What the records of a file come to."""

    start: float
    end: float
    moving_s: float | None
    distance_m: float | None


def track_of(body: bytes) -> Track | None:
    """Up to the first record that cannot follow the one before; None without two of them."""
    first = last = None
    moving = Moving()
    for record in _records(body):
        if last is not None and not _follows(record, last):
            break
        first = first or record
        if record.distance_m is None and last is not None:
            record = replace(record, distance_m=last.distance_m)
        last = record
        moving.note(record.at, record.place)
    if first is None or last is None or first.at == last.at:
        return None
    has_places = moving.has_places
    return Track(
        start=first.at,
        end=last.at,
        moving_s=moving.total_s if has_places else None,
        distance_m=last.distance_m or (moving.distance_m if has_places else None),
    )


def _follows(record: Record, last: Record) -> bool:
    length_s = record.at - last.at
    if not 0 <= length_s <= _LONGEST_PAUSE_S:
        return False
    if record.distance_m is None or last.distance_m is None:
        return True
    step_m = record.distance_m - last.distance_m
    return 0 <= step_m <= length_s * _FASTEST_M_PER_S + _LONGEST_JUMP_M


def distances(body: bytes) -> list[tuple[float, float]]:
    """Instants and metres of the records that have both."""
    return [
        (record.at, record.distance_m) for record in _records(body) if record.distance_m is not None
    ]


def distance_within(
    counted: list[tuple[float, float]], start: float | None, elapsed_s: float | None
) -> float | None:
    """Metres by the last record of a session, less what was counted before it began."""
    before_m, last_m = 0.0, None
    end = start + elapsed_s + 1 if start is not None and elapsed_s is not None else math.inf
    for at, distance_m in counted:
        if start is not None and at < start:
            before_m = distance_m
        elif at <= end:
            last_m = distance_m
    return last_m - before_m if last_m is not None and last_m >= before_m else last_m


def _records(body: bytes) -> Iterator[Record]:
    """As far as the frames can be followed."""
    at: int | None = None
    try:
        for message in islice(messages(body, (_RECORD, _EVENT)), _MOST_RECORDS):
            at = _time(message, at)
            if at is not None and message.number == _RECORD:
                yield _record(message, at)
    except Fault:
        return


def _record(message: Message, at: int) -> Record:
    layout, content = _layout(message.definition), message.content
    distance = layout.distance.of(content)
    latitude, longitude = layout.latitude.of(content), layout.longitude.of(content)
    place = None
    if latitude is not None and longitude is not None:
        place = latitude * _SEMICIRCLE, longitude * _SEMICIRCLE
    return Record(
        at=at + _EPOCH if at >= _SWITCHED_ON else at,
        distance_m=None if distance is None else distance / 100,
        place=place,
    )


def _time(message: Message, before: int | None) -> int | None:
    """In seconds of FIT. A compressed one has its last five bits, the one before the others."""
    first = message.content[0]
    if not first & COMPRESSED:
        own = _layout(message.definition).timestamp.of(message.content)
        return before if own is None else own
    if before is None:
        return None
    return before + ((first - before) & 0x1F)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where in a message a field of four bytes begins, None where it has none."""

    place: int | None
    number: struct.Struct
    invalid: int

    def of(self, content: bytes) -> int | None:
        if self.place is None:
            return None
        value: int = self.number.unpack_from(content, self.place)[0]
        return None if value == self.invalid else value


@dataclass(frozen=True, slots=True)
class _Layout:
    timestamp: _Field
    distance: _Field
    latitude: _Field
    longitude: _Field


@lru_cache(maxsize=64)
def _layout(definition: bytes) -> _Layout:
    places: dict[int, int] = {}
    place = 1
    for start in range(6, 6 + 3 * definition[5], 3):
        number, size = definition[start], definition[start + 1]
        if size == _FIELD_SIZE:
            places[number] = place
        place += size
    order = ">" if definition[2] else "<"
    count, semicircles = struct.Struct(f"{order}I"), struct.Struct(f"{order}i")
    return _Layout(
        timestamp=_Field(places.get(_TIMESTAMP), count, _INVALID),
        distance=_Field(places.get(_DISTANCE), count, _INVALID),
        latitude=_Field(places.get(_LATITUDE), semicircles, _INVALID_PLACE),
        longitude=_Field(places.get(_LONGITUDE), semicircles, _INVALID_PLACE),
    )
