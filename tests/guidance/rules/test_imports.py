"""`guidance/rules` imports the standard library and itself, and nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import guidance.rules

RULES = Path(guidance.rules.__file__).parent
OWN = "guidance.rules"
# The clock, chance, and the world outside: rules take what they need as arguments.
NOT_PURE = {"time", "random", "os", "io", "pathlib", "socket", "subprocess", "urllib", "sqlite3"}
CLOCKS = {"today", "now", "utcnow"}

MODULES = sorted(RULES.rglob("*.py"))


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_rules_import_only_python_and_themselves(module: Path) -> None:
    for name in imported(module):
        top = name.split(".")[0]
        own = name == OWN or name.startswith(f"{OWN}.")
        assert own or (top in sys.stdlib_module_names and top not in NOT_PURE), name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_rules_never_read_the_clock(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {call.attr for call in calls if isinstance(call, ast.Attribute)}

    assert not named & CLOCKS


def test_there_are_rules_to_look_at() -> None:
    assert len(MODULES) > 10
