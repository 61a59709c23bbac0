"""A coach's suggestion as a form."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from guidance.knowledge import current_knowledge
from runners.coaching.notes.forms import PlainTextField

LONGEST_WORDS = 500  # signs, as the column has them


def choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Everything a coach can suggest, blocked for the athlete or not: the list tells nothing."""
    remedies = [(one.id, one.name) for one in current_knowledge().remedies.values()]
    checks = [(one.id, one.name) for one in current_knowledge().checks.values()]
    return [("", "Choose one"), ("For the plan", remedies), ("Self-checks", checks)]


class SuggestionForm(forms.Form):
    """What is suggested, and a few words with it. `uid` makes the form sent twice one row."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label="What",
        choices=choices,
        error_messages={
            "required": "Choose what you suggest.",
            "invalid_choice": "Choose from the list.",
        },
    )
    words = PlainTextField(
        rows=3,
        required=False,
        max_length=LONGEST_WORDS,
        label="A few words with it",
        help_text="If you like: why, or how.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, chosen: str = "") -> None:
        super().__init__(data, initial={"uid": uuid.uuid4(), "what": chosen})
