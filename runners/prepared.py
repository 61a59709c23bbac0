"""Queries whose SQL is written once a process, as it is the same for everybody.

To build a query and to write its SQL takes the ORM one or two milliseconds of Python; the database
answers in a tenth of that. What each page and each save asks is therefore prepared:

    @prepared
    def runs_since(runner: User, day: dt.date) -> QuerySet[Run]:
        return Run.objects.of(runner).since(day)

    runs_since(runner, day)  # a list

The function is called once, with a stand-in for each argument, so it can compare columns with them
and nothing else. An argument is a row, a date, an instant, a number or a word; or, where the
parameter is a `Collection`, several of them, for `__in`.

What a page needs at once may be one statement, and so one way to the database and one instant:

    runs, check_ins = together(runs_since.of(runner, day), check_ins_since.of(runner, day))
"""

import datetime as dt
import inspect
import json
import uuid
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, get_origin

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateField, Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from config.replica import read_from

Asked = ParamSpec("Asked")
Stored = TypeVar("Stored", bound=Model)
Row = TypeVar("Row")


class Placeholder(Expression):
    """Stands in the SQL where the value of an argument comes with each call."""

    def __init__(self, name: str, annotation: object) -> None:
        super().__init__(output_field=DateField() if annotation is dt.date else Field())
        self.name = name
        self.annotation = annotation

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return (self.many if self.is_many else "%s"), [self]

    @property
    def is_many(self) -> bool:
        return get_origin(self.annotation) is Collection

    @property
    def many(self) -> str:
        """As many `%s` come in its place as there are values."""
        return f"({{{self.name}}})"


@dataclass(frozen=True, slots=True)
class Written(Generic[Stored, Row]):
    """A query in the SQL of one kind of database.

    `params` are values and placeholders, `columns` the kinds of their fields.
    """

    queryset: QuerySet[Stored, Row]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    columns: tuple[str, ...]

    def filled(
        self, values: Mapping[str, Any], connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]] | None:
        """The SQL and its parameters. None: several are asked for, and there is not one."""
        sql, params = self.sql, []
        for param in self.params:
            if not isinstance(param, Placeholder):
                params.append(param)
            elif not param.is_many:
                params.append(_as_stored(values[param.name], connection))
            elif several := [_as_stored(each, connection) for each in values[param.name]]:
                sql = sql.replace(param.many, f"({', '.join(['%s'] * len(several))})")
                params += several
            else:
                return None
        return sql, params

    def rows(self, connection: BaseDatabaseWrapper, **ways: Callable[..., Any]) -> list[Row]:
        """As the ORM makes them; `ways` are how its compiler goes about it here.

        Of what is written, copies: threads share it.
        """
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        vars(compiler).update(ways)
        query: Any = copy(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler
        rows: Any = type(self.queryset)(self.queryset.model, query, connection.alias)
        for kept in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(rows, kept, getattr(self.queryset, kept))
        return list(rows)


def _as_stored(value: Any, connection: BaseDatabaseWrapper) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value


class Prepared(Generic[Asked, Stored, Row]):
    def __init__(self, build: Callable[Asked, QuerySet[Stored, Row]]) -> None:
        update_wrapper(self, build)
        self._build: Callable[..., QuerySet[Stored, Row]] = build
        self._parameters = inspect.signature(build).parameters
        self._written: dict[str, Written[Stored, Row]] = {}  # by the kind of database

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> list[Row]:
        return self.of(*args, **kwargs).rows()

    def of(self, *args: Asked.args, **kwargs: Asked.kwargs) -> "Bound[Stored, Row]":
        """Not asked yet: for `together`."""
        values = dict(zip(self._parameters, args, strict=False)) | kwargs
        connection = connections[read_from()]
        if (written := self._written.get(connection.vendor)) is None:
            written = self._written[connection.vendor] = self._write(connection)
        return Bound(written, connection, written.filled(values, connection))

    def _write(self, connection: BaseDatabaseWrapper) -> Written[Stored, Row]:
        queryset = self._build(
            *(Placeholder(name, each.annotation) for name, each in self._parameters.items())
        )
        compiler: Any = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = tuple(each.output_field.get_internal_type() for each, _, _ in compiler.select)
        return Written(queryset, compiler, sql, tuple(params), columns)


@dataclass(frozen=True, slots=True)
class Bound(Generic[Stored, Row]):
    """A prepared query with the values of one call."""

    written: Written[Stored, Row]
    connection: BaseDatabaseWrapper
    filled: tuple[str, list[Any]] | None

    def rows(self) -> list[Row]:
        if self.filled is None:
            return []
        return self.written.rows(self.connection, as_sql=lambda *_, **__: self.filled)

    def rows_of(self, found: str | None) -> list[Row]:
        """Of what `as_json` brought."""
        raw = json.loads(found) if found else []
        if self.connection.vendor != "sqlite":  # which hands out the same with and without JSON
            for place, kind in enumerate(self.written.columns):
                if read := OUT_OF_JSON.get(kind):
                    for row in raw:
                        row[place] = None if row[place] is None else read(row[place])
        return self.written.rows(self.connection, execute_sql=lambda *_, **__: [raw])

    def as_json(self, sql: str) -> str:
        """The SQL with all rows as one value: a list of lists."""
        names = ", ".join(f"c{place}" for place, _ in enumerate(self.written.columns))
        return AS_JSON[self.connection.vendor].format(sql=sql, names=names)


AS_JSON = {
    "sqlite": "(WITH found({names}) AS ({sql})"
    " SELECT json_group_array(json_array({names})) FROM found)",
    "postgresql": "(WITH found({names}) AS ({sql})"
    " SELECT json_agg(json_build_array({names}))::text FROM found)",
}
# What psycopg hands to the ORM, of what PostgreSQL writes into JSON.
OUT_OF_JSON: Mapping[str, Callable[[Any], Any]] = {
    "DateField": dt.date.fromisoformat,
    "DateTimeField": dt.datetime.fromisoformat,
    "JSONField": json.dumps,
    "UUIDField": uuid.UUID,
}


def together(*asked: Bound[Any, Any] | None) -> tuple[list[Any], ...]:
    """The rows of each, read by one statement. None asks for nothing, and has no rows.

    Not for columns of floats, which JSON would round.
    """
    found: list[list[Any]] = [[] for _ in asked]
    told = [(place, one, *one.filled) for place, one in enumerate(asked) if one and one.filled]
    if told:
        said = ", ".join(one.as_json(sql) for _, one, sql, _ in told)
        params = [param for *_, several in told for param in several]
        with told[0][1].connection.cursor() as cursor:
            cursor.execute(f"SELECT {said}", params)
            for (place, one, *_), text in zip(told, cursor.fetchone(), strict=True):
                found[place] = one.rows_of(text)
    return tuple(found)


def prepared(
    build: Callable[Asked, QuerySet[Stored, Row]],
) -> Prepared[Asked, Stored, Row]:
    return Prepared(build)
