"""Words of the knowledge files for templates."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from django import template
from django.urls import reverse

from guidance.checks import page as check_page
from guidance.knowledge import knowledge
from guidance.library.entries import address_of
from guidance.questions.queries import slug_of

register = template.Library()


@register.filter
def screen_group(group: str) -> str:
    """The heading of a page of the warning-sign screen."""
    return str(knowledge().words["flag_groups"][group])


@register.filter
def library_address(id_: str) -> str:
    """Where the library explains an id: a cause, check, remedy, warning sign or source."""
    return address_of(id_)


@register.filter
def question_address(id_: str) -> str:
    """The page on which a question is answered."""
    return reverse("guidance:question", args=[slug_of(id_)])


@register.filter
def check_address(id_: str) -> str:
    """Where a self-check is done."""
    return check_page.check_address(id_)


@register.filter
def printed_days(days: Iterable[dt.date]) -> str:
    """`28, 30 Sep, 1, 3–5 Oct`: every day, oldest first, three or more in a row as a span."""
    by_month = groupby(sorted(set(days)), lambda day: (day.year, day.month))
    return ", ".join(
        f"{', '.join(spans_of([day.day for day in month]))} {dt.date(year, number, 1):%b}"
        for (year, number), month in by_month
    )


def spans_of(numbers: list[int]) -> Iterator[str]:
    rows = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    for span in ([number for _, number in row] for _, row in rows):
        yield f"{span[0]}–{span[-1]}" if len(span) > 2 else ", ".join(map(str, span))


@register.filter
def printed_day(day: dt.date, today: dt.date) -> str:
    """`3 Nov`, and with its year where that is not this year."""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"
