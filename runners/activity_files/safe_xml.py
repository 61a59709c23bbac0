"""Hears XML read aloud element by element; no tree is built, so memory does not grow.

lxml is told to resolve no entity, load no DTD and use no network. What it has no limit for
(depth, names, attributes) is limited here. Names matter most: lxml keeps every name it ever met,
so a file of a million made-up ones would never leave memory.
"""

import math
from collections.abc import Mapping
from typing import Protocol

from lxml import etree

from .activity import ActivityError, damaged

_CHUNK = 65_536  # bytes handed to the parser at a time
_DEEPEST = 64  # elements inside each other; GPX and TCX with all extensions have about 12
_MOST_NAMES = 300  # of elements and attributes in one file; real files have about 40
_LONGEST_NAME = 300  # characters, with its namespace
_MOST_ATTRIBUTES = 50  # on one element
_MOST_ELEMENTS = 1_200_000  # the leanest real files have one for every 30 bytes
_LONGEST_TEXT = 200  # characters kept; nothing that is read here is longer than a date


class Listener(Protocol):
    """Hears of elements by name and parent's name, without namespaces: apps get them wrong."""

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None: ...

    def closed(self, name: str, parent: str, text: str) -> None: ...


def listen(plain: bytes, offset: int, listeners: Mapping[str, Listener]) -> str:
    """Read all of `plain` to the listener named like its root element, whose name is returned."""
    target = _Target(listeners)
    parser = etree.XMLParser(
        target=target,  # type: ignore[arg-type]  # the stubs ask for bytes as well as str
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for start in range(offset, len(plain), _CHUNK):
            chunk = plain[start : start + _CHUNK]
            # A tag cannot hold "<", so this keeps a single tag below two chunks.
            if len(chunk) == _CHUNK and b"<" not in chunk:
                raise damaged()
            parser.feed(chunk)
        parser.close()
    except ActivityError:
        raise
    except Exception as error:  # whatever hostile bytes make the parser or its codecs raise
        raise damaged() from error
    return target.root


def number(text: str | None) -> float | None:
    """A finite number, or None."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class _Target:
    def __init__(self, listeners: Mapping[str, Listener]) -> None:
        self.root = ""
        self._listeners = listeners
        self._listener: Listener | None = None
        self._path = [""]
        self._text = ""
        self._names: set[str] = set()
        self._elements = 0

    def doctype(self, name: str | None, _public: str | None, _system: str | None) -> None:
        # Called before anything is declared, so no entity ever comes into being.
        if name is not None and name.lower() == "html":
            raise _web_page()
        raise ActivityError(
            "unsafe_xml",
            "This file holds instructions that no watch writes, so it was left closed. "
            "Try saving it from your watch or app again.",
        )

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if len(attributes) > _MOST_ATTRIBUTES or self._elements > _MOST_ELEMENTS:
            raise damaged()
        self._meet(tag)
        for attribute in attributes:
            self._meet(attribute)
        name = tag.rpartition("}")[2]
        if self._listener is None:
            self._listener = self._listener_for(name)
        self._listener.opened(name, self._path[-1], attributes)
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise damaged()
        self._text = ""

    def data(self, text: str) -> None:
        if len(self._text) < _LONGEST_TEXT:
            self._text += text[:_LONGEST_TEXT]

    def end(self, _tag: str) -> None:
        name = self._path.pop()
        if self._listener is not None:
            self._listener.closed(name, self._path[-1], self._text)
        self._text = ""

    def pi(self, name: str, _text: str | None = None) -> None:
        self._meet(name)

    def close(self) -> None:
        """The parser asks for it; everything has been told by then."""

    def _meet(self, name: str) -> None:
        if name not in self._names:
            self._names.add(name)
            if len(name) > _LONGEST_NAME or len(self._names) > _MOST_NAMES:
                raise damaged()

    def _listener_for(self, root: str) -> Listener:
        if root.lower() == "html":
            raise _web_page()
        if root not in self._listeners:
            raise ActivityError(
                "unknown_type",
                "This doesn't look like a GPX or TCX file, though it is written in the same way.",
            )
        self.root = root
        return self._listeners[root]


def _web_page() -> ActivityError:
    return ActivityError(
        "unknown_type",
        "This is a web page, not an activity file. Try the export button of your watch's site.",
    )
