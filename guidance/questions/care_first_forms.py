"""What must be known before anything is suggested."""

from typing import Any, cast

from django import forms

from guidance.knowledge import current_knowledge
from guidance.rules.ids import ASK_CARE_FIRST

NONE = "none"
UNDER_18 = "under_18"  # asked as the age of the account, not here


class CareFirstForm(forms.Form):
    """What must be known before anything is suggested. `value()` is stored as an answer."""

    values = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="",
        error_messages={
            "required": "Tick what is true for you, or the last one.",
            "invalid_choice": "Choose from the list.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = current_knowledge().questions[ASK_CARE_FIRST]
        options = [o for o in question.options if o.value not in {NONE, UNDER_18}]
        field = cast(forms.MultipleChoiceField, self.fields["values"])
        field.label = question.words
        field.choices = [*((o.value, o.words) for o in options), (NONE, "None of these")]

    def clean_values(self) -> list[str]:
        values: list[str] = self.cleaned_data["values"]
        if NONE in values and len(values) > 1:
            raise forms.ValidationError("Either none of these, or the ones that are true.")
        return values
