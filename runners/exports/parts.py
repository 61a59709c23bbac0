"""What of each table a person takes along; tables that hang on others stand inside them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

from runners.models import User

Values = dict[str, Any]
Rows = list[Values]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table. `name` is that of the list, and of its file.

    `rows` are those of a person. A part inside another hangs on it by the foreign key `on`, and its
    rows stand in each row of that. `names` are fields that bear another name outside, because they
    are of another table: `coach__name` is `coach`. `comes_back`: the person's own, and taken in
    again by an empty account.
    """

    name: str
    model: type[Model]
    fields: tuple[str, ...]
    rows: Callable[[User], QuerySet[Any]]
    on: str = ""
    inside: tuple["Part", ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    comes_back: bool = True

    @property
    def columns(self) -> dict[str, str]:
        """The name outside by the field."""
        return {field: field for field in self.fields} | dict(self.names)

    def all(self) -> Iterator["Part"]:
        """It and all inside it."""
        yield self
        for part in self.inside:
            yield from part.all()


def parts() -> tuple[Part, ...]:
    """Of all apps, as `settings.EXPORTED` names them: `runners` knows nothing of guidance."""
    return tuple(part for name in settings.EXPORTED for part in import_string(name))


def rows_of(part: Part, person: User) -> Rows:
    """With what is inside. 1 query for each table."""
    return [row for _, row in _read(part, person)]


def _read(part: Part, person: User) -> Iterator[tuple[Any, Values]]:
    """Each row with the key of the row that it stands in."""
    inside = {inner.name: _by_owner(inner, person) for inner in part.inside}
    owner = f"{part.on}_id" if part.on else "pk"
    stored = part.rows(person).order_by("pk").values("pk", owner, *part.columns)
    for values in stored.iterator(chunk_size=2_000):
        row = {name: values[field] for field, name in part.columns.items()}
        row |= {name: found.get(values["pk"], []) for name, found in inside.items()}
        yield values[owner], row


def _by_owner(part: Part, person: User) -> Mapping[Any, Sequence[Values]]:
    found = defaultdict(list)
    for owner, row in _read(part, person):
        found[owner].append(row)
    return found
