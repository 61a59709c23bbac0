"""Saving from a page that was open while the same thing was changed elsewhere.

A form carries what it was built from. A save compares three states: that `base`, what the form
says now, and what is stored by now. What one side alone changed is taken, a removal too. What
both changed, and differently, is for the person to decide: both are shown, and asked.

A state holds plain values (as JSON has them) by field. A field without a value is not in it, or
None: the two are the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

State = Mapping[str, Any]
Choice = Literal["mine", "stored"]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that the form and the row changed to different values since the base."""

    field: str
    mine: Any
    stored: Any


@dataclass(frozen=True, slots=True)
class Base:
    """What a form was built from.

    `asked` is what was stored, by field that clashed, when the person was asked about it, and
    `choices` what they chose. A choice holds as long as that is still what is stored.
    """

    state: State = field(default_factory=dict)
    asked: State = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)

    def choice(self, clash: Clash) -> Choice | None:
        if clash.field not in self.asked or self.asked[clash.field] != clash.stored:
            return None
        chosen = self.choices.get(clash.field)
        return "mine" if chosen == "mine" else "stored" if chosen == "stored" else None

    def asking(self, clashed: "Clashed") -> Self:
        """The base of the form that asks: the stored state, but where it clashes, as it was."""
        unsettled = {clash.field: self.state.get(clash.field) for clash in clashed.clashes}
        asked = {clash.field: clash.stored for clash in clashed.clashes}
        return type(self)({**clashed.stored, **unsettled}, asked)


class Clashed(Exception):
    """Nothing was saved. `merged` is what the form should show: in what clashes, its own words."""

    def __init__(self, clashes: list[Clash], *, merged: State, stored: State) -> None:
        super().__init__(", ".join(clash.field for clash in clashes))
        self.clashes = clashes
        self.merged = merged
        self.stored = stored


def settle(base: Base, mine: State, stored: State) -> dict[str, Any]:
    """The state to store. Raises Clashed for what has not been chosen yet."""
    merged, clashes = merge(base.state, mine, stored)
    open_ones = []
    for clash in clashes:
        choice = base.choice(clash)
        if choice is None:
            open_ones.append(clash)
        merged[clash.field] = clash.stored if choice == "stored" else clash.mine
    merged = _without_none(merged)
    if open_ones:
        raise Clashed(open_ones, merged=merged, stored=stored)
    return merged


def merge(base: State, mine: State, stored: State) -> tuple[dict[str, Any], list[Clash]]:
    """Field by field; where it clashes the merged state has the form's value."""
    merged: dict[str, Any] = {}
    clashes = []
    for name in _names(base, mine, stored):
        was, wanted, there = base.get(name), mine.get(name), stored.get(name)
        if wanted == was:
            merged[name] = there
            continue
        merged[name] = wanted
        if there not in (was, wanted):
            clashes.append(Clash(name, wanted, there))
    return _without_none(merged), clashes


def changed(stored: State, merged: State) -> list[str]:
    """The fields to write."""
    return [name for name in _names(stored, merged) if stored.get(name) != merged.get(name)]


def _without_none(state: State) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value is not None}


def _names(*states: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for state in states for name in state))
