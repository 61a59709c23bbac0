"""Tables as other programs write them: CSV in any encoding, with any sign between its cells.

Days, times and figures are read with the whole column in view: `9/11/2024` and `3,40` alone could
mean two things.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MEGABYTE = 1_000_000
LARGEST = 30 * MEGABYTE  # a list of 20,000 activities with 100 columns has 10
MOST_ROWS = 100_000
SEPARATORS = ",;\t"
HEADINGS_UNTIL = 10  # rows, among which the headings stand
LONGEST_BEGINNING = 50_000  # characters of those rows
# A figure, a day or a time. A mark of a year or of a unit is none, so `2024` heads no column.
VALUE = re.compile(r"[-+]?\d[\d.,:/ -]*(?: ?[ap]\.?m\.?)?")


class NoTable(Exception):
    """Why it cannot be read as a table, by the name of a sentence in `_reasons.html`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """Headings as they stand, and rows of as many cells, from the line `first` of the list on.

    A list without headings has empty ones.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int = 2

    def column(self, at: int) -> list[str]:
        return [row[at] for row in self.rows]


def read_table(data: bytes) -> Table:
    if len(data) > LARGEST:
        raise NoTable("list-too-large")
    text = decoded(data)
    beginning = "\n".join(text[:LONGEST_BEGINNING].splitlines()[:HEADINGS_UNTIL])
    separator = max(SEPARATORS, key=beginning.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [row for row, _ in zip(lines, range(MOST_ROWS + 1), strict=False) if any(row)]
    except csv.Error:
        raise NoTable("damaged-list") from None
    if len(rows) < 2 or len(rows[0]) < 2:
        raise NoTable("no-list")
    first = _first_with_values(rows)
    width = max(map(len, rows[: first + 1]))
    headings = _cells(rows[first - 1], width) if first else ("",) * width
    return Table(headings, tuple(_cells(row, width) for row in rows[first:]), first + 1)


def _cells(row: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in [*row, *[""] * width][:width])


def _first_with_values(rows: Sequence[Sequence[str]]) -> int:
    """The first row with a figure, a day or a time: what stands above it are headings.

    Remarks may stand above those. Where every row is of words alone, the first has the headings.
    """
    for number, row in enumerate(rows[:HEADINGS_UNTIL]):
        if any(VALUE.fullmatch(cell.strip()) for cell in row):
            return number
    return 1


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 with their marks or without, else the letters of older Windows."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\0", "")


def folded(word: str) -> str:
    """As words are compared: small letters without accents, and plain signs."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(plain.split())


# Figures

LARGEST_FIGURE = 1e12
NONE = ("", "--", "-", "n/a")
POINT_DECIMAL = re.compile(r"\d\.(\d{1,2}|\d{4,})$|,\d{3}\.\d+$")
COMMA_DECIMAL = re.compile(r"\d,(\d{1,2}|\d{4,})$|\.\d{3},\d+$")
FIGURE = re.compile(r"-?[\d.,]*\d[\d.,]*")


def decimal_sign(cells: Iterable[str]) -> str:
    """The sign that most of the cells of a file can only mean as a decimal one."""
    points = commas = 0
    for cell in cells:
        points += bool(POINT_DECIMAL.search(cell))
        commas += bool(COMMA_DECIMAL.search(cell))
    return "," if commas > points else "."


def figure(cell: str, sign: str) -> float | None:
    """None where the cell holds no number."""
    cell = cell.strip()
    if cell in NONE or not FIGURE.fullmatch(cell):
        return None
    other = "." if sign == "," else ","
    try:
        found = float(cell.replace(other, "").replace(sign, "."))
    except ValueError:
        return None
    return found if abs(found) < LARGEST_FIGURE else None


CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?")


def seconds(cell: str, sign: str) -> float | None:
    """`1:06:06`, `26:42`, `00:04:33,1`, or plain seconds."""
    cell = cell.strip()
    if match := CLOCK.fullmatch(cell):
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + rest
    return figure(cell, sign)


# Days

MONTHS = (
    ("jan", "ene"),
    ("feb", "fev"),
    ("mar", "mrt", "maa"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mei"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "ago", "aou"),
    ("sep", "set"),
    ("oct", "okt", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})(?!\d)")
NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
AFTERNOON, MORNING = re.compile(r"(?<![a-z])p\.? ?m\b"), re.compile(r"(?<![a-z])a\.? ?m\b")
WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell says: a day, and a clock time where it has one. Of no zone."""

    day: dt.date
    time: dt.time | None

    @property
    def at(self) -> dt.datetime | None:
        return None if self.time is None else dt.datetime.combine(self.day, self.time)


def moments(cells: Sequence[str], *, is_day_first: bool | None = None) -> list[Moment | None]:
    """Of a whole column. None where a cell has no day.

    Raises NoTable where nobody and nothing in the column says whether day or month comes first.
    """
    if is_day_first is None:
        is_day_first = _is_day_first(cells)
    return [_moment(cell, is_day_first=is_day_first) for cell in cells]


def _is_day_first(cells: Sequence[str]) -> bool | None:
    """None where no cell needs to be asked."""
    pairs = {
        (int(match[1]), int(match[3]))
        for cell in cells
        if (match := NUMBERS.search(cell)) and len(match[1]) < 3 and match[2] != "."
    }
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first != month_first:
        return day_first
    if all(first == second for first, second in pairs):
        return None
    raise NoTable("day-or-month")


def _moment(cell: str, *, is_day_first: bool | None) -> Moment | None:
    text = folded(cell)
    day = _day(text, is_day_first=is_day_first)
    return None if day is None else Moment(day, _time(text))


def _day(text: str, *, is_day_first: bool | None) -> dt.date | None:
    try:
        if match := YEAR_FIRST.search(text):
            return dt.date(int(match[1]), int(match[3]), int(match[4]))
        if match := NUMBERS.search(text):
            first, second, year = int(match[1]), int(match[3]), _year(match[4])
            by_day = match[2] == "." or is_day_first
            return dt.date(year, second, first) if by_day else dt.date(year, first, second)
        return _day_in_words(text)
    except ValueError:
        return None


def _day_in_words(text: str) -> dt.date | None:
    """`May 29, 2022`, `29 mai 2022`, `29 de mai. de 2022`."""
    before_time = TIME.split(text)[0]
    month = month_of(before_time)
    figures = re.findall(r"\d+", before_time)
    year = next((int(part) for part in figures if len(part) == 4), None)
    day = next((int(part) for part in figures if len(part) < 3), None)
    return None if None in (month, year, day) else dt.date(year or 0, month or 0, day or 0)


def month_of(text: str) -> int | None:
    """Of the first word that can be one."""
    return next(
        (
            number
            for word in WORD.findall(folded(text))
            for number, beginnings in enumerate(MONTHS, start=1)
            if word.startswith(beginnings)
        ),
        None,
    )


def has_day(cell: str) -> bool:
    """Whichever of day and month comes first."""
    return any(_moment(cell, is_day_first=order) for order in (True, False))


def clock_of(cell: str) -> dt.time | None:
    return _time(folded(cell))


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _time(text: str) -> dt.time | None:
    match = TIME.search(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if AFTERNOON.search(text):
        hour = hour % 12 + 12
    elif MORNING.search(text):
        hour %= 12
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None
