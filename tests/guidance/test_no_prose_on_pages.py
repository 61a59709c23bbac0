"""Pages say nothing themselves: their words stand in the knowledge, in templates and in forms."""

import ast
from pathlib import Path

import pytest

from tests.guidance.test_no_prose import GUIDANCE, prose

FOLDERS = (
    "checks",
    "coaching/suggestions",
    "library",
    "plan",
    "questions",
    "summary",
    "today",
    "warning_signs",
)
PAGES = [
    path
    for folder in FOLDERS
    for path in sorted((GUIDANCE / folder).glob("*.py"))
    if not path.stem.endswith("forms")  # a form's labels and errors are its own
]
# What a form is about, as it is signed: nobody reads it.
SALTS = {"start of a plan", "days of ", "variant of "}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(GUIDANCE)))
def test_page_holds_no_prose(path: Path) -> None:
    found = set(prose(ast.parse(path.read_text(encoding="utf-8"))))
    assert found - SALTS == set()
