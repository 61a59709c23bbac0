"""How long pages take, asked of a real server."""

import statistics
import time
from collections.abc import Hashable, Mapping
from typing import TypeVar

from tests.serving import Visitor

ROUNDS = 40  # requests for each page and person; the pages take turns, so that all share the noise
WARM_UP = 6  # rounds before, for both worker processes

Place = TypeVar("Place", bound=Hashable)


def not_answering(asked: Mapping[Place, tuple[Visitor, str]]) -> list[str]:
    """Paths that do not answer with 200."""
    return [path for visitor, path in asked.values() if visitor.get(path).status != 200]


def median_ms(asked: Mapping[Place, tuple[Visitor, str]]) -> dict[Place, float]:
    """Median milliseconds of each visitor's path."""
    seen: dict[Place, list[float]] = {place: [] for place in asked}
    for round_number in range(WARM_UP + ROUNDS):
        for place, (visitor, path) in asked.items():
            began = time.perf_counter()
            visitor.get(path)
            took_ms = (time.perf_counter() - began) * 1000
            if round_number >= WARM_UP:
                seen[place].append(took_ms)
    return {place: statistics.median(times) for place, times in seen.items()}
