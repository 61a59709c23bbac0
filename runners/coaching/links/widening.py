"""Does a choice show a coach more than before? Then the athlete's password is asked for first."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from runners.models.coaching import SWITCHES, Switches

# Values of the fields of `Switches`, by name.
Switched = Mapping[str, bool | dt.date | None]


def widens(before: Switches | None, chosen: Switched, day: dt.date) -> bool:
    """Does `chosen` turn a switch on, or share for longer, on the athlete's `day`?

    What it leaves out stays as it was. Without `before` nothing was shared.
    """

    def was(field: str) -> Any:
        return getattr(before, field, None)

    def becomes(field: str) -> Any:
        return chosen.get(field, was(field))

    return any(_last_day(becomes, name, day) > _last_day(was, name, day) for name in SWITCHES)


def _last_day(value_of: Callable[[str], Any], switch: str, day: dt.date) -> dt.date:
    """Of sharing; the first of all days where nothing is shared any more."""
    until: dt.date | None = value_of(f"{switch}_until")
    if not value_of(switch) or (until is not None and until < day):
        return dt.date.min
    return until or dt.date.max
