"""One question of the knowledge base as a form. Its answer is stored in the words of the files."""

from decimal import Decimal
from typing import Any

from django import forms

from guidance.rules.catalogue import Question
from guidance.rules.ids import ASK_PAST_STRAIN_MONTHS


class QuestionForm(forms.Form):
    """`to_value()` is what is stored: a word, a number, or None where there is none."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.may_be_left_out = question.id == ASK_PAST_STRAIN_MONTHS
        if question.answer == "number":
            self.fields["value"] = self._number()
        else:
            self.fields["value"] = self._choice()

    def _choice(self) -> forms.Field:
        return forms.ChoiceField(
            label=self.question.words,
            choices=[(option.value, option.words) for option in self.question.options],
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

    def to_value(self) -> str | float | None:
        value: str | Decimal | None = self.cleaned_data["value"]
        if not isinstance(value, Decimal):
            return value
        return int(value) if value == int(value) else float(value)
