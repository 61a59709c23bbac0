"""What two pages say of one day, in words, for the person to choose."""

from typing import Any

from runners.body.areas import SorenessKind, Timing
from runners.body.body_map import name_of
from runners.check_ins.day_state import CLEAR, NOTE, SPOT, spots_in
from runners.web.notices import words

CLASH = "runners/check_ins/_clash.html#"
TIMINGS = dict(Timing.choices)
KINDS = dict(SorenessKind.choices)


def label_of(field: str) -> str:
    if not field.startswith(SPOT):
        return words(CLASH + {CLEAR: "day", NOTE: "note"}[field])
    place, _, timing = field.removeprefix(SPOT).split(":")
    return words(f"{CLASH}spot", place=name_of(place), timing=TIMINGS[timing])


def value_of(field: str, value: Any) -> str:
    if field == NOTE:
        return words(f"{CLASH}note-value", note=value)
    if field == CLEAR:
        clear, spots = value
        each = [
            {"label": label_of(spot), "value": value_of(spot, of)} for spot, of in spots.items()
        ]
        return words(f"{CLASH}day-value", clear=clear, spots=each)
    if value is None:
        return words(f"{CLASH}spot-value")
    (spot,) = spots_in({field: value})
    return words(f"{CLASH}spot-value", spot=spot, kind=KINDS[spot.kind])
