"""The plan: what the leader's starter plan offers, minus what is blocked (knowledge base 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.causes.outcome import Outcome
from guidance.rules.flags.asked import must_be_seen
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.plan.conditions import Circumstances, blocked_by, to_ask
from guidance.rules.said import Said
from guidance.rules.types import Blocked, FlagFound, Offer

MOST_OFFERS = 5  # in a week plan
PLAN_DAYS = 14  # a remedy done this recently means that a plan is in force
HOLD_DAYS = 9  # of hamstring holds, the first three weeks ago, before the next stage
HOLD_FIRST_DAYS = 21

# What a clinician's flag leaves, first what is always offered, then what must suit.
ALWAYS = (ids.REMEDY_LOAD_REDUCTION, ids.REMEDY_PHYSICAL_THERAPY)
# At these levels nothing blocks them.
ALWAYS_AT = {ids.CLINICIAN: ALWAYS, ids.EASE: (ids.REMEDY_LOAD_REDUCTION,)}
WHERE_THEY_SUIT = (ids.REMEDY_ICE, ids.REMEDY_SIT_BREAK)
# Alone these are not the article's, but its quad stretch "is still a fair offer" (1.5).
QUAD_STRETCH_AREAS = frozenset({"hip_flexor", "quad"})


@dataclass(frozen=True, slots=True)
class Plan:
    offers: tuple[Offer, ...]
    blocked: tuple[Blocked, ...]
    keep: bool


def make_plan(
    circumstances: Circumstances, outcome: Outcome, flags: tuple[FlagFound, ...], level: LevelName
) -> Plan:
    """Offers in order, at most five; what was left out and why; whether to keep a plan as it is."""
    wanted = suggested(circumstances, outcome, flags, level)
    always = ALWAYS_AT.get(level, ())
    allowed = [r for r in dict.fromkeys(wanted) if r in always or not reasons(r, circumstances)]
    offers = tuple(Offer(remedy, not_if(remedy, circumstances)) for remedy in allowed[:MOST_OFFERS])
    looked_at = [*wanted, *_looked_at(circumstances, outcome)]
    blocked = left_out(dict.fromkeys(looked_at), always, circumstances, flags)
    return Plan(
        offers, blocked, keep=is_eased(circumstances, level) and bool(taken_on(circumstances))
    )


def suggested(
    circumstances: Circumstances, outcome: Outcome, flags: tuple[FlagFound, ...], level: LevelName
) -> list[str]:
    """Remedies in order, before blocks."""
    if circumstances.facts.current.care_first:
        return with_care(circumstances, outcome, level)
    if is_eased(circumstances, level):
        # Nothing is added; what is done already goes on, as far as it is safe.
        return taken_on(circumstances)
    starter = starter_plan(circumstances, outcome)
    if level == ids.CLINICIAN:
        if must_be_seen(flags):
            return [
                *ALWAYS,
                *(r for r in WHERE_THEY_SUIT if _suits(r, circumstances, outcome, starter)),
            ]
        return [*(remedy for remedy in ALWAYS if remedy not in starter), *starter]
    if level == ids.EASE:
        return [ids.REMEDY_LOAD_REDUCTION, *starter]
    return starter


def with_care(circumstances: Circumstances, outcome: Outcome, level: LevelName) -> list[str]:
    """Where an answer asks for care first: only where something hurts, and what is safe."""
    if level != ids.CALM:
        return list(ALWAYS)
    if outcome.top == ids.NO_PATTERN or not circumstances.facts.location.main:
        return []
    return [ids.REMEDY_PHYSICAL_THERAPY] if is_eased(circumstances, level) else list(ALWAYS)


def starter_plan(circumstances: Circumstances, outcome: Outcome) -> list[str]:
    """The first offers for what is named; the generic ones for an area, or a back, of its own."""
    facts = circumstances.facts
    cause = facts.knowledge.causes[outcome.top]
    is_back_alone = outcome.top == ids.ALT_LOW_BACK_REFERRED and not facts.location.mapped
    if outcome.top == ids.ALT_NON_HAMSTRING_AREA or is_back_alone:
        extra = (
            [ids.REMEDY_STANDING_QUAD_STRETCH] if facts.location.main in QUAD_STRETCH_AREAS else []
        )
        return [*facts.knowledge.generic_plan, *extra]
    if outcome.top == ids.CAUSE_PELVIC_MISALIGNMENT and not circumstances.has(ids.SIG_LONG_SITTING):
        # "+ sit_break" in 3.3 goes with long sitting (3.2).
        return [remedy for remedy in cause.starter_plan if remedy != ids.REMEDY_SIT_BREAK]
    if outcome.top == ids.ALT_PROXIMAL_HAMSTRING_TENDINOPATHY and is_next_stage_due(circumstances):
        next_stage = {ids.REMEDY_ISOMETRIC_HAMSTRING_HOLD: ids.REMEDY_SIT_BONE_LOADING}
        return [next_stage.get(remedy, remedy) for remedy in cause.starter_plan]
    return list(cause.starter_plan)


def is_next_stage_due(circumstances: Circumstances) -> bool:
    """Was the hold done often, and for long enough, to load the tendon more, where nothing blocks?

    Of the last 28 days nine, the first of them three weeks ago or longer (3.2).
    """
    log = circumstances.facts.log
    held = {
        done.day
        for done in circumstances.facts.history.remedies_done
        if done.remedy == ids.REMEDY_ISOMETRIC_HAMSTRING_HOLD
        and 0 <= log.ago(done.day) < WINDOW_DAYS
    }
    long_enough = len(held) >= HOLD_DAYS and log.ago(min(held)) >= HOLD_FIRST_DAYS
    return long_enough and not reasons(ids.REMEDY_SIT_BONE_LOADING, circumstances)


def reasons(remedy: str, circumstances: Circumstances) -> tuple[Said, ...]:
    """Why a remedy is blocked; empty where it is not. For swaps in the library too."""
    return blocked_by(circumstances.facts.knowledge.remedies[remedy].blocks, circumstances)


def not_if(remedy: str, circumstances: Circumstances) -> tuple[Said, ...]:
    """What has to be asked before a remedy is started."""
    return to_ask(circumstances.facts.knowledge.remedies[remedy].blocks, circumstances)


def left_out(
    remedies: Iterable[str],
    always: tuple[str, ...],
    circumstances: Circumstances,
    flags: tuple[FlagFound, ...],
) -> tuple[Blocked, ...]:
    """Each remedy that is blocked, with why, in the order of the knowledge."""
    must_wait = must_be_seen(flags)
    care_first = bool(circumstances.facts.current.care_first)
    found = {}
    for remedy in remedies:
        why = () if remedy in always else reasons(remedy, circumstances)
        if not why and must_wait and remedy not in (*ALWAYS, *WHERE_THEY_SUIT):
            why = (Said("left_out.until_seen"),)
        if not why and care_first and remedy not in ALWAYS:
            why = (Said("left_out.care_first"),)
        if why:
            found[remedy] = Blocked(remedy, why)
    return tuple(
        found[remedy] for remedy in circumstances.facts.knowledge.remedies if remedy in found
    )


def is_eased(circumstances: Circumstances, level: LevelName) -> bool:
    """Improving, and no sign is up: then nothing is added."""
    eased = circumstances.facts.focus_pattern(ids.PATTERN_IMPROVING) is not None
    return eased and level == ids.CALM


def taken_on(circumstances: Circumstances) -> list[str]:
    """Remedies of the plan taken on; without one, those done in the last 14 days."""
    facts = circumstances.facts
    if facts.history.plan:
        return [r for r in facts.history.plan.remedies if r in facts.knowledge.remedies]
    return recently_done(circumstances)


def recently_done(circumstances: Circumstances) -> list[str]:
    """Remedies done in days 0 to 13, in the order of the knowledge."""
    facts = circumstances.facts
    done = {
        one.remedy for one in facts.history.remedies_done if 0 <= facts.log.ago(one.day) < PLAN_DAYS
    }
    return [remedy for remedy in facts.knowledge.remedies if remedy in done]


def _looked_at(circumstances: Circumstances, outcome: Outcome) -> list[str]:
    """What a runner may look for: the starter plan, what suits, what they do, the stretch."""
    own = [*taken_on(circumstances), *recently_done(circumstances)]
    if (
        outcome.top in (ids.ALT_BONE_STRESS_INJURY, ids.NO_PATTERN)
        or circumstances.facts.current.care_first
    ):
        return own
    suits = [
        r.id for r in circumstances.facts.knowledge.remedies.values() if outcome.top in r.suits
    ]
    stretch = (
        [ids.REMEDY_GENTLE_SUPINE_HAMSTRING_STRETCH]
        if circumstances.facts.location.mapped and outcome.leads
        else []
    )
    return [*starter_plan(circumstances, outcome), *suits, *own, *stretch]


def _suits(remedy: str, circumstances: Circumstances, outcome: Outcome, starter: list[str]) -> bool:
    if remedy == ids.REMEDY_SIT_BREAK and outcome.top == ids.CAUSE_PELVIC_MISALIGNMENT:
        return circumstances.has(ids.SIG_LONG_SITTING)
    return remedy in starter or outcome.top in circumstances.facts.knowledge.remedies[remedy].suits
