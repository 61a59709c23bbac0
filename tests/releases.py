"""Databases as each release made them, small and full of everything: `tests/data/releases/`.

`python -m tests.releases 0.2.0 520f724a` makes those of a release at its commit: in a working tree
and an environment of their own, by its own migrations, demo and factories, on SQLite and on a
PostgreSQL of its own, as SQL in gzip. Made once, when a version is released, and never anew.
"""

import argparse
import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tests import postgres
from tests.serving import ROOT

FOLDER = ROOT / "tests" / "data" / "releases"
VENDORS = ("sqlite", "postgresql")
# Run by `manage.py shell` of the release: few people, and a row of theirs in every table.
FILL = """
from importlib import import_module
from django.utils import timezone
from guidance.models import Answer, Screen
from runners.models import *
from tests import factories as make
ana = User.objects.get(email="ana@example.org")
kit = User.objects.filter(is_demo=True).exclude(pk=ana.pk).filter(email__startswith="kit").first()
kept = list(User.objects.order_by("pk").values_list("pk", flat=True)[:8])
User.objects.exclude(pk__in=[*kept, ana.pk, kit.pk if kit else 0]).delete()
today = timezone.localdate()
note = 'Zoë 🦵 says "so": 50 % \\\\ of it, it\\'s fine'
her = make.make_user("Zoë O'Hara", email="zoe@example.org")
make.make_run(her, today, note=note)
make.make_soreness(her, today, note=note)
make.make_check_result(her, "plank", today)
make.make_check_result(her, "heel_to_seat", today, left=12, right=5)
plan = make.make_plan(her, today)
make.make_done(plan, today)
plan.items.filter(remedy="remedy:plank").update(held="Not while it hurts")
Answer.objects.create(runner=her, question="ask:onset", value="sudden", day=today)
Answer.objects.create(runner=her, question="ask:care_first", value=["none"], day=today)
screen = Screen.objects.create(runner=her, result="some", day=today)
signs = Screen._meta.related_objects[0].related_model
signs.objects.create(screen=screen, flag="flag:night_pain", yes=True)
if kit:
    link = make.make_link(kit, her)
    make.make_invitation(kit, email="dee@example.org")
    make.make_note(kit, her, text=note)
    make.make_note(kit, her, text=note, author=her)
    make.make_suggestion(kit, her)
    models = import_module("runners.models")
    models.AccessRecord.objects.create(coach=kit, athlete=her, page="overview", day=today)
    models.Digest.objects.create(user=her, kind="runner", week=today)
from django.contrib.sessions.backends.db import SessionStore
for person in (her, None):
    session = SessionStore()
    if person:
        session.update({"_auth_user_id": str(person.pk), "_auth_user_backend": "x"})
    session.create()
"""


def path_of(version: str, vendor: str) -> Path:
    return FOLDER / f"{version}.{vendor}.sql.gz"


def versions() -> list[str]:
    """Oldest first."""
    found = {path.name.removesuffix(".sqlite.sql.gz") for path in FOLDER.glob("*.sqlite.sql.gz")}
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


def load(version: str, address: str) -> None:
    """Into an empty database: an SQLite file, or PostgreSQL."""
    vendor = "sqlite" if address.startswith("sqlite") else "postgresql"
    script = gzip.decompress(path_of(version, vendor).read_bytes()).decode()
    if vendor == "sqlite":
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
            # Which a constraint of the first releases calls, and Django's connections have.
            matches = lambda pattern, text: re.search(pattern, text) is not None  # noqa: E731
            database.create_function("REGEXP", 2, matches)
            database.executescript(script)
        return
    with psycopg.connect(address) as server:
        server.execute(script.encode())


# Making them


def make(version: str, commit: str) -> None:
    with tempfile.TemporaryDirectory(prefix="limber-release-") as home, tree(Path(home), commit):
        code = Path(home) / "code"
        python = environment_of(code)
        FOLDER.mkdir(exist_ok=True)
        file = Path(home) / "limber.sqlite3"
        fill(code, python, f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as database:
            write(version, "sqlite", "\n".join(database.iterdump()))
        folder = postgres.binaries()
        assert folder is not None, "It needs PostgreSQL."
        with postgres.running(folder) as address:
            fill(code, python, address.replace("/limber?", "/postgres?"))
            command = [str(folder / "pg_dump"), "--inserts", "--no-owner", "--no-privileges"]
            address = address.replace("/limber?", "/postgres?")
            dump = subprocess.run([*command, address], check=True, capture_output=True, text=True)
            write(version, "postgresql", postgres.plain_sql(dump.stdout))


def write(version: str, vendor: str, script: str) -> None:
    path = path_of(version, vendor)
    path.write_bytes(gzip.compress(script.encode(), 9, mtime=0))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


@contextmanager
def tree(home: Path, commit: str) -> Iterator[None]:
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(home / "code"), commit], check=True)
    try:
        yield
    finally:
        subprocess.run([*git, "remove", "--force", str(home / "code")], check=True)


def environment_of(code: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", code / ".venv"], check=True)
    python = code / ".venv" / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    command = [str(python), "-m", "pip", "install", *options]
    subprocess.run([*command, "-r", str(code / "requirements/dev.txt")], check=True)
    return python


def fill(code: Path, python: Path, address: str) -> None:
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DEBUG": "True",
        "LOCAL_DIR": str(code / ".local"),
        "DATABASE_URL": address,
    }
    for command in (["migrate", "--verbosity", "0"], ["load_demo"], ["shell", "-c", FILL]):
        subprocess.run([python, "manage.py", *command], cwd=code, env=env, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Makes the data of a release.")
    parser.add_argument("version")
    parser.add_argument("commit")
    wanted = parser.parse_args()
    make(wanted.version, wanted.commit)
