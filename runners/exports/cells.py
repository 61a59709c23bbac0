"""Tables that people open in a spreadsheet."""

import codecs
import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

# What a spreadsheet takes for the beginning of a formula: some take wide letters for narrow ones,
# and what follows a tab or a new line for a cell of its own.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return harmless(value) if isinstance(value, str) else str(value)


class _Echo:
    """Gives back what it is to write."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """CSV, a piece for each row, after a mark that tells spreadsheets its letters."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8
    for row in rows:
        yield writer.writerow(map(cell, row)).encode()
