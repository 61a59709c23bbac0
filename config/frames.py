"""Room for the frames of deep calls.

CPython keeps the frames of a thread in chunks of 16 kB, and gives a chunk back as soon as the first
frame in it ends. A loop that calls from the end of one chunk into the next has the system map and
unmap memory each time: 466 times for the trends of a year. A frame that is larger than a chunk gets
one that is large enough, the next power of two, and whatever it calls has the rest of that.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

SLOTS = 2**15 + 1  # of 8 bytes: just over a power of two, so about as much is left


def with_room(call: Callable[Asked, Answer], *args: Asked.args, **named: Asked.kwargs) -> Answer:
    """What the call gives."""
    return call(*args, **named)


# The slots are never written to, so they take no memory. With a name of its own: code that differs
# by its slots alone is equal, and what counts the lines that run would put the former one back.
with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS, co_name="in_large_frame")
