"""Reads the files of watches and running apps: FIT, GPX and TCX, plain or in gzip.

`read_activity` trusts nothing in a file: it limits size, time and memory, and either returns
an Activity whose figures can be true, or raises ActivityError.
"""

import hashlib
from pathlib import PurePath
from typing import IO

from .activity import Activity, ActivityError, Format
from .fit import read_fit
from .gpx import GpxListener
from .reading import Reading, activity_of
from .safe_xml import listen
from .tcx import TcxListener
from .unpack import is_fit, unpacked, xml_offset

__all__ = ["Activity", "ActivityError", "read_activity"]

_FORMATS: dict[str, Format] = {".fit": "fit", ".gpx": "gpx", ".tcx": "tcx"}


def read_activity(data: IO[bytes] | bytes, *, name: str) -> Activity:
    """The run in a file, read from where `data` stands.

    The content decides what the file is. `name` only has to agree where it ends in .fit, .gpx
    or .tcx, with or without .gz, in any case; whether it is packed is seen from the content.
    Raises ActivityError and nothing else, whatever the bytes.
    """
    plain = unpacked(data)
    reading = _reading(plain)
    _check_name(name, reading.format)
    return activity_of(reading, fingerprint=hashlib.sha256(plain).hexdigest())


def _reading(plain: bytes) -> Reading:
    if is_fit(plain):
        return read_fit(plain)
    offset = xml_offset(plain)
    if offset is None:
        raise ActivityError(
            "unknown_type",
            "This doesn't look like a FIT, GPX or TCX file, the kinds that watches and "
            "running apps save.",
        )
    gpx, tcx = GpxListener(), TcxListener()
    root = listen(plain, offset, {"gpx": gpx, "TrainingCenterDatabase": tcx})
    return gpx.reading() if root == "gpx" else tcx.reading()


def _check_name(name: str, actual: Format) -> None:
    named = PurePath(name.lower().removesuffix(".gz")).suffix
    if named in _FORMATS and _FORMATS[named] != actual:
        raise ActivityError(
            "wrong_name",
            f"This file is named {named}, but inside it is a {actual.upper()} file. "
            f"Let its name end in .{actual}, then choose it again.",
        )
