"""Sentences of templates as plain text, and the notices made of them.

A subject's notices are partials of its `notices.html`.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from dataclasses import fields as dataclass_fields
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone

LINE_BREAK = re.compile(r"\s*\n\s*")  # of the template, where a sentence is longer than a line


def words(name: str, /, **fields: Any) -> str:
    """A sentence, such as `runners/check_ins/notices.html#all-clear`, on one line.

    The page that shows it escapes it, so it is not escaped here.
    """
    if all(map(_is_plain, fields.values())):
        return _remembered(name, timezone.get_current_timezone_name(), **fields)
    return _words(name, **fields)


def _is_plain(value: object) -> bool:
    """Whether equal values read the same, and no person wrote them: names and notes are not kept.

    Two states of a row are equal, and read differently.
    """
    if isinstance(value, str):
        return value in _choices()
    if is_dataclass(value):
        parts = (getattr(value, each.name) for each in dataclass_fields(value))
        return value.__hash__ is not None and all(map(_is_plain, parts))
    return value is None or isinstance(value, (int, float, dt.date))


@cache
def _choices() -> frozenset[str]:
    """Words of which a field of some row has one: units, areas, kinds."""
    fields = (field for model in apps.get_models() for field in model._meta.fields)
    return frozenset(str(value) for field in fields for value, _ in field.flatchoices)


@lru_cache(maxsize=2_000, typed=True)  # so that 1 and True are two
def _remembered(name: str, zone: str, /, **fields: Any) -> str:
    """A page of weeks has the same few dozen over and over. Times are said in the `zone`."""
    return _words(name, **fields)


def _words(name: str, /, **fields: Any) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]  # Django's own engine
    return LINE_BREAK.sub(" ", template.render(Context(fields, autoescape=False)).strip())


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is to be said: a sentence by its name, and what it says. A page says it."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return words(self.name, **self.fields)


def say(request: HttpRequest, level: int, name: str, /, *, undo: str = "", **fields: Any) -> None:
    """A notice on the next page that is shown; `undo` is where its button leads."""
    messages.add_message(request, level, words(name, **fields), extra_tags=undo)
