"""A file that was sent in parts, read as one: opened where it is read, a part at a time."""

import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO, TYPE_CHECKING

from django.core.files import File

from runners.imports.parcels import Given
from runners.models import Import, ImportFile, ImportPart
from runners.models.imports import import_storage

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 64 * 1024


def given(brought: Import) -> Iterator[Given]:
    """The files of an import, each closed until it is asked for. 2 queries."""
    parts = _parts(brought)
    for file in ImportFile.objects.of(brought):
        yield Given(file.name, partial(opened, file, parts, brought.part_size or 0), file.size)


def whole(brought: Import, file: ImportFile) -> IO[bytes]:
    """One file of it. 1 query."""
    return opened(file, _parts(brought), brought.part_size or 0)


def _parts(brought: Import) -> tuple[str, ...]:
    parts = ImportPart.objects.of(brought).order_by("number")
    return tuple(parts.values_list("stored", flat=True))


def opened(file: ImportFile, parts: Sequence[str], part_size: int) -> IO[bytes]:
    if file.starts_at is None:
        return import_storage().open(file.stored)
    return io.BufferedReader(InParts(parts, part_size, file.starts_at, file.size), BUFFER)


class InParts(io.RawIOBase):
    """`size` bytes from `starts_at` on of what `parts` of the storage hold one after the other."""

    def __init__(self, parts: Sequence[str], part_size: int, starts_at: int, size: int) -> None:
        super().__init__()
        self.parts, self.part_size = parts, part_size
        self.starts_at, self.size = starts_at, size
        self.at = 0
        self.number: int | None = None  # of the part that is open
        self.part: File[bytes] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("There is nothing before the first byte.")
        self.at = start + offset
        return self.at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Raises OSError where a part is gone or shorter than it was."""
        view = memoryview(buffer)
        number, inside = divmod(self.starts_at + self.at, self.part_size)
        length = min(len(view), self.part_size - inside, self.size - self.at)
        if length <= 0:
            return 0
        part = self._open(number)
        part.seek(inside)
        data = part.read(length)
        if not data:
            raise OSError("A part ends before its end.")
        view[: len(data)] = data
        self.at += len(data)
        return len(data)

    def _open(self, number: int) -> File[bytes]:
        if self.part is None or self.number != number:
            self._close_part()
            self.part, self.number = import_storage().open(self.parts[number]), number
        return self.part

    def _close_part(self) -> None:
        if self.part is not None:
            self.part.close()
            self.part = None

    def close(self) -> None:
        self._close_part()
        super().close()
