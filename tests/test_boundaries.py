"""What may know what, by reading the source: imports point one way."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
APPS = ("config", "guidance", "runners")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Every module but the migrations, which stay as they were merged.
MODULES = {
    name_of(path): path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


# Who may read whom

# Who may ask for links without `runners.access`: its own parts, the writes of links, the demo.
ASK_FOR_LINKS = (
    "runners.access",
    "runners.coaching.links.actions",
    "runners.models",
    "runners.demo",
)


def asks_for_links(module: str) -> Iterator[int]:
    """The lines on which a manager of `CoachLink` is taken."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name == "CoachLink":
                yield node.lineno


def test_access_alone_decides_who_may_read() -> None:
    asking = {module for module in MODULES if any(asks_for_links(module))}

    assert [module for module in asking if not module.startswith(ASK_FOR_LINKS)] == []
    assert "runners.access" in asking  # so that it is seen where it is done
