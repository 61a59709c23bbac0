"""What goes on the page for a physiotherapist. Nothing is saved: a wrong value means the usual."""

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True, slots=True)
class SummaryChoice:
    """`words`: the newest notes at the sorest place; `notes`: all others too."""

    words: bool
    notes: bool
    health: bool


class SummaryForm(forms.Form):
    """`notes=1` adds all that the runner wrote, `notes=0` leaves out all of it.

    `health=0` leaves out the answers about health.
    """

    notes = forms.ChoiceField(
        choices=[("1", "With my notes"), ("0", "Without my words")], required=False
    )
    health = forms.ChoiceField(choices=[("0", "Without my health")], required=False)

    def choice(self) -> SummaryChoice:
        self.is_valid()  # leaves only right values in cleaned_data
        return SummaryChoice(
            words=self.cleaned_data.get("notes") != "0",
            notes=self.cleaned_data.get("notes") == "1",
            health=self.cleaned_data.get("health") != "0",
        )
