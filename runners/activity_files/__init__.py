"""Reads the files of watches and running apps: FIT, GPX and TCX, plain or in gzip.

`read_activities` trusts nothing in a file: it limits size, time and memory, and either returns
Activities whose figures can be true, or raises ActivityError.
"""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePath
from typing import IO

from runners.activity_files.activity import Activity, ActivityError, Format
from runners.activity_files.fit import read_fit
from runners.activity_files.gpx import GpxListener
from runners.activity_files.reading import Found, activities_of
from runners.activity_files.safe_xml import listen
from runners.activity_files.sports import other_sport
from runners.activity_files.tcx import TcxListener
from runners.activity_files.unpack import is_fit, unpacked, xml_offset

__all__ = ["Activity", "ActivityError", "read_activities"]

_FORMATS: dict[str, Format] = {".fit": "fit", ".gpx": "gpx", ".tcx": "tcx"}


def read_activities(
    data: IO[bytes] | bytes,
    *,
    name: str,
    is_run: bool = False,
    like_runs: Collection[str] = (),
    by_place: bool = False,
) -> list[Activity]:
    """The runs in a file, read from where `data` stands; at least one, in the file's order.

    `is_run`: a list beside the file says that it is one, whatever the file says. `like_runs`:
    names of other sports that are read as if they were runs. `by_place`: where the file says no
    offset from UTC, it is that of the place where the run began; the map for that takes 35 MB of
    memory.

    The content decides what the file is. `name` only has to agree where it ends in .fit, .gpx
    or .tcx, with or without .gz, in any case; whether it is packed is seen from the content.
    Raises ActivityError and nothing else, whatever the bytes.
    """
    plain, is_unpacked = unpacked(data)
    found = _found(plain)
    if found.readings:
        _check_name(name, found.readings[0].format)
    found = replace(found, is_whole=found.is_whole and is_unpacked)
    if not by_place:
        found = replace(found, readings=[replace(one, began_at=None) for one in found.readings])
    if is_run or like_runs:
        sure = [
            replace(reading, sport="running", is_sure=True)
            if is_run or other_sport(reading.sport) in like_runs
            else reading
            for reading in found.readings
        ]
        found = replace(found, readings=sure)
    return activities_of(found, digest=hashlib.sha256(plain).hexdigest())


def _found(plain: bytes) -> Found:
    if is_fit(plain):
        return read_fit(plain)
    offset = xml_offset(plain)
    if offset is None:
        raise ActivityError("unknown_type")
    listeners: dict[str, GpxListener | TcxListener] = {
        "gpx": GpxListener(),
        "TrainingCenterDatabase": TcxListener(),
    }
    heard = listen(plain, offset, listeners)
    try:
        readings = listeners[heard.root].readings()
    except ActivityError as error:
        raise error if heard.is_whole else ActivityError("damaged") from error
    return Found(readings, heard.is_whole)


def _check_name(name: str, actual: Format) -> None:
    named = PurePath(name.lower().removesuffix(".gz")).suffix
    if named in _FORMATS and _FORMATS[named] != actual:
        raise ActivityError("wrong_name", named=named, actual=actual)
