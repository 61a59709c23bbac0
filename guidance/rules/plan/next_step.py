"""The one thing asked next, or nothing (knowledge base 1.7, step 8, a to h in their order)."""

import datetime as dt
from collections.abc import Iterator

from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.causes.outcome import NO_PATTERN_CHECK_INS, Outcome
from guidance.rules.causes.ranking import LEADS, all_in_order
from guidance.rules.facts import Facts
from guidance.rules.log.location import HAMSTRING
from guidance.rules.log.log import TWO_WEEKS, WEEK_DAYS, Log
from guidance.rules.log.sudden_onset import AT_ONCE, onset_of
from guidance.rules.patterns.find import full_days
from guidance.rules.plan.conditions import Circumstances
from guidance.rules.plan.not_now import not_now
from guidance.rules.types import FlagFound

SCREEN_PAIN = 4
SCREEN_ANY = 7
SCREEN_ELSEWHERE = 3

RECHECK_DAYS = 3  # 72 h after the worst day

# Where no explanation has two points: what separates the article's causes best, then what to ask.
FIRST_CHECKS = (ids.CHECK_STRAIGHT_LEG_RAISE, ids.CHECK_HEEL_TO_SEAT, ids.CHECK_SINGLE_LEG_BRIDGE)
FIRST_QUESTIONS = (ids.ASK_SPOT, ids.ASK_ONSET, ids.ASK_STRETCH_EFFECT)

# What feels like long hamstrings, and is something else.
LOOK_ALIKES = frozenset({ids.CHECK_SIT_BONE, ids.CHECK_NERVE_TENSION})

# For these there is nothing to find out at home.
NOTHING_TO_ASK = frozenset({ids.NO_PATTERN, ids.ALT_BONE_STRESS_INJURY, ids.ALT_NON_HAMSTRING_AREA})


def next_step(
    circumstances: Circumstances, outcome: Outcome, flags: tuple[FlagFound, ...], level: LevelName
) -> str:
    """The id of a check, a question or a data request; "" where nothing is asked.

    Under an urgent sign nobody comes here: then nothing is asked at all.
    """
    steps = steps_in_order(circumstances, outcome, level)
    return next((step for step in steps if is_open(step, circumstances, flags)), "")


def steps_in_order(
    circumstances: Circumstances, outcome: Outcome, level: LevelName
) -> Iterator[str]:
    """What would be asked, first things first; answered and blocked ones among them."""
    facts, ranking = circumstances.facts, circumstances.ranking
    if needs_screen(facts):
        yield ids.ASK_WARNING_SCREEN
    if outcome.top in NOTHING_TO_ASK:
        return
    if outcome.few_check_ins and not outcome.fresh:
        yield ids.ASK_CHECKIN_7DAYS
    yield from about_runs(facts)
    leader = ranking.leader if outcome.leads else ""
    if leader in (ids.ALT_DOMS, ids.ALT_ACUTE_HAMSTRING_STRAIN) or level == ids.EASE:
        yield ids.ASK_RECHECK_72H
    if not facts.location.main and len(full_days(facts.log)) < NO_PATTERN_CHECK_INS:
        # Nothing hurts that a check could explain: go on logging instead.
        yield ids.ASK_CHECKIN_7DAYS
        return
    yield from separating(circumstances, leader)
    if outcome.top == ids.INSUFFICIENT_DATA:
        yield ids.ASK_CHECKIN_7DAYS


def about_runs(facts: Facts) -> Iterator[str]:
    """Step d: no run in 14 days, or none ever."""
    log = facts.log
    if not log.run_days:
        yield ids.ASK_RUN_LOG
    elif not _recent_runs(log):
        yield ids.ASK_STOPPED_RUNNING
        if facts.current.text(ids.ASK_STOPPED_RUNNING) == "no":
            yield ids.ASK_RUN_LOG


def separating(circumstances: Circumstances, leader: str) -> Iterator[str]:
    """Steps f, g and h: what tells the explanations apart, of all totals.

    Where nobody leads, the two highest are told apart, and what is best for either is asked.
    """
    facts, ranking = circumstances.facts, circumstances.ranking
    names = all_in_order(facts, ranking.totals)
    names.sort(key=lambda cause: cause != leader)
    first, second = names[:2]
    if ranking.total(first) < LEADS:
        yield from FIRST_CHECKS
        yield from FIRST_QUESTIONS
    if not leader or ranking.total(second) >= LEADS:
        for split in facts.knowledge.splits:
            if {first, second} == set(split.causes):
                yield from split.checks
    for cause in (first,) if leader else (first, second):
        yield from best_next(cause, circumstances)


def best_next(cause: str, circumstances: Circumstances) -> list[str]:
    """Of long hamstrings what looks alike is asked about only once they measure long."""
    steps = list(circumstances.facts.knowledge.causes[cause].best_next)
    if cause == ids.CAUSE_OVERLENGTHENED_HAMSTRINGS and not circumstances.has(ids.SIG_SLR_LONG):
        return [step for step in steps if step not in LOOK_ALIKES]
    return steps


def is_open(step: str, circumstances: Circumstances, flags: tuple[FlagFound, ...]) -> bool:
    """Not answered yet, and allowed."""
    if step in circumstances.facts.knowledge.checks:
        return helps_here(step, circumstances) and is_check_open(step, circumstances, flags)
    if step == ids.ASK_WARNING_SCREEN:
        return bool(circumstances.facts.current.unanswered_flags())
    if step == ids.ASK_RECHECK_72H:
        return recheck_is_open(circumstances.facts)
    if step == ids.ASK_RUN_LOG:
        return not runs_are_complete(circumstances.facts.log)
    if step == ids.ASK_STOPPED_RUNNING:
        return stopped_is_open(circumstances.facts)
    if step == ids.ASK_ONSET and onset_is_open(circumstances.facts):
        return True
    return step not in circumstances.facts.current.answers


def helps_here(check: str, circumstances: Circumstances) -> bool:
    """Checks are about the hamstring: elsewhere one of the nerve, for a low back of its own."""
    where = circumstances.facts.location
    return where.mapped or (where.main == "low_back" and check == ids.CHECK_NERVE_TENSION)


def is_check_open(check: str, circumstances: Circumstances, flags: tuple[FlagFound, ...]) -> bool:
    known = check in circumstances.facts.current.checks
    return not known and not_now(check, circumstances, flags) is None


def needs_screen(facts: Facts) -> bool:
    """Step b: in the last week something strong, or an area that is not the hamstring."""
    log, main = facts.log, facts.location.main
    for spot in log.spots:
        if log.ago(spot.day) >= WEEK_DAYS:
            continue
        least = SCREEN_PAIN if spot.kind == "pain" else SCREEN_ANY
        elsewhere = spot.area == main != HAMSTRING and spot.intensity >= SCREEN_ELSEWHERE
        if spot.intensity >= least or elsewhere:
            return bool(facts.current.unanswered_flags())
    return False


def recheck_is_open(facts: Facts) -> bool:
    """Until a check-in lies 72 h past the first day of the main area's highest peak in 14 days."""
    log, main = facts.log, facts.location.main
    worst: dt.date | None = None
    highest = 0
    for day in log.last_days(TWO_WEEKS):
        peak = log.area_peak(main, day) or 0 if main else 0
        if peak > highest:
            worst, highest = day, peak
    if worst is None:
        return False
    known = [day for day in log.check_ins(TWO_WEEKS) if log.area_peak(main, day) is not None]
    return (max(known) - worst).days < RECHECK_DAYS


def runs_are_complete(log: Log) -> bool:
    """The last 14 days have runs, all with effort."""
    recent = _recent_runs(log)
    return bool(recent) and all(effort is not None for effort in recent)


def stopped_is_open(facts: Facts) -> bool:
    """Not answered, or answered before the last run and so about another pause."""
    if ids.ASK_STOPPED_RUNNING not in facts.current.answers:
        return True
    given = facts.current.given_on(ids.ASK_STOPPED_RUNNING)
    return any(run.day > given for run in facts.log.runs)


def onset_is_open(facts: Facts) -> bool:
    """Answered for an episode that lasts, before one stride was told from within one run."""
    episodes = facts.log.current_episodes()
    return any(onset_of(facts.history, episode) == AT_ONCE for episode in episodes)


def _recent_runs(log: Log) -> list[int | None]:
    """The effort of each run of the last 14 days."""
    return [run.effort for run in log.last_runs(TWO_WEEKS)]
