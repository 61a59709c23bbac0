"""Calls at any depth ask the system for no memory."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.frames import with_room

DEPTHS = range(200)
CALLS = 300


def nothing() -> None:
    pass


# Larger than a frame of `deep`, so at some depth it is the first in the next chunk.
nothing.__code__ = nothing.__code__.replace(co_stacksize=100)


def deep(depth: int) -> int:
    """How often memory had to come from the system while calls were made from such a depth."""
    if depth:
        return deep(depth - 1)
    before = faults()
    for _ in range(CALLS):
        nothing()
    return faults() - before


def faults() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt


def worst() -> int:
    return max(deep(depth) for depth in DEPTHS)


def test_calls_at_any_depth_ask_for_no_memory() -> None:
    with ThreadPoolExecutor() as threads:  # each has chunks of its own
        assert threads.submit(worst).result() >= CALLS  # at the end of a chunk: each call
        assert threads.submit(with_room, worst).result() < CALLS / 10


@pytest.mark.parametrize("call", [dict, lambda **named: named])
def test_it_gives_what_the_call_gives(call: Callable[..., dict[str, int]]) -> None:
    assert with_room(call, one=1) == {"one": 1}


def test_a_problem_goes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)
