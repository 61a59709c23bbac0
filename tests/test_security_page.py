"""The pages of promises and of ASVS name tests and files that exist, and ASVS is answered whole."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("docs/security.md", "docs/asvs.md")
ASVS = (ROOT / "docs" / "asvs.md").read_text()
NUMBER = re.compile(r"\b\d+\.\d+\.\d+\b")
# Of each section of ASVS 5.0.0 how many requirements are of level 1 or 2: they come first. Sections
# of level 3 alone are left out, and so are V10 and V17, of which nothing applies.
OF_LEVEL_2 = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3},
    **{"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2},
    **{"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1},
    **{"12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5},
    **{"14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3},
}


def named(page: str) -> list[str]:
    return re.findall(r"`([^`]+)`", (ROOT / page).read_text())


def rows() -> dict[str, str]:
    """Lines of the tables of ASVS, by their number."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) (\| [12] \|.*)$", ASVS, re.MULTILINE)
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.parametrize("page", PAGES)
def test_every_test_it_names_exists(page: str) -> None:
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    tests = [name for name in named(page) if re.fullmatch(r"test_\w+", name)]

    assert [name for name in tests if f"def {name}(" not in written] == []
    assert len(tests) > 30


@pytest.mark.parametrize("page", PAGES)
def test_every_file_it_names_exists(page: str) -> None:
    files = [name for name in named(page) if "/" in name and " " not in name]

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert len(files) > 30


def test_each_requirement_of_asvs_has_a_row_or_a_reason() -> None:
    paragraphs = re.findall(r"^Do(?:es)? not apply: .+(?:\n.+)*", ASVS, re.MULTILINE)
    left_out = [
        number
        for paragraph in paragraphs
        for number in NUMBER.findall(re.sub(r"\([^)]*\)", "", paragraph))
    ]
    wanted = [f"{part}.{n}" for part, most in OF_LEVEL_2.items() for n in range(1, most + 1)]

    assert len(wanted) == 217  # 253 of levels 1 and 2, without 29 of V10 and 7 of V17
    assert sorted([*rows(), *left_out]) == sorted(wanted)


def test_each_requirement_of_asvs_is_shown_or_named_as_not_met() -> None:
    lacking = {number for number, row in rows().items() if re.search(r"\*\*(In part|Not met)", row)}
    silent = [number for number, row in rows().items() if not row.split("|")[-2].strip()]
    _, listed = ASVS.split("## Not met today")

    assert set(NUMBER.findall(listed)) == lacking
    assert silent == []
