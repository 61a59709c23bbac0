"""What is shared, in the words of the pages: to choose from, and as a sentence."""

import datetime as dt
from dataclasses import dataclass

from runners.formats import capital
from runners.models.coaching import SWITCHES, Switches

LABELS = {
    "runs": "Runs",
    "soreness": "Soreness",
    "guidance": "Guidance and plan",
    "notes": "Notes of the diary",
}
SEEN = {
    "runs": "Each run: day, distance, time, effort and kind. The weeks: distance and load.",
    "soreness": "Each check-in: which area, tight, sore or painful, when and how strong.",
    "guidance": (
        "What guidance says, the plan and what was ticked. Of a warning sign only its level,"
        " such as “see a clinician”; never which one, nor any answer about health."
    ),
    "notes": (
        "The words written on the runs, check-ins and spots that are shared. They may say more than"
        " the figures do."
    ),
}


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One switch as it stands on a day. `until` is the last day, for one that is on."""

    name: str
    label: str
    seen: str
    is_on: bool
    until: dt.date | None


def shared_rows(switches: Switches, day: dt.date) -> list[SharedRow]:
    shared = switches.shared_on(day)
    return [
        SharedRow(
            name,
            LABELS[name],
            SEEN[name],
            is_on := getattr(shared, name),
            getattr(switches, f"{name}_until") if is_on else None,
        )
        for name in SWITCHES
    ]


def in_words(rows: list[SharedRow]) -> str:
    """`Runs, soreness until 3 December, guidance and plan`, or `Nothing`."""
    parts = [
        row.label.lower() + (f" until {row.until.day} {row.until:%B %Y}" if row.until else "")
        for row in rows
        if row.is_on
    ]
    return capital(", ".join(parts) or "nothing")
