"""Warning signs and their levels (knowledge base 4). What was not answered is never a no."""

from collections.abc import Iterable, Iterator

from guidance.rules.catalogue import Knowledge
from guidance.rules.facts import Picture
from guidance.rules.flags.derived import Raised, derived_flags
from guidance.rules.types import FlagFound, LevelName, SignAnswer

URGENT: LevelName = "escalate:urgent"
CLINICIAN: LevelName = "escalate:clinician_week"
EASE: LevelName = "escalate:ease_watch"
CALM: LevelName = "escalate:none"

POP = "flag:sudden_pop"
LIMP = "flag:limp"
HOP = "flag:hop_pain"
NIGHT = "flag:night_pain"
# What makes a pop urgent: it may have torn away from the bone.
WITH_POP = ("flag:bruising_swelling", LIMP, "flag:cannot_bear_weight")
POP_PAIN = 7
POP_PAIN_DAYS = 7

FRESH_LIMP_DAYS = 1  # younger than 48 h: since today or yesterday
# Where a hop that hurts may come from the neck of the thigh bone.
HIP_AREAS = frozenset({"groin", "hip_flexor", "quad", "outer_thigh"})


def find_flags(picture: Picture) -> tuple[FlagFound, ...]:
    """The signs that need no ranking: all that are asked, and those the log gives by itself.

    Highest level first, then in the order of the knowledge.
    """
    return ordered([*asked_flags(picture), *derived_flags(picture)], picture.knowledge)


def asked_flags(picture: Picture) -> Iterator[Raised]:
    """Every open yes, at its level in these circumstances."""
    raises = {POP: _pop_level, LIMP: _limp_level, HOP: _hop_level}
    for flag, signs in picture.known.open_signs.items():
        plain = picture.knowledge.flags[flag].level
        level = raises[flag](picture, signs) if flag in raises else plain
        yield Raised(flag, level, tuple(sorted({sign.since or sign.day for sign in signs})))


def ordered(raised: Iterable[Raised], knowledge: Knowledge) -> tuple[FlagFound, ...]:
    """With their words, the most serious first."""
    places = {flag: place for place, flag in enumerate(knowledge.flags)}
    found = [
        FlagFound(
            id=one.id,
            level=one.level,
            words=knowledge.flags[one.id].name,
            days=one.days,
            routine=knowledge.flags[one.id].routine,
        )
        for one in raised
    ]
    return tuple(
        sorted(found, key=lambda flag: (-knowledge.levels[flag.level].rank, places[flag.id]))
    )


def highest_level(flags: Iterable[FlagFound], knowledge: Knowledge) -> LevelName:
    return max(
        (flag.level for flag in flags), key=lambda level: knowledge.levels[level].rank, default=CALM
    )


def must_be_seen(flags: Iterable[FlagFound]) -> bool:
    """Is a sign up that sends to a clinician and is not marked routine?"""
    return any(flag.level in (URGENT, CLINICIAN) and not flag.routine for flag in flags)


def _pop_level(picture: Picture, signs: tuple[SignAnswer, ...]) -> LevelName:
    if picture.known.any_open(*WITH_POP) or _strong_pain(picture, signs):
        return URGENT
    return CLINICIAN


def _strong_pain(picture: Picture, signs: tuple[SignAnswer, ...]) -> bool:
    """Pain of 7 or more on the day of the pop, of its answer, or in the last 7 days.

    The knowledge base names the day, and the last week where it is not known. Both are read here
    as well as any area: an answer seldom says which day, and this is the side to err on.
    """
    days = {day for sign in signs for day in (sign.day, sign.since)}
    return any(
        pain >= POP_PAIN and (day in days or picture.log.ago(day) < POP_PAIN_DAYS)
        for peaks in picture.log.pain.values()
        for day, pain in peaks.items()
    )


def _limp_level(picture: Picture, signs: tuple[SignAnswer, ...]) -> LevelName:
    fresh = all(_is_fresh(picture, sign) for sign in signs)
    return EASE if fresh else CLINICIAN


def _is_fresh(picture: Picture, sign: SignAnswer) -> bool:
    """Younger than 48 h: by "since when", else by the first day of every current episode.

    Which episode a limp belongs to is not said, so one that is older is enough to call it old.
    """
    log = picture.log
    if sign.since is not None:
        return log.ago(sign.since) <= FRESH_LIMP_DAYS
    if log.ago(sign.day) > FRESH_LIMP_DAYS:
        return False
    areas = {area for area, _ in log.peaks}
    began = [episode.first for area in areas if (episode := log.current_episode(area))]
    return bool(began) and all(log.ago(day) <= FRESH_LIMP_DAYS for day in began)


def _hop_level(picture: Picture, signs: tuple[SignAnswer, ...]) -> LevelName:
    if not picture.known.any_open(LIMP, NIGHT):
        return CLINICIAN
    areas: set[str] = set()
    for sign in signs:
        areas |= {sign.area} if sign.area else _symptom_areas(picture)
    return URGENT if areas & HIP_AREAS else CLINICIAN


def _symptom_areas(picture: Picture) -> set[str]:
    """Without an area the most serious of all areas with a symptom day in 28 counts."""
    log = picture.log
    return {area for area, _ in log.peaks if log.symptom_days(area)}


def bone_flags(picture: Picture) -> list[SignAnswer]:
    """Open signs of a bone, in the order of the knowledge."""
    return [
        sign
        for flag, signs in picture.known.open_signs.items()
        if picture.knowledge.flags[flag].bone
        for sign in signs
    ]
