"""The result of a self-check: one field for each side and part, made from the knowledge."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from guidance.models import CheckResult
from guidance.rules.catalogue import Check, Option, ResultKind

SIDES = {"left": "Left", "right": "Right", "value": ""}
PARTS = {"press": "Pressing with a thumb, 0 to 10", "sitting": "Sitting for 20 minutes, 0 to 10"}
SCALES: frozenset[ResultKind] = frozenset({"pain", "press_and_sitting"})
SCALE = range(11)

ASK = {
    "reps": "How many",
    "degrees": "Angle in degrees",
    "cm": "Centimetres",
    "seconds": "Seconds held",
    "choice": "What you notice",
    "yes_no": "What you notice",
    "pain": "Pain, 0 to 10",
}
UNITS = {"reps": "repetitions", "degrees": "degrees", "cm": "cm", "seconds": "seconds"}

# Digits with at most two decimals; minus as a hyphen, a dash or the real sign.
NUMBER = re.compile(r"([-−–+]?)(\d{1,5})(?:[.,](\d{1,2}))?", re.ASCII)
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)", re.ASCII)
BOTH_NEEDED = "Both sides are needed: guidance compares them, and reads the one that is worse."


class MeasureField(forms.CharField):
    """A number that a body can reach, with a comma or a point; seconds also as 1:30."""

    def __init__(self, check: Check, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "size": 8}
        if check.low is not None and check.low >= 0:
            attrs["inputmode"] = "decimal"  # the number keys of an iPhone have no minus
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.check = check

    def prepare_value(self, value: Any) -> Any:
        return f"{value:g}" if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        """The number with one decimal at most, as an int where it is whole."""
        text = str(super().clean(value)).replace(" ", "")
        number = read_number(text, clock=self.check.result == "seconds")
        if number is None:
            raise forms.ValidationError(f"Write a number of {UNITS[self.check.result]}: 12.")
        low, high = self.check.low, self.check.high
        if (low is not None and number < low) or (high is not None and number > high):
            raise forms.ValidationError(range_words(self.check))
        return number


def read_number(text: str, *, clock: bool = False) -> float | int | None:
    """None where the text is no number. `clock` also reads minutes and seconds."""
    if clock and (time := CLOCK.fullmatch(text)):
        return int(time[1]) * 60 + int(time[2])
    parts = NUMBER.fullmatch(text)
    if not parts:
        return None
    size = round(float(f"{parts[2]}.{parts[3] or 0}"), 1)
    number = -size if parts[1] and parts[1] != "+" else size
    return int(number) if number.is_integer() else number


def range_words(check: Check) -> str:
    """`This can only be 0 to 180 degrees. Please read it again.`"""
    low, high = (f"{limit:g}".replace("-", "−") for limit in (check.low or 0, check.high or 0))
    return f"This can only be {low} to {high} {UNITS[check.result]}. Please read it again."


@dataclass(frozen=True, slots=True)
class SideFields:
    """The fields of one side as they stand together; `title` is empty where there are no sides."""

    title: str
    results: tuple[BoundField, ...]
    felt: BoundField | None


class CheckResultForm(forms.Form):
    """`first` is the side shown first: the one that is worse, where that is known.

    `correct` is a result of today that is opened again.
    """

    # Chosen when the form is first shown: sent twice, it is still one result.
    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        check: Check,
        first: str = "left",
        correct: CheckResult | None = None,
    ) -> None:
        initial = values_of(correct) if correct else {"uid": uuid.uuid4()}
        super().__init__(data, initial={"asked": "none", **initial})
        self.check = check
        self.sides = side_order(check, first)
        for side in self.sides:
            for name, label in result_names(check, side):
                self.fields[name] = result_field(check, label)
            if check.felt:
                self.fields[f"felt_{side}"] = felt_field(check)

    def groups(self) -> Iterator[SideFields]:
        for side in self.sides:
            names = [name for name, _ in result_names(self.check, side)]
            felt = self[f"felt_{side}"] if self.check.felt else None
            title = f"{SIDES[side]} side" if SIDES[side] else ""
            yield SideFields(title, tuple(self[name] for name in names), felt)

    def to_result(self) -> CheckResult:
        """An unsaved row. Only after `is_valid`."""
        data = self.cleaned_data
        result = CheckResult(check_id=self.check.id, uid=data["uid"] or uuid.uuid4())
        for side in self.sides:
            setattr(result, side, self._value(side))
            if self.check.felt:
                setattr(result, f"felt_{side}", data[f"felt_{side}"])
        return result

    def _value(self, side: str) -> Any:
        if self.check.result == "press_and_sitting":
            return {part: self.cleaned_data[f"{side}_{part}"] for part in PARTS}
        return self.cleaned_data[side]


def side_order(check: Check, first: str) -> tuple[str, ...]:
    if not check.both_sides:
        return ("value",)
    return ("right", "left") if first == "right" else ("left", "right")


def result_names(check: Check, side: str) -> list[tuple[str, str]]:
    """Names and labels of the fields that hold the result of one side."""
    if check.result == "press_and_sitting":
        return [(f"{side}_{part}", label) for part, label in PARTS.items()]
    return [(side, ASK[check.result])]


def result_field(check: Check, label: str) -> forms.Field:
    missing = BOTH_NEEDED if check.both_sides else "What was the result?"
    messages = {"required": missing, "invalid_choice": "Choose one of these."}
    if check.result in SCALES:
        return forms.TypedChoiceField(
            choices=[(number, str(number)) for number in SCALE],
            coerce=int,
            widget=forms.RadioSelect,
            label=label,
            error_messages=messages,
        )
    if check.options:
        return forms.ChoiceField(
            choices=choices(check.options),
            widget=forms.RadioSelect,
            label=label,
            error_messages=messages,
        )
    return MeasureField(check, label=label, error_messages=messages)


def felt_field(check: Check) -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False,
        choices=[*choices(check.felt), ("", "Not sure")],
        widget=forms.RadioSelect,
        label="Where you felt it most",
        error_messages={"invalid_choice": "Choose one of these."},
    )


def choices(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    return [(option.value, option.words) for option in options]


def values_of(result: CheckResult) -> dict[str, Any]:
    """A stored result by the names of the fields."""
    values: dict[str, Any] = {
        "uid": result.uid,
        "felt_left": result.felt_left,
        "felt_right": result.felt_right,
    }
    for side in SIDES:
        value = getattr(result, side)
        if isinstance(value, dict):
            values |= {f"{side}_{part}": number for part, number in value.items()}
        else:
            values[side] = value
    return values
