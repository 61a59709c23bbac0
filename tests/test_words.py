"""No sentence for people stands in Python; `docs/words.md` says where each of them stands."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.serving import ROOT

WORD = re.compile(r"[^\W\d_]{2,}|^a$")
FIELD = "{}"  # of an f-string
TAG = re.compile(r"<[^>]*>")

# What speaks for itself: a label of a form or a column, and the messages of its errors.
LABELS = {"label", "help_text", "error_messages", "verbose_name", "verbose_name_plural"}
LOGS = {"debug", "info", "warning", "error", "exception"}


@dataclass(frozen=True)
class Voice:
    """What of an app may speak in Python.

    `speaking` are names of modules and folders whose words are their own. `allowed` are modules
    where it cannot be otherwise, each with its reason.
    """

    app: str
    speaking: tuple[str, ...]
    allowed: Mapping[str, str] = field(default_factory=dict)

    def modules(self) -> list[Path]:
        paths = sorted((ROOT / self.app).rglob("*.py"))
        return [path for path in paths if not self._speaks(path.relative_to(ROOT))]

    def _speaks(self, path: Path) -> bool:
        is_form = path.name == "forms.py" or path.name.endswith("_forms.py")
        return is_form or not set(self.speaking).isdisjoint(path.parts)


VOICES = (
    Voice(
        "runners",
        speaking=("demo", "hosting", "management", "migrations"),
        allowed={
            "runners/mail/delivery.py": "why a mail did not go, for the log",
            "runners/accounts/sign_in_limits.py": "the name of a device, of which a hash is kept",
            "runners/data/retention.py": "what `tidy_up` counts",
            "runners/web/database_trouble.py": "causes, for the log",
            "runners/web/logs.py": "what the log says",
            "runners/prepared.py": "SQL",
            "runners/web/before_serving.py": "what `serve` says",
            "runners/web/serving.py": "what `serve` says",
            "runners/web/write_queue.py": "SQL",
            "runners/weeks/sums.py": "SQL",
        },
    ),
)
BY_APP = {voice.app: voice for voice in VOICES}


@pytest.mark.slow
@pytest.mark.parametrize("voice", VOICES, ids=BY_APP)
def test_no_sentence_stands_in_python(voice: Voice) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in voice.modules()
        if str(path.relative_to(ROOT)) not in voice.allowed
        for line, text in prose(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize("voice", VOICES, ids=BY_APP)
def test_every_allowance_is_needed(voice: Voice) -> None:
    needless = [path for path in voice.allowed if not list(prose((ROOT / path).read_text()))]

    assert needless == []


@pytest.mark.parametrize("voice", VOICES, ids=BY_APP)
def test_every_sentence_that_python_names_stands_in_a_template(voice: Voice) -> None:
    paths = (ROOT / voice.app).rglob("*.py")
    names = [name for path in paths for name in named_in(path.read_text())]

    assert len(names) > 50
    for name in names:
        get_template(name)  # raises TemplateDoesNotExist


def named_in(code: str) -> Iterator[str]:
    """In full, or after the name that the module gives to a file of sentences."""
    yield from re.findall(r'"([\w/]+\.(?:html|txt)#[\w-]+)"', code)
    files = dict(re.findall(r'^(\w+) = "([\w/]+\.(?:html|txt)#)"$', code, re.MULTILINE))
    for file, name in re.findall(r'f"\{(\w+)\}([\w-]+)"', code):
        if file in files:
            yield files[file] + name


@pytest.mark.parametrize(
    "code",
    [
        'said = "It is back."',
        'said = f"{days} days ago"',
        'said = "a bike ride"',
        'said = f"{name} is your " + "coach"',
        'messages.success(request, "Kept for you alone.")',
        'render(request, {"said": "Nothing was saved"})',
        'html = f"<p><b>{name}</b> needs a look</p>"',
    ],
)
def test_prose_is_found(code: str) -> None:
    assert list(prose(code))


@pytest.mark.parametrize(
    "code",
    [
        '"""It is back, says the module."""',
        'def back():\n    """It is back."""',
        'raise ValueError("There is no such day.")',
        'raise Http404 from ValueError(f"no {day} here")',
        'logger.warning("Mail %s did not go", mail)',
        'name = CharField("name", help_text="As others see it")',
        'class Level(IntegerChoices):\n    QUIET = 1, "not enough to tell"',
        'class Run:\n    def __str__(self):\n        return f"run on {self.day}"',
        'said = words("runners/runs/notices.html#is-back")',
        'html = f\'<td class="why"><span class="pill {css}">{level}</span></td>\'',
        'path = "M 100 6 C 80 6 70 12 70 26"',
        'def what_of_run(run):\n    return f"run of athlete {run.pk}"',
        'title = "Needs look"',
    ],
)
def test_what_is_no_prose_is_left_alone(code: str) -> None:
    assert list(prose(code)) == []


def prose(code: str) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that reads as a sentence, or as a part of one."""
    yield from _prose_in(ast.parse(code))


def _prose_in(node: ast.AST) -> Iterator[tuple[int, str]]:
    if _may_speak(node):
        return
    if isinstance(node, ast.JoinedStr | ast.Constant):
        text = _text(node)
        if _is_prose(text):
            yield node.lineno, text
    # What stands in the braces of an f-string may be another one.
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _prose_in(child)


def _may_speak(node: ast.AST) -> bool:
    """Docstrings, errors, logs, labels, choices of a column, the name of a row, keys of seals."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name.endswith("Error"):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="logger"), attr=name)):
            return name in LOGS
        case ast.keyword(arg=name):
            return name in LABELS
        case ast.ClassDef(bases=bases):
            return any(ast.unparse(base).endswith("Choices") for base in bases)
        case ast.FunctionDef(name=name):  # the key in the seal of a form: `team of athlete 7`
            return name == "__str__" or name.startswith("what_of")
    return False


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(part) if isinstance(part, ast.Constant) else FIELD for part in node.values
        )
    return node.value if isinstance(node.value, str) else ""


def _is_prose(text: str) -> bool:
    """Three words or fields with spaces between them, two of them words at least."""
    pieces = TAG.sub(" ", text).split()
    words = [piece for piece in pieces if WORD.search(piece)]
    return len(words) >= 2 and len(words) + pieces.count(FIELD) >= 3
