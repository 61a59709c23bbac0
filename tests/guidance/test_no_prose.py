"""What guidance finds is said by the knowledge: no sentence stands in its code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

GUIDANCE = Path(__file__).parents[2] / "guidance"
SILENT = ("rules", "advice", "coaching", "findings")
FILES = [
    *(
        path
        for folder in SILENT
        for path in sorted((GUIDANCE / folder).rglob("*.py"))
        if path.parent.name != "suggestions"  # a form, and notices after it was sent
    ),
    GUIDANCE / "standing.py",
    GUIDANCE / "saying.py",
]
PROSE = 2  # spaces; from here on it is no name, no key and no format


def prose(tree: ast.AST) -> Iterator[str]:
    """Texts that read as one, but for docstrings and the words of errors."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Raise) or is_type(node):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.JoinedStr):
            texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            whole = "".join(str(text) for text in texts)
            if whole.count(" ") >= PROSE:
                yield whole
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and node.value.count(" ") >= PROSE:
                yield node.value
        else:
            yield from prose(node)


def is_type(node: ast.AST) -> bool:
    """`Value: TypeAlias = "str | int"`"""
    return isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(GUIDANCE)))
def test_no_sentence_stands_in_the_code(path: Path) -> None:
    assert list(prose(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_a_sentence_would_be_found() -> None:
    found = prose(ast.parse('"""Of a module."""\nSAID = f"Your {place} is back"\nKEY = "a b"'))
    assert list(found) == ["Your  is back"]
