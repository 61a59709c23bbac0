"""How long each migration since 0.2.0 holds people up, on PostgreSQL with a million spots.

`python -m tests.bench.upgrade` fills the database that the release made, and runs each migration
by itself while one connection reads what a diary reads and another saves. For each it prints how
long it took and the longest that a read and a save had to wait. Ends with 1 where one waited longer
than a second.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import postgres, releases, serving
from tests.serving import ROOT, TRYING_OUT, environment

SINCE = "0.2.0"
MOST_S = 1.0
PEOPLE, DAYS = 1_000, 1_000
SPOTS = PEOPLE * DAYS
FIRST = 1_000_000  # key of what is made here
BETWEEN_S = 0.01

WHOSE = f"{FIRST} + i % {PEOPLE}"
DAY = f"DATE '2022-01-01' + (i / {PEOPLE})::int"
ITEMS = 5 * PEOPLE
# By table: how many rows, and of what its one row holds, what is another in each. `i` is from 0.
FILLED: Mapping[str, tuple[int, dict[str, str]]] = {
    "runners_user": (PEOPLE, {"email": "'p' || i || '@example.org'"}),
    "runners_checkin": (
        SPOTS,
        {"runner_id": WHOSE, "day": DAY, "uid": "gen_random_uuid()", "deleted_at": "NULL"},
    ),
    "runners_sorenessentry": (SPOTS, {"check_in_id": f"{FIRST} + i"}),
    "runners_run": (SPOTS // 2, {"runner_id": WHOSE, "day": DAY, "uid": "gen_random_uuid()"}),
    "runners_standing": (PEOPLE, {"runner_id": WHOSE}),
    "runners_coachlink": (PEOPLE, {"athlete_id": WHOSE, "invitation_id": "NULL"}),
    "runners_sharedstanding": (PEOPLE, {"link_id": f"{FIRST} + i"}),
    "runners_note": (20 * PEOPLE, {"athlete_id": WHOSE, "uid": "gen_random_uuid()"}),
    "guidance_plan": (
        PEOPLE,
        {"runner_id": WHOSE, "uid": "gen_random_uuid()", "feed_token": "'t' || i"},
    ),
    "guidance_planitem": (ITEMS, {"plan_id": WHOSE, "remedy": f"'remedy:' || i / {PEOPLE}"}),
    "guidance_done": (
        SPOTS // 5,
        {"item_id": f"{FIRST} + i % {ITEMS}", "day": DAY.replace(str(PEOPLE), str(ITEMS))},
    ),
    "guidance_screen": (20 * PEOPLE, {"runner_id": WHOSE}),
    "guidance_signanswer": (20 * PEOPLE, {"screen_id": f"{FIRST} + i"}),
    "guidance_answer": (20 * PEOPLE, {"runner_id": WHOSE}),
    "django_session": (10 * PEOPLE, {}),
}
READS = (
    "SELECT id, name FROM runners_user WHERE id = %s",
    "SELECT day, note FROM runners_checkin WHERE runner_id = %s ORDER BY day DESC LIMIT 30",
    "SELECT c.day, s.area, s.intensity FROM runners_sorenessentry s JOIN runners_checkin c"
    " ON c.id = s.check_in_id WHERE c.runner_id = %s ORDER BY c.day DESC LIMIT 60",
    "SELECT day, distance_m FROM runners_run WHERE runner_id = %s ORDER BY day DESC LIMIT 30",
    "SELECT i.remedy FROM guidance_planitem i JOIN guidance_plan p ON p.id = i.plan_id"
    " WHERE p.runner_id = %s",
    "SELECT headline FROM runners_standing WHERE runner_id = %s",
)
SAVES = (
    "UPDATE runners_user SET name = name WHERE id = %s",
    "UPDATE runners_checkin SET note = note WHERE runner_id = %s AND day = '2022-02-01'",
    "UPDATE runners_sorenessentry SET note = note WHERE id = %s",
    "UPDATE runners_run SET note = note WHERE runner_id = %s AND day = '2022-02-01'",
    "UPDATE guidance_planitem SET position = position WHERE plan_id = %s",
    "UPDATE runners_standing SET runner_id = runner_id WHERE runner_id = %s",
)


@dataclass
class Waits:
    """Seconds, the longest since the last look, and the statement that waited."""

    longest: dict[str, tuple[float, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, statement: str) -> None:
        with self.lock:
            self.longest[kind] = max((seconds, statement), self.longest.get(kind, (0.0, "")))

    def taken(self) -> dict[str, tuple[float, str]]:
        with self.lock:
            found, self.longest = self.longest, {}
        return found


def fill(address: str) -> None:
    with psycopg.connect(address) as server:
        for table, (number, changed) in FILLED.items():
            found = server.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            )
            columns = [name for (name,) in found.fetchall()]
            first = {"id": f"{FIRST} + i"} if "id" in columns else {"session_key": "'s' || i"}
            values = [{**first, **changed}.get(name, f"one.{name}") for name in columns]
            order = "ORDER BY runner_id DESC" if "runner_id" in columns else ""
            statement = (
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM"
                f" generate_series(0, {number - 1}) i, (SELECT * FROM {table} {order} LIMIT 1) one"
            )
            server.execute(statement.encode())
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")


@contextmanager
def people(address: str, waits: Waits) -> Iterator[None]:
    end = threading.Event()

    def use(kind: str, statements: tuple[str, ...]) -> None:
        """As Limber does it: nothing is prepared."""
        turn = 0
        with psycopg.connect(address, autocommit=True, prepare_threshold=None) as server:
            while not end.is_set():
                statement = statements[turn % len(statements)]
                turn += 1
                began = time.monotonic()
                server.execute(statement.encode(), [FIRST + turn % PEOPLE])
                waits.note(kind, time.monotonic() - began, statement)
                end.wait(BETWEEN_S)

    threads = [
        threading.Thread(target=use, args=(kind, statements))
        for kind, statements in (("read", READS), ("save", SAVES))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()


def measure(address: str) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    waits, over = Waits(), 0
    print(f"{'s':>6} {'read':>6} {'save':>6}")
    with people(address, waits):
        time.sleep(2)
        print_line("without any", 2.0, waits.taken())
        for migration, _ in plan:
            executor = MigrationExecutor(connection)
            executor.loader.build_graph()
            waits.taken()
            began = time.monotonic()
            executor.migrate([(migration.app_label, migration.name)])
            took = time.monotonic() - began
            time.sleep(2 * BETWEEN_S)  # so that who waited is done
            longest = waits.taken()
            over += any(seconds > MOST_S for seconds, _ in longest.values())
            print_line(f"{migration.app_label}.{migration.name}", took, longest)
    print(f"Held somebody longer than {MOST_S:.0f} s: {over}")
    return int(over > 0)


def print_line(name: str, took: float, longest: dict[str, tuple[float, str]]) -> None:
    read, save = (longest.get(kind, (0.0, "")) for kind in ("read", "save"))
    slow = [statement for seconds, statement in (read, save) if seconds > MOST_S]
    print(f"{took:6.1f} {read[0]:6.2f} {save[0]:6.2f} {name} {slow or ''}", flush=True)


def main() -> int:
    folder = postgres.binaries()
    if folder is None:
        sys.exit("It needs PostgreSQL.")
    with (
        tempfile.TemporaryDirectory() as home,
        postgres.running(folder) as server,
        serving.own_database(server) as variables,
    ):
        address = variables["DATABASE_URL"]
        releases.load(SINCE, address)
        began = time.monotonic()
        fill(address)
        print(f"{SPOTS} spots in {time.monotonic() - began:.0f} s")
        env = {
            **environment(Path(home), {**TRYING_OUT, **variables}),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, "-m", "tests.bench.upgrade", "measure"]
        return subprocess.run(command, cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(measure(os.environ["DATABASE_URL"]) if sys.argv[1:] == ["measure"] else main())
