"""What the diary can be asked for in its address."""

from typing import Any

from django import forms
from django.http import QueryDict

from runners.body.areas import Area, Side, SorenessKind
from runners.diary.queries import NO_KIND, Wanted
from runners.formats import capital
from runners.models import RunKind, Shared
from runners.models.coaching import FULLY_SHARED
from runners.web.notices import Phrase
from runners.web.widgets import PlainSelect

# What nobody can get wrong in the filter, only in the address.
CHOOSE = {"invalid_choice": "Choose one from the list."}
NO_SUCH_DAY = {"invalid": "There is no such day. Write it as 2026-11-23."}


def _capital(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(value, capital(label)) for value, label in choices]


SELECTS = ("area", "side", "felt", "run")


class DiaryForm(forms.Form):
    area = forms.ChoiceField(
        required=False,
        choices=[("", "Any area"), *_capital(list(Area.choices))],
        error_messages=CHOOSE,
        widget=PlainSelect,
    )
    side = forms.ChoiceField(
        required=False,
        choices=[("", "Either side"), *_capital(list(Side.choices[:2]))],
        error_messages=CHOOSE,
        widget=PlainSelect,
    )
    felt = forms.ChoiceField(
        required=False,
        choices=[("", "Anything"), *_capital(list(SorenessKind.choices))],
        error_messages=CHOOSE,
        widget=PlainSelect,
    )
    run = forms.ChoiceField(
        label="Runs",
        required=False,
        error_messages=CHOOSE,
        choices=[
            ("", "Any kind"),
            *_capital(list(RunKind.choices)),
            (NO_KIND, "Kind not noted"),
        ],
        widget=PlainSelect,
    )
    notes = forms.CharField(
        label="Search in notes",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Search in notes"}),
        error_messages={"max_length": "Search for fewer words."},
    )
    # From the links of the pages: the days before one, or from one back.
    before = forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=NO_SUCH_DAY)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], error_messages=NO_SUCH_DAY)

    def __init__(self, data: QueryDict, *, shared: Shared = FULLY_SHARED) -> None:
        """What is not shared cannot be asked for."""
        super().__init__(data)
        for name in SELECTS:
            if not (shared.runs if name == "run" else shared.soreness):
                del self.fields[name]
        if not shared.notes:
            del self.fields["notes"]

    def visible_selects(self) -> list[forms.BoundField]:
        return [self[name] for name in SELECTS if name in self.fields]

    def clean_side(self) -> str:
        """The low back has no side."""
        side: str = self.cleaned_data["side"]
        return "" if self.cleaned_data.get("area") == Area.LOW_BACK else side

    def asked(self) -> Phrase:
        """What the filter asks for: `painful left hamstring and long run`."""
        wanted = self.wanted()
        fields = {
            "is_spot": bool(wanted.spot),
            "felt": SorenessKind(wanted.felt).label if wanted.felt else "",
            "side": Side(wanted.side).label if wanted.side else "",
            "area": Area(wanted.area).label if wanted.area else "",
            "kind": wanted.run_kind,
            "words": " ".join(wanted.words),
        }
        return Phrase("runners/diary/_asked.html#asked", fields)

    def wanted(self) -> Wanted:
        return Wanted(
            area=self.cleaned_data.get("area", ""),
            side=self.cleaned_data.get("side", ""),
            felt=self.cleaned_data.get("felt", ""),
            run_kind=self.cleaned_data.get("run", ""),
            words=tuple(self.cleaned_data.get("notes", "").split()),
            before=self.cleaned_data["before"],
            day=self.cleaned_data["day"],
        )
