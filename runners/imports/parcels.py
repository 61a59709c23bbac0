"""What was given, opened: files, folders, and archives in archives, one entry after the other.

Nothing is written under a name of an archive, so none of them can lead anywhere. No size that an
archive states is believed: every entry is read up to a limit, and all of them together too.
"""

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

MEGABYTE = 1_000_000
MOST_ENTRIES = 100_000  # of one archive: its table of contents alone takes 700 bytes for each
MOST_UNPACKED = 20_000 * MEGABYTE  # of one import; whole archives of ten years have 2 to 6 GB
LARGEST_INNER = 2_000 * MEGABYTE  # an archive in an archive
IN_MEMORY = 8 * MEGABYTE  # of an archive in an archive; the rest of it lies on the disk meanwhile
LONGEST_NAME = 300
DEEPEST = 3  # archives in archives: a maker's export is two
CHUNK = 1_000_000

END = struct.Struct("<4s4H2LH")  # of a zip: how many entries there are, and where they are listed
END_START, WIDE_END_START = b"PK\x05\x06", b"PK\x06\x06"
LONGEST_COMMENT = 65_535
MOST_COUNTED = 65_535  # more are counted in the wide end
LOCKED = 0x1  # of an entry's flags
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


class Unopened(Exception):
    """Why something was left closed, by the name of a sentence in `_reasons.html`."""

    def __init__(self, reason: str, **fields: Any) -> None:
        super().__init__(reason, fields)
        self.reason = reason
        self.fields = fields


@dataclass(slots=True)
class Budget:
    """Bytes that one import may still unpack, and what it has read of those that were given.

    `beat` is called again and again while something is read, however long it takes.
    """

    left: int = MOST_UNPACKED
    read: int = 0
    now: str = ""
    beat: Callable[[], None] = lambda: None

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unopened("unpacks-too-large")
        self.beat()


@dataclass(frozen=True, slots=True)
class Given:
    """A file, with the name that it was given by."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A file. `folder` is what it lies in, `name` the way to it from there: both are only read."""

    folder: str
    name: str
    stream: Callable[[], IO[bytes]] = field(repr=False)
    budget: Budget = field(repr=False)
    packed: int = 0  # bytes of it where it lies

    @property
    def way(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name

    def chunks(self, damaged: str = "damaged-entry") -> Iterator[bytes]:
        """All of it, however much, never more than a chunk at once.

        Raises Unopened, with the reason `damaged` where it ends before its end.
        """
        self.budget.now = self.way
        try:
            with self.stream() as stream:
                while chunk := stream.read(CHUNK):
                    self.budget.spend(len(chunk))
                    yield chunk
        except DAMAGED:
            raise Unopened(damaged) from None

    def read(self, most: int) -> bytes:
        """At most so many bytes, and one more where there are more. Raises Unopened."""
        self.budget.now = self.way
        try:
            with self.stream() as stream:
                data = stream.read(most + 1)
        except DAMAGED:
            raise Unopened("damaged-entry") from None
        self.budget.spend(len(data))
        return data


@dataclass(frozen=True, slots=True)
class Bundle:
    """What lies together: a folder, an archive, or the files that were given at once."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that could not be opened, with the reason."""

    way: str
    problem: Unopened


def bundles(
    given: Iterable[Path | Given], budget: Budget | None = None
) -> Iterator[Bundle | Closed]:
    """Of what was given: its files as one bundle, and each folder and archive as one.

    A browser gives the files of a folder with the way to each in its name: they stay together,
    because a list in it names its recordings by the way to them.
    """
    budget = budget or Budget()
    loose, folder = [], ""
    for one in given:
        if isinstance(one, Given):
            loose.append(Entry("", readable(one.name), one.open, budget, one.size))
            folder = folder or one.name.rpartition("/")[0].strip("/").partition("/")[0]
        elif one.is_dir():
            yield from _opened(str(one.name), _of_folder(one, budget), budget, depth=0)
        else:
            loose.append(_of_disk("", one.name, one, budget))
    if loose:
        yield from _opened(folder, loose, budget, depth=0)


def _of_folder(folder: Path, budget: Budget) -> list[Entry]:
    """Without links, which may lead out of it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [
        _of_disk(folder.name, str(path.relative_to(folder)), path, budget)
        for path in files[:MOST_ENTRIES]
    ]


def _of_disk(folder: str, name: str, path: Path, budget: Budget) -> Entry:
    return Entry(folder, readable(name), lambda: path.open("rb"), budget, path.stat().st_size)


def _opened(
    name: str, entries: list[Entry], budget: Budget, depth: int
) -> Iterator[Bundle | Closed]:
    """What lies there as one bundle, and then what its archives hold."""
    archives = [entry for entry in entries if entry.name.lower().endswith(".zip")]
    files = tuple(entry for entry in entries if entry not in archives)
    if files:
        yield Bundle(name, files)
    for archive in archives:
        try:
            if depth >= DEEPEST:
                raise Unopened("packed-too-deep")
            with _unzipped(archive, budget) as inner:
                yield from _opened(archive.way, inner, budget, depth + 1)
        except Unopened as problem:
            yield Closed(archive.way, problem)


@contextmanager
def _unzipped(archive: Entry, budget: Budget) -> Iterator[list[Entry]]:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        stream = _seekable(archive, copy)
        try:
            if _count(stream) > MOST_ENTRIES:
                raise Unopened("too-many-entries", most=MOST_ENTRIES)
            with zipfile.ZipFile(stream) as opened:
                yield [_entry(archive, opened, info, budget) for info in _files(opened)]
        except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError):
            raise Unopened("damaged-zip") from None
        finally:
            if stream is not copy:
                stream.close()


def _seekable(archive: Entry, copy: Any) -> Any:
    """A file of the disk as it is; what lies in another archive is unpacked first."""
    stream = archive.stream()
    if not isinstance(stream, zipfile.ZipExtFile):
        return stream
    stream.close()
    size = 0
    for chunk in archive.chunks("damaged-zip"):
        size += len(chunk)
        if size > LARGEST_INNER:
            raise Unopened("unpacks-too-large")
        copy.write(chunk)
    copy.seek(0)
    return copy


def _count(stream: IO[bytes]) -> int:
    """How many entries an archive says it has, before the memory for them is taken."""
    size = stream.seek(0, 2)
    tail_at = max(0, size - END.size - LONGEST_COMMENT)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(END_START)
    if at < 0:
        raise Unopened("damaged-zip")
    counted = int(END.unpack_from(tail, at)[4])
    wide = tail.rfind(WIDE_END_START, 0, at)
    if counted == MOST_COUNTED and wide >= 0:
        counted = int.from_bytes(tail[wide + 32 : wide + 40], "little")
    stream.seek(0)
    return counted


def _files(opened: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Those that hold something: no folders, no links, none of the copies that a Mac adds."""
    for info in opened.infolist():
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if not info.is_dir() and not is_link and not info.filename.startswith("__MACOSX/"):
            yield info


def _entry(archive: Entry, opened: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Entry:
    def stream() -> IO[bytes]:
        if info.flag_bits & LOCKED:
            raise Unopened("locked-entry")
        return opened.open(info)

    return Entry(archive.way, readable(info.filename), stream, budget, info.compress_size)


def readable(name: str) -> str:
    """Without what a screen could take for something else than a name."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:LONGEST_NAME]
