"""A PostgreSQL database: dumped by pg_dump, replaced in one transaction by psql.

The tools are those of PATH, and at least as new as the server.
"""

import datetime as dt
import os
import subprocess
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from runners.hosting import Refused
from runners.hosting.pool import NEEDS_DIRECT, is_pooled, let_go
from runners.hosting.shelf import STAMP

OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
TABLES = """SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
    ORDER BY tablename"""
LOOKS, BETWEEN_LOOKS_S = 10, 0.1
# Limber's own patience for locks is not that of a dump.
NOT_HANDED_ON = {"password", "options"}


class Postgres:
    def __init__(self) -> None:
        self.aside: Path | None = None

    def size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def empty_log(self) -> None:
        """Its vacuum does that, in a while."""

    def copy_to(self, path: Path) -> None:
        _refuse_pool()
        path.touch(mode=0o600)
        _run("pg_dump", "--format=custom", f"--file={path}", f"--dbname={_address()}")

    def check(self, path: Path) -> None:
        _run("pg_restore", "--list", str(path))

    def refuse_if_used(self) -> None:
        let_go()
        _refuse_pool()
        try:
            with _connected() as direct:
                is_used = all(_has_others(direct) for _ in range(LOOKS))
        except psycopg.Error as problem:
            raise Refused(f"The database does not answer: {problem}.") from None
        if is_used:
            raise Refused(
                "Limber is running, or something else is connected to its database: stop it first,"
                " on every machine."
            )

    def set_aside(self, at: dt.datetime) -> str:
        self.aside = self.aside_in() / f"replaced-{at:{STAMP}}.pgdump"
        self.copy_to(self.aside)
        return str(self.aside)

    def replace_by(self, path: Path) -> None:
        """The script first: what pg_restore finds wrong is found before anything is touched."""
        let_go()
        script, emptying = path.with_suffix(".sql"), path.with_suffix(".emptying.sql")
        try:
            _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path))
            with _connected() as direct:
                tables = [sql.Identifier(name) for (name,) in direct.execute(TABLES)]
                drop = sql.SQL("DROP TABLE {} CASCADE;").format(sql.SQL(", ").join(tables))
                emptying.write_text(drop.as_string(direct) if tables else "")
            files = [f"--file={emptying}", f"--file={script}"]
            quietly = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
            _run("psql", "--single-transaction", *quietly, *files, f"--dbname={_address()}")
        except psycopg.Error as problem:
            raise Refused(f"The database does not answer: {problem}.") from None
        finally:
            script.unlink(missing_ok=True)
            emptying.unlink(missing_ok=True)
        ContentType.objects.clear_cache()

    def aside_in(self) -> Path:
        return Path(settings.LOCAL_DIR)

    def put_back(self) -> None:
        if self.aside is not None:
            self.replace_by(self.aside)


def _refuse_pool() -> None:
    """What pg_dump says of its session would stay with a connection that others have next."""
    try:
        with _connected() as direct:
            [pid] = direct.execute("SELECT pg_backend_pid()").fetchone() or [0]
            if is_pooled(int(pid), direct):
                raise Refused(NEEDS_DIRECT)
    except psycopg.Error as problem:
        raise Refused(f"The database does not answer: {problem}.") from None


def _has_others(direct: "psycopg.Connection[tuple[str]]") -> bool:
    """A connection that was just closed, such as one of ours, is listed for a moment more."""
    [others] = direct.execute(OTHERS).fetchone() or [0]
    if others:
        time.sleep(BETWEEN_LOOKS_S)
    return bool(others)


def _params() -> dict[str, str]:
    """Those of Django's that libpq knows."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    params = connection.get_connection_params()
    return {name: str(value) for name, value in params.items() if name in known}


def _address() -> str:
    """Without the password, which others on the machine would see beside the command."""
    wanted = {name: each for name, each in _params().items() if name not in NOT_HANDED_ON}
    return make_conninfo(**wanted)


def _connected() -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(make_conninfo(**_params()), autocommit=True)


def _run(tool: str, *arguments: str) -> None:
    password = _params().get("password")
    env = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and nothing that people wrote
            [tool, *arguments], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise Refused(
            f"{tool} is not on PATH. On Debian: apt-get install postgresql-client"
        ) from None
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise Refused(f"{tool} failed: {said[:500]}")
