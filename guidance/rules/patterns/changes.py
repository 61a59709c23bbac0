"""Falling, rising and not settling (knowledge base 5: worsening, improving, non_recovery)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from guidance.rules.log.log import CURRENT_DAYS, WEEK_DAYS, WINDOW_DAYS, Log

WEEK_CHANGE = 1.5  # points between the means of two weeks
MONTH_CHANGE = 2.0  # points between the first and the last block of 28 days
EXACT_DIGITS = 9  # of a difference between two means: 13/3 - 17/6 is 1.5
FIRST_BLOCK = 3
FIRST_BOUT_DAYS = 2  # symptom days that the earlier window needs before a rise is one

SETTLED_H = 72  # after a run; ordinary soreness should be fading by then
SETTLED_PEAK = 2  # a day below this has settled
SETTLED_CHECK_INS = 7


@dataclass(frozen=True, slots=True)
class Change:
    """Points up or down between two windows; 0 where there is none to speak of.

    Each since the week before, or since three weeks ago, whichever is more.
    """

    rise: float = 0.0
    fall: float = 0.0
    rise_in_weeks: int = 1
    fall_in_weeks: int = 1


def change(
    log: Log, mean: Callable[[list[dt.date]], float | None], symptom_days: Sequence[dt.date]
) -> Change | None:
    """Latest 7 days against the 7 before, or against the first block of 28 days.

    `mean` is the mean of some days, None where fewer than three are known. `symptom_days` guard
    the rise: the earlier window must hold two. None where neither pair can be compared.
    """
    latest = log.last_days(WEEK_DAYS)
    found = Change()
    compared = False
    for block, enough in ((1, WEEK_CHANGE), (FIRST_BLOCK, MONTH_CHANGE)):
        earlier = log.last_days(WEEK_DAYS, skip=WEEK_DAYS * block)
        now, before = mean(latest), mean(earlier)
        if now is None or before is None:
            continue
        compared = True
        difference = round(now - before, EXACT_DIGITS)
        had_it = len(set(symptom_days) & set(earlier)) >= FIRST_BOUT_DAYS
        if difference >= enough and had_it and difference > found.rise:
            found = replace(found, rise=difference, rise_in_weeks=block)
        if difference <= -enough and -difference > found.fall:
            found = replace(found, fall=-difference, fall_in_weeks=block)
    return found if compared else None


def days_without_settling(log: Log, area: str) -> tuple[list[dt.date], list[dt.date]]:
    """Days that show that an area is not settling between runs; both empty where it does.

    The first are days late after the last run, the second those of seven check-ins without one
    on which it had settled.

    Late is what stands in the last week, or on the last day of 28 that is known: of an area that
    has been clear for weeks it would else be told that it is not settling.
    """
    known = [day for day in log.check_ins(WINDOW_DAYS) if log.area_peak(area, day) is not None]
    late = []
    if log.run_days:
        settled_by = log.last_run_at() + SETTLED_H
        late = [
            spot.day
            for spot in log.symptoms(area, WINDOW_DAYS)
            if (log.ago(spot.day) < CURRENT_DAYS or known[-1:] == [spot.day])
            and log.hour_of(spot) > settled_by
        ]
    last = known[-SETTLED_CHECK_INS:]
    never = len(last) == SETTLED_CHECK_INS and all(
        (log.area_peak(area, day) or 0) >= SETTLED_PEAK for day in last
    )
    return sorted(set(late)), last if never else []
