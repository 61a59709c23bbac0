"""`make bench`: what pages and saves cost with 1 and 10 years of days, and with 10 to 1,000
athletes, beside an empty page of the same round; what a visit weighs; the rules alone.

For each database a process of its own (`measure.py`) fills it and asks a real server. Figures of
one run can be compared with each other; figures of two runs only on an idle machine.

`--loops` asks for the many at once alone, and for them behind pgbouncer as well.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests import postgres
from tests.serving import PRODUCTION, ROOT, environment

HOME = ROOT / ".local" / "bench"


def measure(home: Path, *only: str, **database: str) -> int:
    env = {
        **environment(home, {**PRODUCTION, **database}),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.bench.measure", *only], cwd=ROOT, env=env
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description="Says what pages and saves cost.")
    parser.add_argument("--loops", action="store_true", help="the many at once, and nothing else")
    only = ["--loops"] if parser.parse_args().loops else []
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    failed = measure(HOME, *only)
    folder = postgres.binaries()
    if folder is None:
        print("\nNo PostgreSQL here: not measured with it.")
    else:
        with postgres.running(folder, safely=bool(only)) as server:
            address = server.replace("/limber?", "/postgres?")
            failed |= measure(HOME, *only, DATABASE_URL=address)
        if only:
            failed |= measure_behind_pgbouncer(folder)
    shutil.rmtree(HOME, ignore_errors=True)
    return failed


def measure_behind_pgbouncer(folder: Path) -> int:
    """On a server of its own, as the one before is full."""
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(postgres.running(folder, safely=True))
        address = stack.enter_context(postgres.behind_pgbouncer(address))
        print("\nBehind pgbouncer, by the transaction", end="")
        return measure(HOME, "--loops", DATABASE_URL=address.replace("/limber?", "/postgres?"))


if __name__ == "__main__":
    sys.exit(main())
