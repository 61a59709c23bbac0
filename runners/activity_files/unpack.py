"""From an upload to plain bytes, with a limit that holds while they are unpacked."""

import re
import zlib
from io import BytesIO
from typing import IO, NamedTuple

from runners.activity_files.activity import ActivityError

MEGABYTE = 1_000_000  # bytes; the limits are told to runners in round decimal figures

# A ten-hour run recorded every second with all sensors has about 3 MB as FIT, 20 MB as GPX.
LARGEST_FIT = 8 * MEGABYTE
LARGEST_XML = 25 * MEGABYTE

GZIP_START = b"\x1f\x8b"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
FIT_SIGNATURE = slice(8, 12)
XML_START = re.compile(
    rb"\xff\xfe|\xfe\xff|<\x00|\x00<"  # UTF-16, with and without its mark
    rb"|(?:\xef\xbb\xbf)?\s*(?=<)"
)

_CHUNK = 65_536  # bytes read at a time
_MOST_MEMBERS = 1_000  # gzip members in one file; a tool that appends writes a handful


class Unpacked(NamedTuple):
    """The plain bytes; not `is_whole` if the gzip around them has a fault or no end."""

    plain: bytes
    is_whole: bool


def unpacked(data: IO[bytes] | bytes) -> Unpacked:
    """The bytes of the file, taken out of gzip where it is packed.

    Reads from where `data` stands and never holds more than the limit and one chunk.
    """
    stream = BytesIO(data) if isinstance(data, bytes) else data
    start = stream.read(_CHUNK)
    is_packed = start.startswith(GZIP_START)
    found = _gunzipped(start, stream) if is_packed else Unpacked(_plain(start, stream), True)
    plain = found.plain
    if not found.is_whole and not plain:
        raise ActivityError("damaged")
    if not plain.strip():
        raise ActivityError("empty")
    if plain.startswith(ZIP_STARTS):
        raise ActivityError("zip")
    if plain.startswith(GZIP_START):
        raise ActivityError("packed_twice")
    return found


def is_fit(plain: bytes | bytearray) -> bool:
    return plain[FIT_SIGNATURE] == b".FIT"


def xml_offset(plain: bytes) -> int | None:
    """Where the XML begins, past spaces that must not stand before it; None if it is none."""
    start = XML_START.match(plain)
    if start is None:
        return None
    # The marks of UTF-16 tell the parser how to read on; the one of UTF-8 tells nothing.
    return 0 if start[0].strip(b"\xef\xbb\xbf \t\r\n\f\v") else start.end()


def _plain(start: bytes, stream: IO[bytes]) -> bytes:
    plain = bytearray()
    chunk = start
    while chunk:
        _add(chunk, plain)
        chunk = stream.read(_CHUNK)
    return bytes(plain)


def _gunzipped(start: bytes, stream: IO[bytes]) -> Unpacked:
    """Unpack every member, up to the chunk with a fault.

    zlib compares each one's checksum and length.
    """
    plain = bytearray()
    members = 1
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    packed, packed_size = start, len(start)
    while True:
        if member.eof:
            packed = packed.lstrip(b"\x00")  # padding after a member is allowed
            if packed:
                members += 1
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        if not packed:
            packed = stream.read(_CHUNK)
            packed_size += len(packed)
            if not packed:
                break
            continue
        if members > _MOST_MEMBERS or packed_size > LARGEST_XML:
            raise ActivityError("too_large")
        try:
            _add(member.decompress(packed, _CHUNK), plain)
        except zlib.error:
            return Unpacked(bytes(plain), is_whole=False)
        packed = member.unused_data if member.eof else member.unconsumed_tail
    return Unpacked(bytes(plain), is_whole=member.eof)


def _add(chunk: bytes, plain: bytearray) -> None:
    plain += chunk
    if len(plain) > (LARGEST_FIT if is_fit(plain) else LARGEST_XML):
        raise ActivityError("too_large")
