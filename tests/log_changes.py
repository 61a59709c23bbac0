"""What each transaction that changes a runner's log holds, too: a count, and a look for consent.

`Standing.changes` counts each change: what is kept of advice rests on it, and so does what a
replica may be asked for. Consent is looked for where a row is added, under the lock of the person:
it may be taken back while a save waits.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.transaction import Atomic

from runners.exports.parts import parts

WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@dataclass(frozen=True, slots=True)
class Rule:
    """Which writes to a log need beside them what `held` matches."""

    writes: re.Pattern[str]
    held: re.Pattern[str]


COUNTED = Rule(
    # But for what nobody takes along, and no page of the log shows: why guidance leaves an item
    # alone, worked out after each change, and the address of a plan's calendar.
    re.compile(r'(?!UPDATE "guidance_\w+" SET "(blocked|feed_token)" = [^,]*WHERE)', re.DOTALL),
    re.compile(r'UPDATE "runners_standing" SET .*"changes" = \("runners_standing"."changes" \+'),
)
CONSENTED = Rule(re.compile("INSERT"), re.compile(r'SELECT .* FROM "runners_consent"'))


@cache
def tables() -> frozenset[str]:
    """Of a runner's own log."""
    own = [part for part in parts() if part.comes_back]
    return frozenset(inner.model._meta.db_table for part in own for inner in part.all())


@contextmanager
def lacking(*rules: Rule) -> Iterator[list[str]]:
    """Writes against a rule in their transaction, of all transactions that ended meanwhile."""
    said: list[tuple[list[Atomic], str]] = []
    undone: list[Atomic] = []
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        # SQLite does not count what it gives back the keys of.
        changed = sql.startswith("INSERT") or context["cursor"].rowcount
        if (changed and WRITE.match(sql)) or any(rule.held.match(sql) for rule in rules):
            said.append((blocks(), sql))
        return answer

    leave = Atomic.__exit__

    def leaving(block: Atomic, kind: Any, *problem: Any) -> None:
        if kind is not None:
            undone.append(block)
        leave(block, kind, *problem)

    with connection.execute_wrapper(note), patch.object(Atomic, "__exit__", leaving):
        yield found
    for rule in rules:
        kept = {id(within[0]) for within, sql in said if within and rule.held.match(sql)}
        found += [
            sql
            for within, sql in said
            if (write := WRITE.match(sql))
            and write[1] in tables()
            and rule.writes.match(sql)
            and not any_of(within, undone)
            and not (within and id(within[0]) in kept)
        ]


def blocks() -> list[Atomic]:
    """The outermost first, without those of a test."""
    within: list[Any] = connection.atomic_blocks
    return [block for block in within if not block._from_testcase]


def any_of(blocks: list[Atomic], others: list[Atomic]) -> bool:
    return any(block is other for block in blocks for other in others)
