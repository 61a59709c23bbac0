"""Warning signs and their levels (knowledge base 4). What was not answered is never a no."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from guidance.rules import ids
from guidance.rules.catalogue import Knowledge, LevelName
from guidance.rules.facts import Facts
from guidance.rules.flags.derived import derived_flags
from guidance.rules.types import FlagAnswer, FlagFound

# What makes a pop urgent: it may have torn away from the bone.
WITH_POP = (ids.FLAG_BRUISING_SWELLING, ids.FLAG_LIMP, ids.FLAG_CANNOT_BEAR_WEIGHT)
POP_PAIN = 7
POP_PAIN_DAYS = 7

BLOOD_THINNER = "blood_thinner"  # under it a bruise may go on bleeding

FRESH_LIMP_DAYS = 1  # younger than 48 h: since today or yesterday
# Where a hop that hurts may come from the hip or the thigh bone.
HIP_AREAS = frozenset(
    {"groin", "hip_flexor", "quad", "outer_thigh", "outer_hip", "hamstring", "glute"}
)


def find_flags(facts: Facts) -> tuple[FlagFound, ...]:
    """The signs that need no ranking: all that are asked, and those the log gives by itself.

    Highest level first, then in the order of the knowledge.
    """
    return ordered([*answered_flags(facts), *derived_flags(facts)], facts.knowledge)


def answered_flags(facts: Facts) -> Iterator[FlagFound]:
    """Every open yes, at its level in these circumstances."""
    raises = {
        ids.FLAG_SUDDEN_POP: _pop_level,
        ids.FLAG_BRUISING_SWELLING: _bruise_level,
        ids.FLAG_LIMP: _limp_level,
        ids.FLAG_HOP_PAIN: _hop_level,
    }
    for flag, flag_answers in facts.current.open_flags.items():
        plain = facts.knowledge.flags[flag].level
        level = raises[flag](facts, flag_answers) if flag in raises else plain
        yield FlagFound(flag, level, began_on(flag_answers))


def began_on(flag_answers: Iterable[FlagAnswer]) -> tuple[dt.date, ...]:
    """Since when, of each; where that was not said, the day of the answer."""
    return tuple(sorted({given.since or given.day for given in flag_answers}))


def ordered(found: Iterable[FlagFound], knowledge: Knowledge) -> tuple[FlagFound, ...]:
    """The most serious first."""
    places = {flag: place for place, flag in enumerate(knowledge.flags)}
    marked = [replace(flag, routine=knowledge.flags[flag.id].routine) for flag in found]
    return tuple(
        sorted(marked, key=lambda flag: (-knowledge.levels[flag.level].rank, places[flag.id]))
    )


def highest_level(flags: Iterable[FlagFound], knowledge: Knowledge) -> LevelName:
    return max(
        (flag.level for flag in flags),
        key=lambda level: knowledge.levels[level].rank,
        default=ids.CALM,
    )


def must_be_seen(flags: Iterable[FlagFound]) -> bool:
    """Is a sign up that sends to a clinician and is not marked routine?"""
    return any(flag.level in (ids.URGENT, ids.CLINICIAN) and not flag.routine for flag in flags)


def _pop_level(facts: Facts, flag_answers: tuple[FlagAnswer, ...]) -> LevelName:
    if facts.current.any_open(*WITH_POP) or _strong_pain(facts, flag_answers):
        return ids.URGENT
    return ids.CLINICIAN


def _strong_pain(facts: Facts, flag_answers: tuple[FlagAnswer, ...]) -> bool:
    """Pain of 7 or more on the day of the pop, of its answer, or in the last 7 days.

    The knowledge base names the day, and the last week where it is not known. Both are read here
    as well as any area: an answer seldom says which day, and this is the side to err on.
    """
    days = {day for given in flag_answers for day in (given.day, given.since)}
    return any(
        pain >= POP_PAIN and (day in days or facts.log.ago(day) < POP_PAIN_DAYS)
        for peaks in facts.log.pain.values()
        for day, pain in peaks.items()
    )


def _bruise_level(facts: Facts, _: tuple[FlagAnswer, ...]) -> LevelName:
    return ids.URGENT if BLOOD_THINNER in facts.current.care_first else ids.CLINICIAN


def _limp_level(facts: Facts, flag_answers: tuple[FlagAnswer, ...]) -> LevelName:
    fresh = all(_is_fresh(facts, given) for given in flag_answers)
    return ids.EASE if fresh else ids.CLINICIAN


def _is_fresh(facts: Facts, given: FlagAnswer) -> bool:
    """Younger than 48 h: by "since when", else by the first day of every current episode.

    Which episode a limp belongs to is not said, so one that is older is enough to call it old.
    """
    log = facts.log
    if given.since is not None:
        return log.ago(given.since) <= FRESH_LIMP_DAYS
    if log.ago(given.day) > FRESH_LIMP_DAYS:
        return False
    began = [episode.first for episode in log.current_episodes()]
    return bool(began) and all(log.ago(day) <= FRESH_LIMP_DAYS for day in began)


def _hop_level(facts: Facts, flag_answers: tuple[FlagAnswer, ...]) -> LevelName:
    if not facts.current.any_open(ids.FLAG_LIMP, ids.FLAG_NIGHT_PAIN):
        return ids.CLINICIAN
    areas: set[str] = set()
    for given in flag_answers:
        areas |= {given.area} if given.area else _symptom_areas(facts)
    return ids.URGENT if areas & HIP_AREAS else ids.CLINICIAN


def _symptom_areas(facts: Facts) -> set[str]:
    """Without an area the most serious of all areas with a symptom day in 28 counts."""
    log = facts.log
    return {area for area in log.marked_areas() if log.symptom_days(area)}


def bone_flags(facts: Facts) -> list[FlagAnswer]:
    """Open signs of a bone, in the order of the knowledge."""
    return [
        given
        for flag, flag_answers in facts.current.open_flags.items()
        if facts.knowledge.flags[flag].bone
        for given in flag_answers
    ]
