"""The check-in of a day: its spots, each a small form of its own, and a note.

A spot's fields are called `spot-<n>-place`, `-kind`, `-intensity`, `-timing` and `-note`. The
numbers only keep spots apart; they are shown and stored in the order in which they were sent.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, ClassVar, Self

from django import forms
from django.core.validators import MaxLengthValidator

from runners.body.areas import Place, SorenessKind, Timing
from runners.body.body_map import PLACE_BY_ID, Mark, marks_of, name_of
from runners.check_ins.day_state import NOTE, spots_in
from runners.models import SorenessEntry
from runners.web.merging import State

MAX_SPOTS = 40  # every place once and most of them twice
NOTE_CHARACTERS = 2000
SPOT_NOTE_CHARACTERS = 500
INTENSITIES = range(11)

MORNING_ENDS = dt.time(11)  # until then a new spot is taken to have been there on waking

TOO_MANY = f"That is more than {MAX_SPOTS} spots. Remove some, then save."
UNKNOWN_PLACE = "One spot was not on the body map and was left out. Mark it again."


def preset_timing(day: dt.date, *, now: dt.datetime, ran: bool) -> Timing:
    """When a new spot was most likely felt. `now` is the runner's own time."""
    if ran:
        return Timing.AFTER
    if day == now.date() and now.time() < MORNING_ENDS:
        return Timing.NEXT_MORNING
    return Timing.BEFORE


class NoteField(forms.CharField):
    """Free text. A browser counts a line break as one character and sends it as two."""

    def __init__(self, *, characters: int, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.characters = characters
        words = f"Keep the note below {characters} characters; it has %(show_value)s."
        self.validators.append(MaxLengthValidator(characters, message=words))
        self.widget.attrs["maxlength"] = characters

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class SpotForm(forms.Form):
    use_required_attribute = False  # a closed panel could not show the browser's own complaint

    place = forms.ChoiceField(
        choices=[(place, name_of(place)) for place in PLACE_BY_ID], widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        choices=SorenessKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose tight, sore or painful."
        ),
    )
    intensity = forms.TypedChoiceField(
        choices=[(number, str(number)) for number in INTENSITIES],
        coerce=int,
        widget=forms.RadioSelect,
    )
    timing = forms.ChoiceField(
        choices=Timing.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose when you felt it."),
    )
    note = NoteField(
        characters=SPOT_NOTE_CHARACTERS,
        label="Note for this spot",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, is_open: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_open = is_open
        self.focused = False  # the page goes to it when it is shown
        self.fields["intensity"].error_messages |= {
            "required": f"Choose a number for {self.name}.",
            "invalid_choice": f"Choose a number from 0 to 10 for {self.name}.",
        }

    @property
    def where(self) -> str:
        """The id of the place, as it was sent."""
        return str(self["place"].value() or "")

    @property
    def name(self) -> str:
        """`left hamstring`; nothing in the blank panel, whose place is still open."""
        return name_of(self.where) if self.where in PLACE_BY_ID else ""

    @property
    def number(self) -> str:
        """The n of `spot-n`."""
        return str(self.prefix).removeprefix("spot-")

    @property
    def strength(self) -> int | None:
        """The number chosen so far."""
        chosen = str(self["intensity"].value())
        return next((number for number in INTENSITIES if str(number) == chosen), None)

    @property
    def mark(self) -> Mark:
        return Mark(1, self.strength)

    @property
    def kind_words(self) -> str:
        return dict(SorenessKind.choices).get(str(self["kind"].value()), "")

    @property
    def timing_words(self) -> str:
        return dict(Timing.choices).get(str(self["timing"].value()), "")

    @property
    def key(self) -> tuple[str, ...]:
        """What may be there only once in a check-in."""
        return tuple(str(self[field].value()) for field in ("place", "kind", "timing"))

    def to_spot(self) -> SorenessEntry:
        values = {name: self.cleaned_data[name] for name in ("kind", "timing", "intensity", "note")}
        return SorenessEntry.at(PLACE_BY_ID[self.cleaned_data["place"]], **values)


class CheckInForm(forms.Form):
    note = NoteField(
        characters=NOTE_CHARACTERS,
        label="Note for the day",
        widget=forms.Textarea({"rows": 3, "placeholder": "Sleep, shoes, a hard week …"}),
    )

    max_spots: ClassVar = MAX_SPOTS

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.spots = [SpotForm(data, prefix=p) for p in _prefixes(data)] if data else []
        self.unknown_place = False

    @classmethod
    def of(cls, state: State) -> Self:
        """For editing what is stored, or merged. A single spot stands open."""
        form = cls(initial={"note": state.get(NOTE) or ""})
        form.spots = [_spot_form(spot, number) for number, spot in enumerate(spots_in(state))]
        for spot in form.spots[: len(form.spots) == 1]:
            spot.is_open = True
        return form

    @classmethod
    def unfinished(cls, data: Mapping[str, str]) -> Self:
        """What was typed so far, not judged yet."""
        form = cls(initial={"note": data.get("note", "")})
        form.spots = [
            SpotForm(
                initial={name: data.get(f"{prefix}-{name}", "") for name in SpotForm.base_fields},
                prefix=prefix,
            )
            for prefix in _prefixes(data)
            if data.get(f"{prefix}-place") in PLACE_BY_ID
        ][:MAX_SPOTS]
        return form

    @staticmethod
    def blank() -> SpotForm:
        """The panel that the page copies for a new spot."""
        return SpotForm(initial={"kind": SorenessKind.TIGHTNESS}, prefix="spot-__n__", is_open=True)

    def marks(self) -> dict[str, Mark]:
        return marks_of((spot.where, spot.strength) for spot in self.spots)

    # Buttons that change the form and store nothing

    def open_or_add(self, place: str, *, timing: Timing) -> None:
        """Raises KeyError for an unknown place and ValueError if there are too many spots."""
        there = next((spot for spot in self.spots if spot.where == place), None)
        if there is None:
            self.add(place, timing=timing)
        else:
            self._open(there)

    def add(self, place: str, *, timing: Timing) -> None:
        """A further spot, also where there is one: then at another time. Raises as above."""
        name_of(place)
        if len(self.spots) >= MAX_SPOTS:
            raise ValueError(TOO_MANY)
        taken = {str(spot["timing"].value()) for spot in self.spots if spot.where == place}
        free = [time for time in (timing, *Timing) if time not in taken]
        initial = {
            "place": place,
            "kind": SorenessKind.TIGHTNESS,
            "timing": free[0] if free else timing,
        }
        spot = SpotForm(initial=initial, prefix=f"spot-{next(self._free_numbers())}")
        self.spots.insert(0, spot)
        self._open(spot)

    def take_out(self, number: str) -> None:
        self.spots = [spot for spot in self.spots if spot.number != number]

    def start_from(self, entries: Iterable[SorenessEntry]) -> None:
        """Take over another day's spots, but not its notes, which were about that day."""
        known = {spot.key for spot in self.spots}
        pairs = zip(entries, self._free_numbers(), strict=False)
        new = [_spot_form(entry, number, note="") for entry, number in pairs]
        self.spots += [spot for spot in new if spot.key not in known]
        for spot in self.spots[:1]:
            spot.focused = True

    def _open(self, spot: SpotForm) -> None:
        spot.is_open = spot.focused = True

    def _free_numbers(self) -> Iterator[int]:
        taken = {spot.number for spot in self.spots}
        return (number for number in count() if str(number) not in taken)

    # Saving

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        known = [spot for spot in self.spots if spot.where in PLACE_BY_ID]
        if len(known) < len(self.spots):
            self.add_error(None, UNKNOWN_PLACE)
        if len(known) > MAX_SPOTS:
            self.add_error(None, TOO_MANY)
        self.spots = known[:MAX_SPOTS]
        self._find_doubles()
        wrong = next((spot for spot in self.spots if spot.errors), None)
        if wrong:
            self._open(wrong)
        return cleaned

    def is_valid(self) -> bool:
        return super().is_valid() and not any(spot.errors for spot in self.spots)

    def to_spots(self) -> list[SorenessEntry]:
        return [spot.to_spot() for spot in self.spots]

    def _find_doubles(self) -> None:
        seen: set[tuple[str, ...]] = set()
        for spot in self.spots:
            if spot.is_valid() and spot.key in seen:
                spot.add_error(
                    None,
                    f"{spot.name.capitalize()} is there twice as {spot.kind_words},"
                    f" {spot.timing_words}. Change one of them or remove it.",
                )
            seen.add(spot.key)


class AllClearForm(forms.Form):
    """The note comes along when All clear is pressed on the check-in page."""

    note = NoteField(characters=NOTE_CHARACTERS)
    confirmed = forms.BooleanField(required=False)


class AnyDayForm(forms.Form):
    """The day typed at the foot of the page."""

    day = forms.DateField(input_formats=["%Y-%m-%d"])


def _prefixes(data: Mapping[str, str]) -> list[str]:
    """`spot-3`, ... in the order sent."""
    return [
        key.removesuffix("-place") for key in data if re.fullmatch(r"spot-[0-9]{1,4}-place", key)
    ]


def _spot_form(spot: SorenessEntry, number: int, **changed: str) -> SpotForm:
    initial = {
        "place": Place.of(spot).id,
        "kind": spot.kind,
        "intensity": spot.intensity,
        "timing": spot.timing,
        "note": spot.note,
    }
    return SpotForm(initial=initial | changed, prefix=f"spot-{number}")
