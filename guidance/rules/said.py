"""What is to be said, before anybody says it: the key of a sentence and the values in it.

Rules return these, rows store them as JSON. `guidance/saying.py` puts them into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | float | dt.date | Said | tuple[Said, ...] | None"


@dataclass(frozen=True, slots=True, init=False)
class Said:
    """`Said("pattern:recurring", area="hamstring", side="left", days=21, of=25)`.

    `key` names a sentence of the knowledge. Fields are plain values: ids, numbers, days, and what
    else is said within the sentence, one or several.
    """

    key: str
    fields: Mapping[str, Value]

    def __init__(self, key: str, /, **fields: Value) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "fields", MappingProxyType(fields))

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.fields.items())))

    def as_json(self) -> dict[str, Any]:
        """`{"say": key, "days": 21, ...}`; a day is `{"day": "2026-11-28"}`."""
        return {"say": self.key, **{name: _as_json(value) for name, value in self.fields.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Said:
        """Of what `as_json` made. Raises KeyError for anything else."""
        fields = {name: _from_json(value) for name, value in stored.items() if name != "say"}
        return cls(stored["say"], **fields)


def as_json(said: Said | None) -> dict[str, Any] | None:
    return said.as_json() if said else None


def from_json(stored: Mapping[str, Any] | None) -> Said | None:
    return Said.from_json(stored) if stored else None


def _as_json(value: Value) -> Any:
    if isinstance(value, Said):
        return value.as_json()
    if isinstance(value, tuple):
        return [one.as_json() for one in value]
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return value


def _from_json(stored: Any) -> Value:
    if isinstance(stored, list):
        return tuple(Said.from_json(one) for one in stored)
    if isinstance(stored, dict):
        return Said.from_json(stored) if "say" in stored else dt.date.fromisoformat(stored["day"])
    value: Value = stored
    return value
