"""What `manage.py serve` refuses: one sentence on stderr, status 1, nothing served."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runners.web import before_serving
from tests import serving
from tests.serving import PRODUCTION, TRYING_OUT, environment, manage

pytestmark = pytest.mark.slow


def refused(env: dict[str, str], *more: str) -> str:
    """What was said; the server must not have started."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(serving.free_port()), *more],
        cwd=serving.ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture(params=[TRYING_OUT, PRODUCTION], ids=["trying out", "production"])
def env(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "limber", request.param)


def test_an_empty_database_is_refused(env: dict[str, str]) -> None:
    said = refused(env)
    assert said.startswith("CommandError: Cannot serve: the database lacks ")
    assert said.endswith(" migrations. Run this first: manage.py migrate")


@pytest.fixture(scope="module")
def older(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that lacks one migration, the last of accounts, on which none rests."""
    home = tmp_path_factory.mktemp("older")
    shutil.copy(migrated, home / "limber.sqlite3")
    env = environment(home, TRYING_OUT)
    manage(env, "migrate", "account", "0008", "--verbosity", "0")
    return home / "limber.sqlite3"


@pytest.mark.slow
def test_a_database_of_an_older_version_is_refused(env: dict[str, str], older: Path) -> None:
    Path(env["LOCAL_DIR"]).mkdir()
    shutil.copy(older, Path(env["LOCAL_DIR"], "limber.sqlite3"))
    assert refused(env) == (
        "CommandError: Cannot serve: the database lacks 1 migration."
        " Run this first: manage.py migrate"
    )


def test_a_database_that_is_away_is_refused(tmp_path: Path) -> None:
    env = environment(tmp_path, {**PRODUCTION, "DATABASE_URL": "sqlite:////nowhere/limber.sqlite3"})
    assert refused(env) == (
        "CommandError: Cannot serve: the database does not answer (unable to open database file)."
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_debug_is_refused_beyond_this_machine(host: str, tmp_path: Path) -> None:
    assert refused(environment(tmp_path, TRYING_OUT), "--host", host) == (
        f"CommandError: Cannot serve on {host} while DEBUG is on, which is for this machine"
        " alone: leave --host out, or set the variables of .env.example."
    )


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("fe80::1", False),
        ("", False),
        ("no-such-host.invalid", False),
    ],
)
def test_loopback_is_what_leads_back_here(host: str, is_loopback: bool) -> None:
    assert before_serving.is_loopback(host) is is_loopback


def test_production_may_listen_anywhere() -> None:
    before_serving.check_debug_stays_at_home("0.0.0.0")  # tests run with DEBUG off
