"""What of the weeks to show. Nothing is saved by it, so a wrong value means the usual one."""

from dataclasses import dataclass

from django import forms

from runners.body.areas import PLACES
from runners.weeks.sums import Place

USUAL_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    weeks: int
    bars: str
    place: Place | None  # None: the sorest
    measure: str

    @property
    def is_long(self) -> bool:
        """More weeks than a phone shows side by side."""
        return self.weeks > USUAL_WEEKS


class TrendsForm(forms.Form):
    WEEKS = [(8, "8 weeks"), (12, "12 weeks"), (26, "26 weeks"), (52, "1 year")]
    BARS = [("distance", "Distance"), ("load", "Load")]
    MEASURES = [("mean", "Average"), ("highest", "Highest"), ("days", "Days")]

    weeks = forms.TypedChoiceField(choices=WEEKS, coerce=int, required=False)
    bars = forms.ChoiceField(choices=BARS, required=False)
    area = forms.ChoiceField(
        choices=[(f"{area}-{side}", f"{area}-{side}") for area, side in PLACES], required=False
    )
    measure = forms.ChoiceField(choices=MEASURES, required=False)

    def choice(self, *, usual_measure: str = "mean") -> Choice:
        """What was asked for, each value that is missing or wrong replaced by the usual one."""
        self.is_valid()  # leaves only right values in cleaned_data
        asked = self.cleaned_data
        area, _, side = asked.get("area", "").partition("-")
        return Choice(
            weeks=asked.get("weeks") or USUAL_WEEKS,
            bars=asked.get("bars") or "distance",
            place=(area, side) if side else None,
            measure=asked.get("measure") or usual_measure,
        )
