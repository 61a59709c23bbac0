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
"""

import datetime as dt
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
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
    """A query in the SQL of one kind of database; `params` are values and placeholders."""

    queryset: QuerySet[Stored, Row]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]

    def asked(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Iterable[Row]:
        """Rows as the ORM makes them. Of what is written, copies: threads share it."""
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
                return []
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (sql, params)
        query: Any = copy(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler
        rows: Any = type(self.queryset)(self.queryset.model, query, connection.alias)
        for kept in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(rows, kept, getattr(self.queryset, kept))
        found: Iterable[Row] = rows
        return found


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
        values = dict(zip(self._parameters, args, strict=False)) | kwargs
        connection = connections[read_from()]
        if (written := self._written.get(connection.vendor)) is None:
            written = self._written[connection.vendor] = self._write(connection)
        return list(written.asked(values, connection))

    def _write(self, connection: BaseDatabaseWrapper) -> Written[Stored, Row]:
        queryset = self._build(
            *(Placeholder(name, each.annotation) for name, each in self._parameters.items())
        )
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return Written(queryset, compiler, sql, tuple(params))


def prepared(
    build: Callable[Asked, QuerySet[Stored, Row]],
) -> Prepared[Asked, Stored, Row]:
    return Prepared(build)
