"""Each page has one file of tests, which bears its name and stands with its subject.

A page is an address that answers a look with something of its own. What is done from a page is
tested in the page's file, or, where it crosses many, in a file of that matter.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

TESTS = Path(__file__).parent
ACCOUNT = "account_"  # how names of allauth begin; ours in its place as well
SECOND_STEP = "mfa_"  # the same
# They answer a look, and yet are no page.
NO_PAGE = {
    "check-in-day": "the page of `check-in`, of another day",
    "trends-csv": "a file",
    "athletes-csv": "a file",
    "athlete-csv": "a file",
    "import-report": "a file",
    "import-sent": "a figure, for the script that sends files",
    "import-file": "a file",
    "export-file": "a file",
    "healthz": "a line, for monitors",
    "robots": "a file, for robots",
    "mfa_index": "leads to `security`",
    "security-txt": "a file, for whoever found a hole",
    "plan-feed": "a file, for calendars",
    "reminder-feed": "a file, for calendars",
    "after-check-in": "leads on to what comes next",
    "invitation-accept": "leads back to the invitation",
    "invitation-refuse": "leads back to the invitation",
}


def patterns(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    """Each by the name of its address, without a namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern.name or "", pattern


def is_looked_at(pattern: URLPattern) -> bool:
    """A view that is asked by a method unknown to it says which ones it takes."""
    view_class = getattr(pattern.callback, "view_class", None)
    if view_class is not None:  # allauth's ask first who it is
        return hasattr(view_class, "get")
    arguments = dict.fromkeys(pattern.pattern.converters, "1")
    refusal = pattern.callback(RequestFactory().generic("UNKNOWN", "/"), **arguments)
    return "GET" in refusal["Allow"] and not takes_a_form_alone(pattern)


def takes_a_form_alone(pattern: URLPattern) -> bool:
    return "@form_on(" in inspect.getsource(inspect.unwrap(pattern.callback))


def has_page_of_ours(pattern: URLPattern) -> bool:
    """What allauth answers with a template that Limber does not have leads nowhere here."""
    view_class: Any = getattr(pattern.callback, "view_class", None)
    template = getattr(view_class, "template_name", "")
    return not template or Path(settings.BASE_DIR, "templates", template).exists()


def home(name: str, pattern: URLPattern) -> Path:
    """Where the tests of a page belong."""
    if name.startswith(ACCOUNT):
        return TESTS / "runners" / "accounts" / f"test_{name.removeprefix(ACCOUNT)}.py"
    if name.startswith(SECOND_STEP):
        name = name.removeprefix(SECOND_STEP)
        return TESTS / "runners" / "accounts" / "second_step" / f"test_{name}.py"
    module = inspect.unwrap(pattern.callback).__module__
    return TESTS.joinpath(*module.split(".")[:-1], f"test_{name.replace('-', '_')}.py")


def pages() -> dict[str, URLPattern]:
    return {
        name: pattern
        for name, pattern in patterns(get_resolver())
        if (
            has_page_of_ours(pattern)
            if name.startswith(ACCOUNT)
            else name not in NO_PAGE and is_looked_at(pattern)
        )
    }


@cache
def strings(path: Path) -> set[str]:
    """Those in a file of tests, and in the helpers that it imports."""
    return set(strings_in(path))


def strings_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            helper = TESTS.parent.joinpath(*str(node.module).split(".")).with_suffix(".py")
            if helper.is_file() and not helper.name.startswith("test_"):
                yield from strings(helper)


def is_asked_for(pattern: URLPattern, path: Path) -> bool:
    """Whether the file names the last fixed part of the address."""
    fixed = re.findall(r"(?:^|/)\^?([a-z-]+)(?=/)", str(pattern.pattern))
    asked = strings(path)
    return any(fixed[-1] in text.split("/") for text in asked) if fixed else "/" in asked


def test_each_page_has_a_file_of_its_name() -> None:
    homes = {name: home(name, pattern) for name, pattern in pages().items()}

    missing = [str(path.relative_to(TESTS)) for path in homes.values() if not path.is_file()]
    assert missing == []
    assert len(set(homes.values())) == len(homes) > 50


def test_each_file_asks_for_its_page() -> None:
    homes = {name: (pattern, home(name, pattern)) for name, pattern in pages().items()}

    silent = [
        name
        for name, (pattern, path) in homes.items()
        if path.is_file() and not is_asked_for(pattern, path)
    ]
    assert silent == []


def test_what_is_no_page_answers_a_look_all_the_same() -> None:
    looked_at = {name for name, pattern in patterns(get_resolver()) if name in NO_PAGE}

    assert looked_at == set(NO_PAGE)
    assert all(is_looked_at(p) for name, p in patterns(get_resolver()) if name in NO_PAGE)
