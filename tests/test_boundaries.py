"""What may know what, by reading the source: imports point one way."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
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


# What an import names


@cache
def imports_of(module: str) -> list[str]:
    """What it imports, wherever it does: a module where the name is one, else what it is from."""
    return list(imports_in(module))


def imports_in(module: str) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module or ""


def is_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def importing(*targets: str, apart_from: tuple[str, ...] = ()) -> list[str]:
    """The modules elsewhere that import one of these."""
    return [
        f"{module} imports {name}"
        for module in MODULES
        if not is_in(module, *apart_from)
        for name in imports_of(module)
        if is_in(name, *targets)
    ]


def test_the_settings_know_no_app() -> None:
    """They name apps in strings; the addresses of all pages are another matter."""
    assert importing("runners", "guidance", apart_from=("runners", "guidance", "config.urls")) == []


def test_commands_alone_speak_of_commands() -> None:
    speaking = importing("django.core.management")
    assert [line for line in speaking if ".management.commands." not in line] == []
    assert speaking


def test_templates_alone_use_their_library() -> None:
    assert importing("runners.templatetags", "guidance.templatetags") == []


# One way

# Below the tables: plain figures of a run, which the reader of files asks too, ready queries, and
# which database they ask.
BELOW_MODELS = (
    *("runners.body", "runners.clock", "runners.limits", "runners.prepared"),
    "config.replica",
)


def imported_by(*packages: str) -> set[str]:
    """What modules in these import of the apps."""
    return {
        name
        for module in MODULES
        if is_in(module, *packages)
        for name in imports_of(module)
        if is_in(name, *APPS)
    }


def test_runners_know_nothing_of_guidance() -> None:
    assert [name for name in imported_by("runners") if is_in(name, "guidance")] == []


def test_rules_know_nothing_but_themselves() -> None:
    assert [
        name for name in imported_by("guidance.rules") if not is_in(name, "guidance.rules")
    ] == []


def test_tables_know_only_what_they_hold() -> None:
    tables = ("runners.models", *BELOW_MODELS)

    assert [name for name in imported_by("runners.models") if not is_in(name, *tables)] == []
    of_both = imported_by("guidance.models")
    assert [name for name in of_both if not is_in(name, "guidance.models", *tables)] == []
    below = imported_by(*BELOW_MODELS)
    assert [name for name in below if not is_in(name, *BELOW_MODELS)] == []


def test_writes_and_reads_know_no_page() -> None:
    """What stands in `actions` and `queries` is asked by views, with what forms have cleaned."""
    below = [module for module in MODULES if module.endswith(("actions", "queries"))]
    above = [
        f"{module} imports {name}"
        for module in below
        for name in imports_of(module)
        if is_in(name, *APPS) and name.endswith(("views", "forms"))
    ]

    assert above == []
    assert len(below) > 15


def subject_of(module: str) -> str:
    """A folder of an app, or a module beside the folders; of coaching, each folder in it."""
    app, *parts = module.split(".")
    if parts[:1] == ["coaching"] and len(parts) > 1:
        inner = f"{app}.coaching.{parts[1]}"
        if MODULES[inner].name == "__init__.py":
            return inner
    return ".".join([app, *parts[:1]])


def test_no_two_subjects_import_each_other_on_whatever_way() -> None:
    known: dict[str, set[str]] = {}
    for module in MODULES:
        subjects = {subject_of(name) for name in imports_of(module) if name in MODULES}
        known.setdefault(subject_of(module), set()).update(subjects - {subject_of(module)})

    TopologicalSorter(known).prepare()  # raises CycleError, which names the circle


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
