"""An export taken back by an empty account: its own logs, answers, checks and plans, as they were.

What is read is as hostile as any file: each value is cleaned as its column says, what guidance
knows nothing of is refused, and one row that cannot be stored leaves all of it out.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import JSONField, Model
from django.utils import timezone
from django.utils.module_loading import import_string

from runners import standing
from runners.exports.archive import FORMAT, VERSION
from runners.exports.parts import Part, Values, parts
from runners.models import User

SETTINGS = ("units", "time_zone", "week_start", "age_band")  # by which the logs are read
HEAD = b'{"format": "limber"'
MOST_ROWS = 200_000  # of one list
AT_ONCE = 1_000


class NotRead(Exception):
    """Why nothing of it was taken, by the name of a sentence in `_reasons.html` of imports."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_export(head: bytes) -> bool:
    return head.startswith(HEAD)


def read_export(data: bytes) -> Values:
    """Raises NotRead."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise NotRead("damaged-list") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotRead("export-not-read")
    if said.get("version") != VERSION:
        raise NotRead("export-of-another-version")
    return said


def take_back(said: Values, *, by: User) -> dict[str, int]:
    """How many rows came back, by the list. Inside a transaction that holds the person's lock.

    Raises NotRead, and then nothing is stored.
    """
    own = [part for part in parts() if part.comes_back]
    if any(part.rows(by).exists() for part in own):
        raise NotRead("diary-not-empty")
    try:
        import_string(settings.EXPORT_CHECK)(said)
        with transaction.atomic():
            _take_settings(said, by)
            counts = {part.name: _make(part, _lists(said, part.name, None), by) for part in own}
            standing.renew([by])  # what no rule can read is not taken
            standing.renew_after_change(by)
    except (ValidationError, IntegrityError, DataError, LookupError, TypeError, ValueError):
        raise NotRead("export-not-read") from None
    return counts


def _take_settings(said: Values, by: User) -> None:
    for _, account in _lists(said, "account", None):
        for name in SETTINGS:
            setattr(by, name, _cleaned(by._meta.get_field(name), account[name]))
        by.save(update_fields=SETTINGS)


Found = tuple[Model | None, Values]  # a row that is said, and the one stored that it stands in


def _lists(said: Mapping[str, Any], name: str, around: Model | None) -> list[Found]:
    rows = said.get(name, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise ValueError(name)
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError(name)
    return [(around, row) for row in rows]


def _make(part: Part, found: Iterable[Found], by: User) -> int:
    said = list(found)
    rows = [_row(part, values, by, around) for around, values in said]
    part.model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
    for inner in part.inside:
        within = [
            one
            for row, (_, values) in zip(rows, said, strict=True)
            for one in _lists(values, inner.name, row)
        ]
        _make(inner, within, by)
    return len(rows)


def _row(part: Part, values: Values, by: User, around: Model | None) -> Model:
    fields = {
        name: _cleaned(part.model._meta.get_field(name), values.get(name)) for name in part.fields
    }
    owner = {part.on: around} if part.on else {"runner": by}
    return part.model(**owner, **fields)


def _cleaned(field: Any, value: Any) -> Any:
    """Raises ValidationError, TypeError."""
    if not isinstance(field, JSONField) and isinstance(value, list | dict):
        raise TypeError(field.name)
    if value is None and not field.null:
        raise TypeError(field.name)
    cleaned = field.clean(value, None)
    if isinstance(cleaned, dt.datetime) and timezone.is_naive(cleaned):
        raise TypeError(field.name)
    return cleaned
