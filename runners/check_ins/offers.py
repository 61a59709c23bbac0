"""Spots that a note names, offered to be marked: one tap where side and number were said."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django import forms

from runners.body.areas import Place, SorenessKind, Timing
from runners.body.body_map import PLACE_BY_ID
from runners.check_ins.mentions import Mention, mentions
from runners.models import CheckIn, SorenessEntry

MARKED_AT_LEAST = 1  # 0 says that nothing is felt, and then there is nothing to mark


@dataclass(frozen=True, slots=True)
class Offer:
    """A mention of a day, with the form that marks it. `note` is where it stands."""

    day: dt.date
    note: str
    mention: Mention
    form: "MarkForm"

    @property
    def places(self) -> tuple[Place, ...]:
        return self.mention.places


def offers_of(note: str, day: dt.date, marked: Collection[tuple[str, str]]) -> list[Offer]:
    """Without what is marked on that day, by area and side, and without what names no place."""
    return [
        Offer(day, note, mention, MarkForm.of(mention))
        for mention in mentions(note)
        if mention.areas and not any((place.area, place.side) in marked for place in mention.places)
    ]


def marked_in(check_in: CheckIn | None) -> set[tuple[str, str]]:
    """By area and side. None more queries where the entries were read with it."""
    return {(entry.area, entry.side) for entry in check_in.entries.all()} if check_in else set()


class MarkForm(forms.Form):
    """Which places, how they felt, and how strong. Nothing that was not said is filled in."""

    place = forms.MultipleChoiceField(
        choices=[(id_, place.name) for id_, place in PLACE_BY_ID.items()],
        error_messages={"required": "Say where it was.", "invalid_choice": "Say where it was."},
    )
    kind = forms.ChoiceField(choices=SorenessKind)
    timing = forms.ChoiceField(choices=Timing, initial=Timing.DURING)
    intensity = forms.TypedChoiceField(
        choices=[(number, number) for number in range(MARKED_AT_LEAST, 11)],
        coerce=int,
        error_messages={"required": "Say how strong it was.", "invalid_choice": "Say how strong."},
    )

    @classmethod
    def of(cls, mention: Mention) -> "MarkForm":
        return cls(initial={"kind": mention.kind, "intensity": mention.intensity})

    def to_spots(self) -> Iterable[SorenessEntry]:
        values = {name: self.cleaned_data[name] for name in ("kind", "timing", "intensity")}
        return [SorenessEntry.at(PLACE_BY_ID[id_], **values) for id_ in self.cleaned_data["place"]]
