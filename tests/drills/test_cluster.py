"""A database host, a web host and a worker die in turn while people save: nothing is lost.

1,000 saves through the front of `deploy/cluster/`, each of whose people sends again what could not
be saved, as a browser does. It takes three minutes.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial

import psycopg
import pytest

from deploy.cluster.__main__ import why_not
from deploy.cluster.services import DATABASES
from tests.drills import cluster
from tests.drills.cluster import Cluster, Person, Watcher, at

SAVES, PEOPLE = 1000, 8
BACK_WITHIN_S = 30
# So many saves after the last one is over, the next one dies; and so many more show that it is.
BETWEEN, OVER_AFTER = 200, 50
PATIENCE_S = 180
RUNS = "SELECT uid FROM runners_run"
CHECK_INS = """SELECT person.email, check_in.day, spot.intensity FROM runners_checkin check_in
    JOIN runners_user person ON person.id = check_in.runner_id
    JOIN runners_sorenessentry spot ON spot.check_in_id = check_in.id"""

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it runs")


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with cluster.running() as running:
        yield running


@pytest.fixture(scope="module")
def people(running: Cluster) -> list[Person]:
    people = [Person(number) for number in range(PEOPLE + 1)]
    with running.threads(2) as pool:
        list(pool.map(Person.signs_up, people))
    return people


def save_all(person: Person, number: int) -> None:
    """A run and a check-in of each day in turn, so that each save is a row of its own."""
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    for turn in range(number):
        day = str(yesterday - dt.timedelta(days=turn // 2))
        if turn % 2:
            person.checks_in(day, 1 + turn % 9)
        else:
            person.runs(day)


class Saving:
    """What several people save at once, and how far they are."""

    def __init__(self, people: list[Person], working: list["Future[None]"]) -> None:
        self.people = people
        self.working = working

    @property
    def done(self) -> int:
        return sum(person.saved for person in self.people)

    def wait_for(self, number: int) -> None:
        def is_there() -> bool:
            for one in self.working:
                if one.done():
                    one.result()  # what went wrong
            return self.done >= number

        wait_until(is_there, f"of {number} saves")


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_whatever_dies_no_answered_save_is_lost(
    running: Cluster, people: list[Person], capsys: pytest.CaptureFixture[str]
) -> None:
    *savers, looker = people
    watcher, said = Watcher(looker), []
    primary = running.role_of("leader")
    with running.telling(), running.threads(PEOPLE + 2) as pool:
        watching = pool.submit(watcher.look_on)
        try:
            working = [pool.submit(save_all, one, SAVES // PEOPLE) for one in savers]
            saving = Saving(savers, working)
            for number, dying in enumerate((primary, "web1", "web2 worker"), start=1):
                saving.wait_for(number * BETWEEN)
                if dying == "web2 worker":
                    exports = list(pool.map(Person.asks_for_export, savers))
                watcher.begin_anew()
                began = time.monotonic()
                running.said(f"kill {dying}")
                saving.wait_for(saving.done + OVER_AFTER)
                said.append(
                    f"{dying} dies: pages away for {watcher.away_s:.1f} s, {OVER_AFTER} saves later"
                    f" it is {time.monotonic() - began:.1f} s"
                )
                assert watcher.away_s < BACK_WITHIN_S
                if dying == "web1":
                    running.said("start web1")
            saving.wait_for(SAVES)
            taken_out = [
                pool.submit(wait_until, partial(person.has_export, uid), "An export is not made.")
                for person, uid in zip(savers, exports, strict=True)
            ]
            for each in taken_out:
                each.result()
            running.said(f"start {primary}")
            running.said("wait")
            found = {name: pool.submit(stored, name).result() for name in DATABASES}
        finally:
            watcher.goes_on = False
            watching.result()

    runs = Counter(uid for person in savers for uid in person.runs_saved)
    check_ins = Counter(
        (person.email, *saved) for person in savers for saved in person.check_ins_saved
    )
    assert sum(runs.values()) + sum(check_ins.values()) == SAVES
    assert found == dict.fromkeys(DATABASES, (runs, check_ins))
    sent_again = sum(person.sent_again for person in savers)
    assert sent_again > 0
    longest_s = max(person.longest_s for person in savers)
    with capsys.disabled():
        print("", *said, sep="\n")
        print(
            f"{SAVES} saves, each there once on all three databases. {sent_again} times a page kept"
        )
        print(f"what was typed; the longest until it was saved: {longest_s:.1f} s", end=" ")


def stored(name: str) -> tuple[Counter[str], Counter[tuple[str, str, int]]]:
    """On one database: the runs, and who had what on which day."""
    with psycopg.connect(at(name)) as database:
        runs = Counter(str(uid) for (uid,) in database.execute(RUNS))
        check_ins = Counter(
            (email, str(day), intensity) for email, day, intensity in database.execute(CHECK_INS)
        )
    return runs, check_ins
