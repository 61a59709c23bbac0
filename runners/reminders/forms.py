"""When to be reminded, and how."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings

from runners.models.reminders import Way

SEVEN = dt.time(7)  # before most first runs, after most first steps


class ReminderForm(forms.Form):
    """By mail only where this Limber sends mail."""

    at = forms.TimeField(
        label="At",
        initial=SEVEN,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "Choose a time.",
            "invalid": "Write the time as hours and minutes, such as 07:00.",
        },
    )
    way = forms.ChoiceField(
        label="How",
        choices=Way.choices,
        initial=Way.CALENDAR,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SENDS_MAIL:
            way = cast(forms.ChoiceField, self.fields["way"])
            way.choices = [(Way.CALENDAR.value, Way.CALENDAR.label)]

    def to_way(self) -> Way:
        return Way(self.cleaned_data["way"])
