"""Figures and days as people read them."""

import calendar
import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.utils.html import escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe

KM, MILES = "km", "mi"
METRES_PER_MILE = 1609.344
NO_BREAK = "\u00a0"
MINUS = "−"


def distance(metres: float | None, units: str = "km") -> str:
    """`12.4 km` or `7.7 mi`; two digits below ten."""
    if metres is None:
        return "–"
    value = in_units(metres, units)
    return f"{value:.2f} {units}" if value < 10 else f"{value:.1f} {units}"


def distance_figure(metres: float | None, units: str = "km") -> str:
    """`41.2`: the figure alone, where the unit stands apart."""
    return "–" if metres is None else f"{in_units(metres, units):.1f}"


def up_to(metres: float, units: str = "km") -> str:
    """`14.2 km`: rounded down, for a distance that is not to be gone beyond."""
    return f"{math.floor(round(in_units(metres, units) * 10, 6)) / 10:.1f}{NO_BREAK}{units}"


def in_units(metres: float, units: str) -> float:
    return metres / (METRES_PER_MILE if units == "mi" else 1000)


def total(metres: float | None, units: str) -> str:
    """`41.2 km`: one digit, enough for a week; number and unit stay on one line."""
    if metres is None:
        return "–"
    return f"{in_units(metres, units):.1f}{NO_BREAK}{units}" if metres else f"0{NO_BREAK}{units}"


def about(metres: float, units: str) -> str:
    """`41 km`: whole kilometres or miles, unless it is less than one."""
    value = in_units(metres, units)
    return total(metres, units) if value < 1 else f"{value:.0f} {units}"


def percent(number: int) -> str:
    """`18 %`, on one line."""
    return f"{number}{NO_BREAK}%"


def unbroken(text: str) -> str:
    """On one line."""
    return text.replace(" ", NO_BREAK)


def count(number: int, noun: str) -> str:
    """`3 mails`: for commands, which speak English alone."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float | None) -> str:
    """`45:00` or `1:02:30`."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def hours(seconds: float | None) -> str:
    """`3 h 52`, `48 min`: for sums."""
    if not seconds:
        return "0 min"
    whole, minutes = divmod(round(seconds / 60), 60)
    return f"{whole} h {minutes:02}" if whole else f"{minutes} min"


def pace(seconds_per_km: float | None, units: str = "km") -> str:
    """`5:12 /km` or `8:22 /mi`."""
    if seconds_per_km is None:
        return "–"
    factor = METRES_PER_MILE / 1000 if units == "mi" else 1
    return f"{duration(seconds_per_km * factor)} /{units}"


def thousands(number: float | None) -> str:
    """`1 480`, with a thin space."""
    return "–" if number is None else f"{number:,.0f}".replace(",", "\u2009")


def file_size(size: int) -> str:
    """`0.4 MB`, `210 MB` or `4.5 GB`. `static/js/import.js` says it in the same way."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB".replace(".0", "")
    return f"{size / 1e6:.1f} MB" if size < 1e7 else f"{size / 1e6:.0f} MB"


SPELLED = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def spelled(number: int) -> str:
    """`five`: a small count in a sentence; figures from 13 on."""
    return SPELLED[number] if number < len(SPELLED) else str(number)


def nth(number: int) -> str:
    """`1st`, `22nd`, `13th`."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else endings.get(number % 10, 'th')}"


def long_day(day: dt.date) -> str:
    """`Monday 23 November`."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day(day: dt.date) -> str:
    """`Mon 23 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def span_of_days(first: dt.date, last: dt.date) -> str:
    """`16–22 Nov 2026`, `28 Dec 2026 – 3 Jan 2027`."""
    if first.year != last.year:
        return f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {last.day} {last:%b %Y}"
    return f"{first.day}–{last.day} {last:%b %Y}"


def first_to_last(days: Sequence[dt.date]) -> str:
    """`2–25 Nov`, `29 Oct – 25 Nov`, of days in ascending order."""
    first, last = days[0], days[-1]
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def weekdays(digits: str) -> str:
    """`Mon, Wed, Fri` of ISO weekdays such as "135"."""
    return ", ".join(calendar.day_abbr[int(digit) - 1] for digit in digits)


def date(day: dt.date) -> str:
    """`23 November`."""
    return f"{day.day} {day:%B}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Text typed by people

FOLDED_LINES = 4  # a longer note is folded after so many
LINE = {"narrow": 44, "wide": 84}  # characters on a phone, and on a wide page


def folded_on(text: str) -> str:
    """Where a note is too long to be shown whole: `narrow` pages, `narrow wide`, or "" for none."""
    lines = text.splitlines()
    needs = {name: sum(-(-len(one) // width) or 1 for one in lines) for name, width in LINE.items()}
    return " ".join(name for name in LINE if needs[name] > FOLDED_LINES)


def marked(text: str, words: Iterable[str] | None) -> SafeString:
    """The text with each of the words in it marked, and every character of it escaped."""
    either = "|".join(re.escape(word) for word in words or ())
    if not either:
        return escape(text)
    # Every second part is what was found.
    parts = enumerate(re.split(f"({either})", text, flags=re.IGNORECASE))
    said = (format_html("<mark>{}</mark>", part) if n % 2 else part for n, part in parts)
    return format_html_join("", "{}", ((part,) for part in said))


def one_line(text: str) -> str:
    """On one line, without characters that cannot be seen or that turn the direction of others."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable()).strip()


def name_for_a_mail(name: str) -> str:
    """One line, because a new line would start another header, and no address of a web site.

    A name reaches people who know nobody here, and mail programs make links of what looks so.
    """
    printable = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(re.sub(r"[./:@\\]+(?=\w\w)", " ", printable).split()) or "Somebody"


# The characters of a web address (RFC 3986), and letters of every alphabet. One that turns the
# direction of writing is none of them, so a link never shows another address than its own.
WEB_ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
AFTER_ADDRESS = ".,;:!?'"  # ends a sentence more often than an address


def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs, every character of it escaped. Only http and https become links."""
    parts, end = [], 0
    for found in WEB_ADDRESS.finditer(text):
        address = _address_alone(found[0])
        parts += [escape(text[end : found.start()]), _link(address)]
        end = found.start() + len(address)
    linked = "".join([*parts, escape(text[end:])])
    return mark_safe(linebreaks(linked))  # noqa: S308  # escaped above, part by part


def _address_alone(found: str) -> str:
    """Without the sentence's end, or a bracket that was opened before the address."""
    address = found.rstrip(AFTER_ADDRESS)
    left_open = address.count(")") - address.count("(")
    while left_open > 0 and address.endswith(")"):
        address = address[:-1].rstrip(AFTER_ADDRESS)
        left_open -= 1
    return address


def _link(address: str) -> SafeString:
    return format_html('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>', address)


def printed_days(days: Iterable[dt.date]) -> str:
    """`28, 30 Sep, 1, 3–5 Oct`: every day, oldest first, three or more in a row as a span."""
    by_month = groupby(sorted(set(days)), lambda day: (day.year, day.month))
    return ", ".join(
        f"{', '.join(spans_of([day.day for day in month]))} {dt.date(year, number, 1):%b}"
        for (year, number), month in by_month
    )


def spans_of(numbers: list[int]) -> Iterator[str]:
    rows = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    for span in ([number for _, number in row] for _, row in rows):
        yield f"{span[0]}–{span[-1]}" if len(span) > 2 else ", ".join(map(str, span))


def printed_day(day: dt.date, today: dt.date) -> str:
    """`3 Nov`, and with its year where that is not this year."""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"
