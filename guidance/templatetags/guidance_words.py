"""Words of the knowledge files for templates."""

import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from guidance.advice.open_flags import asked_flags
from guidance.checks.page import check_url
from guidance.knowledge import current_knowledge
from guidance.library.entries import (
    MAIN_KINDS,
    MORE_KINDS,
    SIGNS,
    drawing_of,
    entries,
    entries_of,
    flags_by_level,
    url_of,
)
from guidance.questions.queries import slug_of
from guidance.rules.said import Said
from guidance.saying import say
from runners import formats
from runners.weeks import DayGlance

register = template.Library()
register.filter("library_url", url_of)
register.filter("check_url", check_url)
register.simple_tag(asked_flags)


@register.filter
def screen_group(group: str) -> str:
    """The heading of a page of the warning-sign screen."""
    return str(current_knowledge().words["flag_groups"][group])


@register.filter
def drawing(id_: str) -> str:
    """The template with the drawing of a check or a remedy; "" without one."""
    return drawing_of(entries()[id_])


@register.simple_tag
@cache
def library_shelves() -> SafeString:
    """All pages of the library: the same for everybody, so put into HTML once for a process."""
    context = {
        "shelves": [(kind, entries_of(kind)) for kind in MAIN_KINDS if kind != SIGNS],
        "signs": SIGNS,
        "levels": list(flags_by_level()),
        "more": [(kind, entries_of(kind)) for kind in MORE_KINDS],
    }
    return render_to_string("guidance/library/_shelves.html", context)


@register.simple_tag
def day_bar(day: DayGlance, today: dt.date, units: str) -> SafeString:
    return _day_bar(day, day.day == today, units)


@lru_cache(maxsize=4_000)  # two weeks of some hundred runners, who look every day
def _day_bar(day: DayGlance, is_today: bool, units: str) -> SafeString:
    context = {"day": day, "is_today": is_today, "units": units}
    return render_to_string("guidance/today/_day_bar.html", context)


@register.filter
def question_url(id_: str) -> str:
    """The page on which a question is answered."""
    return reverse("guidance:question", args=[slug_of(id_)])


@register.simple_tag(takes_context=True, name="say")
def say_tag(
    context: template.Context, said: Said | Mapping[str, Any] | str | None, **fields: Any
) -> str:
    """What is said, in words: about the athlete where the page is a coach's (`about`).

    In the units of whoever reads it; a mail, which nobody has signed in for, names them (`units`).

    A page's own sentence is named by its key, with its fields: `{% say "standing.stop" %}`.
    """
    if isinstance(said, str):
        said = Said(said, **fields) if said else None
    units = str(context.get("units") or getattr(context.get("user"), "units", formats.KM))
    return say(said, about=bool(context.get("about")), units=units)
