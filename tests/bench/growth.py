"""What more runners change: pages with 100, 1,000 and 10,000 of them, of two years each.

`python -m tests.bench.growth` fills PostgreSQL step by step, by statements of its own, and asks a
real server after each. Then, with all of them there: each query of every page and nightly command
that reads `MOST_BLOCKS` of a table from its beginning, what the night's renewal takes, and the disk
by table. `--most 1000` stops earlier. With 10,000 it takes some minutes and 12 GB for a while. Ends
with 1 where a page costs more than `MOST_TIMES` of what it did, or a query reads so.
"""

import argparse
import datetime as dt
import io
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from tests import postgres, serving
from tests.bench import processes
from tests.bench.measure import Browser, Row, cpu_of, visitor_of
from tests.serving import PRODUCTION, ROOT, environment

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from django.db.models import Model

    from runners.models import User

SIZES = (100, 1_000, 10_000)
DAYS = 730
ASKED = 6  # runners whose pages are asked for at each size
OF_ROSTER, OF_LARGE_ROSTER = 50, 1_000
TITLES = ("Empty page", "Today", "Trends, 12 weeks", "Diary")
MOST_TIMES = 1.3
MOST_BLOCKS = 1_000  # of 8 kB
COMMANDS = (
    *("tidy_up", "renew_standings", "send_reminders", "send_digests", "send_invitations"),
    *("deliver_mail", "doctor"),
)
ADDRESSES = (
    "/trends/?weeks=52",
    "/diary/?area=hamstring&felt=5",
    "/diary/?note=sore",
    "/athletes/?q=athlete",
    "/athletes/?sort=team",
    "/athletes/?sort=log&level=look",
    "/athletes/?page=7",
    "/host/accounts/?q=grown",
)
LOOKED_AT_DAYS = 300
MAILS = {"SITE_URL": "https://limber.example", "EMAIL_URL": "smtp://127.0.0.1:1"}


# People


class Population:
    """Three runners as patterns, and as many as wanted with the days of one of them."""

    def __init__(self) -> None:
        from tests.bench.coaches import make_patterns
        from tests.factories import make_user

        self.patterns = make_patterns(DAYS, timezone.localdate())
        self.runners: list[User] = []
        self.coach = make_user("Kit Marlow", email="kit@example.org", is_coach=True)
        self.large = make_user("Robin Vale", email="robin@example.org", is_coach=True)
        self.host = make_user("Hope Lund", email="hope@example.org", is_host=True)

    def grow(self, size: int) -> None:
        from runners.models import User
        from tests.bench.coaches import copy_logs

        now = timezone.now()
        new = User.objects.bulk_create(
            [
                User(email=f"grown{n}@example.org", name=f"Ana Athlete {n}", welcomed_at=now)
                for n in range(len(self.runners), size)
            ],
            500,
        )
        self.runners += new
        people = f"runners_user.id BETWEEN {new[0].pk} AND {new[-1].pk}"
        self.look_at_keys(False)  # whose rows are there: to look takes as long as all the rest
        for pattern, which in self.patterns:
            digits = ", ".join(map(str, which))
            of_it = f"{people} AND mod(id, 10) IN ({digits})"
            copy_logs(pattern, f"SELECT id FROM runners_user WHERE {of_it}")
        self.fill_others(people)
        self.link()
        self.look_at_keys(True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")

    def look_at_keys(self, really: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET session_replication_role = {'origin' if really else 'replica'}")

    def fill_others(self, people: str) -> None:
        """What lies beside the days, so that no table is small which will not be."""
        from allauth.account.models import EmailAddress

        from guidance.models import Answer, Screen, ScreenResult
        from runners.models import Consent, SecurityEvent, SecurityEventKind, Session
        from runners.models.digests import Digest, DigestKind
        from tests.factories import make_done, make_plan

        one, today = self.patterns[0][0], timezone.localdate()

        def rows(each: int, more: str = "TRUE") -> str:
            return (
                "(SELECT runners_user.id AS person, n FROM runners_user,"
                f" generate_series(1, {each}) n WHERE {people} AND {more}) them"
            )

        email = EmailAddress.objects.create(user=one, email="x@example.org", verified=True)
        multiply(email, rows(1), user_id="person", email="'grown' || person || '@example.org'")
        email.delete()
        consent = Consent.objects.of(one).get()
        multiply(consent, rows(1), runner_id="person")
        visitor_of(0, one)
        session = Session.objects.filter(person=one)[0]
        key = "md5(person || '-' || n)"
        multiply(session, rows(2), person_id="person", session_key=key)
        session.delete()
        event = SecurityEvent.objects.create(kind=SecurityEventKind.SIGNED_IN, person=one)
        since = "one.at - n * 18 * interval '1 day' - person * interval '1 second'"
        multiply(event, rows(20), person_id="person", who="md5(person::text)", at=since)
        answer = Answer.objects.create(
            runner=one, question="ask:care_first", value=["none"], day=today
        )
        multiply(answer, rows(5), runner_id="person", day="one.day - n")
        screen = Screen.objects.create(runner=one, result=ScreenResult.NONE, day=today)
        multiply(screen, rows(5), runner_id="person", day="one.day - 7 * n")
        digest = Digest.objects.create(user=one, kind=DigestKind.RUNNER, week=today)
        multiply(digest, rows(52), user_id="person", week="one.week - 7 * n")
        plan = make_plan(one, today - dt.timedelta(21), items={"plank": "135"})
        sore = "mod(runners_user.id, 10) < 2"
        fresh = {"uid": "gen_random_uuid()", "feed_token": key}
        multiply(plan, rows(1, sore), runner_id="person", **fresh)
        item = plan.items.get()
        multiply(
            item,
            f"{rows(1, sore)} JOIN guidance_plan theirs ON theirs.runner_id = person",
            runner_id="person",
            plan_id="theirs.id",
        )
        done = make_done(plan, today)
        multiply(
            done,
            f"{rows(200, sore)} JOIN guidance_planitem theirs ON theirs.runner_id = person",
            runner_id="person",
            item_id="theirs.id",
            day="one.day - n",
        )
        for row in (event, answer, screen, digest, plan):
            row.delete()

    def link(self) -> None:
        """Coaches of the first runners, who were looked at on most days of a year."""
        from runners.models import AccessRecord, AthletePage, CoachLink
        from tests.bench.coaches import make_links
        from tests.factories import make_note

        for coach, most in ((self.coach, OF_ROSTER), (self.large, OF_LARGE_ROSTER)):
            linked = set(CoachLink.objects.of_coach(coach).values_list("athlete", flat=True))
            fresh = [one for one in self.runners[:most] if one.pk not in linked]
            if not fresh:
                continue
            make_links(coach, fresh)
            theirs = (
                "(SELECT id AS person, n FROM runners_user, generate_series(1, {}) n"
                f" WHERE id BETWEEN {fresh[0].pk} AND {fresh[-1].pk}) them"
            )
            look = AccessRecord.objects.create(
                coach=coach, athlete=fresh[0], page=AthletePage.ROSTER, day=timezone.localdate()
            )
            each = theirs.format(LOOKED_AT_DAYS)
            multiply(look, each, athlete_id="person", day="one.day - n")
            note = make_note(coach, fresh[0], text="Easy week?", read_at=timezone.now())
            multiply(note, theirs.format(30), athlete_id="person", uid="gen_random_uuid()")


def multiply(one: "Model", rows: str, **changed: str) -> None:
    """A row for each of `rows`, as `one` but for what is changed."""
    table = one._meta.db_table
    columns = [
        field.column for field in one._meta.concrete_fields if field.column and field.column != "id"
    ]
    values = [changed.get(name, f'one."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
            f" FROM {table} one, {rows} WHERE one.{one._meta.pk.column} = %s",
            [one.pk],
        )


# Pages


def costs(population: Population, port: int, pids: list[int]) -> dict[str, float]:
    """By title: processor time of the server and of the database beside the empty page."""
    from tests.bench.asks import asks_of_a_runner, roster

    asks = [ask for ask in asks_of_a_runner() if ask.title in TITLES]
    sore = [runner for runner in population.runners if runner.pk % 10 < 2]
    chosen = [*sore[:: max(1, len(sore) // ASKED)]][:ASKED]
    rows: list[Row] = [Row(ask, 1, runner) for ask in asks for runner in chosen]
    rows.append(Row(roster(), 1, population.coach))
    browsers = {row.person.pk: Browser(visitor_of(port, row.person)) for row in rows}
    for row in rows:
        row.ask.way(browsers[row.person.pk])
    spent = cpu_of(rows, browsers, pids)
    return {
        title: statistics.median(
            spent[id(row)].times for row in rows if row.ask.title.startswith(title)
        )
        for title in (*TITLES, "Roster")
    }


# Queries


@contextmanager
def noted() -> Iterator[dict[str, tuple[str, Any]]]:
    """Each statement once, by what it says without its values."""
    found: dict[str, tuple[str, Any]] = {}

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.split()[0] in ("SELECT", "UPDATE", "DELETE", "WITH"):
            found.setdefault(re.sub(r"(%s(, )?)+", "%s", sql), (sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def read_everything(population: Population) -> dict[str, tuple[str, Any]]:
    """All that pages, saves and commands ask the database."""
    from django.core.management import CommandError, call_command

    from tests.bench.asks import InProcess, asks_of_a_coach, asks_of_a_runner
    from tests.drills.routes import Found, reach

    runner = next(one for one in population.runners if one.pk % 10 < 2)
    with noted() as queries:
        for person in (runner, population.large, population.host):
            asked = InProcess(person)

            def look(address: str, asked: InProcess = asked) -> str:
                status, body = asked.get(address)
                return body.decode(errors="replace") if status == 200 else ""

            reach(Found(most=2), look, ["/today/", "/settings/", "/athletes/", "/host/"])
            for address in ADDRESSES:
                asked.get(address)
        for ask in asks_of_a_runner():
            ask.before(runner)
            ask.way(InProcess(runner))
        for ask in asks_of_a_coach(runner.pk):
            ask.way(InProcess(population.large))
        for command in COMMANDS:
            with suppress(CommandError, SystemExit):  # there is no mail server
                call_command(command, stdout=io.StringIO())
    return queries


def read_from_the_beginning(queries: dict[str, tuple[str, Any]]) -> list[tuple[int, str, str]]:
    """Blocks, table and statement of each that reads too many without an index."""
    from django.db import DatabaseError, transaction

    found = []
    for sql, params in queries.values():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0][0]["Plan"]
                transaction.set_rollback(True)
        except DatabaseError as problem:
            print(f"Not explained ({problem}): {sql[:200]}")
            continue
        found += [(blocks, table, sql) for blocks, table in scans(plan) if blocks >= MOST_BLOCKS]
    return found


def scans(plan: dict[str, Any]) -> Iterator[tuple[int, str]]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


# The night, and the disk


def renew_all(env: dict[str, str], server: int) -> str:
    from runners.models import Standing

    Standing.objects.update(valid_until=None)
    before, ended = resource.getrusage(resource.RUSAGE_CHILDREN), ended_s(server)
    said = serving.manage(env, "renew_standings").strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (
        f"{said} {own:.0f} s of a core, and {ended_s(server) - ended:.0f} s of the database's,"
        f" {after.ru_maxrss * 1024 / 1e6:.0f} MB"
    )


def ended_s(pid: int) -> float:
    """Seconds of a core that the ended children of a process took."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[13]) + int(words[14])) / os.sysconf("SC_CLK_TCK")


def sizes_of_tables() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC"
        )
        return [(name, size) for name, size in cursor.fetchall()]


# All of it


def measure(sizes: list[int]) -> int:
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)
    sys.excepthook = sys.__excepthook__
    env = dict(os.environ)
    serving.prepare(env)
    address = urllib.parse.urlsplit(env["DATABASE_URL"])
    data = Path(urllib.parse.parse_qs(address.query)["host"][0], "data")
    server = int((data / "postmaster.pid").read_text().split()[0])
    population, over = Population(), False
    first: dict[str, float] = {}
    for size in sizes:
        population.grow(size)
        serving.manage(env, "renew_standings")
        with serving.serving(env) as served:
            visitor_of(served.port, population.host).get("/privacy/")
            pids = processes.tree(served.process.pid) + processes.tree(server)
            found = costs(population, served.port, pids)
        first = first or found
        times = {title: cost / first[title] for title, cost in found.items()}
        over |= max(times.values()) > MOST_TIMES
        words = (f"{title} {found[title]:.2f} ({times[title]:.2f})" for title in found)
        print(f"{size:>7} runners: {', '.join(words)}", flush=True)
    print(f"\nThe night: {renew_all(env, server)}")
    tables = sizes_of_tables()
    total = sum(size for _, size in tables)
    print(f"Disk: {total / len(population.runners) / DAYS * 365 / 1000:.0f} kB a runner and year")
    for name, size in tables[:8]:
        print(f"  {size / total:4.0%} {name}")
    queries = read_everything(population)
    scanned = read_from_the_beginning(queries)
    print(
        f"\n{len(queries)} statements; from the beginning of a table, {MOST_BLOCKS} blocks or more:"
    )
    for blocks, table, sql in sorted(scanned, reverse=True):
        print(f"  {blocks} blocks of {table}: {sql[:400]}")
    return int(over or bool(scanned))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--most", type=int, default=SIZES[-1])
    most = options.parse_args().most
    folder = postgres.binaries()
    if folder is None:
        sys.exit("It needs PostgreSQL.")
    with tempfile.TemporaryDirectory() as home, postgres.running(folder) as server:
        address = server.replace("/limber?", "/postgres?")
        env = {
            **environment(Path(home), {**PRODUCTION, **MAILS, "DATABASE_URL": address}),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "GROWN_TO": ",".join(str(size) for size in SIZES if size <= most),
        }
        return subprocess.run(
            [sys.executable, "-m", "tests.bench.growth"], cwd=ROOT, env=env
        ).returncode


if __name__ == "__main__":
    grown_to = os.environ.get("GROWN_TO")
    sys.exit(measure([int(size) for size in grown_to.split(",")]) if grown_to else main())
