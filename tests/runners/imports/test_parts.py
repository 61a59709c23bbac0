"""A file that lies in parts reads as one that does not."""

import io
import random
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile

from runners.imports.parts import InParts
from runners.models.imports import import_storage
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

PART = 100
WHOLE = random.Random(4).randbytes(950)


@pytest.fixture
def parts() -> list[str]:
    storage = import_storage()
    pieces = (WHOLE[at : at + PART] for at in range(0, len(WHOLE), PART))
    return [storage.save(f"part-{n}", ContentFile(piece)) for n, piece in enumerate(pieces)]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were opened, in their order."""
    seen: list[str] = []
    plain = import_storage().__class__.open

    def noting(storage: Any, name: str, mode: str = "rb") -> Any:
        seen.append(name)
        return plain(storage, name, mode)

    monkeypatch.setattr(import_storage().__class__, "open", noting)
    return seen


@pytest.mark.parametrize(
    ("start", "size"), [(0, 950), (0, 100), (100, 100), (99, 2), (250, 437), (900, 50), (300, 0)]
)
def test_it_holds_its_own_bytes(parts: list[str], start: int, size: int) -> None:
    with io.BufferedReader(InParts(parts, PART, start, size), 64) as file:
        assert file.read() == WHOLE[start : start + size]
        assert file.read() == b""


def test_any_seek_and_read_is_as_of_a_plain_file(parts: list[str]) -> None:
    chance = random.Random(5)
    plain = io.BytesIO(WHOLE[33:900])
    with io.BufferedReader(InParts(parts, PART, 33, 867), 64) as file:
        for _ in range(300):
            whence = chance.choice([0, 1, 2])
            low, high = {0: (0, 900), 1: (-plain.tell(), 300), 2: (-867, 40)}[whence]
            offset = chance.randint(low, high)
            assert file.seek(offset, whence) == plain.seek(offset, whence)
            length = chance.randint(0, 350)
            assert file.read(length) == plain.read(length)
            assert file.tell() == plain.tell()


def test_only_what_is_read_is_opened_one_at_a_time(parts: list[str], opened: list[str]) -> None:
    file = InParts(parts, PART, 0, 950)
    assert opened == []
    file.seek(-60, io.SEEK_END)
    file.read(20)
    file.read(20)
    assert opened == ["part-8", "part-9"]
    last = file.part
    file.close()
    assert last is not None
    assert last.closed


def test_an_archive_over_many_parts_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("a.fit", "b.fit"):
            archive.writestr(name, WHOLE)
    data = b"before" + packed.getvalue()
    names = [
        import_storage().save(f"part-{at}", ContentFile(data[at : at + PART]))
        for at in range(0, len(data), PART)
    ]
    whole = io.BufferedReader(InParts(names, PART, 6, len(data) - 6), 64)
    with whole, zipfile.ZipFile(whole) as archive:
        assert archive.read("b.fit") == WHOLE
        assert archive.testzip() is None


def test_a_part_that_is_gone_or_short_is_an_error_of_the_disk(parts: list[str]) -> None:
    storage = import_storage()
    storage.delete("part-3")
    storage.save("part-3", ContentFile(b"cut off"))
    storage.delete("part-4")
    for start in (300, 400):
        with InParts(parts, PART, start, 100) as file, pytest.raises(OSError, match="part"):
            file.readall()
    with InParts(parts, PART, 0, 1) as file, pytest.raises(OSError, match="before the first"):
        file.seek(-1)
