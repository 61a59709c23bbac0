"""Hears XML read aloud element by element; no tree is built, so memory does not grow.

Expat is a parser of its own for each file and forgets every name with it. What it has no limit
for (depth, names, attributes, length of a tag or comment) is limited here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from xml.parsers import expat

from runners.activity_files.activity import ActivityError

_CHUNK = 65_536  # bytes handed to the parser at a time
# Bytes of a tag or a comment, give or take a chunk. Expat begins each anew with every chunk.
_LONGEST_TOKEN = 65_536
_DEEPEST = 64  # elements inside each other; GPX and TCX with all extensions have about 12
_MOST_NAMES = 300  # of elements and attributes in one file; real files have about 40
_LONGEST_NAME = 300  # characters, with its prefix
_MOST_ATTRIBUTES = 50  # on one element
_MOST_ELEMENTS = 1_200_000  # the leanest real files have one for every 30 bytes
_LONGEST_TEXT = 200  # characters kept; nothing that is read here is longer than a date

_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16le", b"\x00<": "utf-16be"}
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]*)")
# Python keeps every name that it was asked for and does not know, so it is asked for these only.
_KNOWN = re.compile(r"utf-8|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]")
_SAME = {"utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "latin1": "iso-8859-1"}


class Listener(Protocol):
    """Hears of elements by name and parent's name, without prefixes: apps get them wrong."""

    def opened(self, name: str, parent: str, attributes: Mapping[str, str]) -> None: ...

    def closed(self, name: str, parent: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """The name of the root element, and whether it was read up to its end without a fault."""

    root: str
    is_whole: bool


def listen(plain: bytes, offset: int, listeners: Mapping[str, Listener]) -> Heard:
    """Read `plain` to the listener named like its root element, as far as it is XML."""
    target = _Target(listeners)
    parser = expat.ParserCreate(_encoding(plain, offset))
    parser.StartDoctypeDeclHandler = target.doctype
    parser.StartElementHandler = target.start
    parser.CharacterDataHandler = target.data
    parser.EndElementHandler = target.end
    try:
        for start in range(offset, len(plain), _CHUNK):
            chunk = plain[start : start + _CHUNK]
            parser.Parse(chunk, False)
            if start + len(chunk) - offset - parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise ActivityError("damaged")
        parser.Parse(b"", True)
    except ActivityError:
        raise
    except expat.ExpatError as error:
        if not target.root:
            raise ActivityError("damaged") from error
        return Heard(target.root, is_whole=False)
    except Exception as error:  # whatever hostile bytes make the codecs raise
        raise ActivityError("damaged") from error
    return Heard(target.root, is_whole=True)


def number(text: str | None) -> float | None:
    """A finite number, or None."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _encoding(plain: bytes, offset: int) -> str:
    """How its characters are stored. Always named, so that expat never looks for a name itself."""
    wide = _UTF_16.get(plain[offset : offset + 2])
    if wide is not None:
        return wide
    declared = _DECLARED.match(plain, offset)
    name = declared[1].decode("latin-1").strip().lower() if declared else "utf-8"
    name = _SAME.get(name, name)
    if not _KNOWN.fullmatch(name):
        raise ActivityError("unknown_characters")
    return name


class _Target:
    def __init__(self, listeners: Mapping[str, Listener]) -> None:
        self.root = ""
        self._listeners = listeners
        self._listener: Listener | None = None
        self._path = [""]
        self._text = ""
        self._names: set[str] = set()
        self._elements = 0

    def doctype(self, name: str, _system: str | None, _public: str | None, _inside: bool) -> None:
        # Called before anything is declared, so no entity ever comes into being.
        raise ActivityError("web_page" if name.lower() == "html" else "unsafe_xml")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if len(attributes) > _MOST_ATTRIBUTES or self._elements > _MOST_ELEMENTS:
            raise ActivityError("damaged")
        self._meet(tag)
        for attribute in attributes:
            self._meet(attribute)
        name = tag.rpartition(":")[2]
        if self._listener is None:
            self._listener = self._listener_for(name)
        self._listener.opened(name, self._path[-1], attributes)
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise ActivityError("damaged")
        self._text = ""

    def data(self, text: str) -> None:
        if len(self._text) < _LONGEST_TEXT:
            self._text += text[:_LONGEST_TEXT]

    def end(self, _tag: str) -> None:
        name = self._path.pop()
        if self._listener is not None:
            self._listener.closed(name, self._path[-1], self._text)
        self._text = ""

    def _meet(self, name: str) -> None:
        if name not in self._names:
            self._names.add(name)
            if len(name) > _LONGEST_NAME or len(self._names) > _MOST_NAMES:
                raise ActivityError("damaged")

    def _listener_for(self, root: str) -> Listener:
        if root not in self._listeners:
            raise ActivityError("web_page" if root.lower() == "html" else "other_xml")
        self.root = root
        return self._listeners[root]
