"""A list read as its runner said: what each column says, the scale of its soreness, the sides."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

from runners.body.areas import PLACES, Area, Place, Side, SorenessKind, Timing
from runners.imports.columns import (
    ANY_TIME,
    BOTH,
    DISTANCES,
    FIGURES,
    OF_AREA,
    Says,
    areas_of,
    guess,
    place_word,
    side_of,
    time_of,
    words_of,
)
from runners.imports.lists import M_PER_FOOT, Listed
from runners.imports.tables import (
    Moment,
    NoTable,
    Table,
    clock_of,
    decimal_sign,
    figure,
    has_day,
    moments,
    month_of,
)
from runners.imports.words import RUNNING, sport_of, words

OWN = "own"  # the service of a list that a runner kept
WORST = 10
USUAL_SCALES = ((0, 10), (0, 5), (0, 100))  # the first that holds all figures is guessed


@dataclass(frozen=True, slots=True)
class Scale:
    """How a list says how sore. `worst` is that end of it which is worse."""

    lowest: float
    highest: float
    worst: float

    def intensity(self, number: float) -> int | None:
        """On Limber's scale 0-10; None for a figure that the scale does not have."""
        if not self.lowest <= number <= self.highest:
            return None
        share = (number - self.lowest) / (self.highest - self.lowest)
        return round(WORST * (share if self.worst == self.highest else 1 - share))


@dataclass(frozen=True, slots=True)
class Matching:
    """`says` is for each column a `Says`, an area (`at_knee`) or nothing.

    `sides` are by column what is meant where no side is said: a side, `both`, or nothing for
    rows to be left out. `places` are by word the area that is meant, nothing for none.
    `day_first` counts where the dates themselves do not tell.
    """

    says: tuple[str, ...]
    day_first: bool | None = None
    sides: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    scale: Scale = Scale(0, WORST, WORST)
    kind: str = SorenessKind.SORENESS
    timing: str = Timing.AFTER

    @classmethod
    def guessed(cls, table: Table, *, units: str) -> Self:
        says = guess(table, units=units)
        matching = cls(says)
        if not matching.has_spots:
            return matching
        found = MatchedList(table, matching, home=dt.UTC)
        said = found.place_words()
        is_pain = any(
            words().pain.intersection(words_of(text)) for text in (*table.headings, *said)
        )
        return cls(
            says,
            places={word: only(areas_of(word)) for word in said},
            scale=found.usual_scale(),
            kind=SorenessKind.PAIN if is_pain else SorenessKind.SORENESS,
        )

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Self:
        """As `to_json` gave it."""
        return cls(
            **{
                **said,
                "says": tuple(said["says"]),
                "sides": {int(at): side for at, side in said["sides"].items()},
                "scale": Scale(**said["scale"]),
            }
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def columns(self, *says: str) -> list[int]:
        return [at for at, said in enumerate(self.says) if said in says]

    @property
    def has_day(self) -> bool:
        parts = (Says.YEAR, Says.MONTH, Says.DAY)
        return Says.DATE in self.says or all(part in self.says for part in parts)

    @property
    def has_runs(self) -> bool:
        return not ANY_TIME.isdisjoint(self.says)

    @property
    def has_spots(self) -> bool:
        has_place = Says.PLACE in self.says and Says.INTENSITY in self.says
        return has_place or not OF_AREA.keys().isdisjoint(self.says)

    @property
    def spot_columns(self) -> list[int]:
        """Those with a place of the body."""
        return self.columns(Says.PLACE, *OF_AREA)


def headings_digest(table: Table) -> str:
    """The same for lists that look the same."""
    return hashlib.sha256("\0".join(table.headings).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Marked:
    """A spot of a day, as the list says it."""

    day: dt.date
    place: Place
    intensity: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row gives no spot, by the name of a sentence in `_reasons.html`."""

    reason: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """`run` is None where the list holds none, or the row says no time beside its spots."""

    line: int
    run: Listed | None
    spots: tuple[Marked | Problem, ...]


class MatchedList:
    """A table and how it is meant. `home` is the zone of its clock times."""

    def __init__(self, table: Table, matching: Matching, *, home: dt.tzinfo) -> None:
        self.table, self.matching, self.home = table, matching, home
        self.spot_columns = matching.spot_columns if matching.has_spots else []
        self.times = matching.columns(*(ANY_TIME - {Says.ELAPSED}))
        self.at = {says: at for at, says in reversed(list(enumerate(matching.says)))}
        figures = matching.columns(*FIGURES, *OF_AREA)
        self.sign = decimal_sign(cell for at in figures for cell in table.column(at))

    def rows(self) -> Iterator[MatchedRow]:
        """Raises NoTable where nobody and nothing says whether day or month comes first."""
        for number, when in enumerate(self.when):
            line = number + self.table.first
            spots = tuple(self._spots(number, when.day if when else None))
            yield MatchedRow(line, self._run(number, line, when, bool(spots)), spots)

    @cached_property
    def when(self) -> list[Moment | None]:
        """The day of each row, from its parts or its date."""
        dates: list[Moment | None] = [None] * len(self.table.rows)
        if at := self.matching.columns(Says.DATE):
            dates = self._dates(self.table.column(at[0]))
        parts = [self._filled(says, is_alone=not at) for says in (Says.YEAR, Says.MONTH, Says.DAY)]
        if not all(parts):
            return dates
        of_parts = [_of_parts(*row) for row in zip(*parts, strict=True)]
        return [found or other for found, other in zip(of_parts, dates, strict=True)]

    def _dates(self, cells: Sequence[str]) -> list[Moment | None]:
        """What was said counts where the column itself does not tell, as another list may."""
        try:
            return moments(cells)
        except NoTable:
            if self.matching.day_first is None:
                raise
            return moments(cells, is_day_first=self.matching.day_first)

    def _filled(self, says: Says, *, is_alone: bool) -> list[str]:
        """Where a list without dates names a year, a month or a day only as it changes."""
        column = self.matching.columns(says)
        cells = self.table.column(column[0]) if column else []
        if is_alone:
            last = ""
            cells = [last := cell or last for cell in cells]
        return cells

    # Runs

    def _run(self, number: int, line: int, when: Moment | None, has_spots: bool) -> Listed | None:
        if not self.matching.has_runs:
            return None
        duration_s = self._time_s(number, self.times)
        elapsed_s = self._time_s(number, self.matching.columns(Says.ELAPSED))
        if has_spots and not (duration_s or elapsed_s):
            return None
        clock = clock_of(self._cell(number, Says.CLOCK)) or (when.time if when else None)
        start = dt.datetime.combine(when.day, clock, self.home) if when and clock else None
        effort = self._figure(number, Says.EFFORT)
        sport = self._cell(number, Says.SPORT)
        notes = (self.table.rows[number][at] for at in self.matching.columns(Says.NOTE))
        return Listed.of(
            line=line,
            service=OWN,
            sport=sport_of(sport) if Says.SPORT in self.matching.says else RUNNING,
            zone=self.home,
            day=when.day if when else None,
            started_at=start.astimezone(dt.UTC) if start else None,
            duration_s=duration_s,
            elapsed_s=elapsed_s,
            distance_m=self._distance_m(number),
            climb_m=self._climb_m(number),
            effort=round(effort) if effort is not None and 1 <= round(effort) <= WORST else None,
            note="\n".join(note for note in notes if note),
        )

    def _cell(self, number: int, says: str) -> str:
        at = self.at.get(says)
        return "" if at is None else self.table.rows[number][at]

    def _figure(self, number: int, says: str) -> float | None:
        return figure(self._cell(number, says), self.sign)

    def _time_s(self, number: int, columns: Sequence[int]) -> int | None:
        for at in columns:
            found = time_of(self.table.rows[number][at], self.matching.says[at], self.sign)
            if found and found > 0:
                return round(found) or None
        return None

    def _distance_m(self, number: int) -> int | None:
        for says, metres in DISTANCES.items():
            if (far := self._figure(number, says)) and far > 0:
                return round(far * metres) or None
        return None

    def _climb_m(self, number: int) -> int | None:
        if (metres := self._figure(number, Says.CLIMB_M)) is not None:
            return round(metres)
        feet = self._figure(number, Says.CLIMB_FT)
        return None if feet is None else round(feet * M_PER_FOOT)

    # Spots

    def _spots(self, number: int, day: dt.date | None) -> Iterator[Marked | Problem]:
        for at in self.spot_columns:
            cell = self.table.rows[number][at]
            if says := OF_AREA.get(self.matching.says[at]):
                if cell:
                    yield from self._at(at, says, side_of(self.table.headings[at]), cell, day)
            elif cell:
                area = self.matching.places.get(place_word(cell), "")
                side = side_of(self._cell(number, Says.SIDE)) or side_of(cell)
                if area:
                    said = self._cell(number, Says.INTENSITY)
                    yield from self._at(at, Area(area), side, said, day)
                else:
                    yield Problem("place-not-here", {"place": cell[:60]})

    def _at(
        self, at: int, area: Area, side: str, said: str, day: dt.date | None
    ) -> Iterator[Marked | Problem]:
        number = figure(said, self.sign)
        if day is None:
            yield Problem("row-without-a-day")
        elif number is None:
            yield Problem("no-number")
        elif (intensity := self.matching.scale.intensity(number)) is None:
            yield Problem("outside-the-scale", {"number": said[:20]})
        else:
            side = side or self.matching.sides.get(at, "")
            places = [place for place in PLACES if place[0] == area and _is_meant(place[1], side)]
            if not places:
                yield Problem("no-side")
            for place in places:
                yield Marked(day, Place(*place), intensity)

    # What a page asks about

    def place_words(self) -> list[str]:
        """Of a column of places, the most frequent first."""
        cells = [cell for at in self.matching.columns(Says.PLACE) for cell in self.table.column(at)]
        counted: Counter[str] = Counter()
        for cell, count in Counter(cells).items():
            counted[place_word(cell)] += count
        return [word for word, _ in counted.most_common() if word]

    def lacks_side(self, at: int) -> bool:
        """Whether a column of places leaves the side open somewhere."""
        says = self.matching.says[at]
        if says in OF_AREA:
            return OF_AREA[says] != Area.LOW_BACK and not side_of(self.table.headings[at])
        if says != Says.PLACE:
            return False
        sides = self.matching.columns(Says.SIDE)
        return any(
            self.matching.places.get(place_word(row[at]), "") not in ("", Area.LOW_BACK)
            and not side_of(row[at])
            and not any(side_of(row[side]) for side in sides)
            for row in self.table.rows
        )

    def usual_scale(self) -> Scale:
        columns = self.matching.columns(Says.INTENSITY, *OF_AREA)
        cells = (cell for at in columns for cell in self.table.column(at))
        numbers = [number for cell in cells if (number := figure(cell, self.sign)) is not None]
        top = max(numbers, default=WORST)
        lowest, highest = next(
            (scale for scale in sorted(USUAL_SCALES, key=max) if top <= scale[1]), USUAL_SCALES[0]
        )
        return Scale(lowest, highest, highest)

    def is_day_open(self) -> bool:
        """Whether only its runner can say if day or month comes first."""
        try:
            for at in self.matching.columns(Says.DATE):
                moments(self.table.column(at))
        except NoTable:
            return True
        return False

    def unread(self, at: int) -> list[str]:
        """Cells of a column that do not say what it is to say."""
        says = self.matching.says[at]
        return [cell for cell in self.table.column(at) if cell and not self._is_read(says, cell)]

    def _is_read(self, says: str, cell: str) -> bool:
        match says:
            case Says.DATE:
                return has_day(cell)
            case Says.EFFORT:
                number = figure(cell, self.sign)
                return number is not None and 1 <= round(number) <= WORST
            case Says.INTENSITY:
                return self._is_on_scale(cell)
            case Says.CLOCK:
                return clock_of(cell) is not None
            case Says.SIDE:
                return bool(side_of(cell))
            case "" | Says.NOTE | Says.SPORT | Says.PLACE:
                return True
        if says in ANY_TIME:
            return time_of(cell, says, self.sign) is not None
        return self._is_on_scale(cell) if says in OF_AREA else figure(cell, self.sign) is not None

    def _is_on_scale(self, cell: str) -> bool:
        number = figure(cell, self.sign)
        return number is not None and self.matching.scale.intensity(number) is not None


def only(areas: Sequence[Area]) -> str:
    """A word that may mean several says nothing: its runner does."""
    return areas[0].value if len(areas) == 1 else ""


def _is_meant(side: Side, said: str) -> bool:
    return side == Side.CENTRE or said in (side, BOTH)


def _of_parts(year: str, month: str, day: str) -> Moment | None:
    try:
        number = int(month) if month.isdecimal() else month_of(month) or 0
        return Moment(dt.date(int(year), number, int(day)), None)
    except (ValueError, OverflowError):
        return None
