"""What stands in the papers of the project is so: paths, the picture, the hooks."""

import re
import runpy

import pytest

from tests.serving import ROOT

PAPERS = ["CONTRIBUTING.md", *(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))]
PAPERS += [f"docs/decisions/{file.name}" for file in (ROOT / "docs" / "decisions").glob("*.md")]
PATH = re.compile(r"`((?:runners|guidance|config|deploy|docs|tests|templates|static)/[\w./*-]*)`")


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_every_path_that_a_paper_names_is_there(paper: str) -> None:
    named = PATH.findall((ROOT / paper).read_text())
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.slow
def test_the_picture_of_the_rooms_is_drawn_from_the_imports_of_today() -> None:
    drawing = runpy.run_path(str(ROOT / "docs" / "architecture.py"))
    assert drawing["PICTURE"].read_text() == drawing["picture"](), "make picture draws it anew"


def test_the_hooks_run_what_make_lint_runs() -> None:
    hooks = re.findall(r"entry: make (\S+)", (ROOT / ".pre-commit-config.yaml").read_text())
    lints = re.search(r"^LINTS := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert lints is not None
    assert hooks == lints[1].split()
