"""“Really?”, asked once before something is stored that may be a slip.

A question is about one value, and the page that asks carries that value in a hidden field. So to
press Save again answers it, and another value is asked about anew. Nothing is remembered between
two forms.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from runners.web.notices import words

FIELD = "really"


@dataclass(frozen=True, slots=True)
class Question:
    """`about` names what is asked about and its value: `day 2023-11-20`.

    `name` is the sentence that asks, and `fields` is what it says.
    """

    about: str
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return words(self.name, **self.fields)


def answered(sent: Mapping[str, Any]) -> list[str]:
    """What the runner was asked about before this was sent."""
    return sent.getlist(FIELD) if isinstance(sent, QueryDict) else []


def unanswered(questions: Iterable[Question], answers: Sequence[str]) -> list[Question]:
    return [question for question in questions if question.about not in answers]


def to_carry(questions: Iterable[Question], answers: Sequence[str]) -> list[str]:
    """For the hidden fields of a page that asks these: what was answered stays answered."""
    return list(dict.fromkeys([*answers, *(question.about for question in questions)]))


def long_ago(day: dt.date, *, today: dt.date) -> list[Question]:
    """A question if the day is more than a year back."""
    if (day.year + 1, day.month, day.day) >= (today.year, today.month, today.day):
        return []
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    asked = Question(f"day {day}", "runners/web/_questions.html#long-ago", {"years": years})
    return [asked]
