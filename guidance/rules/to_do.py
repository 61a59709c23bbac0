"""What to do at a level, in one clause (knowledge base 7a)."""

import datetime as dt
from collections.abc import Iterable

from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.facts import Facts
from guidance.rules.flags.asked import bone_flags, must_be_seen
from guidance.rules.said import Said
from guidance.rules.types import FlagFound

SEEN_DAYS = 7
SEEN_SOON_DAYS = 3  # after a pop or with a bruise
SOON = frozenset({ids.FLAG_SUDDEN_POP, ids.FLAG_BRUISING_SWELLING})
LOOK_AGAIN_DAYS = 3


def to_do(
    facts: Facts, flags: tuple[FlagFound, ...], level: LevelName, leader: str, *, has_plan: bool
) -> Said:
    """`leader` is the cause that leads, "" where none does."""
    if level == ids.URGENT:
        return Said("to_do.urgent")
    of_level = [flag for flag in flags if flag.level == level]
    if level == ids.CLINICIAN:
        if not must_be_seen(of_level):
            return Said("to_do.seen_routine")
        key = "to_do.seen_bone" if bone_flags(facts) else "to_do.seen"
        return Said(key, by=on(seen_by(facts, of_level), facts.history.today, "by"))
    if level == ids.EASE:
        strained = leader == ids.ALT_ACUTE_HAMSTRING_STRAIN
        key = "to_do.ease_strain" if strained else "to_do.ease"
        days = [day for flag in of_level for day in flag.days]
        again = max(days, default=facts.history.today) + dt.timedelta(LOOK_AGAIN_DAYS)
        return Said(key, again=on(again, facts.history.today, "on"))
    return Said("to_do.calm" if has_plan else "to_do.calm_no_plan")


def seen_by(facts: Facts, flags: Iterable[FlagFound]) -> dt.date:
    """The first of the days by which the signs should be seen.

    Of an answer it counts from the day it was given, else from the last day that shows the sign.
    """
    days = []
    for flag in flags:
        if flag.routine:
            continue
        answers = [given.day for given in facts.current.open_flags.get(flag.id, ())]
        since = min(answers) if answers else max(flag.days, default=facts.history.today)
        within = SEEN_SOON_DAYS if flag.id in SOON else SEEN_DAYS
        days.append(since + dt.timedelta(within))
    return min(days)


def on(day: dt.date, today: dt.date, how: str) -> Said:
    """`by Thursday`, or `today` where the day has come."""
    return Said(f"when.{how}", day=day) if day > today else Said("when.today")
