"""The records of a FIT file, one a second: for a session that is missing or says too little."""

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from runners.activity_files.fit_frames import COMPRESSED, Fault, messages
from runners.activity_files.moving import Moving, Place
from runners.activity_files.profile import Along, Profile

_RECORD, _EVENT = 20, 21  # global message numbers
# Numbers of fields. Developer fields are counted apart, so none can pass for one of these.
_LATITUDE, _LONGITUDE, _DISTANCE, _TIMESTAMP = 0, 1, 5, 253
_ALTITUDE, _FINE_ALTITUDE = 2, 78
# Bytes of each of these; the first altitude has two.
_FIELD_SIZE, _ALTITUDE_SIZE = 4, 2
_INVALID, _INVALID_PLACE, _INVALID_ALTITUDE = 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFF
_ALTITUDE_STEPS, _ALTITUDE_FROM_M = 5, 500  # fifths of a metre, counted from -500 m

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
    height_m: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """What the records of a file come to."""

    start: float
    end: float
    moving_s: float | None
    distance_m: float | None
    profile: Profile | None


def track_of(body: bytes) -> Track | None:
    """Up to the first record that cannot follow the one before; None without two of them."""
    first = last = None
    moving, along = Moving(), Along()
    for record in _records(body, with_places=True):
        if last is not None and not _follows(record, last):
            break
        first = first or record
        if record.distance_m is None and last is not None:
            record = replace(record, distance_m=last.distance_m)
        last = record
        moving.note(record.at, record.place)
        along.note(record.at, record.distance_m, record.height_m)
    if first is None or last is None or first.at == last.at:
        return None
    has_places = moving.has_places
    return Track(
        start=first.at,
        end=last.at,
        moving_s=moving.total_s if has_places else None,
        distance_m=last.distance_m or (moving.distance_m if has_places else None),
        profile=along.profile(),
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


Span = tuple[float | None, float | None]  # start and length of a session, where it says them


def profiles(body: bytes, sessions: Sequence[Span]) -> list[Profile | None]:
    """Of each session, from the records between its start and its end."""
    spans = [(start, _end(start, elapsed_s), Along()) for start, elapsed_s in sessions]
    for record in _records(body):
        for start, end, along in spans:
            if (start is None or start <= record.at) and record.at <= end:
                along.note(record.at, record.distance_m, record.height_m)
                break
    return [along.profile() for _, _, along in spans]


def _end(start: float | None, elapsed_s: float | None) -> float:
    return start + elapsed_s + 1 if start is not None and elapsed_s is not None else math.inf


def distance_within(
    counted: list[tuple[float, float]], start: float | None, elapsed_s: float | None
) -> float | None:
    """Metres by the last record of a session, less what was counted before it began."""
    before_m, last_m = 0.0, None
    end = _end(start, elapsed_s)
    for at, distance_m in counted:
        if start is not None and at < start:
            before_m = distance_m
        elif at <= end:
            last_m = distance_m
    return last_m - before_m if last_m is not None and last_m >= before_m else last_m


def _records(body: bytes, *, with_places: bool = False) -> Iterator[Record]:
    """As far as the frames can be followed."""
    at: int | None = None
    try:
        for message in islice(messages(body, (_RECORD, _EVENT)), _MOST_RECORDS):
            layout, content = _layout(message.definition), message.content
            at = _time(layout, content, at)
            if at is not None and message.number == _RECORD:
                distance = layout.distance.of(content)
                yield Record(
                    at=at + _EPOCH if at >= _SWITCHED_ON else at,
                    distance_m=None if distance is None else distance / 100,
                    place=_place(layout, content) if with_places else None,
                    height_m=_height_m(layout, content),
                )
    except Fault:
        return


def _place(layout: "_Layout", content: bytes) -> Place | None:
    latitude, longitude = layout.latitude.of(content), layout.longitude.of(content)
    if latitude is None or longitude is None:
        return None
    return latitude * _SEMICIRCLE, longitude * _SEMICIRCLE


def _height_m(layout: "_Layout", content: bytes) -> float | None:
    fine = layout.fine_altitude.of(content)
    altitude = layout.altitude.of(content) if fine is None else fine
    return None if altitude is None else altitude / _ALTITUDE_STEPS - _ALTITUDE_FROM_M


def _time(layout: "_Layout", content: bytes, before: int | None) -> int | None:
    """In seconds of FIT. A compressed one has its last five bits, the one before the others."""
    first = content[0]
    if not first & COMPRESSED:
        own = layout.timestamp.of(content)
        return before if own is None else own
    if before is None:
        return None
    return before + ((first - before) & 0x1F)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where in a message a field begins, None where it has none."""

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
    altitude: _Field
    fine_altitude: _Field


@lru_cache(maxsize=64)
def _layout(definition: bytes) -> _Layout:
    places: dict[int, int] = {}
    place = 1
    for start in range(6, 6 + 3 * definition[5], 3):
        number, size = definition[start], definition[start + 1]
        if size == (_ALTITUDE_SIZE if number == _ALTITUDE else _FIELD_SIZE):
            places[number] = place
        place += size
    order = ">" if definition[2] else "<"
    count, semicircles, short = (struct.Struct(f"{order}{code}") for code in "IiH")
    return _Layout(
        timestamp=_Field(places.get(_TIMESTAMP), count, _INVALID),
        distance=_Field(places.get(_DISTANCE), count, _INVALID),
        latitude=_Field(places.get(_LATITUDE), semicircles, _INVALID_PLACE),
        longitude=_Field(places.get(_LONGITUDE), semicircles, _INVALID_PLACE),
        altitude=_Field(places.get(_ALTITUDE), short, _INVALID_ALTITUDE),
        fine_altitude=_Field(places.get(_FINE_ALTITUDE), count, _INVALID),
    )
