"""From the database of each release to today, down and up again: nothing that was kept is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runners.demo import COACH_EMAIL, EMAIL, PASSWORD
from tests import factories, postgres, releases, serving
from tests.serving import TRYING_OUT, Visitor, environment, manage

# By table and key, the values by column.
Tables = dict[str, dict[Any, dict[str, Any]]]

# Of 0.1.0 and 0.2.0; releases after them want lines of their own here.
# What has another name today.
RENAMED = {
    "guidance_signanswer": "guidance_flaganswer",
    "django_session": "runners_session",
    "held": "blocked",
}
# What holds something else on the way up, and why.
UP = {
    "django_content_type.model": "a table has another name",
    "guidance_answer.value": "all at once is told from within one stride",
    "guidance_planitem.held": "words became keys",
    "runners_standing.headline": "words became keys",
    "runners_standing.reason": "words became keys",
    "runners_standing.warning": "words became keys",
    "runners_standing.valid_until": "it is worked out anew at the next look",
    "runners_standing.knowledge_version": "it became a digest of all that it was made with",
    "runners_sharedstanding.headline": "words became keys",
    "runners_sharedstanding.reason": "words became keys",
    "runners_sharedstanding.fresh_until": "it is worked out anew at the next look",
}
# And what on the way up and down, and on the way up, down and up.
UP_AND_DOWN = {
    "runners_standing.valid_until": "it is worked out anew at the next look",
    "runners_standing.knowledge_version": "it is worked out anew at the next look",
    "runners_sharedstanding.fresh_until": "it is worked out anew at the next look",
}
AND_UP = {
    "runners_coachlink.confirmed_at": "links that are there count as confirmed by then",
    "runners_session.began_at": "it is not known of sessions from before",
    "runners_session.used_at": "it is not known of sessions from before",
}
SESSIONS = {name for name in AND_UP if name.startswith("runners_session.")}
# Tables that no release has rows in, or only for who signs up with a mail server.
UNUSED = {
    *("account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions"),
    *("runners_user_groups", "runners_user_user_permissions"),
}
GROWING = {"django_content_type", "auth_permission"}  # with the tables there are
LACKING = object()
ZOE, HELD = "zoe@example.org", "Not while it hurts"
PAGES = (
    *("/today/", "/diary/", "/trends/", "/trends/weeks.csv", "/check-in/", "/runs/add/"),
    *("/guidance/", "/guidance/plan/", "/guidance/questions/", "/guidance/checks/"),
    *("/guidance/warning-signs/", "/guidance/summary/", "/guidance/library/", "/settings/"),
    *("/settings/sharing/", "/settings/security/", "/import/", "/export/"),
)
OF_A_COACH = ("/athletes/", "/athletes/table.csv", "/athletes/teams/", "/invitations/")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    folder = postgres.binaries()
    assert folder is not None
    with postgres.running(folder) as address:
        yield address


@pytest.fixture
def empty(request: pytest.FixtureRequest, vendor: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/limber.sqlite3"
        return
    with serving.own_database(request.getfixturevalue("server")) as variables:
        yield variables["DATABASE_URL"]


@pytest.mark.parametrize("vendor", releases.VENDORS)
@pytest.mark.parametrize("version", releases.versions())
def test_all_that_was_kept_comes_along_and_goes_back(
    version: str, empty: str, tmp_path: Path
) -> None:
    releases.load(version, empty)
    env = environment(
        tmp_path / "home", {**TRYING_OUT, "HASHED_STATIC": "False", "DATABASE_URL": empty}
    )
    (tmp_path / "home").mkdir()
    then = tables(empty)

    manage(env, "migrate", "--verbosity", "0")
    now = tables(empty)
    assert differences(then, now) == of_tables_in(then, UP)
    assert {table for table, rows in then.items() if not rows} <= UNUSED
    [onset] = [
        row["value"] for row in now["guidance_answer"].values() if row["question"] == "ask:onset"
    ]
    assert onset in ("at_once", '"at_once"')
    assert any(HELD in str(row["blocked"]) for row in now["guidance_planitem"].values())
    assert {row["person_id"] for row in now["runners_session"].values()} == {zoe(now), None}

    for app, name in last_migrations(then, now):
        manage(env, "migrate", app, name, "--verbosity", "0")
    back = tables(empty)
    assert back.keys() == then.keys()
    assert differences(then, back) == of_tables_in(then, UP_AND_DOWN)

    manage(env, "migrate", "--verbosity", "0")
    assert differences(now, tables(empty)) == of_tables_in(then, AND_UP) | SESSIONS
    with serving.serving(env) as served:
        for email, password, pages in people(then):
            visitor = Visitor(served.port)
            visitor.get("/accounts/login/")
            visitor.post("/accounts/login/", login=email, password=password)
            opened = {page: visitor.get(page).status for page in pages}
            assert opened == dict.fromkeys(pages, 200)


def zoe(found: Tables) -> int:
    key: int
    [key] = [key for key, row in found["runners_user"].items() if row["email"] == ZOE]
    return key


def of_tables_in(found: Tables, names: dict[str, str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in found}


def people(then: Tables) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    emails = [row["email"] for row in then["runners_user"].values()]
    yield EMAIL, PASSWORD, PAGES
    yield ZOE, factories.PASSWORD, PAGES
    if COACH_EMAIL in emails:
        hers = f"/athletes/{zoe(then)}/"
        pages = (f"{hers}{page}" for page in ("", "trends/", "diary/", "notes/"))
        yield COACH_EMAIL, PASSWORD, (*OF_A_COACH, *pages)


def tables(address: str) -> Tables:
    """By the driver alone: what Limber thinks of its tables plays no part."""
    if address.startswith("sqlite"):
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
            return rows_of(database, names)
    with psycopg.connect(address) as server:
        return rows_of(server, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def rows_of(database: Any, names: str) -> Tables:
    found = [name for (name,) in database.execute(names).fetchall()]
    return {name: by_key(database.execute(f'SELECT * FROM "{name}"')) for name in found}


def by_key(cursor: Any) -> dict[Any, dict[str, Any]]:
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    key = "id" if "id" in columns else columns[0]
    return {row[key]: row for row in rows}


def last_migrations(then: Tables, now: Tables) -> list[tuple[str, str]]:
    """Of each app that was migrated since, the one of then."""

    def last(found: Tables) -> dict[str, str]:
        rows = found["django_migrations"].values()
        return {row["app"]: row["name"] for row in sorted(rows, key=lambda row: row["name"])}

    was, is_now = last(then), last(now)
    return [(app, was.get(app, "zero")) for app in is_now if was.get(app) != is_now[app]]


def differences(one: Tables, other: Tables) -> set[str]:
    """Tables with other rows, and columns with other values, of what the first one has."""
    found = set()
    for table, rows in one.items():
        if table == "django_migrations":  # compared as a schema, by Django
            continue
        there = other.get(table, {})
        if rows and not there:
            there = other[RENAMED.get(table, table)]
        if rows.keys() - there.keys() or (there.keys() - rows.keys() and table not in GROWING):
            found.add(table)
        for key in rows.keys() & there.keys():
            for column, value in rows[key].items():
                name = column if column in there[key] else RENAMED.get(column, column)
                if there[key].get(name, LACKING) != value:
                    found.add(f"{table}.{column}")
    return found
