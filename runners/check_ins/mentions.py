"""Sore places that a note names, to be offered as spots: plain rules over a small vocabulary.

Nothing is taken that was not said: where the note tells no side, or where its word may mean
several places, that stays open.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from runners.body.areas import PLACES, Area, Place, Side, SorenessKind

SENTENCES = re.compile(r"[.;!?\n]+|\bbut\b|\bthough\b|\balthough\b|\bhowever\b")
WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
OUT_OF_TEN = re.compile(r"\b(10|\d) ?(?:/|out of) ?10\b")
SIDES = {"left": Side.LEFT, "right": Side.RIGHT, "l": Side.LEFT, "r": Side.RIGHT}
SIDE_BEFORE, SIDE_AFTER = 3, 4  # words between a side and its place
NOT_BEFORE = 5  # words from "no" or "might" to what is not, or not yet
FAR = 9  # words between a place and what it feels like


@dataclass(frozen=True, slots=True)
class Mention:
    """`areas` are what its word may mean, none where no place was named. `sides`: those said.

    `intensity` is None unless the note says `4/10` or `4 out of 10`.
    """

    areas: tuple[Area, ...]
    sides: tuple[Side, ...]
    kind: SorenessKind
    intensity: int | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """All that it may be."""
        sides = self.sides or (Side.LEFT, Side.RIGHT)
        return tuple(
            Place(area, side) for area in self.areas for side in sides if (area, side) in PLACES
        )

    @property
    def is_certain(self) -> bool:
        """Nothing but the number is open."""
        return len(self.areas) == 1 and bool(self.sides)


@dataclass(frozen=True, slots=True)
class Words:
    places: dict[tuple[str, ...], tuple[Area, ...]]
    symptoms: dict[SorenessKind, tuple[str, ...]]
    because: tuple[str, ...]
    alone: tuple[str, ...]
    before: frozenset[str]
    fine: frozenset[str]
    perhaps: frozenset[str]
    others: frozenset[str]
    brace: frozenset[str]


@cache
def words() -> Words:
    read = tomllib.loads(Path(__file__).with_name("mentions.toml").read_text())
    symptoms, nots = read["symptoms"], read["not"]
    return Words(
        places={
            tuple(said.split()): tuple(Area(area) for area in areas)
            for said, areas in sorted(read["places"].items(), key=lambda one: -len(one[0].split()))
        },
        symptoms={kind: tuple(symptoms[kind]) for kind in SorenessKind},
        because=tuple(symptoms["because"]),
        alone=tuple(read["alone"]["words"]),
        before=frozenset(nots["before"]),
        fine=frozenset(nots["fine"]),
        perhaps=frozenset(nots["perhaps"]),
        others=frozenset(nots["others"]),
        brace=frozenset(nots["brace"]),
    )


def mentions(note: str) -> list[Mention]:
    """In the order of the note; each place once."""
    found: dict[tuple[tuple[Area, ...], tuple[Side, ...]], Mention] = {}
    for sentence in SENTENCES.split(note.lower().replace("’", "'")):
        number = OUT_OF_TEN.search(sentence)
        for mention in _of_sentence(WORD.findall(sentence)):
            said = replace(mention, intensity=int(number[1]) if number else None)
            found.setdefault((said.areas, said.sides), said)
    placed = [mention for mention in found.values() if mention.areas]
    return placed or list(found.values())


@dataclass(frozen=True, slots=True)
class _Named:
    """A place in a sentence, at so many words from its beginning."""

    first: int
    last: int
    areas: tuple[Area, ...]
    is_many: bool


def _of_sentence(said: Sequence[str]) -> Iterator[Mention]:
    felt = list(_felt(said))
    if not felt:
        return
    named = list(_places(said))
    if not named:
        if any(said[at].startswith(words().alone) for at, _ in felt):
            yield Mention((), (), felt[0][1])
        return
    for place in named:
        near = [(abs(at - place.first), kind) for at, kind in felt if abs(at - place.first) <= FAR]
        if near:
            yield Mention(place.areas, _sides(said, place), min(near)[1])


def _felt(said: Sequence[str]) -> Iterator[tuple[int, SorenessKind]]:
    """What is felt, and where in the sentence; not what is denied, feared or hoped."""
    vocabulary = words()
    joined = " ".join(said)
    for at, word in enumerate(said):
        before = said[max(0, at - NOT_BEFORE) : at]
        if (vocabulary.before | vocabulary.perhaps).intersection(before) or word in vocabulary.fine:
            continue
        for kind, beginnings in vocabulary.symptoms.items():
            two = f"{word} {said[at + 1]}" if at + 1 < len(said) else word
            if word.startswith(beginnings) or two in beginnings:
                yield at, kind
                break
    if not vocabulary.fine.intersection(said):
        for reason in vocabulary.because:
            if reason in joined:
                yield joined[: joined.index(reason)].count(" "), SorenessKind.PAIN


def _places(said: Sequence[str]) -> Iterator[_Named]:
    vocabulary = words()
    taken: set[int] = set()
    for phrase, areas in vocabulary.places.items():
        for first in range(len(said) - len(phrase) + 1):
            last = first + len(phrase) - 1
            if tuple(said[first : last + 1]) != phrase or taken.intersection(
                range(first, last + 1)
            ):
                continue
            taken.update(range(first, last + 1))
            owner = set(said[max(0, first - 2) : first])
            thing = said[last + 1] if last + 1 < len(said) else ""
            if not owner & vocabulary.others and thing not in vocabulary.brace:
                yield _Named(first, last, areas, phrase[-1].endswith(("s", "feet", "hammies")))


def _sides(said: Sequence[str], place: _Named) -> tuple[Side, ...]:
    if place.areas == (Area.LOW_BACK,):
        return (Side.CENTRE,)
    before = said[max(0, place.first - SIDE_BEFORE) : place.first][::-1]  # the nearest first
    after = [word for word in said[place.last + 1 : place.last + 1 + SIDE_AFTER] if len(word) > 1]
    for near in (before, after):
        if "both" in near:
            return (Side.LEFT, Side.RIGHT)
        if side := next((SIDES[word] for word in near if word in SIDES), None):
            return (side,)
    is_pair = place.is_many and place.areas != (Area.ACHILLES,)
    return (Side.LEFT, Side.RIGHT) if is_pair else ()
