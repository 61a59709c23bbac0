"""Does a statement name whose rows it asks for? Of the SQL that Django writes, which is regular.

A table is named where one of its columns that hold a person is that person, or a token is one of
theirs; and where it is joined by a key to a table that is. What stands beside others in an OR
counts where each of them names it.
"""

import re
from collections.abc import Collection, Mapping, Sequence, Set
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field

from runners.models import User

ME, MINE, OTHER = ":me", ":mine", ":other"
COLUMN = r'"?(\w+)"?\."(\w+)"'
TABLE = re.compile(
    r'(?:FROM|JOIN|UPDATE) "(\w+)"(?: (?!ON|WHERE|SET|INNER|LEFT|ORDER|GROUP)(\w+))?'
)
IS_ME = re.compile(rf"{COLUMN} (?:= |IN )\(?(:me|:mine)(?:, \2)*\)?")
IS_JOINED = re.compile(rf"{COLUMN} = \(?{COLUMN}\)?")
IS_AMONG = re.compile(rf"{COLUMN} (?:=|IN) \(?(<\d+>)\)?")


@cache
def columns_of_people() -> Mapping[str, Collection[str]]:
    """By the table of each model of Limber that has some."""
    found = {"runners_user": {"id"}}
    for label in ("runners", "guidance"):
        for model in apps.get_app_config(label).get_models():
            fields: list[Field[Any, Any]] = [*model._meta.concrete_fields]
            people = {str(field.column) for field in fields if field.related_model is User}
            if people:
                found[model._meta.db_table] = people
    return found


def unnamed(sql: str, params: Sequence[Any], person: int, tokens: Collection[str]) -> Set[str]:
    """Tables of people that a SELECT, an UPDATE or a DELETE asks for without naming this one."""
    if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return set()
    known = {str(person): ME, **dict.fromkeys(tokens, MINE)}
    values = iter(params)
    return _unnamed(re.sub(r"%s", lambda _: known.get(str(next(values)), OTHER), sql))


@cache
def _unnamed(told: str) -> frozenset[str]:
    return frozenset(Statement(told).unnamed(set()))


class Statement:
    """Whose inner ones stand as `<0>`, `<1>`, …"""

    def __init__(self, sql: str) -> None:
        self.inner: list[Statement] = []
        while (begins := sql.find("(SELECT ")) >= 0:
            ends = _end_of(sql, begins)
            self.inner.append(Statement(sql[begins + 1 : ends - 1]))
            sql = f"{sql[:begins]} <{len(self.inner) - 1}> {sql[ends:]}"
        self.parts = [re.sub(r"\s+", " ", part) for part in re.split(r" UNION (?:ALL )?", sql)]

    def unnamed(self, around: set[str]) -> set[str]:
        """`around` are the aliases of the statement that it stands in which are named."""
        found: set[str] = set()
        for part in self.parts:
            named = self._named(part, around)
            people = columns_of_people()
            for table, alias in TABLE.findall(part):
                if table in people and (alias or table) not in named:
                    found.add(table)
            for number, inner in enumerate(self.inner):
                if f"<{number}>" in part:
                    found |= inner.unnamed(named)
        return found

    def _named(self, part: str, around: set[str]) -> set[str]:
        tables = {alias or table: table for table, alias in TABLE.findall(part)}
        said = [all_of(each) for each in _conditions(part)]
        conditions = [each for several in said for each in several]
        named = around | {
            alias for each in conditions for alias in self._by_itself(each, tables, around)
        }
        joins = [match for each in conditions if (match := IS_JOINED.fullmatch(each))]
        while True:
            more = {
                alias
                for join in joins
                for alias, other in ((join[1], join[3]), (join[3], join[1]))
                if other in named and join[2].endswith("id") and join[4].endswith("id")
            }
            if more <= named:
                return named
            named |= more

    def _by_itself(self, condition: str, tables: Mapping[str, str], around: set[str]) -> set[str]:
        """Aliases that are named by this condition alone."""
        branches = _split(condition, " OR ")
        if len(branches) > 1:
            each = [
                {alias for one in all_of(branch) for alias in self._by_itself(one, tables, around)}
                for branch in branches
            ]
            return set.intersection(*each)
        if match := IS_ME.fullmatch(condition):
            column = match[2] if match[3] == ME else ""
            people = columns_of_people().get(tables.get(match[1], ""), ())
            return {match[1]} if match[3] == MINE or column in people else set()
        if match := IS_AMONG.fullmatch(condition):
            inner = self.inner[int(match[3][1:-1])]
            return {match[1]} if match[2].endswith("id") and not inner.unnamed(around) else set()
        return set()


def _end_of(sql: str, begins: int) -> int:
    depth = 0
    for at in range(begins, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        if depth == 0:
            return at + 1
    raise ValueError(sql)


def _conditions(part: str) -> list[str]:
    """Of each join and of the whole, with whatever stands after them cut off."""
    ends = r"(?= (?:INNER|LEFT OUTER) JOIN | WHERE | GROUP BY | ORDER BY | HAVING | LIMIT | FOR |$)"
    return re.findall(rf" (?:ON|WHERE) (.*?){ends}", part)


def all_of(condition: str) -> list[str]:
    """What has to be so, each by itself."""
    condition = condition.strip()
    if condition.startswith("(") and _end_of(condition, 0) == len(condition):
        return all_of(condition[1:-1])
    parts = _split(condition, " AND ")
    return [condition] if len(parts) == 1 else [each for part in parts for each in all_of(part)]


def _split(condition: str, at: str) -> list[str]:
    """Outside of parentheses."""
    found, depth, begins = [], 0, 0
    for place, letter in enumerate(condition):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and condition.startswith(at, place):
            found.append(condition[begins:place])
            begins = place + len(at)
    return [*found, condition[begins:]]
