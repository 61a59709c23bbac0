"""What the page of a run shows."""

import datetime as dt
from dataclasses import dataclass

from runners import standing
from runners.models import Run, User
from runners.runs.chart import draw
from runners.runs.forms import EFFORT_WORDS
from runners.weeks.sums import longest_run

ROOM_DAYS = 30  # of the longest run that the room left is measured by


def run_shown(run: Run, home: dt.tzinfo, *, units: str) -> dict[str, object]:
    """What a run's page shows of the run itself, to its runner or to a coach."""
    return {
        "run": run,
        "start": run.local_start(home),
        "effort_word": EFFORT_WORDS[run.effort - 1] if run.effort else "",
        "drawn": draw(run, units),
    }


@dataclass(frozen=True, slots=True)
class Room:
    """How long a run may be to stay near the longest of 30 days, and where a run of now stands.

    `width` is that of the bar, the others are their share of it.
    """

    up_to_m: int
    longest: Run
    run: Run
    width: int = 600

    @property
    def is_longest(self) -> bool:
        return self.run.pk == self.longest.pk

    @property
    def longest_width(self) -> int:
        return self._share(self.longest)

    @property
    def run_width(self) -> int:
        return self._share(self.run)

    def _share(self, run: Run) -> int:
        return self.width * (run.distance_m or 0) // self.up_to_m


def room_of(run: Run, runner: User, today: dt.date) -> Room | None:
    """None where guidance says nothing of it, which takes 1 query; else 2."""
    up_to_m = standing.current(runner).room_m
    if up_to_m is None:
        return None
    longest = longest_run(runner, today - dt.timedelta(ROOM_DAYS), today)
    return Room(up_to_m, longest[0], run) if longest else None
