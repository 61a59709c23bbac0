"""Archives as services make them, and as nobody should."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from runners.imports import parcels
from runners.imports.parcels import Budget, Bundle, Closed, Given, bundles


def packed(**entries: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def found(path: Path, budget: Budget | None = None) -> dict[str, str]:
    """What is in each file, or why something was left closed."""
    seen = {}
    for one in bundles([path], budget):
        if isinstance(one, Closed):
            seen[one.way] = one.problem.reason
            continue
        for entry in one.entries:
            try:
                seen[entry.way] = entry.read(1_000).decode()
            except parcels.Unopened as problem:
                seen[entry.way] = problem.reason
    return seen


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "box.zip"


def test_archives_in_archives_are_opened(box: Path) -> None:
    inner = packed(**{"a.fit": b"A"})
    box.write_bytes(packed(**{"di__part1.zip": inner, "b.csv": b"B"}))
    assert found(box) == {"box.zip/b.csv": "B", "box.zip/di/part1.zip/a.fit": "A"}


def test_a_folder_is_read_without_its_links(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "a.gpx").write_text("A")
    (tmp_path / "secret.gpx").write_text("S")
    (folder / "link.gpx").symlink_to(tmp_path / "secret.gpx")
    assert found(folder) == {"runs/2024/a.gpx": "A"}


@pytest.mark.parametrize(
    ("names", "folder"),
    [
        (["activities.csv", "activities/1.fit", "media/a.jpg"], "activities"),
        (["/years/2015/a.fit"], "years"),
        (["a.fit", "b.csv"], ""),  # each of them chosen by hand
    ],
)
def test_what_a_browser_gives_of_a_folder_stays_together(names: list[str], folder: str) -> None:
    """A list in it names its recordings by the way to them."""
    (bundle,) = bundles(Given(name, lambda: io.BytesIO(b"A")) for name in names)
    assert isinstance(bundle, Bundle)
    assert bundle.name == folder
    assert [entry.way for entry in bundle.entries] == names


def test_names_lead_nowhere(box: Path, tmp_path: Path) -> None:
    box.write_bytes(packed(**{"../../evil.fit": b"E", "/etc/evil.fit": b"F", "a\x1b[2J.fit": b"G"}))
    seen = found(box)
    assert sorted(seen.values()) == ["E", "F", "G"]
    assert all(way.isprintable() for way in seen)
    assert [path.name for path in tmp_path.iterdir()] == ["box.zip"]


def test_a_link_in_an_archive_is_left_out(box: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("passwd.fit")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.fit", "A")
    box.write_bytes(data.getvalue())
    assert found(box) == {"box.zip/a.fit": "A"}


def test_a_locked_file_is_told(box: Path) -> None:
    data = bytearray(packed(**{"a.fit": b"A"}))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + at] |= 1
    box.write_bytes(data)
    assert found(box) == {"box.zip/a.fit": "locked-entry"}


def test_an_archive_of_too_many_files_is_not_listed(box: Path) -> None:
    """By what its end says, before any memory is taken for them."""
    data = bytearray(packed(**{"a.fit": b"A"}))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", data, end + 8, 65_535, 65_535)
    wide = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 200_000, 200_000, 0, 0)
    box.write_bytes(bytes(data[:end]) + wide + bytes(data[end:]))
    assert found(box) == {"box.zip": "too-many-entries"}


def test_no_more_is_unpacked_than_an_import_may(box: Path) -> None:
    box.write_bytes(
        packed(**{"a.fit": b"0" * 900, "b.fit": b"0" * 900, "inner.zip": packed(a=b"0" * 9_000)})
    )
    assert found(box, Budget(1_500)) == {
        "box.zip/a.fit": "0" * 900,
        "box.zip/b.fit": "unpacks-too-large",
        "box.zip/inner.zip": "unpacks-too-large",
    }


def test_only_what_is_asked_for_of_an_entry_is_unpacked(box: Path) -> None:
    """A bomb says that it is small, and is not."""
    box.write_bytes(packed(**{"a.fit": b"0" * 50_000_000}))
    for bundle in bundles([box]):
        assert isinstance(bundle, Bundle)
        assert len(bundle.entries[0].read(1_000)) == 1_001


def test_archives_too_deep_are_left_closed(box: Path) -> None:
    data = packed(**{"a.fit": b"A"})
    for _ in range(parcels.DEEPEST):
        data = packed(**{"in.zip": data})
    box.write_bytes(data)
    assert found(box) == {"box.zip/in.zip/in.zip/in.zip": "packed-too-deep"}


@pytest.mark.parametrize("cut", [3, 40, 90])
def test_a_damaged_archive_is_told(box: Path, cut: int) -> None:
    data = packed(**{"a.fit": b"some words that can be packed " * 9})
    box.write_bytes(data[:-cut])
    assert set(found(box).values()) <= {"damaged-zip", "damaged-entry"}
    box.write_bytes(b"PK\x03\x04 and nothing that is an archive")
    assert found(box) == {"box.zip": "damaged-zip"}


def test_a_damaged_entry_keeps_nobody_else_out(box: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.fit", b"AAAA")
        archive.writestr("b.fit", b"BBBB")
    box.write_bytes(data.getvalue().replace(b"AAAA", b"AXAA", 1))
    assert found(box) == {"box.zip/a.fit": "damaged-entry", "box.zip/b.fit": "BBBB"}
