"""Archives for `make bench`: real recordings, each again and again on another day."""

import datetime as dt
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

from tests.serving import ROOT

ACTIVITIES = ROOT / "tests/data/activities"
DAY_S = 86_400
APART = 4  # days from one copy to the next: a day apart, one may have its clock in another zone
FIRST_FIT = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)  # where FIT begins to count
# By the number of a message: fields beside 253 that hold a time of day and date.
TIMES = {0: {4}, 18: {2}, 19: {2}, 34: {5}}
TIMESTAMP, UNKNOWN = 253, 0xFFFFFFFF
GPX_TIME = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")

Shift = Callable[[bytes, int], bytes]


def fit_archive(path: Path, files: int) -> None:
    """Of the good FIT files in turn, each time some days earlier."""
    good = [file.read_bytes() for file in sorted(ACTIVITIES.glob("fit-run-*.fit")) if dated(file)]
    _write(path, files, good, shifted_fit, "fit")


def gpx_archive(path: Path, files: int) -> None:
    good = [(ACTIVITIES / "gpx-run-hilly-with-stop.gpx").read_bytes()]
    _write(path, files, good, shifted_gpx, "gpx")


def dated(file: Path) -> bool:
    """But the one whose watch was never set."""
    return "no-gps" not in file.name


def _write(path: Path, files: int, good: list[bytes], shifted: Shift, ending: str) -> None:
    rounds = (number // len(good) for number in count())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data, days in zip(range(files), cycle(good), rounds, strict=False):
            archive.writestr(f"activities/{number:04}.{ending}", shifted(data, -days * APART))


def shifted_gpx(data: bytes, days: int) -> bytes:
    def later(found: re.Match[bytes]) -> bytes:
        time = dt.datetime.fromisoformat(found[1].decode()) + dt.timedelta(days=days)
        return time.strftime("%Y-%m-%dT%H:%M:%S").encode()

    return GPX_TIME.sub(later, data)


def shifted_fit(data: bytes, days: int) -> bytes:
    """The same recording on another day: whole days keep the short time stamps as they are."""
    changed = bytearray(data)
    head, (size,) = data[0], struct.unpack_from("<I", data, 4)
    for at, order in _times(data, head, head + size):
        (time,) = struct.unpack_from(f"{order}I", changed, at)
        if time != UNKNOWN and time > DAY_S * 1000:
            struct.pack_into(f"{order}I", changed, at, time + days * DAY_S)
    struct.pack_into("<H", changed, head + size, _crc(bytes(changed[: head + size])))
    return bytes(changed[: head + size + 2])


def _times(data: bytes, at: int, end: int) -> Iterator[tuple[int, str]]:
    """Where a time stands, and in which order its bytes are."""
    shapes: dict[int, tuple[str, int, list[tuple[int, int, int]], int]] = {}
    while at < end:
        header, at = data[at], at + 1
        if header & 0x80:  # a short time stamp
            local = header >> 5 & 0x3
        elif header & 0x40:
            at = _define(data, at, header, shapes)
            continue
        else:
            local = header & 0xF
        order, message, fields, rest = shapes[local]
        for number, size, kind in fields:
            is_time = number == TIMESTAMP or number in TIMES.get(message, ())
            if is_time and size == 4 and kind & 0x1F == 0x6:
                yield at, order
            at += size
        at += rest


def _define(
    data: bytes,
    at: int,
    header: int,
    shapes: dict[int, tuple[str, int, list[tuple[int, int, int]], int]],
) -> int:
    order = ">" if data[at + 1] else "<"
    (message,) = struct.unpack_from(f"{order}H", data, at + 2)
    many, at = data[at + 4], at + 5
    fields = [(data[at + 3 * n], data[at + 3 * n + 1], data[at + 3 * n + 2]) for n in range(many)]
    at, rest = at + 3 * many, 0
    if header & 0x20:  # fields of a developer
        own, at = data[at], at + 1
        rest = sum(data[at + 3 * n + 1] for n in range(own))
        at += 3 * own
    shapes[header & 0xF] = order, message, fields, rest
    return at


def _crc(data: bytes) -> int:
    """As FIT adds its bytes up."""
    crc = 0
    for byte in data:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) ^ CRC_TABLE[crc & 0xF] ^ CRC_TABLE[nibble]
    return crc


CRC_TABLE = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)
