"""Each change of a runner's log is counted in the transaction that makes it: `Standing.changes`.

What is kept of advice rests on it, and so does what a replica may be asked for.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.transaction import Atomic

from runners.exports.parts import parts

WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
COUNT = re.compile(r'UPDATE "runners_standing" SET .*"changes" = \("runners_standing"."changes" \+')
# What nobody takes along, and no page of the log shows: why guidance leaves an item alone, worked
# out after each change, and the address of a plan's calendar.
UNTOLD = re.compile(r'UPDATE "guidance_\w+" SET "(?:blocked|feed_token)" = [^,]*WHERE', re.DOTALL)


@cache
def tables() -> frozenset[str]:
    """Of a runner's own log."""
    own = [part for part in parts() if part.comes_back]
    return frozenset(inner.model._meta.db_table for part in own for inner in part.all())


@contextmanager
def uncounted() -> Iterator[list[str]]:
    """Writes that nothing counted in their transaction, of all that ended meanwhile."""
    written: list[tuple[list[Atomic], str]] = []
    counted: list[list[Atomic]] = []
    undone: list[Atomic] = []
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        write = WRITE.match(sql)
        # SQLite does not count what it gives back the keys of.
        changed = sql.startswith("INSERT") or context["cursor"].rowcount
        if write and write[1] in tables() and changed and not UNTOLD.match(sql):
            written.append((blocks(), sql))
        elif COUNT.match(sql):
            counted.append(blocks())
        return answer

    leave = Atomic.__exit__

    def leaving(block: Atomic, kind: Any, *problem: Any) -> None:
        if kind is not None:
            undone.append(block)
        leave(block, kind, *problem)

    with connection.execute_wrapper(note), patch.object(Atomic, "__exit__", leaving):
        yield found
    kept = {id(within[0]) for within in counted if within and not any_of(within, undone)}
    found += [
        sql
        for within, sql in written
        if not any_of(within, undone) and not (within and id(within[0]) in kept)
    ]


def blocks() -> list[Atomic]:
    """The outermost first, without those of a test."""
    within: list[Any] = connection.atomic_blocks
    return [block for block in within if not block._from_testcase]


def any_of(blocks: list[Atomic], others: list[Atomic]) -> bool:
    return any(block is other for block in blocks for other in others)
