"""Limber behind a real pgbouncer, by the transaction, with the configuration of `deploy/`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from runners.demo import EMAIL
from runners.hosting.pool import NEEDS_DIRECT
from tests import postgres, serving
from tests.drills.test_machine_gone import signed_in
from tests.serving import TRYING_OUT, environment, manage

WAITS_S = 8  # five of them are what a save may wait

pytestmark = pytest.mark.skipif(
    postgres.pgbouncer() is None, reason="no pgbouncer: on Debian, apt-get install pgbouncer"
)


@dataclass(frozen=True, slots=True)
class Pooled:
    env: dict[str, str]
    direct: str  # the address of PostgreSQL itself
    served: serving.Served


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    folder = postgres.binaries()
    assert folder is not None
    with ExitStack() as stack:
        direct = stack.enter_context(postgres.running(folder)).replace("/limber?", "/postgres?")
        address = stack.enter_context(postgres.behind_pgbouncer(direct))
        home = tmp_path_factory.mktemp("pooled")
        env = environment(home, {**TRYING_OUT, "DATABASE_URL": address})
        serving.prepare(env)
        manage(env, "load_demo")
        served = stack.enter_context(serving.serving(env))
        yield Pooled(env, direct, served)


def doctor(env: dict[str, str]) -> str:
    """What it says of the database."""
    command = [sys.executable, "manage.py", "doctor"]
    said = subprocess.run(command, cwd=serving.ROOT, env=env, capture_output=True, text=True)
    [line] = [line for line in said.stdout.splitlines() if " database " in line]
    return line


def test_a_save_waits_for_a_lock_as_long_as_without_it(pooled: Pooled) -> None:
    ana = signed_in(pooled.served, EMAIL)
    assert ana.post("/settings/consent/", agree="yes").status == 302
    with psycopg.connect(pooled.direct) as other:
        other.execute("SELECT 1 FROM runners_user WHERE email = %s FOR UPDATE", [EMAIL])
        began = time.monotonic()
        assert ana.post("/settings/consent/", agree="yes").status == 503
        assert time.monotonic() - began < WAITS_S
        assert ana.get("/diary/").status == 200
    assert ana.post("/settings/consent/", agree="yes").status == 302


def test_a_backup_goes_past_it_and_is_refused_through_it(pooled: Pooled) -> None:
    """What pg_dump says of its session would stay with a connection that pages have next."""
    past = {**pooled.env, "DIRECT_DATABASE_URL": pooled.direct}

    refused = subprocess.run(
        [sys.executable, "manage.py", "backup"],
        cwd=serving.ROOT,
        env=pooled.env,
        capture_output=True,
        text=True,
    )

    assert (refused.returncode, NEEDS_DIRECT in refused.stderr) == (1, True)
    backups = Path(pooled.env["LOCAL_DIR"], "backups")
    assert list(backups.glob("limber-*")) == []
    manage(past, "backup")
    assert len(list(backups.glob("limber-*"))) == 1
    pages = [signed_in(pooled.served, EMAIL).get("/diary/").status for _ in range(20)]
    assert set(pages) == {200}
    assert NEEDS_DIRECT in doctor(pooled.env)
    assert doctor(past).endswith("A save waits 2500ms for a lock at most.")


def test_a_restore_goes_past_it_too_once_it_holds_nothing_open(pooled: Pooled) -> None:
    """The last of these tests: Limber and pgbouncer are stopped."""
    past = {**pooled.env, "DIRECT_DATABASE_URL": pooled.direct}
    [backup] = Path(pooled.env["LOCAL_DIR"], "backups").glob("limber-*")
    pooled.served.process.terminate()
    pooled.served.process.wait(timeout=20)
    command = [sys.executable, "manage.py", "restore", str(backup)]

    refused = subprocess.run(command, cwd=serving.ROOT, env=past, capture_output=True, text=True)
    pid = Path(pooled.direct.partition("host=")[2], "pgbouncer.pid").read_text()
    os.kill(int(pid), signal.SIGTERM)

    assert "Limber is running, or something else is connected" in refused.stderr
    assert "Restored to" in manage(past, "restore", str(backup))
