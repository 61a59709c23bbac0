"""One question of the knowledge base as a form. Its answer is stored in the words of the files."""

from decimal import Decimal
from typing import Any

from django import forms

from guidance.rules.catalogue import Question
from guidance.rules.ids import ASK_PAST_STRAIN_MONTHS

NONE = "none"


class SeveralField(forms.MultipleChoiceField):
    """Any of a list whose last line is "None of these"."""

    default_error_messages = {
        "required": "Tick what is true for you, or the last one.",
        "invalid_choice": "Choose from the list.",
        "none_and_more": "Either none of these, or the ones that are true.",
    }

    def __init__(self, **kwargs: Any) -> None:
        # By this limber.js knows which box unticks the others.
        widget = forms.CheckboxSelectMultiple(attrs={"data-none": NONE})
        super().__init__(widget=widget, **kwargs)

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if NONE in value and len(value) > 1:
            raise forms.ValidationError(self.error_messages["none_and_more"], "none_and_more")


class QuestionForm(forms.Form):
    """`to_value()` is what is stored: a word, several, a number, or None where there is none."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.may_be_left_out = question.id == ASK_PAST_STRAIN_MONTHS
        self.fields["value"] = {
            "number": self._number,
            "several": self._several,
            "choice": self._choice,
        }[question.answer]()

    def _several(self) -> forms.Field:
        return SeveralField(label=self.question.words, choices=self._options())

    def _options(self) -> list[tuple[str, str]]:
        return [(option.value, option.words) for option in self.question.offered]

    def _choice(self) -> forms.Field:
        return forms.ChoiceField(
            label=self.question.words,
            choices=self._options(),
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose one, or skip the question.",
                "invalid_choice": "Choose one of these.",
            },
        )

    def _number(self) -> forms.Field:
        low, high = self.question.low or 0, self.question.high or 0
        outside = f"Between {low:g} and {high:g} {self.question.unit}, please."
        return forms.DecimalField(
            label=self.question.words,
            required=not self.may_be_left_out,
            min_value=Decimal(low),
            max_value=Decimal(high),
            decimal_places=1,
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            error_messages={
                "required": "Write a number, or skip the question.",
                "invalid": "Write a number.",
                "min_value": outside,
                "max_value": outside,
                "max_decimal_places": "One decimal place is enough.",
            },
        )

    def to_value(self) -> str | float | list[str] | None:
        value: str | Decimal | list[str] | None = self.cleaned_data["value"]
        if not isinstance(value, Decimal):
            return value
        return int(value) if value == int(value) else float(value)
