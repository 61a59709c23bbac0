"""Every section of the knowledge base that the code cites stands in `docs/knowledge.md`."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = r"\d+[a-z]?(?:\.\d+)?"
CITED = re.compile(rf"(?:[Kk]nowledge base|[Ss]ections?) ({NUMBER}(?:(?:,| and|, and) {NUMBER})*)")
HEADING = re.compile(rf"^##+ ({NUMBER})\.? ", re.MULTILINE)


def cited() -> dict[str, str]:
    """Each section that is cited, and a file that does."""
    return {
        number: str(path.relative_to(ROOT))
        for folder in ("guidance", "tests/guidance")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for phrase in CITED.findall(path.read_text(encoding="utf-8"))
        for number in re.findall(NUMBER, phrase)
    }


def test_every_section_that_is_cited_is_there() -> None:
    headings = set(HEADING.findall((ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")))

    assert {"0", "1.6", "1.7", "4.2", "5a"} <= headings
    assert {"1.6", "1.7", "4.2"} <= set(cited())
    assert {number: file for number, file in cited().items() if number not in headings} == {}
