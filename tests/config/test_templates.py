"""What the content security policy would refuse in the browser is not in a template at all.

Nor a name that nobody gives it, which fails whatever test renders it: see `tests/conftest.py`.
"""

import re
from pathlib import Path

import pytest
from django.template import Context, Origin, Template

from tests.serving import ROOT
from tests.undefined_names import undefined_names

TEMPLATES = sorted(
    path
    for folder in ("templates", "runners", "guidance")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".html", ".svg"}
)
FORBIDDEN = {
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an inline handler": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "a js: value": r"[\"'\s]js:|javascript:",
    "a filter that htmx evaluates": r"hx-trigger=([\"'])(?:(?!\1).)*\[",
    "an extension of htmx": r"\bhx-ext=",
    "another host": r"(?:\b(?:src|srcset|action|hx-\w+)|<link[^>]*\bhref)=[\"'](?:https?:)?//",
}


LONGEST_LINE = 120


def test_no_line_of_a_page_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_there_are_templates() -> None:
    assert ROOT / "templates" / "base.html" in TEMPLATES


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_templates_are_without(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in TEMPLATES
        for match in re.finditer(pattern, template_text(path), re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("an inline style", '<p style="color: red">'),
        ("an inline style", "<svg><style>p {}</style></svg>"),
        ("an inline script", '<script type="module">go()</script>'),
        ("an inline handler", '<button class="b" onclick="go()">'),
        ("hx-on", '<form hx-on::after-request="go()">'),
        ("a js: value", """<p hx-vals="js:{day: today()}">"""),
        ("a js: value", '<a href="javascript:go()">'),
        ("a filter that htmx evaluates", '<input hx-trigger="keyup[ctrlKey]">'),
        ("an extension of htmx", '<div hx-ext="sse">'),
        ("another host", '<script src="https://cdn.example/x.js">'),
        ("another host", '<link rel="stylesheet" href="//cdn.example/x.css">'),
    ],
)
def test_pattern_finds(name: str, text: str) -> None:
    assert re.search(FORBIDDEN[name], text)


@pytest.mark.parametrize(
    "text",
    [
        """<script type="module" src="{% static 'js/limber.js' %}"></script>""",
        """<link rel="stylesheet" href="{% static 'css/limber.css' %}">""",
        '<input name="only" hx-trigger="change delay:200ms" hx-get="/diary/">',
        '<a href="https://example.org/paper">The article</a>',
        '<path class="fill s3" stroke-width="2"/>',
    ],
)
def test_patterns_leave_alone(text: str) -> None:
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("{{ nobody }}", ["nobody"]),
        ("{% if nobody %}{% endif %}", ["nobody"]),
        ("{% if run and not nobody %}{% endif %}", ["nobody"]),
        ("{% with one=nobody %}{% endwith %}", ["nobody"]),
        ("{{ nobody|default:'–' }}", ["nobody"]),
        ("{{ run.lenght }}", ["run.lenght"]),
        ("{% if run.length or nobody %}{% endif %}{{ nothing.at_all }}", []),
    ],
)
def test_a_name_that_nobody_gave_is_noticed(
    text: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    template = Template(text, origin=Origin(str(ROOT / "templates" / "page.html")))
    with undefined_names(monkeypatch) as names:
        template.render(Context({"run": {"length": 5}, "nothing": None}))
    assert names == [f"{name} in templates/page.html" for name in asked]


def template_text(path: Path) -> str:
    """The template without its comments, which never reach a browser."""
    text = path.read_text()
    return re.sub(r"{#.*?#}|{% comment .*?{% endcomment %}", "", text, flags=re.DOTALL)
