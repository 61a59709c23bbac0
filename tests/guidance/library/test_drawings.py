"""Every self-check has its line figure, and the figures keep to the content security policy."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from guidance.knowledge import current_knowledge

FOLDER = Path(settings.BASE_DIR) / "templates" / "guidance" / "library" / "drawings"
STYLES = Path(settings.BASE_DIR) / "static" / "css" / "drawings.css"
DRAWINGS = sorted(FOLDER.glob("*.svg"))

# Shapes and words alone: no script, style, image, link or anything that loads something.
ELEMENTS = {"svg", "title", "g", "path", "polyline", "circle", "rect"}
# Attributes that would need an inline style, run code, or take an appearance out of the CSS.
REFUSED = re.compile(r"style|fill|stroke.*|opacity|href|.*:href|on.*|id")

each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)


def slug(entry_id: str) -> str:
    return entry_id.partition(":")[2].replace("_", "-")


def drawn() -> set[str]:
    return {path.stem for path in DRAWINGS}


def test_each_check_has_a_drawing() -> None:
    assert {slug(check_id) for check_id in current_knowledge().checks} - drawn() == set()


def test_each_drawing_belongs_to_a_check_or_a_remedy() -> None:
    known = {
        slug(entry_id) for entry_id in (*current_knowledge().checks, *current_knowledge().remedies)
    }

    assert drawn() - known == set()


@each_drawing
def test_drawing_is_an_image_with_a_title(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))

    assert (root.tag, root.get("role"), root.get("class")) == ("svg", "img", "drawing")
    assert root[0].tag == "title"
    assert re.fullmatch(r"[A-Z].{20,}\.", root[0].text or "")


@each_drawing
def test_drawing_holds_shapes_only(path: Path) -> None:
    elements = list(ElementTree.fromstring(path.read_text(encoding="utf-8")).iter())

    assert {element.tag for element in elements} <= ELEMENTS
    assert [
        name for element in elements for name in element.attrib if REFUSED.fullmatch(name)
    ] == []


@each_drawing
def test_drawing_refers_to_nothing_and_is_no_template_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"url\(|https?:|//|@import|<!DOCTYPE|<!ENTITY|<\?|\{", text) == []


@each_drawing
def test_drawing_uses_classes_that_the_stylesheet_knows(path: Path) -> None:
    known = set(re.findall(r"\.([a-z-]+)", STYLES.read_text(encoding="utf-8")))
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    used = {name for element in root.iter() for name in element.get("class", "").split()}

    assert used - known == set()


@each_drawing
def test_drawing_stays_inside_its_frame(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    width, height = (float(number) for number in root.get("viewBox", "").split()[2:])

    pairs = [
        (float(x), float(y))
        for line in root.iter("polyline")
        for x, y in (pair.split(",") for pair in line.get("points", "").split())
    ]

    assert [(x, y) for x, y in pairs if not (4 <= x <= width - 4 and 4 <= y <= height - 4)] == []
