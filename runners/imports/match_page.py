"""What a list would become as its runner says it is meant, before anything is saved."""

from collections import Counter
from dataclasses import dataclass, replace

from runners.imports.matching import Matching
from runners.imports.reading import Item, matched_items
from runners.imports.report import said
from runners.imports.tables import Table
from runners.models import Became, User

SHOWN = 10
MOST_READ = 20_000  # rows for a look: about a second


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows` are the first that would come in, `unread` the first that would not, with the reason.

    `left_out` are rows by the reason for which they would be left out, without a fault of theirs.
    """

    rows: tuple[Item, ...]
    runs: int
    spots: int
    asked: int
    unread: tuple[tuple[str, str], ...]
    unread_count: int
    left_out: tuple[tuple[str, int], ...]
    is_whole: bool


def preview(name: str, table: Table, matching: Matching, runner: User) -> Preview:
    """What is in the diary already is not looked up. Of a list of ever so many rows the first."""
    some = replace(table, rows=table.rows[:MOST_READ])
    rows: list[Item] = []
    counts: Counter[str] = Counter()
    unread: list[tuple[str, str]] = []
    left_out: Counter[str] = Counter()
    for item in matched_items(name, some, matching, runner):
        if item.status == Became.NEW:
            counts["spots" if item.spot else "runs"] += 1
            if len(rows) < SHOWN:
                rows.append(item)
        elif item.status == Became.FAILED:
            counts["unread"] += 1
            if len(unread) < SHOWN:
                unread.append((item.file, said(item.reason, item.fields)))
        elif item.status == Became.ASKED:
            counts["asked"] += 1
        else:
            left_out[said(item.reason, item.fields)] += 1
    return Preview(
        tuple(rows),
        counts["runs"],
        counts["spots"],
        counts["asked"],
        tuple(unread),
        counts["unread"],
        tuple(left_out.most_common(SHOWN)),
        len(some.rows) == len(table.rows),
    )
