"""The page on which a runner says what the columns of a list are; guessed beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from runners.body.areas import Area, Side, SorenessKind, Timing
from runners.imports.columns import BOTH, OF_AREA, REPEATED, Says, areas_of
from runners.imports.matching import MatchedList, Matching, Scale, only
from runners.imports.tables import Table
from runners.models import User

MOST_COLUMNS = 120  # that can be said; lists of services have 101
MOST_WORDS = 40  # for places, that can be said; the most frequent
SAMPLES = 3

_ALL = Says.choices
SAYS = [
    ("", "Leave out"),
    ("When", _ALL[:5]),
    ("A run", _ALL[5:19]),
    ("Sore spots", _ALL[19:]),
    ("How sore one place was", [(says, area.label) for says, area in OF_AREA.items()]),
]
KNOWN = frozenset((*Says.values, *OF_AREA))
AREAS = [("", "Leave out"), *Area.choices]
SIDES = [("", "Leave those out"), *Side.choices[:2], (BOTH, "both sides")]
DAY, MONTH = "day", "month"
HIGH, LOW = "high", "low"
SCALE = ("lowest", "highest", "worse", "kind", "timing")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list, with what it may say. `unread` are cells that do not say that.

    `side` is asked where the column names places without one.
    """

    heading: str
    number: int
    samples: tuple[str, ...]
    says: BoundField
    side: BoundField | None
    unread: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.unread) or (self.side is not None and not self.side.value())


class ColumnsForm(forms.Form):
    """What it asks depends on what was said: sides and a scale of soreness only where needed.

    It is always bound: to what was sent, and for the rest to what is guessed. `unseen` are fields
    that were not on the page that was sent.
    """

    def __init__(
        self, table: Table, start: Matching, *, runner: User, sent: Mapping[str, Any]
    ) -> None:
        said = tuple(_said(sent, at, says) for at, says in enumerate(start.says))
        self.table, self.units, self.home = table, runner.units, runner.tz
        self.start = replace(start, says=said)
        self.words = MatchedList(table, self.start, home=self.home).place_words()[:MOST_WORDS]
        self.start = replace(self.start, places=self._places(sent))
        self.list = MatchedList(table, self.start, home=self.home)
        super().__init__({})
        for at in range(min(len(said), MOST_COLUMNS)):
            self.fields[f"says-{at}"] = forms.ChoiceField(choices=SAYS, required=False)
        always = set(self.fields)
        self._ask_more()
        self.unseen = self.fields.keys() - always - sent.keys() if sent else set()
        self.data = {**self._guessed(), **sent}

    def _places(self, sent: Mapping[str, Any]) -> dict[str, str]:
        known = {**self.start.places}
        for number, word in enumerate(self.words):
            guessed = known.get(word, only(areas_of(word)))
            said = sent.get(f"place-{number}", guessed)
            known[word] = said if said in Area.values else ""
        return known

    def _ask_more(self) -> None:
        if self.list.is_day_open():
            self.fields["day_first"] = forms.ChoiceField(
                label="In its dates, first comes",
                choices=[(DAY, "the day"), (MONTH, "the month")],
                widget=forms.RadioSelect,
                error_messages={"required": "Say whether the day or the month comes first."},
            )
        if not self.start.has_spots:
            return
        for at in self.start.spot_columns:
            if self.list.lacks_side(at) and f"says-{at}" in self.fields:
                self.fields[f"side-{at}"] = forms.ChoiceField(
                    label="Where no side is said", choices=SIDES, required=False
                )
        for number, word in enumerate(self.words):
            self.fields[f"place-{number}"] = forms.ChoiceField(
                label=word, choices=AREAS, required=False
            )
        self.fields["lowest"] = forms.FloatField(label="Lowest", min_value=-1000, max_value=1000)
        self.fields["highest"] = forms.FloatField(label="Highest", min_value=-1000, max_value=1000)
        self.fields["worse"] = forms.ChoiceField(
            label="Worse is", choices=[(HIGH, "the highest"), (LOW, "the lowest")]
        )
        self.fields["kind"] = forms.ChoiceField(label="It felt", choices=SorenessKind.choices)
        self.fields["timing"] = forms.ChoiceField(label="When it was felt", choices=Timing.choices)

    def _guessed(self) -> dict[str, Any]:
        start, scale = self.start, self.start.scale
        if start.has_spots and not start.places and not start.sides:
            scale = self.list.usual_scale()
        return {
            **{f"says-{at}": says for at, says in enumerate(start.says)},
            **{f"side-{at}": side for at, side in start.sides.items()},
            **{f"place-{number}": start.places[word] for number, word in enumerate(self.words)},
            **({} if start.day_first is None else {"day_first": DAY if start.day_first else MONTH}),
            "lowest": f"{scale.lowest:g}",
            "highest": f"{scale.highest:g}",
            "worse": HIGH if scale.worst == scale.highest else LOW,
            "kind": start.kind,
            "timing": start.timing,
        }

    def clean(self) -> None:
        for at, says in enumerate(self.start.says):
            if says and says not in REPEATED and says in self.start.says[:at]:
                self.add_error(f"says-{at}", "Another column says this already.")
        if not self.start.has_day:
            self.add_error(None, "Say which column has the date.")
        if not self.start.has_runs and not self.start.has_spots:
            self.add_error(None, "Say which column has the time of a run, or how sore a place was.")
        lowest, highest = self.cleaned_data.get("lowest"), self.cleaned_data.get("highest")
        if lowest is not None and highest is not None and lowest >= highest:
            self.add_error("highest", "The highest is above the lowest.")

    @property
    def is_seen(self) -> bool:
        """Whether all that is asked was on the page that was sent."""
        return not self.unseen

    def to_matching(self) -> Matching:
        """Of a valid form."""
        said = self.cleaned_data
        matching = self.start
        if "day_first" in said:
            matching = replace(matching, day_first=said["day_first"] == DAY)
        if not matching.has_spots:
            return matching
        worst = said["highest"] if said["worse"] == HIGH else said["lowest"]
        return replace(
            matching,
            sides={at: said.get(f"side-{at}", "") for at in matching.spot_columns},
            scale=Scale(said["lowest"], said["highest"], worst),
            kind=said["kind"],
            timing=said["timing"],
        )

    # For the page

    def columns(self) -> Iterator[Column]:
        """Those that hold anything."""
        for at, heading in enumerate(self.table.headings[:MOST_COLUMNS]):
            samples = tuple(dict.fromkeys(cell for cell in self.table.column(at) if cell))
            if samples:
                side = self[f"side-{at}"] if f"side-{at}" in self.fields else None
                unread = tuple(self.list.unread(at)) if self.start.says[at] else ()
                said = self[f"says-{at}"]
                yield Column(heading, at + 1, samples[:SAMPLES], said, side, unread)

    def places(self) -> list[BoundField]:
        """Words that name a place of the body map."""
        return [field for word, field in self._words() if self.start.places[word]]

    def other_words(self) -> list[BoundField]:
        """Words of which nobody knows a place: their rows are left out."""
        return [field for word, field in self._words() if not self.start.places[word]]

    def _words(self) -> Iterator[tuple[str, BoundField]]:
        for number, word in enumerate(self.words):
            if f"place-{number}" in self.fields:
                yield word, self[f"place-{number}"]

    def scale(self) -> list[BoundField]:
        return [self[name] for name in SCALE if name in self.fields]

    def day_order(self) -> BoundField | None:
        return self["day_first"] if "day_first" in self.fields else None


def _said(sent: Mapping[str, Any], at: int, guessed: str) -> str:
    said = sent.get(f"says-{at}", guessed)
    return said if said in KNOWN and at < MOST_COLUMNS else ""
