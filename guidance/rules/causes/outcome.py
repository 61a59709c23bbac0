"""What is named at last: a cause, or why none is (knowledge base 1.7 steps 2 to 5, and 7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidance.rules import ids
from guidance.rules.causes.ranking import Ranking
from guidance.rules.facts import Facts
from guidance.rules.flags.asked import bone_flags, highest_level
from guidance.rules.flags.derived import not_responding, stopped_by_injury
from guidance.rules.log.log import TWO_WEEKS, WEEK_DAYS
from guidance.rules.patterns.find import SPARSE_CHECK_INS, few_symptoms, full_days, judged_days
from guidance.rules.types import FlagFound, SignalFound

NO_PATTERN_CHECK_INS = 7  # of 14 days
NO_PATTERN_SYMPTOM_DAYS = 3  # of the main area in a week; from here on it is no clear spell
SUDDEN_OR_UNUSUAL = frozenset({ids.SIG_UNUSUAL_LOAD, ids.SIG_SUDDEN_MOMENT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`top` is a cause or an outcome; `leads` that it is a ranked cause with enough points.

    `fresh` is the exception of step 2: a bout that may be named from a single day.
    """

    top: str
    leads: bool
    fresh: bool
    few_check_ins: bool
    few_symptoms: bool
    no_runs: bool


def decide(
    facts: Facts,
    ranking: Ranking,
    signals: Iterable[SignalFound],
    flags: Iterable[FlagFound],
) -> Outcome:
    fresh = ranking.bout and any(signal.id in SUDDEN_OR_UNUSUAL for signal in signals)
    few_check_ins = len(judged_days(facts.log, facts.location.main)) < SPARSE_CHECK_INS
    few = few_symptoms(facts.log, facts.location.main)
    no_runs = has_no_runs(facts)
    top = _top(
        facts,
        ranking,
        enough=fresh or not (few_check_ins or few or no_runs),
        nothing=_is_no_pattern(facts, ranking, few, tuple(flags)),
    )
    leads = top == ranking.leader and bool(top)
    return Outcome(top, leads, fresh, few_check_ins, few, no_runs)


def has_no_runs(facts: Facts) -> bool:
    """No run in 14 days, and not because an injury stopped it."""
    return not facts.log.last_runs(TWO_WEEKS) and stopped_by_injury(facts) is None


def _top(facts: Facts, ranking: Ranking, *, enough: bool, nothing: bool) -> str:
    where = facts.location
    if bone_flags(facts) and where.main and not where.mapped:
        return ids.ALT_BONE_STRESS_INJURY
    if nothing:
        return ids.NO_PATTERN
    if not enough:
        return ids.INSUFFICIENT_DATA
    if ranking.leader:
        return ranking.leader
    if where.main and not where.mapped:
        return ids.ALT_NON_HAMSTRING_AREA
    return ids.INSUFFICIENT_DATA


def _leads_now(facts: Facts, ranking: Ranking) -> bool:
    """A low back of its own leads only while its episode is current."""
    if not _is_back_alone(facts, ranking):
        return bool(ranking.leader)
    return facts.log.current_episode(facts.location.main) is not None


def _is_back_alone(facts: Facts, ranking: Ranking) -> bool:
    return not facts.location.mapped and ranking.leader == ids.ALT_LOW_BACK_REFERRED


def _is_no_pattern(facts: Facts, ranking: Ranking, few: bool, flags: tuple[FlagFound, ...]) -> bool:
    """Enough check-ins, a run, no warning sign, and nothing that returns.

    Without a run in two weeks nobody knows whether it would come back with running. Days that are
    only partly known cannot show that nothing is there: full check-ins count. Causes that would
    lead are set aside where only the symptom days are too few.
    """
    log, main = facts.log, facts.location.main
    recurring = any(p.id == ids.PATTERN_RECURRING for p in facts.patterns)
    this_week = [day for day in log.symptom_days(main) if log.ago(day) < WEEK_DAYS] if main else []
    # Read as "step 4 would name nothing", also where step 2 stops before it: a bout that jumped
    # out of more running is not told that nothing keeps coming back. A low back of its own is not
    # named by that step.
    named_bout = ranking.bout and ranking.leader and not _is_back_alone(facts, ranking)
    return bool(
        len(full_days(log)) >= NO_PATTERN_CHECK_INS
        and (log.last_runs(TWO_WEEKS) or facts.history.hides_runs)
        and not recurring
        and not named_bout
        and len(this_week) < NO_PATTERN_SYMPTOM_DAYS
        and highest_level([*flags, *not_responding(facts)], facts.knowledge) == ids.CALM
        and (not _leads_now(facts, ranking) or few)
    )
