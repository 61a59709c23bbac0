"""Lists that are JSON: Garmin's summaries, Fitbit's exercises, runs of the Nike Run Club."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from runners.imports.lists import M_PER_KM, M_PER_MILE, Listed
from runners.imports.tables import NoTable, moments
from runners.imports.words import is_stock, sport_of

MS, CM = 1000, 100
LARGEST_JSON = 15_000_000  # bytes; 1,000 activities of Garmin have 5 million
MARKS = (b"summarizedActivitiesExport", b"logId", b"start_epoch_ms")
Rows = list[dict[str, Any]]


def read_json(data: bytes, *, home: dt.tzinfo) -> list[Listed]:
    """Raises NoTable for what is none of them."""
    if len(data) > LARGEST_JSON:
        raise NoTable("list-too-large")
    if not any(mark in data for mark in MARKS):
        raise NoTable("list-not-known")  # without the memory that it would take
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NoTable("damaged-list") from None
    for find, read in READERS:
        if rows := find(said):
            return [read(row, number, home) for number, row in enumerate(rows, start=1)]
    raise NoTable("list-not-known")


def _dicts(rows: Any) -> Iterator[dict[str, Any]]:
    return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else iter(())


def _garmin_rows(said: Any) -> Rows:
    parts = [said] if isinstance(said, dict) else _dicts(said)
    return [row for part in parts for row in _dicts(part.get("summarizedActivitiesExport"))]


def _fitbit_rows(said: Any) -> Rows:
    return [row for row in _dicts(said) if {"logId", "activityName", "startTime"} <= row.keys()]


def _nike_rows(said: Any) -> Rows:
    rows = said.get("activities", [said]) if isinstance(said, dict) else said
    return [row for row in _dicts(rows) if {"start_epoch_ms", "summaries"} <= row.keys()]


def _garmin(row: dict[str, Any], number: int, home: dt.tzinfo) -> Listed:
    """Instants and times in milliseconds, lengths in centimetres."""
    start = _instant(row.get("startTimeGmt") or row.get("beginTimestamp"))
    name = str(row.get("name") or "")
    said = str(row.get("activityType") or row.get("sportType") or "")
    return Listed.of(
        service="garmin",
        line=number,
        sport=sport_of(said.replace("_", " ")),
        started_at=start,
        zone=home,
        duration_s=_scaled(row.get("duration"), MS),
        elapsed_s=_scaled(row.get("elapsedDuration"), MS),
        distance_m=_scaled(row.get("distance"), CM),
        climb_m=_scaled(row.get("elevationGain"), CM),
        note="" if is_stock(name) or name.endswith((" Running", " Run")) else name,
        id=str(row.get("activityId") or ""),
    )


def _fitbit(row: dict[str, Any], number: int, home: dt.tzinfo) -> Listed:
    """Clock times are in UTC, month first; times in milliseconds."""
    (when,) = moments([str(row["startTime"])], is_day_first=False)
    at = when.at if when else None
    metres = M_PER_MILE if str(row.get("distanceUnit")).startswith("Mile") else M_PER_KM
    far = _number(row.get("distance"))
    return Listed.of(
        service="fitbit",
        line=number,
        sport=sport_of(str(row["activityName"])),
        started_at=at.replace(tzinfo=dt.UTC) if at else None,
        zone=home,
        duration_s=_scaled(row.get("activeDuration") or row.get("duration"), MS),
        elapsed_s=_scaled(row.get("duration"), MS),
        distance_m=round(far * metres) if far else None,
        climb_m=_scaled(row.get("elevationGain"), 1),
        id=str(row["logId"]),
    )


def _nike(row: dict[str, Any], number: int, home: dt.tzinfo) -> Listed:
    """Instants and times in milliseconds, the sums by their names in kilometres and metres."""
    totals = {
        one.get("metric"): _number(one.get("value"))
        for one in _dicts(row["summaries"])
        if one.get("summary") == "total"
    }
    tags = row.get("tags")
    words = tags if isinstance(tags, dict) else {}
    name, note = str(words.get("com.nike.name") or ""), str(words.get("note") or "")
    start, end = _number(row["start_epoch_ms"]), _number(row.get("end_epoch_ms"))
    far = totals.get("distance")
    return Listed.of(
        service="nike",
        line=number,
        sport=sport_of(str(row.get("type") or "")),
        started_at=_instant(start),
        zone=home,
        duration_s=_scaled(row.get("active_duration_ms"), MS),
        elapsed_s=_scaled(end - start, MS) if start and end else None,
        distance_m=round(far * M_PER_KM) if far else None,
        climb_m=_scaled(totals.get("ascent"), 1),
        note="\n".join(part for part in ("" if is_stock(name) else name, note) if part),
        id=str(row.get("id") or ""),
    )


Reader = Callable[[dict[str, Any], int, dt.tzinfo], Listed]
READERS: tuple[tuple[Callable[[Any], Rows], Reader], ...] = (
    (_garmin_rows, _garmin),
    (_fitbit_rows, _fitbit),
    (_nike_rows, _nike),
)


def _number(value: Any) -> float | None:
    """None for words, and for what no number is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None  # NaN is not below anything


def _scaled(value: Any, by: int) -> int | None:
    number = _number(value)
    return round(number / by) if number is not None and number > 0 else None


def _instant(value: Any) -> dt.datetime | None:
    """Of milliseconds since 1970, within what a calendar has."""
    number = _number(value)
    if number is None or not 0 < number < 4e12:
        return None
    return dt.datetime.fromtimestamp(number / MS, dt.UTC)
