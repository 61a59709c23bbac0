"""A day's check-in as a state to merge: its note, each spot, and whether it is an all clear.

The spot of a place, kind and timing is a field of its own, such as
`spot:hamstring-left:pain:after`, with the intensity and the note as its value.
"""

from collections.abc import Iterable
from typing import Any

from runners.body.areas import Place
from runners.body.body_map import PLACE_BY_ID
from runners.models import CheckIn, SorenessEntry
from runners.web.merging import Base, Clash, Clashed, State, merge, settle

SPOT = "spot:"
CLEAR = "clear"
NOTE = "note"


def state_of(check_in: CheckIn | None, entries: Iterable[SorenessEntry]) -> dict[str, Any]:
    """What is stored of a day; nothing without a check-in."""
    if check_in is None:
        return {}
    return day_state(entries, check_in.note)


def day_state(spots: Iterable[SorenessEntry], note: str) -> dict[str, Any]:
    state: dict[str, Any] = {field_of(spot): [spot.intensity, spot.note] for spot in spots}
    return {**state, NOTE: note or None, CLEAR: not state}


def field_of(spot: SorenessEntry) -> str:
    return f"{SPOT}{Place.of(spot).id}:{spot.kind}:{spot.timing}"


def spots_in(state: State) -> list[SorenessEntry]:
    """In the order of the state, not stored."""
    return [_spot(field, value) for field, value in state.items() if field.startswith(SPOT)]


def _spot(field: str, value: list[Any]) -> SorenessEntry:
    place, kind, timing = field.removeprefix(SPOT).split(":")
    intensity, note = value
    return SorenessEntry.at(
        PLACE_BY_ID[place], kind=kind, timing=timing, intensity=intensity, note=note
    )


def settle_day(base: Base, mine: State, stored: State) -> dict[str, Any]:
    """The day to store. Raises Clashed.

    All clear and new spots exclude each other, and a day whose last spots were taken off on two
    pages, one here and one there, was never said to be clear: then the day is asked about as a
    whole, and the clash is one of the field `clear`.
    """
    if not _excludes(base, mine, stored):
        plain = Base(_but_clear(base.state), base.asked, base.choices)
        merged = settle(plain, _but_clear(mine), _but_clear(stored))
        return {**merged, CLEAR: not spots_in(merged)}
    whole = Base(_whole(base.state), base.asked, base.choices)
    try:
        settled = settle(whole, _whole(mine), _whole(stored))
    except Clashed as clashed:
        still = {**_only_spots(base.state), NOTE: stored.get(NOTE)}
        raise Clashed(clashed.clashes, merged=mine, stored=still) from None
    clear, spots = settled[CLEAR]
    return {**spots, NOTE: settled.get(NOTE), CLEAR: clear}


def came_since(base: Base, stored: State) -> bool:
    """Are there spots, or other numbers of spots, that the form was not built from?"""
    return any(base.state.get(field) != value for field, value in _only_spots(stored).items())


def asking_for_clear(base: Base, stored: State) -> Base:
    """For the question whether all is clear in spite of what is stored."""
    return Base(base.state, {**base.asked, CLEAR: _whole(stored)[CLEAR]})


def clear_clash(mine: State, stored: State) -> Clash:
    return Clash(CLEAR, _whole(mine)[CLEAR], _whole(stored)[CLEAR])


def said_clear(base: Base) -> Base:
    """For the answer: yes."""
    return Base(base.state, base.asked, {**base.choices, CLEAR: "mine"})


def _excludes(base: Base, mine: State, stored: State) -> bool:
    """Would the merged day be clear without anybody's word, or have spots against it?"""
    if _only_spots(mine) == _only_spots(stored):
        return False
    has_spots = bool(spots_in(merge(base.state, mine, stored)[0]))
    newly_clear = not base.state.get(CLEAR) and bool(mine.get(CLEAR) or stored.get(CLEAR))
    return has_spots == newly_clear


def _whole(state: State) -> dict[str, Any]:
    return {CLEAR: [state.get(CLEAR), _only_spots(state)], NOTE: state.get(NOTE)}


def _only_spots(state: State) -> dict[str, Any]:
    return {field: value for field, value in state.items() if field.startswith(SPOT)}


def _but_clear(state: State) -> dict[str, Any]:
    return {field: value for field, value in state.items() if field != CLEAR}
