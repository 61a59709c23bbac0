"""`make bench`: what pages and saves cost with 1 and 10 years of days, and with 10 to 1,000
athletes, beside an empty page of the same round; what a visit weighs; the rules alone.

For each database a process of its own (`measure.py`) fills it and asks a real server. Figures of
one run can be compared with each other; figures of two runs only on an idle machine.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests import postgres
from tests.serving import PRODUCTION, ROOT, environment

HOME = ROOT / ".local" / "bench"


def measure(home: Path, **database: str) -> int:
    env = {
        **environment(home, {**PRODUCTION, **database}),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.bench.measure"], cwd=ROOT, env=env
    ).returncode


def main() -> int:
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    failed = measure(HOME)
    folder = postgres.binaries()
    if folder is None:
        print("\nNo PostgreSQL here: not measured with it.")
    else:
        with postgres.running(folder) as address:
            failed |= measure(HOME, DATABASE_URL=address.replace("/limber?", "/postgres?"))
    shutil.rmtree(HOME, ignore_errors=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
