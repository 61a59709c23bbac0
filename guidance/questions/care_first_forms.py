"""What must be known before anything is suggested."""

from typing import Any

from django import forms

from guidance.knowledge import current_knowledge
from guidance.questions.forms import NONE, SeveralField
from guidance.rules.ids import ASK_CARE_FIRST

UNDER_18 = "under_18"  # asked as the age of the account, not here


def care_choices() -> list[tuple[str, str]]:
    options = current_knowledge().questions[ASK_CARE_FIRST].options
    asked = [(one.value, one.words) for one in options if one.value not in {NONE, UNDER_18}]
    return [*asked, (NONE, "None of these")]


class CareFirstForm(forms.Form):
    """What must be known before anything is suggested. `value()` is stored as an answer."""

    values = SeveralField(choices=care_choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["values"].label = current_knowledge().questions[ASK_CARE_FIRST].words
