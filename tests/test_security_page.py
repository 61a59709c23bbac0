"""The page of promises names tests and modules that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.findall(r"`([^`]+)`", (ROOT / "docs" / "security.md").read_text())


def test_every_test_it_names_exists() -> None:
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    tests = [name for name in NAMED if re.fullmatch(r"test_\w+", name)]

    assert [name for name in tests if f"def {name}(" not in written] == []
    assert len(tests) > 30


def test_every_file_it_names_exists() -> None:
    files = [name for name in NAMED if "/" in name and " " not in name]

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert len(files) > 30
