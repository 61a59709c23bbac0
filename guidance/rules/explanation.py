"""What explains an outcome: what is missing, what was lowered, and why."""

from collections.abc import Iterator

from guidance.rules import ids
from guidance.rules.causes.outcome import Outcome
from guidance.rules.causes.ranking import Ranking
from guidance.rules.facts import Facts
from guidance.rules.flags.asked import bone_flags
from guidance.rules.log.current_answers import named_in
from guidance.rules.log.location import HAMSTRING
from guidance.rules.patterns.after_runs import after_hard_runs
from guidance.rules.plan.offers import Plan
from guidance.rules.said import Said


def explain(
    facts: Facts, outcome: Outcome, ranking: Ranking, plan: Plan, eased: bool
) -> tuple[Said, ...]:
    """In the order in which they should be read, none twice."""
    reasons = [Said(f"reason.{name}") for name in _names(facts, outcome, ranking, plan, eased)]
    if outcome.top == ids.ALT_NON_HAMSTRING_AREA:
        reasons.insert(0, Said(f"outside.{facts.location.main}"))
    if outcome.top == ids.ALT_BONE_STRESS_INJURY:
        reasons.insert(0, facts.knowledge.causes[ids.ALT_BONE_STRESS_INJURY].said)
    return tuple(dict.fromkeys(reasons))


def _names(
    facts: Facts, outcome: Outcome, ranking: Ranking, plan: Plan, eased: bool
) -> Iterator[str]:
    """Of sentences of the group `reason`, in order."""
    if bone_flags(facts) and named_in(facts.current.answers.get(ids.ASK_BONE_RISK)):
        yield "bone_risk"
    if outcome.top == ids.INSUFFICIENT_DATA:
        yield from _missing(facts, outcome, ranking)
    if outcome.top == ids.NO_PATTERN:
        yield "no_pattern"
    if outcome.leads:
        yield from _softened(ranking)
    if outcome.top == ids.ALT_NON_HAMSTRING_AREA:
        yield "pain_rule"
    if ranking.bout and outcome.top not in (
        ids.NO_PATTERN,
        ids.ALT_BONE_STRESS_INJURY,
        ids.ALT_NON_HAMSTRING_AREA,
    ):
        yield "single_bout"
    if eased:
        yield "improving_with_plan" if plan.keep else "improving"
    if facts.current.care_first:
        yield "care_first"


def _missing(facts: Facts, outcome: Outcome, ranking: Ranking) -> Iterator[str]:
    if outcome.few_check_ins:
        yield "few_check_ins"
    if outcome.few_symptoms:
        yield "few_symptom_days"
    if outcome.no_runs:
        yield "no_runs"
    if outcome.few_check_ins or outcome.few_symptoms or outcome.no_runs or ranking.leader:
        return
    points = [line for cause in ranking.causes for line in cause.supports]
    if len({line.signal for line in points}) == 1 and max(line.points for line in points) == 1:
        yield "weak_only"
    else:
        yield "nothing_separates"
    if facts.location.focus == HAMSTRING and not after_hard_runs(facts.log, HAMSTRING).enough:
        yield "too_few_runs"


def _softened(ranking: Ranking) -> Iterator[str]:
    if ranking.contradicts:
        yield "contradiction"
    if ranking.close:
        yield "close"
    if ranking.contradicts or ranking.close:
        yield "lowered"
    if ranking.held_back:
        yield "needs_raise"
