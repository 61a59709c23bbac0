"""A served Limber whose database somebody else holds: saves are refused soon, reading goes on."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from runners import demo
from tests import serving
from tests.serving import Answer, Visitor

pytestmark = pytest.mark.server

HELD_S = 9
WAIT_S = 4.5  # whoever takes as long has waited, on a busy machine too
SAVERS, READERS = 24, 4


@pytest.fixture(scope="module")
def served(served_env: dict[str, str]) -> Iterator[serving.Served]:
    serving.manage(served_env, "load_demo")
    with serving.serving(served_env) as served:
        yield served


@pytest.fixture
def ana(served: serving.Served) -> Visitor:
    visitor = Visitor(served.port)
    visitor.get("/")
    assert visitor.post("/demo/").status == 302
    assert visitor.get("/today/").status == 200
    return visitor


@contextmanager
def held(env: dict[str, str]) -> Iterator[None]:
    """On SQLite the whole file, on PostgreSQL Ana's row."""
    if address := env.get("DATABASE_URL"):
        with psycopg.connect(address) as other:
            ana = "SELECT 1 FROM runners_user WHERE email = %s FOR UPDATE"
            other.execute(ana, [demo.EMAIL])
            yield
            other.rollback()
        return
    file = sqlite3.connect(Path(env["LOCAL_DIR"], "limber.sqlite3"), isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    yield
    file.close()


def timed(ask: Callable[[], Answer]) -> tuple[int, float]:
    began = time.monotonic()
    answer = ask()
    return answer.status, time.monotonic() - began


def agree(visitor: Visitor) -> Answer:
    return visitor.post("/settings/consent/", agree="yes")


def read(visitor: Visitor, path: str, until: float) -> tuple[int, float]:
    """Asks again and again; the slowest answer, and any other than 200."""
    slowest = (200, 0.0)
    while time.monotonic() < until:
        slowest = max(slowest, timed(lambda: visitor.get(path)))
        time.sleep(0.05)
    return slowest


def test_saves_wait_five_seconds_at_most_and_reading_goes_on(
    served_env: dict[str, str], ana: Visitor
) -> None:
    with ThreadPoolExecutor(SAVERS + READERS) as pool, held(served_env):
        until = time.monotonic() + HELD_S
        pages = ["/privacy/", "/today/", "/diary/", "/settings/"]
        reading = [pool.submit(read, ana, path, until) for path in pages]
        saving = [pool.submit(timed, lambda: agree(ana)) for _each in range(SAVERS)]
        saved = sorted((future.result() for future in saving), key=lambda pair: pair[1])
        slowest = [future.result() for future in reading]

    assert {status for status, _took in saved} == {503}
    assert max(took for _status, took in saved) < 8  # five of them are the wait
    at_once = [took for _status, took in saved if took < WAIT_S]
    assert len(at_once) >= SAVERS - 8  # four wait in each of the two processes
    assert {status for status, _took in slowest} == {200}
    assert max(took for _status, took in slowest) < WAIT_S  # none of them waited for the lock

    deadline = time.monotonic() + 10
    while (status := agree(ana).status) != 302 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert status == 302


def test_many_saves_at_once_are_all_saved(ana: Visitor) -> None:
    with ThreadPoolExecutor(16) as pool:  # all threads of both processes
        saving = [pool.submit(timed, lambda: agree(ana)) for _each in range(96)]
        assert {future.result()[0] for future in saving} == {302}
