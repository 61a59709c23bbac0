"""What is shared, a row for each switch; the words stand in `_switch.html`."""

import datetime as dt
from dataclasses import dataclass

from runners.models.coaching import SWITCHES, Switches
from runners.web.notices import words

SWITCH = "runners/coaching/links/_switch.html#"


def label_of(switch: str) -> str:
    return words(f"{SWITCH}{switch}")


def seen_by(switch: str) -> str:
    """What a coach sees by it."""
    return words(f"{SWITCH}{switch}-seen")


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One switch as it stands on a day. `until` is the last day, for one that is on."""

    name: str
    is_on: bool
    until: dt.date | None

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def seen(self) -> str:
        return seen_by(self.name)


def shared_rows(switches: Switches, day: dt.date) -> list[SharedRow]:
    shared = switches.shared_on(day)
    return [
        SharedRow(
            name,
            is_on := getattr(shared, name),
            getattr(switches, f"{name}_until") if is_on else None,
        )
        for name in SWITCHES
    ]


def rows_on(switches: Switches, day: dt.date) -> list[SharedRow]:
    """For `_switch.html#listed`: `runs, soreness until 3 December 2026, guidance and plan`."""
    return [row for row in shared_rows(switches, day) if row.is_on]
