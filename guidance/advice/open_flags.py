"""The warning signs that are asked: which are open, and how serious the worst of them is.

An open sign is a yes that no clinician has seen and that was no mistake. It does not fade.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Flag, Level
from guidance.rules.types import Assessment, FlagAnswer
from guidance.saying import place_words


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A sign that is up, as pages show it.

    `said_on` is None where nobody ticked the sign itself: it follows from another answer (a
    fingertip-sized spot on the bone), and is still asked.
    """

    flag: Flag
    level: Level
    said_on: dt.date | None
    since: dt.date | None = None
    area: str = ""

    @property
    def slug(self) -> str:
        return self.flag.id.partition(":")[2]

    @property
    def place(self) -> str:
        return place_words(self.area) if self.area else ""


def asked_flags() -> list[Flag]:
    """The signs of the screen, in its order."""
    return [flag for flag in current_knowledge().flags.values() if flag.asked]


def open_flags(
    signs: Iterable[FlagAnswer], *, assessment: Assessment | None = None
) -> list[OpenFlag]:
    """Each open sign once, the most serious first, then in the order of the screen.

    With an assessment each has the level that circumstances give it, else its plain level.
    """
    found = {flag.id: flag.level for flag in assessment.flags} if assessment else {}
    newest = {
        sign.flag: sign
        for sign in sorted(signs, key=lambda sign: sign.day)
        if sign.yes and sign.seen_on is None and not sign.mistaken
    }
    levels = current_knowledge().levels
    is_open = [flag for flag in asked_flags() if flag.id in newest or flag.id in found]
    opened = [
        OpenFlag(flag, levels[found.get(flag.id, flag.level)], said.day, said.since, said.area)
        if (said := newest.get(flag.id))
        else OpenFlag(flag, levels[found[flag.id]], None)
        for flag in is_open
    ]
    return sorted(opened, key=lambda sign: -sign.level.rank)


def answered_no_on(signs: Iterable[FlagAnswer], day: dt.date) -> frozenset[str]:
    """Signs whose newest answer is a no of `day`."""
    newest = {sign.flag: sign for sign in sorted(signs, key=lambda sign: sign.day)}
    return frozenset(flag for flag, sign in newest.items() if sign.day == day and not sign.yes)
