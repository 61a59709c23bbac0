"""Fills the database of DATABASE_URL (or the SQLite file in LOCAL_DIR) and asks a server of it."""

import gzip
import logging
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests import serving
from tests.bench import processes
from tests.serving import Answer, Visitor

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from runners.models import User
    from tests.bench.asks import Ask, InProcess
    from tests.bench.people import Bench

YEARS = (1, 10)
COACHED = (10, 100, 1000)  # athletes of a coach
ROUNDS = 24  # of all asks, which take turns, so that all share the noise
WARM_UP = 6  # rounds before, for both worker processes
ALONE = 8  # rounds in this process, for what the database does
SETTLED_S = 0.002  # after an answer: what a worker still has to do
ASSESSING_S = 3
WEIGHED = (("Today", "/today/"), ("Trends", "/trends/"))
NOT_STATEMENTS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def main() -> int:
    django.setup()
    logging.disable(logging.WARNING)  # a line for each page that is asked in this process
    serving.prepare(os.environ)
    from tests.bench.closed_loop import print_loops
    from tests.bench.imports import print_imports, print_notes
    from tests.bench.people import Bench

    if sys.argv[1:] == ["--loops"]:
        print(f"\n== {database()}; load before: {os.getloadavg()[0]:.1f}")
        with serving.serving(os.environ) as served:
            print_loops(lambda who: Browser(visitor_of(served.port, who)), served.process.pid)
        return 0
    bench = Bench.make(YEARS, COACHED)
    print(f"\n== {database()}")
    with serving.serving(os.environ) as served:
        failed = measure(bench, served.port, served.process.pid)
        if not failed and not os.environ.get("DATABASE_URL"):
            print_weights(visitor_of(served.port, bench.runners[YEARS[0]]))
        print_imports(Path(os.environ["LOCAL_DIR"]), served.port, served.process.pid)
        print_loops(lambda person: Browser(visitor_of(served.port, person)), served.process.pid)
    if failed:
        print(f"These do not answer as they should: {', '.join(failed)}", file=sys.stderr)
        return 1
    print_assessing(bench.runners[YEARS[-1]])
    print_renewal(bench)
    print_notes()
    return 0


# Pages and saves


@dataclass(frozen=True, slots=True)
class Row:
    """An ask of one person. `size` is years of days, or how many athletes."""

    ask: "Ask"
    size: int
    person: "User"


@dataclass(frozen=True, slots=True)
class Cost:
    """`times` the empty page of the same round: the median, and the middle half of the rounds."""

    times: float
    low: float
    high: float
    size: int  # bytes, with gzip


@dataclass(frozen=True, slots=True)
class Statements:
    """What one ask says to the database. `cpu_ns` is the server's, None on SQLite."""

    sql: int
    transactions: int
    cpu_ns: float | None


def measure(bench: "Bench", port: int, server: int) -> list[str]:
    rows = bench.rows()
    browsers = {row.person.pk: Browser(visitor_of(port, row.person)) for row in rows}
    if failed := [row.ask.title for row in rows if not is_answered(row, browsers[row.person.pk])]:
        return failed
    costs = cpu_of(rows, browsers, processes.tree(server))
    said = {id(row): statements(row) for row in rows}
    print_table(rows, costs, said)
    print(
        f"\nMemory of the server and its workers: {processes.pss_mb(processes.tree(server)):.0f} MB"
    )
    return []


def is_answered(row: Row, browser: "Browser") -> bool:
    row.ask.before(row.person)
    return row.ask.way(browser)[0] in (200, 302)


def cpu_of(rows: list[Row], browsers: dict[int, "Browser"], server: list[int]) -> dict[int, Cost]:
    """By `id` of a row: the processor time of the server, beside the empty page of that round."""
    spent: dict[int, list[int]] = {id(row): [] for row in rows}
    sizes: dict[int, int] = {}
    for turn in range(WARM_UP + ROUNDS):
        for row in rows:
            row.ask.before(row.person)
            before = processes.cpu_ns(server)
            _, body = row.ask.way(browsers[row.person.pk])
            time.sleep(SETTLED_S)
            if turn >= WARM_UP:
                spent[id(row)].append(processes.cpu_ns(server) - before)
            sizes[id(row)] = len(gzip.compress(body, 6))
    empty = spent[id(rows[0])]
    costs = {}
    for row in rows:
        times = sorted(one / base for one, base in zip(spent[id(row)], empty, strict=True))
        low, middle, high = statistics.quantiles(times, n=4)
        costs[id(row)] = Cost(middle, low, high, sizes[id(row)])
    return costs


def statements(row: Row) -> Statements:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.bench.asks import InProcess

    asked = InProcess(row.person)
    for _ in range(2):  # what is read once for all is read
        row.ask.before(row.person)
        row.ask.way(asked)
    row.ask.before(row.person)
    with CaptureQueriesContext(connection) as captured:
        row.ask.way(asked)
    said = [query["sql"].split()[0] for query in captured]
    sql = sum(word not in NOT_STATEMENTS for word in said)
    return Statements(sql, said.count("COMMIT"), database_cpu_ns(row, asked))


def database_cpu_ns(row: Row, asked: "InProcess") -> float | None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    backend = [connection.connection.info.backend_pid]
    spent = []
    for _ in range(ALONE):
        row.ask.before(row.person)
        before = processes.cpu_ns(backend)
        row.ask.way(asked)
        spent.append(processes.cpu_ns(backend) - before)
    return statistics.median(spent)


class Browser:
    """A signed-in person, through the server."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        visitor.headers["Origin"] = f"https://127.0.0.1:{visitor.port}"
        visitor.get("/check-in/")  # brings the cookie that a form needs

    def get(self, path: str) -> tuple[int, bytes]:
        answer = self.visitor.get(path)
        return answer.status, answer.body

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        answer = self.visitor.post(path, **fields)
        return answer.status, answer.body

    def upload(
        self, path: str, file: Path, *, name: str = "file", **fields: str
    ) -> tuple[int, bytes]:
        edge, part = "edge-of-the-parts", "Content-Disposition: form-data; name="
        fields["csrfmiddlewaretoken"] = self.visitor.token
        head = "".join(
            f'--{edge}\r\n{part}"{one}"\r\n\r\n{value}\r\n' for one, value in fields.items()
        )
        head += f'--{edge}\r\n{part}"{name}"; filename="{file.name}"\r\n\r\n'
        body = head.encode() + file.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        answer = self.visitor.send(path, body, f"multipart/form-data; boundary={edge}")
        return answer.status, answer.body


def visitor_of(port: int, person: "User") -> Visitor:
    from django.test import Client

    client = Client()
    client.force_login(person)
    cookie = client.cookies["sessionid"].value
    return Visitor(port, {"sessionid": cookie}, dict(serving.SAID_BY_PROXY))


def print_table(rows: list[Row], costs: dict[int, Cost], said: dict[int, Statements]) -> None:
    print(f"\nProcessor time of the server beside the empty page (median of {ROUNDS} rounds, and")
    print("the middle half of them), queries, transactions, bytes with gzip, the database's own")
    print(f"{'':20}{'':>6}{'×':>7}{'':>14}{'aim':>6}{'SQL':>6}{'tx':>4}{'bytes':>9}{'db ms':>8}")
    for row in rows:
        cost, spoken = costs[id(row)], said[id(row)]
        spread = f"{cost.low:.1f}–{cost.high:.1f}"
        most = f"≤{row.ask.most_sql}" if row.ask.most_sql else ""
        own = "" if spoken.cpu_ns is None else f"{spoken.cpu_ns / 1e6:.2f}"
        print(
            f"{row.ask.title:20}{row.size:>6}{cost.times:>7.1f}{spread:>14}{row.ask.aim:>6g}"
            f"{spoken.sql:>6}{spoken.transactions:>4}{cost.size:>9}{own:>8} {most}"
        )


# The rules


def print_assessing(runner: "User") -> None:
    from django.utils import timezone

    from guidance.advice.history import read
    from guidance.knowledge import current_knowledge
    from guidance.rules import assess

    history = read([runner], timezone.localdate())[runner.pk].history
    knowledge = current_knowledge()
    done, began = 0, processes.own_cpu_ns()
    while (spent := processes.own_cpu_ns() - began) < ASSESSING_S * 1e9:
        for _ in range(20):  # to look at the clock takes a tenth of one
            assess(history, knowledge)
        done += 20
    print(f"Assessments a second of a core: {done / (spent / 1e9):.0f}")


def print_renewal(bench: "Bench") -> None:
    began, cpu = time.perf_counter(), processes.own_cpu_ns()
    athletes = bench.renew_all()
    took, spent = time.perf_counter() - began, (processes.own_cpu_ns() - cpu) / 1e9
    print(f"Renewing {athletes} athletes: {took:.1f} s, of which {spent:.1f} s in this process")


# What a visit weighs


def database() -> str:
    from django.db import connection

    connection.ensure_connection()
    version = ".".join(str(part) for part in connection.get_database_version())
    return f"{connection.display_name} {version}"


def print_weights(visitor: Visitor) -> None:
    print("\nA first visit over the wire, with gzip, in kilobytes")
    for title, path in WEIGHED:
        answers = visitor.first_visit(path)
        total = sum(answer.on_the_wire for answer in answers.values()) / 1000
        parts = ", ".join(f"{kind} {size:.1f}" for kind, size in by_kind(path, answers).items())
        print(f"{title:20}{total:>7.1f}  {parts}")


def by_kind(path: str, answers: dict[str, Answer]) -> dict[str, float]:
    """Kilobytes by the ending of the address; the page itself is `html`."""
    sizes: dict[str, float] = {}
    for address, answer in answers.items():
        kind = "html" if address == path else Path(address).suffix[1:]
        sizes[kind] = sizes.get(kind, 0) + answer.on_the_wire / 1000
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


if __name__ == "__main__":
    sys.exit(main())
