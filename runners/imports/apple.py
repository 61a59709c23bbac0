"""The export of Apple Health: workouts, out of gigabytes of heartbeats, in constant memory.

The file bears a name in the phone's language, and begins with declarations of its elements. Those
are passed over; an entity is never expanded, and whoever declares one is refused.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from zoneinfo import ZoneInfo

from runners.activity_files.sports import OTHER, other_sport
from runners.imports.lists import M_PER_FOOT, M_PER_KM, M_PER_MILE, Listed
from runners.imports.tables import NoTable
from runners.imports.words import RUNNING

ROOT = b"HealthData"
HEAD = 8_192  # bytes in which the root is named
ACTIVITY = "HKWorkoutActivityType"
DISTANCE = "HKQuantityTypeIdentifierDistanceWalkingRunning"
TIMES = {"s": 1.0, "min": 60.0, "hr": 3600.0}
LENGTHS = {"m": 1.0, "km": M_PER_KM, "mi": M_PER_MILE, "cm": 0.01, "ft": M_PER_FOOT, "yd": 0.9144}
LONGEST_TEXT = 1_000  # characters of an attribute
MOST_ROUTES = 20
# More than these nobody's phone writes, and each takes memory for as long as the file is read.
DEEPEST, MOST_NAMES, LONGEST_SILENCE = 50, 2_000, 16_000_000  # bytes without an element


@dataclass(slots=True)
class Workout:
    """What its element and those within say."""

    said: dict[str, str]
    about: dict[str, str] = field(default_factory=dict)
    distance: tuple[str, str] = ("", "")
    routes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """`routes` are the ways to its files, from where the export lies."""

    listed: Listed
    routes: tuple[str, ...]


def is_health_export(head: bytes) -> bool:
    return ROOT in head[:HEAD]


def read_workouts(chunks: Iterable[bytes], *, home: dt.tzinfo) -> Iterator[Found]:
    """In the order of the file. Raises NoTable where it is damaged, after what came before."""
    for number, workout in enumerate(_workouts(chunks), start=1):
        yield Found(_listed(workout, number, home), tuple(workout.routes))


def _workouts(chunks: Iterable[bytes]) -> Iterator[Workout]:
    done: list[Workout] = []
    is_open: list[Workout] = []
    names: set[str] = set()
    depth = silence = 0

    def start(name: str, said: dict[str, str]) -> None:
        nonlocal depth, silence
        depth, silence = depth + 1, 0
        names.update((name, *said))
        if depth > DEEPEST or len(names) > MOST_NAMES:
            _refuse()
        if name == "Workout":
            is_open[:] = [Workout({key: value[:LONGEST_TEXT] for key, value in said.items()})]
        elif is_open:
            _note(is_open[0], name, said)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if name == "Workout" and is_open:
            done.append(is_open.pop())

    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = _refuse
    try:
        for chunk in chunks:
            silence += len(chunk)
            if silence > LONGEST_SILENCE:
                _refuse()
            parser.Parse(chunk, False)
            yield from done
            done.clear()
        parser.Parse(b"", True)
    except expat.ExpatError:
        yield from done
        raise NoTable("damaged-list") from None
    yield from done


def _refuse(*_: object) -> None:
    raise NoTable("unsafe-list")


def _note(workout: Workout, name: str, said: dict[str, str]) -> None:
    if name == "MetadataEntry" and len(workout.about) < 100:
        workout.about[said.get("key", "")[:100]] = said.get("value", "")[:LONGEST_TEXT]
    elif name == "WorkoutStatistics" and said.get("type") == DISTANCE:
        workout.distance = said.get("sum", ""), said.get("unit", "")
    elif name == "FileReference" and len(workout.routes) < MOST_ROUTES:
        workout.routes.append(said.get("path", "").lstrip("/")[:LONGEST_TEXT])


def _listed(workout: Workout, number: int, home: dt.tzinfo) -> Listed:
    said = workout.said
    word = said.get("workoutActivityType", "").removeprefix(ACTIVITY)
    start, end = _instant(said.get("startDate", "")), _instant(said.get("endDate", ""))
    zone = _zone(workout.about.get("HKTimeZone", "")) or home
    offset = start.astimezone(zone).utcoffset() if start else None
    far = workout.distance if workout.distance[0] else None
    distance = far or (said.get("totalDistance", ""), said.get("totalDistanceUnit", ""))
    climb = workout.about.get("HKElevationAscended", "").partition(" ")[::2]
    return Listed.of(
        line=number,
        service="apple",
        sport=RUNNING if word == "Running" else other_sport(word) or OTHER,
        zone=zone,
        started_at=start,
        duration_s=_measured(said.get("duration", ""), said.get("durationUnit", ""), TIMES),
        elapsed_s=round((end - start).total_seconds()) if start and end else None,
        distance_m=_measured(*distance, LENGTHS),
        climb_m=_measured(*climb, LENGTHS),
        utc_offset_s=round(offset.total_seconds()) if offset is not None else None,
    )


def _measured(value: str, unit: str, units: dict[str, float]) -> int | None:
    try:
        number = float(value)
    except ValueError:
        return None
    size = units.get(unit)
    return round(number * size) if size and 0 < number * size < 1e9 else None


def _instant(text: str) -> dt.datetime | None:
    """`2021-05-02 07:30:01 +0200`."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> dt.tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):  # a name that leads out of the folder of zones, too
        return None
