"""Nobody else on the machine opens what Limber stores."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.private_files import close_to_others, files_of
from tests import serving
from tests.serving import TRYING_OUT, Visitor, environment, manage


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    was = os.umask(0o022)
    yield
    os.umask(was)


def open_to_others(folder: Path) -> list[str]:
    """Static files are what everybody gets, and lie in a folder that nobody else enters."""
    everything = [folder, *folder.glob("limber.*")]
    return [f"{path} {mode(path):o}" for path in everything if mode(path) & 0o077]


@pytest.mark.slow
def test_what_is_made_is_private(tmp_path: Path) -> None:
    home = tmp_path / "new" / "limber"

    manage(environment(home, TRYING_OUT), "migrate", "contenttypes", "--verbosity", "0")

    assert mode(home) == 0o700
    assert mode(home / "limber.sqlite3") == 0o600
    assert open_to_others(home) == []


@pytest.mark.server
def test_what_a_server_makes_is_private_too(tmp_path: Path, migrated: Path) -> None:
    home = tmp_path / "limber"
    env = environment(home, TRYING_OUT)
    manage(env, "collectstatic", "--noinput", "--verbosity", "0")
    shutil.copy(migrated, home / "limber.sqlite3")
    with serving.serving(env) as served:
        Visitor(served.port).get("/")  # which asks whether there are demo accounts
        assert {path.name for path in home.glob("limber.*")} == {
            "limber.sqlite3",
            "limber.sqlite3-wal",
            "limber.sqlite3-shm",
        }
        assert open_to_others(home) == []


@pytest.mark.slow
def test_a_database_that_was_open_is_closed_and_told_once(tmp_path: Path) -> None:
    env = environment(tmp_path / "limber", TRYING_OUT)
    manage(env, "migrate", "contenttypes", "--verbosity", "0")
    database = tmp_path / "limber" / "limber.sqlite3"
    database.chmod(0o644)

    first, again = manage_errors(env), manage_errors(env)

    assert mode(database) == 0o600
    assert first == f"Closed {database} to other users of this machine.\n"
    assert again == ""


@pytest.mark.slow
def test_a_folder_that_the_host_names_is_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "limber"
    home.mkdir(mode=0o750)
    manage(environment(home, TRYING_OUT), "migrate", "contenttypes", "--verbosity", "0")
    assert mode(home) == 0o750
    assert mode(home / "limber.sqlite3") == 0o600


def test_the_files_of_a_database_are_closed_together(tmp_path: Path) -> None:
    name = str(tmp_path / "some.sqlite3")
    there = [Path(f"{name}{suffix}") for suffix in ("", "-wal")]
    for path in there:
        path.touch(mode=0o644)

    close_to_others(files_of(name))

    assert [mode(path) for path in there] == [0o600, 0o600]


@pytest.mark.parametrize("name", ["", ":memory:", "file:memory?mode=memory"])
def test_a_database_in_memory_has_no_files(name: str) -> None:
    assert files_of(name) == []


def manage_errors(env: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=serving.ROOT,
        env=env,
        capture_output=True,
        text=True,
    ).stderr
