"""Makes the smallest files of each format that are a run."""

import datetime as dt
import io
import struct
from collections.abc import Iterable

from runners.activity_files import Activity, read_activities
from runners.activity_files.fit_frames import checksum


def read_activity(data: bytes | io.BytesIO, name: str = "run") -> Activity:
    """The only run of a file."""
    (run,) = read_activities(data, name=name)
    return run


def gpx(*points: str, sport: str = "running") -> bytes:
    return (
        f"<gpx><trk><type>{sport}</type><trkseg>{''.join(points)}</trkseg></trk></gpx>"
    ).encode()


def point(time: str, lat: str = "50.0", elevation: str = "100") -> str:
    return f'<trkpt lat="{lat}" lon="8"><ele>{elevation}</ele><time>{time}</time></trkpt>'


def tcx(lap: str, sport: str = "Running", start: str = "2024-05-04T08:00:00Z") -> bytes:
    return (
        f'<TrainingCenterDatabase><Activities><Activity Sport="{sport}">'
        f'<Lap StartTime="{start}">{lap}</Lap></Activity></Activities></TrainingCenterDatabase>'
    ).encode()


def fit(body: bytes) -> bytes:
    plain = struct.pack("<BBHI4s", 12, 0x20, 0, len(body), b".FIT") + body
    return plain + checksum(plain).to_bytes(2, "little")


def definition(number: int, *fields: tuple[int, int, int], local: int = 0) -> bytes:
    """Of a message: its global number, and for each field its number, size and base type."""
    packed = b"".join(bytes(field) for field in fields)
    return struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(fields)) + packed


SESSION_DEFINITION = struct.pack(
    "<BBBHB 15B", 0x40, 0, 0, 18, 5, 2, 4, 0x86, 7, 4, 0x86, 8, 4, 0x86, 9, 4, 0x86, 5, 1, 0
)


def session(
    start: int = 1_083_744_000,
    timer_s: int = 1800,
    distance_m: int | None = 5000,
    sport: int = 1,
    elapsed_s: int | None = None,
) -> bytes:
    elapsed_s = timer_s if elapsed_s is None else elapsed_s
    return SESSION_DEFINITION + struct.pack(
        "<BIIIIB", 0, start, elapsed_s * 1000, timer_s * 1000, centimetres(distance_m), sport
    )


def centimetres(distance_m: int | None) -> int:
    return 0xFFFFFFFF if distance_m is None else distance_m * 100


def records(moments: Iterable[tuple[int, int | None]], start: int = 1_083_744_000) -> bytes:
    """Each so many seconds after the start, with its distance in metres."""
    written = (
        struct.pack("<BII", 2, start + after_s, centimetres(distance_m))
        for after_s, distance_m in moments
    )
    return definition(20, (253, 4, 0x86), (5, 4, 0x86), local=2) + b"".join(written)


HALF_HOUR = (point("2024-05-04T08:00:00Z"), point("2024-05-04T08:30:00Z", lat="50.05"))
HALF_HOUR_LAP = "<TotalTimeSeconds>1800</TotalTimeSeconds><DistanceMeters>5000</DistanceMeters>"
START = dt.datetime(2024, 5, 4, 8, tzinfo=dt.UTC)
