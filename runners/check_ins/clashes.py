"""What two pages say of one day, in words, for the person to choose."""

from collections.abc import Iterable
from typing import Any

from runners.body.areas import SorenessKind, Timing
from runners.body.body_map import name_of
from runners.check_ins.day_state import CLEAR, NOTE, SPOT, spots_in
from runners.web.carried import ClashShown, worded
from runners.web.merging import Base, Clash

TIMINGS = dict(Timing.choices)
KINDS = dict(SorenessKind.choices)


def clashes_of_day(clashes: Iterable[Clash], base: Base) -> list[ClashShown]:
    return worded(clashes, base, label=_label, words=_words)


def _label(field: str) -> str:
    if not field.startswith(SPOT):
        return {CLEAR: "The day", NOTE: "Note for the day"}[field]
    place, _, timing = field.removeprefix(SPOT).split(":")
    return f"{name_of(place).capitalize()}, {TIMINGS[timing]}"


def _words(field: str, value: Any) -> str:
    if field == NOTE:
        return value or "no note"
    if field == CLEAR:
        clear, spots = value
        each = (f"{_label(spot)}: {_words(spot, of)}" for spot, of in spots.items())
        return "; ".join(each) or ("all clear" if clear else "nothing")
    if value is None:
        return "removed"
    (spot,) = spots_in({field: value})
    words = f"{spot.intensity} {KINDS[spot.kind]}"
    return f"{words}: {spot.note}" if spot.note else words
