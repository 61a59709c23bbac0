"""The threads of a process that wait to write."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from runners.web import write_queue
from runners.web.database_trouble import TooManyWait
from runners.web.write_queue import Line

pytestmark = pytest.mark.slow

LONG_S = 3.0


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _soon_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_queue, "ORDINARY_S", 0.3)


def waits(line: Line, lock: Event, patience_s: float = LONG_S) -> float:
    """Takes a turn and asks for `lock`, as SQLite does; gives the seconds until it was refused."""
    began = time.monotonic()
    try:
        with line.turn(began + patience_s):
            left = began + patience_s - time.monotonic()
            if not lock.wait(max(0, left)):
                raise TooManyWait("the lock is held")
    except TooManyWait:
        return time.monotonic() - began
    return 0.0


def started(
    pool: ThreadPoolExecutor, line: Line, lock: Event, number: int, patience_s: float = LONG_S
) -> "list[Future[float]]":
    return [pool.submit(waits, line, lock, patience_s) for _each in range(number)]


@pytest.mark.parametrize("at_once", [1, 4])
def test_half_of_the_threads_wait_and_the_others_are_refused(
    pool: ThreadPoolExecutor, at_once: int
) -> None:
    line, lock = Line(places=4, at_once=at_once), Event()
    first = started(pool, line, lock, 8)
    time.sleep(1.0)

    assert sum(not future.done() for future in first) == 4
    later = [future.result(timeout=1) for future in started(pool, line, lock, 6)]
    assert max(later) < 0.3  # at once: it is known by now that nobody can write

    took = sorted(future.result(timeout=LONG_S + 1) for future in first)
    assert max(took[:4]) < 1.0
    assert min(took[4:]) > LONG_S - 0.5
    assert max(took[4:]) < LONG_S + 0.5


def test_everybody_writes_where_each_takes_a_moment(pool: ThreadPoolExecutor) -> None:
    line, free = Line(places=2), Event()

    def write() -> float:
        with line.turn(time.monotonic() + LONG_S):
            time.sleep(0.02)
        return 0.0

    free.set()
    assert [future.result() for future in [pool.submit(write) for _each in range(20)]] == [0.0] * 20


def test_the_lock_comes_free_and_everybody_writes_again(pool: ThreadPoolExecutor) -> None:
    line, lock = Line(places=2), Event()
    waiting = started(pool, line, lock, 2)
    time.sleep(0.5)
    assert started(pool, line, lock, 1)[0].result(timeout=1) > 0

    lock.set()

    assert [future.result(timeout=1) for future in waiting] == [0.0, 0.0]
    assert [future.result(timeout=1) for future in started(pool, line, lock, 20)] == [0.0] * 20


def test_the_first_ones_after_a_trouble_are_not_refused(pool: ThreadPoolExecutor) -> None:
    """All gave up, then the lock came free: it takes a moment until that is known."""
    line, lock = Line(places=2), Event()
    for future in started(pool, line, lock, 2, patience_s=0.5):
        assert future.result(timeout=2) > 0
    lock.set()

    assert [future.result(timeout=2) for future in started(pool, line, lock, 20)] == [0.0] * 20


def test_a_fault_in_a_write_lets_the_next_one_in() -> None:
    line = Line(places=1)
    with pytest.raises(ValueError, match="a fault"), line.turn(time.monotonic() + 1):
        raise ValueError("a fault")
    with line.turn(time.monotonic() + 1):
        pass
