"""Every table of Limber as rows of plain values, the same from SQLite and from PostgreSQL."""

import datetime as dt
import hashlib
import json
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import AutoField, Field, JSONField, Max, Model

AT_ONCE = 1000  # rows in memory
Table = type[Model]
Row = tuple[Any, ...]


def in_order() -> list[Table]:
    """Those of every app, each after the ones that its rows lead to."""
    tables = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return list(TopologicalSorter({table: _leads_to(table) for table in tables}).static_order())


def name(table: Table) -> str:
    return table._meta.db_table


def columns(table: Table) -> "list[Field[Any, Any]]":
    return list(table._meta.local_concrete_fields)


def _leads_to(table: Table) -> list[Table]:
    """Not itself: a row may lead to a later one."""
    others = dict.fromkeys(field.related_model for field in columns(table) if field.is_relation)
    return [other for other in others if isinstance(other, type) and other is not table]


# Rows


def read(table: Table, of: str) -> Generator[Row, None, None]:
    """Values as Django gives them, by key; of a database by its alias, a few at a time."""
    wanted = [field.attname for field in columns(table)]
    rows = table._base_manager.using(of).order_by("pk").values_list(*wanted)
    yield from rows.iterator(chunk_size=AT_ONCE)


def write(table: Table, rows: Iterable[Row], to: str) -> None:
    """As they are, keys too: nothing that saving a row would do is done."""
    database, fields = connections[to], columns(table)
    quote = database.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields if field.column)
    where = f"{quote(name(table))} ({names})"
    stored = [
        [_stored(field, value, to) for field, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    with database.cursor() as cursor:
        if database.vendor == "postgresql":  # which takes rows one by one in twice the time
            with (
                database.wrap_database_errors,
                cursor.copy(f"COPY {where} FROM STDIN") as copy,
            ):
                for row in stored:
                    copy.write_row(row)
            return
        values = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {where} VALUES ({values})", stored)  # noqa: S608  # names


def _stored(field: "Field[Any, Any]", value: Any, to: str) -> Any:
    """A JSON null is None as well, and a column that takes no NULL holds nothing else."""
    if value is None and isinstance(field, JSONField) and not field.null:
        return field.get_db_prep_value(value, connections[to])
    return field.get_db_prep_save(value, connections[to])


def empty(table: Table, at: str) -> None:
    quoted = connections[at].ops.quote_name(name(table))
    with connections[at].cursor() as cursor:
        cursor.execute(f"DELETE FROM {quoted}")  # noqa: S608  # name of a table


# Sums


@dataclass(slots=True)
class Sum:
    """How many rows, and a checksum of them in any order: databases sort texts differently."""

    rows: int = 0
    checksum: int = 0

    def add(self, row: Row) -> None:
        text = json.dumps(plain(row), sort_keys=True)
        self.rows += 1
        self.checksum += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        self.checksum %= 2**256

    @classmethod
    def of(cls, table: Table, at: str) -> "Sum":
        found = cls()
        for row in read(table, at):
            found.add(row)
        return found


def plain(value: Any) -> Any:
    """What JSON can say of it, and the same for the same value of either database.

    PostgreSQL keeps numbers in JSON as decimals, so 1e3 comes back as 1000. Raises TypeError for a
    kind of value that it does not know.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case Decimal():
            return f"{value.normalize():f}"
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return value // dt.timedelta(microseconds=1)
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID():
            return value.hex
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
    raise TypeError(f"No checksum knows {type(value).__name__}.")


# Keys that were given


def last_keys(tables: Iterable[Table], of: str) -> dict[Table, int]:
    """The last key that each table has given, also to a row that is gone; 0 where it gave none."""
    counted = [table for table in tables if isinstance(table._meta.pk, AutoField)]
    given = _given_by_sqlite if connections[of].vendor == "sqlite" else _given_by_postgres
    found = {}
    for table in counted:
        highest = table._base_manager.using(of).aggregate(key=Max("pk"))["key"] or 0
        found[table] = max(highest, given(table, of))
    return found


def _given_by_sqlite(table: Table, of: str) -> int:
    with connections[of].cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name(table)])
        return int((cursor.fetchone() or [0])[0])


def _given_by_postgres(table: Table, of: str) -> int:
    with connections[of].cursor() as cursor:
        cursor.execute("SELECT pg_sequence_last_value(%s::regclass)", [_sequence(table, of)])
        return int(cursor.fetchone()[0] or 0)


def give_after(keys: dict[Table, int], at: str) -> None:
    """The next row of each table gets a key above these."""
    values: list[Any]
    for table, key in keys.items():
        with connections[at].cursor() as cursor:
            if connections[at].vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name(table)])
                values = [name(table), key]
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", values)
            else:  # the last key, or where there is none the first that will be given
                values = [_sequence(table, at), max(key, 1), key > 0]
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", values)


def _sequence(table: Table, at: str) -> str:
    column = table._meta.pk.column
    with connections[at].cursor() as cursor:
        quoted = connections[at].ops.quote_name(name(table))
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, column])
        return str(cursor.fetchone()[0])
