"""What a column of a list that nobody here knows may say, and a guess that its runner confirms."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from statistics import median
from typing import Any

from django.db import models

from runners.body.areas import Area, Side
from runners.check_ins import mentions
from runners.imports.lists import M_PER_KM, M_PER_MILE
from runners.imports.tables import (
    CLOCK,
    Table,
    clock_of,
    decimal_sign,
    figure,
    folded,
    has_day,
    month_of,
    seconds,
)
from runners.imports.words import RUNNING, sport_of, words
from runners.limits import is_too_fast

LOOKED_AT = 500  # rows: the beginning of a list tells what its columns are
MOST, HALF, SOME = 0.7, 0.5, 0.3  # of the cells that hold something
SLOWEST_S_PER_KM = 900
SENTENCE = 5  # words, from which a cell is a note and no name
BOTH = "both"

Fit = Callable[[Sequence[str]], bool]  # whether the cells of a column can be such


class Says(models.TextChoices):
    """What one column says. `at_<area>` is how sore that one area was."""

    DATE = "date", "Date"
    YEAR = "year", "Year"
    MONTH = "month", "Month"
    DAY = "day", "Day of the month"
    CLOCK = "clock", "Start time"
    KM = "distance_km", "Distance, km"
    MI = "distance_mi", "Distance, miles"
    M = "distance_m", "Distance, m"
    TIME = "time", "Time, h:mm:ss"
    TIME_HM = "time_hm", "Time, h:mm"
    TIME_H = "time_h", "Time, hours"
    TIME_MIN = "time_min", "Time, minutes"
    TIME_S = "time_s", "Time, seconds"
    ELAPSED = "elapsed", "Time with pauses"
    EFFORT = "effort", "Effort, 1–10"
    SPORT = "sport", "Sport"
    CLIMB_M = "climb_m", "Climb, m"
    CLIMB_FT = "climb_ft", "Climb, ft"
    NOTE = "note", "Note"
    PLACE = "place", "Place of the body"
    SIDE = "side", "Side"
    INTENSITY = "intensity", "How sore"


OF_AREA = {f"at_{area.value}": area for area in Area}
DISTANCES = {Says.KM: M_PER_KM, Says.MI: M_PER_MILE, Says.M: 1.0}
TIMES = {Says.TIME_H: 3600.0, Says.TIME_MIN: 60.0, Says.TIME_S: 1.0}
CLOCK_TIMES = (Says.TIME, Says.TIME_HM)
ANY_TIME = frozenset((*TIMES, *CLOCK_TIMES, Says.ELAPSED))
FIGURES = frozenset((*DISTANCES, *TIMES, Says.EFFORT, Says.CLIMB_M, Says.CLIMB_FT, Says.INTENSITY))
REPEATED = frozenset((Says.NOTE, *OF_AREA))  # more than one column may say it


def time_of(cell: str, says: str, sign: str) -> float | None:
    """Seconds. `1:04` is a minute and four seconds, or an hour and four minutes."""
    if says in TIMES and ":" not in cell:
        found = figure(cell, sign)
        return None if found is None else found * TIMES[Says(says)]
    found = seconds(cell, sign)
    if found is not None and says == Says.TIME_HM and cell.count(":") == 1:
        return found * 60
    return found


# Words


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", folded(text))


def side_of(text: str) -> str:
    """`left`, `right`, `both`, or nothing where no side is named."""
    said, known = set(words_of(text)), words().sides
    found = [side for side in (Side.LEFT, Side.RIGHT) if said & known[side]]
    if len(found) == 2 or said & known[BOTH]:
        return BOTH
    return found[0] if found else ""


def place_word(text: str) -> str:
    """What it says without a side: `left knee` and `knee, right` are both `knee`."""
    sides = frozenset[str]().union(*words().sides.values())
    return " ".join(word for word in words_of(text) if word not in sides)


def areas_of(text: str) -> tuple[Area, ...]:
    """What it names: several for a word that may mean them, such as `hip`."""
    said = tuple(words_of(text))
    found = [
        (len(phrase), areas)
        for at, word in enumerate(said)
        for phrase, areas in _phrases().get(word, ())
        if said[at : at + len(phrase)] == phrase
    ]
    return max(found, key=lambda one: one[0], default=(0, ()))[1]


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], tuple[Area, ...]]]]:
    """Words for places by the first of them."""
    found = defaultdict(list)
    for phrase, areas in mentions.words().places.items():
        found[phrase[0]].append((phrase, areas))
    for word, area in words().places.items():
        split = tuple(words_of(word))
        found[split[0]].append((split, (area,)))
    return found


def _holds(said: Sequence[str], phrase: Sequence[str]) -> bool:
    length = len(phrase)
    return any(tuple(said[at : at + length]) == tuple(phrase) for at in range(len(said)))


# The guess


def guess(table: Table, *, units: str) -> tuple[str, ...]:
    """What each column says, empty where that is open. `units` are the runner's, `km` or `mi`."""
    return _Guess(table, units).made()


class _Guess:
    def __init__(self, table: Table, units: str) -> None:
        self.headings = table.headings
        rows = table.rows[:LOOKED_AT]
        self.cells = [[row[at] for row in rows] for at in range(len(table.headings))]
        self.signs = [decimal_sign(cells) for cells in self.cells]
        self.units = units
        self.found: dict[int, str] = {}

    def made(self) -> tuple[str, ...]:
        self._days()
        self._spots()
        self._first("sport", Says.SPORT, self._are_words)
        self._far_and_long()
        self._first("clock", Says.CLOCK, self._are_clocks)
        if self._has(Says.PLACE) or self._has(*OF_AREA):
            self._first("intensity", Says.INTENSITY, self._are_figures)
        self._first("effort", Says.EFFORT, self._are_figures)
        for at in self._named("climb", self._are_figures):
            self.found[at] = Says.CLIMB_FT if self._unit(at) == "ft" else Says.CLIMB_M
            break
        for at in self._named("note", self._are_words) or self._open(self._are_sentences):
            self.found[at] = Says.NOTE
        return tuple(self.found.get(at, "") for at in range(len(self.headings)))

    def _days(self) -> None:
        self._first("date", Says.DATE, self._are_days)
        for field, says in (("year", Says.YEAR), ("month", Says.MONTH), ("day", Says.DAY)):
            self._first(field, says, self._are_parts_of_days)
        if not self._has(Says.DATE) and not all(map(self._has, (Says.YEAR, Says.MONTH, Says.DAY))):
            for at in self._open(self._are_days):
                self.found[at] = Says.DATE
                break

    def _spots(self) -> None:
        """One column of places, or a column for each place with how sore it was."""
        placed = self._named("place", self._are_places) or self._open(self._are_places)
        for at in placed[:1]:
            self.found[at] = Says.PLACE
        if not placed:
            for at in self._open(self._are_figures):
                if areas := areas_of(self.headings[at]):
                    self.found[at] = f"at_{areas[0].value}"
        if self.found.keys() & set(placed):
            self._first("side", Says.SIDE, lambda cells: _share(cells, side_of) >= HALF)

    def _far_and_long(self) -> None:
        """Distance and time, in the units in which people run."""
        self._first("elapsed", Says.ELAPSED, self._are_times)
        times = self._named("time", self._are_times) or [
            at for at in self._open(self._are_times) if self._has_colons(at)
        ]
        distances = self._named("distance", self._are_figures)
        if not distances and self._has(Says.PLACE):
            return  # a diary of spots, with times of day
        if times and not distances:
            distances = [at for at in self._open(self._are_figures) if self._ways(at, times[0])]
        if times and distances:
            ways = self._ways(distances[0], times[0])
            unit, form = next(iter(ways), (self._units_of(distances[0])[0], ""))
            self.found |= {distances[0]: unit, times[0]: form}
        elif times:
            self.found[times[0]] = self._forms_of(times[0])[0]
        elif distances:
            self.found[distances[0]] = self._units_of(distances[0])[0]

    def _ways(self, far: int, long: int) -> list[tuple[Says, Says]]:
        """Units of distance and forms of time in which it would be running."""
        ways = product(self._units_of(far), self._forms_of(long))
        return [(unit, form) for unit, form in ways if self._is_running(far, unit, long, form)]

    def _units_of(self, far: int) -> list[Says]:
        named = {"km": Says.KM, "mi": Says.MI, "m": Says.M}.get(self._unit(far))
        usual = [Says.MI, Says.KM] if self.units == "mi" else [Says.KM, Says.MI]
        return [named] if named else [*usual, Says.M]

    def _forms_of(self, long: int) -> list[Says]:
        if self._has_colons(long):
            return list(CLOCK_TIMES)
        forms = {"hours": Says.TIME_H, "minutes": Says.TIME_MIN, "seconds": Says.TIME_S}
        named = forms.get(self._unit(long))
        return [named] if named else [Says.TIME_MIN, Says.TIME_S, Says.TIME_H]

    def _is_running(self, far: int, unit: Says, long: int, form: Says) -> bool:
        found = []
        for at in self._runs():
            distance, time = self.cells[far][at], self.cells[long][at]
            number = figure(distance, self.signs[far])
            time_s = time_of(time, form, self.signs[long])
            if number and time_s and number > 0 and time_s > 0:
                found.append((number * DISTANCES[unit], time_s))
        if not found:
            return False
        paces = [time_s * 1000 / far_m for far_m, time_s in found]
        metres, times = (median(column) for column in zip(*found, strict=True))
        return not is_too_fast(metres, times) and median(paces) <= SLOWEST_S_PER_KM

    def _runs(self) -> Iterable[int]:
        """The rows that say so, where one does."""
        sports = (self.cells[at] for at, says in self.found.items() if says == Says.SPORT)
        cells = next(sports, [])
        runs = [row for row, cell in enumerate(cells) if sport_of(cell) == RUNNING]
        return runs or range(len(self.cells[0]))

    # Columns by their headings and by what stands in them

    def _has(self, *says: str) -> bool:
        return any(found in says for found in self.found.values())

    def _open(self, fit: Fit) -> list[int]:
        """Columns that nothing is known of yet, and whose cells fit."""
        return [
            at
            for at, cells in enumerate(self.cells)
            if at not in self.found and any(cells) and fit(cells)
        ]

    def _named(self, field: str, fit: Fit) -> list[int]:
        """Of those the ones with such a heading, the surest first."""
        ranks = {at: _rank(self.headings[at], words().columns[field]) for at in self._open(fit)}
        return sorted((at for at, rank in ranks.items() if rank), key=lambda at: -ranks[at])

    def _first(self, field: str, says: str, fit: Fit) -> None:
        for at in self._named(field, fit)[:1]:
            self.found[at] = says

    def _unit(self, at: int) -> str:
        said = words_of(self.headings[at])
        return next((unit for unit, known in words().units.items() if known & set(said)), "")

    def _has_colons(self, at: int) -> bool:
        return _share(self.cells[at], CLOCK.fullmatch) >= HALF

    def _are_days(self, cells: Sequence[str]) -> bool:
        return _share(cells, has_day) >= MOST

    def _are_parts_of_days(self, cells: Sequence[str]) -> bool:
        return _share(cells, lambda cell: cell.isdecimal() or month_of(cell)) >= MOST

    def _are_places(self, cells: Sequence[str]) -> bool:
        return _share(cells, areas_of) >= SOME and not self._are_sentences(cells)

    def _are_clocks(self, cells: Sequence[str]) -> bool:
        return _share(cells, clock_of) >= MOST

    def _are_times(self, cells: Sequence[str]) -> bool:
        sign = decimal_sign(cells)
        return _share(cells, lambda cell: seconds(cell, sign)) >= HALF

    def _are_figures(self, cells: Sequence[str]) -> bool:
        sign = decimal_sign(cells)
        return _share(cells, lambda cell: figure(cell, sign) is not None) >= MOST

    def _are_words(self, cells: Sequence[str]) -> bool:
        return _share(cells, words_of) >= MOST and not self._are_days(cells)

    def _are_sentences(self, cells: Sequence[str]) -> bool:
        return _share(cells, lambda cell: len(words_of(cell)) >= SENTENCE) >= HALF


def _share(cells: Iterable[str], fits: Callable[[str], Any]) -> float:
    said = Counter(cell for cell in cells if cell)
    fit = sum(count for cell, count in said.items() if fits(cell))
    return fit / said.total() if said else 0.0


def _rank(heading: str, known: Iterable[str]) -> int:
    """How much of a heading is such a word: all of it most, nothing 0."""
    said = words_of(heading)
    phrases = [tuple(phrase.split()) for phrase in known]
    if tuple(said) in phrases:
        return 100
    return max((len(phrase) for phrase in phrases if _holds(said, phrase)), default=0)
