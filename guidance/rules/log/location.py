"""Where it is: the main area, whether the article covers it, and the worse side.

Knowledge base 1.5 and the head of 1.6.
"""

import datetime as dt
from dataclasses import dataclass

from guidance.rules.log.log import WEEK_DAYS, WINDOW_DAYS, Log, once
from guidance.rules.said import Said
from guidance.rules.types import AREAS

HAMSTRING = "hamstring"
HAMSTRING_SHARE = 0.5  # of the highest sum: with that much the hamstring stays the main area
ALONGSIDE_DAYS = 3  # symptom days in 28 that make an area part of the picture

# Day peaks that are not passed over beside the main area: strong, or pain from "above 5" on, where
# the pain rule says stop (JUDGE).
LOUD = 7
LOUD_PAIN = 6

# Areas that the article covers only alongside the hamstring.
MAPPED_ALONGSIDE = frozenset({"glute", "hip_flexor", "quad"})
FRONT = ("hip_flexor", "quad")
MUSCLES = frozenset({"hamstring", "glute", "calf", "hip_flexor", "quad", "groin"})


@dataclass(frozen=True, slots=True)
class Location:
    """`main` is "" where no area has a symptom day in 28 days.

    `focus` is the area whose patterns feed the signals: the hamstring where the main area is
    `mapped` to the article, else the main area. `worse_sides` are hamstring sides: the one with
    the higher sum of day peaks, both on a tie.
    """

    main: str
    main_side: str
    mapped: bool
    focus: str
    hamstring_days: tuple[dt.date, ...]
    worse_sides: tuple[str, ...]


def locate(log: Log) -> Location:
    main = main_area(log)
    mapped = is_mapped(log, main)
    return Location(
        main=main,
        main_side=_side_words(worse_sides(log, main)) if main else "",
        mapped=mapped,
        focus=HAMSTRING if mapped else main,
        hamstring_days=tuple(log.symptom_days(HAMSTRING)),
        worse_sides=worse_sides(log, HAMSTRING),
    )


def main_area(log: Log) -> str:
    """The area with the highest sum of symptom-day peaks in 28 days, one peak a day."""
    sums = {
        area: sum(log.area_peak(area, day) or 0 for day in log.symptom_days(area)) for area in AREAS
    }
    highest = max(sums.values())
    if highest == 0:
        return ""
    if sums[HAMSTRING] and sums[HAMSTRING] >= HAMSTRING_SHARE * highest:
        return HAMSTRING
    return next(area for area in AREAS if sums[area] == highest)


def is_mapped(log: Log, area: str) -> bool:
    """Does the article cover this area, with what else is marked?

    The low back gives weak support "alongside hip_flexor/quad; else low_back_referred" (1.5):
    read as needing both the hamstring and the front of the thigh on three days or more. The
    other reading, hamstring alone, would let a sore back be explained by an article on
    hamstrings.
    """
    if area == HAMSTRING:
        return True
    if not alongside(log, HAMSTRING):
        return False
    if area == "low_back":
        return any(alongside(log, front) for front in FRONT)
    return area in MAPPED_ALONGSIDE


def alongside(log: Log, area: str) -> bool:
    return len(log.symptom_days(area)) >= ALONGSIDE_DAYS


@once
def worse_sides(log: Log, area: str) -> tuple[str, ...]:
    """The side with the higher sum of day peaks in 28 days; all that tie for it."""
    days = log.last_days(WINDOW_DAYS)
    sums = {side: sum(log.peak(area, side, day) or 0 for day in days) for side in log.sides(area)}
    return tuple(side for side, total in sums.items() if total == max(sums.values()))


def louder_place(log: Log, main: str) -> Said | None:
    """Another area that was loud in days 0 to 6, and louder than the main one on any of them.

    The highest of several, of equal ones the latest. Where the main area is not known on any of
    these days, nothing is compared.
    """
    days = log.last_days(WEEK_DAYS)
    of_main = [known for day in days if (known := log.area_peak(main, day)) is not None]
    loud = [
        (peak, day, area)
        for day in days
        for area in log.marked_areas()
        if area != main and (peak := log.area_peak(area, day) or 0) > max(of_main, default=0)
        if peak >= LOUD or (log.area_pain(area, day) or 0) >= LOUD_PAIN
    ]
    if not main or not loud:
        return None
    peak, day, area = max(loud, key=lambda one: one[:2])
    side = _side_words(tuple(one for one in log.sides(area) if log.peak(area, one, day) == peak))
    when = Said("when.today") if day == log.today else Said("when.on", day=day)
    key = "finding.louder" if of_main else "finding.loud"
    return Said(key, area=area, side=side, peak=peak, when=when)


def _side_words(sides: tuple[str, ...]) -> str:
    if len(sides) == 1:
        return sides[0]
    return "centre" if "centre" in sides else "both"
