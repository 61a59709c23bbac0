"""The database file stays sound for whoever opens it without Limber: a backup, or a check."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

MADE_BY_SQLITE = "sqlite_"


@pytest.mark.django_db
def test_sqlite_itself_can_check_every_table() -> None:
    """No constraint calls a function that only Django's connections have, such as REGEXP."""
    if connection.vendor != "sqlite":
        pytest.skip("about the file of SQLite")
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        rows = [row for row in cursor.fetchall() if not row[1].startswith(MADE_BY_SQLITE)]
    tables = [name for kind, name, _ in rows if kind == "table"]

    with closing(sqlite3.connect(":memory:")) as plain:
        for _, _, statement in rows:
            plain.execute(statement)
        for table in tables:  # explained, not run: this compiles each check of the table
            plain.execute(f'EXPLAIN INSERT INTO "{table}" DEFAULT VALUES')

    assert "guidance_planitem" in tables
