"""Notes and the answers to them, as forms."""

import re
import uuid
from typing import Any, cast

from django import forms
from django.http import QueryDict

from runners.models import Note, User

LONGEST = 2000  # characters, as the column has them
# They turn the direction of all that follows: no alphabet needs them, and they disguise words.
OVERRIDES = re.compile("[\u202d\u202e]")


class PlainTextField(forms.CharField):
    """Several lines of text. What holds no visible character is empty."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: a browser cuts what is pasted there, and says nothing."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        """A browser sends every new line as two characters, and counts it as one."""
        text = OVERRIDES.sub("", str(super().to_python(value) or "").replace("\r\n", "\n"))
        return text if any(char.isprintable() and not char.isspace() for char in text) else ""


class TextForm(forms.Form):
    """The text alone: what can be changed of a note that is stored."""

    text = PlainTextField(
        rows=4,
        max_length=LONGEST,
        label="Your words",
        error_messages={"required": "Write something first."},
    )


class AnswerForm(TextForm):
    """An answer. `uid` is chosen before it is sent, so that sent twice it is one row."""

    uid = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    def to_note(self, root: Note, *, author: User) -> Note:
        return Note(
            coach=root.coach,
            athlete=root.athlete,
            author=author,
            answers=root,
            uid=self.cleaned_data["uid"],
            text=self.cleaned_data["text"],
        )


class NoteForm(AnswerForm):
    """A coach's note about an athlete, or to them.

    Nothing is chosen beforehand: a private thought must not reach the athlete by a preset, and
    what was meant for them must not stay unseen.
    """

    is_private = forms.TypedChoiceField(
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who it is for."},
    )

    def __init__(self, data: QueryDict | None = None, *, athlete: User) -> None:
        super().__init__(data)
        choice = cast(forms.TypedChoiceField, self.fields["is_private"])
        choice.label = "Who is it for?"
        choice.choices = [("yes", "Only for me"), ("no", f"For {athlete.first_name}")]
        self.athlete = athlete

    def to_coach_note(self, *, coach: User) -> Note:
        return Note(
            coach=coach,
            athlete=self.athlete,
            author=coach,
            uid=self.cleaned_data["uid"],
            text=self.cleaned_data["text"],
            is_private=self.cleaned_data["is_private"],
        )
