"""What an athlete shares: a switch each, and until when."""

import datetime as dt
from typing import Any

from django import forms

from runners.coaching.links.actions import SWITCH_FIELDS, fields_of
from runners.coaching.links.switch_words import SWITCH, label_of, seen_by
from runners.coaching.links.widening import Switched
from runners.models import User
from runners.models.coaching import SWITCHES
from runners.web.merging import State
from runners.web.notices import words


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {})
        kwargs["error_messages"].setdefault("invalid", "Enter a day that is in the calendar.")
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class SwitchesForm(forms.Form):
    """Four switches of `athlete`. `state` is what is chosen already; without one all are off."""

    def __init__(
        self, *args: Any, athlete: User, state: State | None = None, **kwargs: Any
    ) -> None:
        self.athlete = athlete
        self.today = athlete.local_day()
        kwargs.setdefault("initial", fields_of(state or {}))
        super().__init__(*args, **kwargs)
        for name in SWITCHES:
            label = label_of(name)
            self.fields[name] = forms.BooleanField(
                label=label, help_text=seen_by(name), required=False
            )
            until = self.fields[f"{name}_until"] = DayField(
                label=f"Last day of sharing: {label.lower()}", required=False
            )
            until.widget.attrs["min"] = self.today.isoformat()

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_until"]) for name in SWITCHES]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in SWITCHES:
            until = data.get(f"{name}_until")
            if not data.get(name):  # a last day means nothing for what is not shared
                data[f"{name}_until"] = None
                self.errors.pop(f"{name}_until", None)
            elif until and until < self.today:
                self.add_error(f"{name}_until", "This day is over. Choose today or a later one.")
        return data

    def switched(self) -> Switched:
        """Only of a valid form."""
        return {field: self.cleaned_data[field] for field in SWITCH_FIELDS}

    def to_state(self) -> State:
        """The same, as it is merged."""
        chosen = self.cleaned_data
        days = {name: chosen[f"{name}_until"] for name in SWITCHES}
        return {name: [chosen[name], days[name] and days[name].isoformat()] for name in SWITCHES}


def in_words(_switch: str, state: list[Any]) -> str:
    """`on until 3 December 2026` of a switch's state."""
    is_on, until = state
    last_day = dt.date.fromisoformat(until) if until else None
    return words(f"{SWITCH}state", is_on=is_on, until=last_day)


class SeenByForm(forms.Form):
    """What the address of the page can ask for: the days before one."""

    before = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
