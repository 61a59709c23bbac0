"""What the code and the templates say has its sentence: a key that is missing fails on a page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from guidance.knowledge import current_knowledge
from guidance.rules import explanation
from guidance.rules.types import Likelihood

ROOT = Path(__file__).parents[2]


def nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def keys_in_code() -> Iterator[str]:
    """The first argument of each `Said`, where it is written out; both ways of a choice."""
    for path in sorted((ROOT / "guidance").rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Said" and node.args:
                key = node.args[0]
                choices = [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]
                for one in choices:
                    if isinstance(one, ast.Constant):
                        yield str(one.value)


def test_every_key_in_the_code_has_its_sentence() -> None:
    found = set(keys_in_code())
    assert "standing.points_to" in found
    assert found - set(current_knowledge().sentences) == set()


def test_every_key_in_a_template_has_its_sentence() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    found = {key for text in texts for key in re.findall(r'{% say "([^"]+)"', text)}
    assert "reason.pain_rule" in found
    assert found - set(current_knowledge().sentences) == set()


def test_every_reason_of_an_outcome_has_its_sentence() -> None:
    yielded = [
        str(value.value)
        for node in nodes(Path(explanation.__file__))
        if isinstance(node, ast.Yield)
        for value in ast.walk(node)
        if isinstance(value, ast.Constant)
    ]
    assert len(yielded) > 10
    assert {f"reason.{name}" for name in yielded} <= set(current_knowledge().sentences)


def test_every_likelihood_has_its_word() -> None:
    words = current_knowledge().sentences
    assert [words[f"likelihood.{one}"].you for one in get_args(Likelihood)] == [
        "likely",
        "possible",
        "unlikely",
        "not enough to tell",
    ]
