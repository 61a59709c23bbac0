"""What goes on the page for a physiotherapist. Nothing is saved: a wrong value means the usual."""

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True, slots=True)
class SummaryChoice:
    notes: bool
    health: bool


class SummaryForm(forms.Form):
    """`notes=1` adds what the runner wrote; `health=0` leaves out the answers about health."""

    notes = forms.ChoiceField(choices=[("1", "With my notes")], required=False)
    health = forms.ChoiceField(choices=[("0", "Without my health")], required=False)

    def choice(self) -> SummaryChoice:
        self.is_valid()  # leaves only right values in cleaned_data
        return SummaryChoice(
            notes=self.cleaned_data.get("notes") == "1",
            health=self.cleaned_data.get("health") != "0",
        )
