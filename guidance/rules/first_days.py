"""What is told after a first sore spot, before any pattern can be known (knowledge base 5a).

A first bout is no finding: no cause, nothing of days that are not known.
"""

import datetime as dt
from collections.abc import Iterable

from guidance.rules import ids
from guidance.rules.causes.outcome import Outcome
from guidance.rules.facts import Facts
from guidance.rules.log.log import SYMPTOM, WINDOW_DAYS, Log
from guidance.rules.said import Said
from guidance.rules.types import FlagFound

FIRST_DAYS = 4  # days 0 to 3
LOOK_AGAIN_DAYS = 3
MARKED = 1


def first_days(
    facts: Facts, outcome: Outcome, flags: Iterable[FlagFound], ask_next: str
) -> tuple[Said, ...]:
    """In the order in which they are read; empty where this is no first bout, or more is known."""
    log, area = facts.log, newest_area(facts.log)
    recurring = any(pattern.id == ids.PATTERN_RECURRING for pattern in facts.patterns)
    if not area or recurring or outcome.leads or any(flags) or facts.current.care_first:
        return ()
    marked = marked_days(log, area)
    if log.ago(marked[0]) >= FIRST_DAYS:
        return ()
    again = max(marked[0] + dt.timedelta(LOOK_AGAIN_DAYS), log.today)
    said = [Said("first_days.look_again", day=again), Said("first_days.be_seen")]
    if any((log.area_peak(area, day) or 0) >= SYMPTOM for day in marked):
        said.insert(0, Said("first_days.easy"))
    if ask_next != ids.ASK_WARNING_SCREEN:
        # The screen comes first: the rule is not for bone, nerve or sudden pain.
        said.insert(0, Said("first_days.pain_rule"))
    return tuple(said)


def newest_area(log: Log) -> str:
    """The area with the highest mark of the first days; of equal ones the first on the map."""
    peaks = {
        area: max((log.area_peak(area, day) or 0 for day in log.last_days(FIRST_DAYS)), default=0)
        for area in log.marked_areas()
    }
    highest = max(peaks.values(), default=0)
    return next((area for area in peaks if peaks[area] == highest >= MARKED), "")


def marked_days(log: Log, area: str) -> list[dt.date]:
    """Days of 28 on which it was marked at all, oldest first."""
    days = log.last_days(WINDOW_DAYS)
    return [day for day in days if (log.area_peak(area, day) or 0) >= MARKED]
