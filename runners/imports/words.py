"""The words of other services' lists, from `words.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from runners.activity_files.sports import is_running, other_sport
from runners.body.areas import Area
from runners.imports.tables import Table, folded

RUNNING, UNKNOWN = "running", "unknown"
Distance = Literal["km", "m", "by_steps", "by_heading"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one service writes its list: a heading for each field, in any of its languages."""

    service: str
    needs: frozenset[str]
    zone: Literal["utc", "local"]
    distance: Distance
    headings: dict[str, frozenset[str]]

    def columns(self, table: Table) -> dict[str, list[int]]:
        """Where each field stands; more than once where two columns bear one name."""
        heads = [folded(heading) for heading in table.headings]
        found = {
            field: [at for at, head in enumerate(heads) if head in words]
            for field, words in self.headings.items()
        }
        return {field: columns for field, columns in found.items() if columns}


@dataclass(frozen=True, slots=True)
class Words:
    kinds: tuple[Kind, ...]
    sports: dict[str, str]  # the name of a sport by the word for it
    stock_names: frozenset[str]
    columns: dict[str, tuple[str, ...]]  # headings of lists that are not known, by what they say
    units: dict[str, frozenset[str]]
    pain: frozenset[str]
    sides: dict[str, frozenset[str]]
    places: dict[str, Area]  # by the word for it, the longest first


@cache
def words() -> Words:
    read = tomllib.loads(Path(__file__).with_name("words.toml").read_text())
    return Words(
        kinds=tuple(
            Kind(
                service=one["service"],
                needs=frozenset(one["needs"]),
                zone=one["zone"],
                distance=one["distance"],
                headings={field: frozenset(heads) for field, heads in one["headings"].items()},
            )
            for one in read["list"]
        ),
        sports={word: sport for sport, known in read["sports"].items() for word in known},
        stock_names=frozenset(read["stock"]["names"]),
        columns={field: tuple(heads) for field, heads in read["columns"].items()},
        units={unit: frozenset(known) for unit, known in read["units"].items()},
        pain=frozenset(read["pain"]["words"]),
        sides={side: frozenset(known) for side, known in read["sides"].items()},
        places={
            word: Area(area)
            for word, area in sorted(
                ((word, area) for area, known in read["places"].items() for word in known),
                key=lambda one: -len(one[0].split()),
            )
        },
    )


def kind_of(table: Table) -> tuple[Kind, dict[str, list[int]]] | None:
    """Which service wrote it, and where its fields stand; None for a list not known."""
    for kind in words().kinds:
        columns = kind.columns(table)
        if kind.needs <= columns.keys():
            return kind, columns
    return None


def sport_of(word: str) -> str:
    """`running`, another sport as `_not_a_run.html` names it, or `unknown`."""
    known = words().sports.get(folded(word))
    if known or not word:
        return known or UNKNOWN
    return RUNNING if is_running(word) else other_sport(word) or UNKNOWN


def is_stock(name: str) -> bool:
    return folded(name) in words().stock_names
