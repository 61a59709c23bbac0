"""The frames of a FIT file: finds the messages that are asked for and steps over all others."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from runners.activity_files.activity import ActivityError

_HEADER_SIZES = (12, 14)  # bytes; the longer one ends with its own checksum, which may be 0
CRC_SIZE = 2
_MOST_FILES = 8  # one after another; a triathlon with a heart rate strap for swimming has four

# First byte of a frame.
COMPRESSED, _DEFINITION, _DEVELOPER, _LOCAL_TYPE = 0x80, 0x40, 0x20, 0x0F


class Fault(Exception):
    """The frames cannot be followed any further."""


@dataclass(frozen=True, slots=True)
class Part:
    """The messages of one FIT file of those that stand one after another in a file."""

    body: bytes
    is_whole: bool  # its size and its checksum are right


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its definition before it, as they stand in the file."""

    number: int
    definition: bytes
    content: bytes


def parts(plain: bytes) -> Iterator[Part]:
    """What follows one that is not whole is taken to be the rest of it."""
    start, count = 0, 0
    while plain[start + 8 : start + 12] == b".FIT":
        count += 1
        header_size = plain[start]
        if header_size not in _HEADER_SIZES or count > _MOST_FILES:
            raise ActivityError("damaged")
        body = start + header_size
        end = body + int.from_bytes(plain[start + 4 : start + 8], "little")
        is_whole = (
            body < end <= len(plain) - CRC_SIZE
            # 0 is what data and checksum come to
            and checksum(plain[start : end + CRC_SIZE]) == 0
        )
        yield Part(plain[body : end if is_whole else len(plain)], is_whole)
        if not is_whole:
            return
        start = end + CRC_SIZE


def messages(body: bytes, wanted: Collection[int]) -> Iterator[Message]:
    """Those with the wanted global numbers. Raises Fault at a byte that cannot stand there."""
    steps = [0] * 256  # by first byte: the length of a message to skip; 0 needs a closer look
    known: dict[int, tuple[int, bytes, int]] = {}  # by local type: number, definition, length
    place, end = 0, len(body)
    while place < end:
        first = body[place]
        step = steps[first]
        if step:
            place += step
        elif first & COMPRESSED or not first & _DEFINITION:
            local = _local_type(first)
            if local not in known:
                raise Fault  # a message whose definition never came
            number, definition, size = known[local]
            if place + size > end:
                raise Fault
            yield Message(number, definition, body[place : place + size])
            place += size
        else:
            definition = _definition(body, place)
            place += len(definition)
            local = first & _LOCAL_TYPE
            size = 1 + _message_size(definition)
            known.pop(local, None)
            number = int.from_bytes(definition[3:5], "big" if definition[2] else "little")
            if number in wanted:
                known[local] = number, definition, size
                size = 0
            _set_steps(steps, local, size)
    if place != end:
        raise Fault


def _definition(body: bytes, place: int) -> bytes:
    """First byte, reserved, byte order, number of the message (2), count, fields of 3 bytes."""
    end = place + 6
    if end > len(body):
        raise Fault
    end += 3 * body[end - 1]
    if body[place] & _DEVELOPER:
        if end >= len(body):
            raise Fault
        end += 1 + 3 * body[end]
    if end > len(body):
        raise Fault
    return body[place:end]


def _message_size(definition: bytes) -> int:
    """The second byte of each field is its size. The count between the two kinds is skipped."""
    native_end = 6 + 3 * definition[5]
    return sum(definition[7:native_end:3]) + sum(definition[native_end + 2 :: 3])


def _local_type(first: int) -> int:
    return first >> 5 & 3 if first & COMPRESSED else first & _LOCAL_TYPE


def _set_steps(steps: list[int], local: int, size: int) -> None:
    """Of every first byte that means a message of the local type."""
    for unused_bits in (0x00, 0x10, 0x20, 0x30):
        steps[unused_bits | local] = size
    if local < 4:  # those with a time stamp of five bits in the first byte
        compressed = COMPRESSED | local << 5
        steps[compressed : compressed + 32] = [size] * 32


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return table


_CRC_TABLE = _crc_table()


# Bits so far apart count alike, as the polynomial, x^16 + x^15 + x^2 + 1, divides x^32767 + 1.
_CRC_PERIOD = 32_767


def checksum(data: bytes) -> int:
    """CRC-16 of the FIT protocol. The data is folded to 8 kB first, which are read byte by byte."""
    bits, folded = 8 * len(data), int.from_bytes(data, "little")
    while bits >= 2 * _CRC_PERIOD:
        cut = bits // 2 // _CRC_PERIOD * _CRC_PERIOD
        folded = folded >> cut ^ folded & (1 << cut) - 1
        bits -= cut
    crc = 0
    padding = -bits % 8  # in front, where zeros do not count
    for byte in (folded << padding).to_bytes((bits + padding) // 8, "little"):
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc
