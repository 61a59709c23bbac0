"""The whole of guidance in one call, in the order of knowledge base 1.7."""

from dataclasses import dataclass

from guidance.rules import ids
from guidance.rules.catalogue import Knowledge
from guidance.rules.causes.outcome import decide
from guidance.rules.causes.ranking import Ranking, abstain, rank
from guidance.rules.explanation import explain
from guidance.rules.facts import Facts, read_facts
from guidance.rules.first_days import first_days
from guidance.rules.flags.asked import find_flags, highest_level, ordered
from guidance.rules.flags.derived import later_flags
from guidance.rules.log.location import louder_place
from guidance.rules.plan.conditions import Circumstances
from guidance.rules.plan.next_step import next_step
from guidance.rules.plan.offers import is_eased, make_plan
from guidance.rules.room import room_left
from guidance.rules.said import Said
from guidance.rules.signals.weighing import find_signals, totals
from guidance.rules.to_do import to_do
from guidance.rules.types import Assessment, FlagFound, History, RankedCause


@dataclass(frozen=True, slots=True)
class Assessed:
    """What guidance says, and what it found on the way: pages ask it, and find nothing twice."""

    assessment: Assessment
    circumstances: Circumstances

    @property
    def facts(self) -> Facts:
        return self.circumstances.facts


def assess(history: History, knowledge: Knowledge) -> Assessed:
    """What guidance says of `history` on its day. Pure: equal histories in any order agree."""
    circumstances = circumstances_of(read_facts(history, knowledge))
    return Assessed(_assessment(circumstances), circumstances)


def _assessment(circumstances: Circumstances) -> Assessment:
    facts = circumstances.facts
    history, knowledge = facts.history, facts.knowledge
    flags = find_flags(facts)
    if highest_level(flags, knowledge) == ids.URGENT:
        return _withheld(facts, flags)
    ranking = circumstances.ranking
    outcome = decide(facts, ranking, circumstances.signals, flags)
    leader = ranking.leader if outcome.leads else ""
    later = later_flags(facts, leader)
    flags = ordered([*flags, *later], knowledge)
    level = highest_level(flags, knowledge)
    plan = make_plan(circumstances, outcome, flags, level)
    asks = next_step(circumstances, outcome, flags, level)
    return Assessment(
        today=history.today,
        version=knowledge.version,
        top_cause=outcome.top,
        leads=outcome.leads,
        main_area=facts.location.main,
        main_side=facts.location.main_side,
        escalation=level,
        causes=_shown(ranking, outcome.top),
        patterns=facts.patterns,
        flags=flags,
        recommend=plan.offers,
        blocked=plan.blocked,
        ask_next=asks,
        reasons=explain(facts, outcome, ranking, plan, is_eased(circumstances, level)),
        keep_plan=plan.keep,
        first_days=first_days(facts, outcome, flags, asks),
        to_do=to_do(facts, flags, level, leader, has_plan=facts.history.plan is not None),
        room_m=room_left(circumstances, level),
        louder=louder_place(facts.log, facts.location.main),
    )


def circumstances_of(facts: Facts) -> Circumstances:
    """What blocks are judged by: for the plan here, and for swaps in the library."""
    signals = find_signals(facts)
    ranking = rank(facts, signals, totals(signals, facts.knowledge))
    return Circumstances(facts, ranking, signals)


def _withheld(facts: Facts, flags: tuple[FlagFound, ...]) -> Assessment:
    """Urgent: no cause, no plan, no check."""
    return Assessment(
        today=facts.history.today,
        version=facts.knowledge.version,
        top_cause=ids.WITHHELD,
        leads=False,
        main_area=facts.location.main,
        main_side=facts.location.main_side,
        escalation=ids.URGENT,
        patterns=facts.patterns,
        flags=flags,
        reasons=(Said("reason.withheld"),),
        to_do=Said("to_do.urgent"),
        louder=louder_place(facts.log, facts.location.main),
    )


def _shown(ranking: Ranking, top: str) -> tuple[RankedCause, ...]:
    """None where nothing keeps coming back or a bone comes first; softly where nothing is named."""
    if top in (ids.NO_PATTERN, ids.ALT_BONE_STRESS_INJURY):
        return ()
    if top == ids.INSUFFICIENT_DATA:
        return abstain(ranking)
    return ranking.causes
