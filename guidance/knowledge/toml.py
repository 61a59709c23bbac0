"""From TOML tables to the catalogue's dataclasses: the fields' types are the schema."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from guidance.rules.catalogue import Sentence

Entry = TypeVar("Entry")

TYPE_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


class KnowledgeError(Exception):
    """A knowledge file is wrong: one line that names file, entry and field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files something stands, for the one line that says what is wrong."""

    file: str
    entry: str = ""
    field: str = ""

    def at(self, field: str) -> "Place":
        return replace(self, field=f"{self.field}.{field}" if self.field else field)

    def line(self, problem: str) -> str:
        where = ", ".join(part for part in (self.file, self.entry, self.field) if part)
        return f"{where}: {problem}"

    def error(self, problem: str) -> KnowledgeError:
        return KnowledgeError(self.line(problem))


def read_table(folder: Path, name: str) -> dict[str, Any]:
    place = Place(name)
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise place.error(f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise place.error(f"is not readable TOML ({error})") from error


def read_file(folder: Path, name: str, *, holds: tuple[str, ...]) -> dict[str, Any]:
    """Read a file that must hold the tables named, and nothing else."""
    place = Place(name)
    table = read_table(folder, name)
    for key in holds:
        if key not in table:
            raise place.error(f"[{key}] is missing")
    for key in table:
        if key not in holds:
            raise place.error(f"unknown table [{key}]")
    return table


def read_shelf(
    folder: Path, file: str, name: str, kind: type[Entry], *, key: str = "id"
) -> Mapping[Any, Entry]:
    """The entries of a file that holds nothing but `[[name]]`."""
    return read_entries(read_file(folder, file, holds=(name,)), name, kind, file, key=key)


def read_list(
    table: Mapping[str, Any], name: str, kind: type[Entry], file: str, *, key: str = "id"
) -> list[Entry]:
    """The entries of `[[name]]` in the file's order, known by their `key` if they have one."""
    rows = table[name]
    if not isinstance(rows, list):
        raise Place(file).error(f"[{name}] must be written [[{name}]], once for each entry")
    found = []
    for number, row in enumerate(rows, 1):
        known_as = str(row[key]) if isinstance(row, dict) and key in row else f"{name} {number}"
        found.append(build(kind, row, Place(file, known_as)))
    return found


def read_entries(
    table: Mapping[str, Any], name: str, kind: type[Entry], file: str, *, key: str = "id"
) -> Mapping[Any, Entry]:
    """The entries of `[[name]]` by their `key`, in the file's order."""
    entries: dict[Any, Entry] = {}
    for entry in read_list(table, name, kind, file, key=key):
        value = getattr(entry, key)
        if value in entries:
            raise Place(file, str(value), key).error("stands in the file twice")
        entries[value] = entry
    return MappingProxyType(entries)


def build(kind: type[Entry], row: object, place: Place) -> Entry:
    """Make a `kind` of a TOML table; every field of the table must be known and right."""
    if not isinstance(row, dict):
        raise place.error("must be a table of fields")
    hints = get_type_hints(kind)
    for name in row:
        if name not in hints:
            raise place.at(name).error("unknown field")
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # every kind is a dataclass
        if field.name in row:
            values[field.name] = convert(hints[field.name], row[field.name], place.at(field.name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise place.at(field.name).error("is missing")
    return kind(**values)


def convert(hint: Any, value: object, place: Place) -> Any:
    """The value as the type that `hint` asks for, deeply immutable."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return _words(value, place)
    if hint is Sentence and isinstance(value, str):
        words = _plain(str, value, place)
        return Sentence(words, words)
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, place)
    if origin is Literal:
        if value not in arguments:
            known = ", ".join(str(word) for word in arguments if word)
            raise place.error(f"{value!r} is none of {known}")
        return value
    if origin in (Union, UnionType):
        return convert(next(kind for kind in arguments if kind is not NoneType), value, place)
    if origin is tuple:
        return _tuple(arguments, value, place)
    if origin is not None:
        return _mapping(arguments[1], value, place)
    return _plain(hint, value, place)


def _tuple(arguments: tuple[Any, ...], value: object, place: Place) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise place.error("must be a list")
    if Ellipsis not in arguments and len(value) != len(arguments):
        raise place.error(f"must hold {len(arguments)} values")
    return tuple(
        convert(arguments[0], item, place.at(str(number))) for number, item in enumerate(value, 1)
    )


def _mapping(kind: Any, value: object, place: Place) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise place.error("must be a table")
    return MappingProxyType({key: convert(kind, value[key], place.at(key)) for key in value})


def _plain(kind: type, value: object, place: Place) -> Any:
    # bool is an int to Python, and 0 is 0.0 to a person.
    fits = isinstance(value, (int, float) if kind is float else kind)
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise place.error(f"must be {TYPE_WORDS[kind]}")
    if isinstance(value, str) and not value.strip():
        raise place.error("has no words")
    return value


def _words(value: object, place: Place) -> Any:
    if isinstance(value, dict):
        return _mapping(Any, value, place)
    if isinstance(value, list):
        return _tuple((str, ...), value, place)
    return _plain(str, value, place)
