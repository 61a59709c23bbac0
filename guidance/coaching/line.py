"""The line of the roster: where an athlete stands, from what one coach may know."""

import datetime as dt
from dataclasses import dataclass, replace

from guidance.advice.advice import Advice
from guidance.advice.headline import QUIET_DAYS, STEP_OF, first, load_jump
from guidance.advice.wording import place_words
from guidance.coaching.restriction import assessed, only_logs, restricted
from guidance.coaching.wording import about
from guidance.knowledge import current_knowledge
from guidance.rules.flags.asked import CALM
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.types import (
    Assessment,
    FlagFound,
    History,
    LevelName,
    Pattern,
)
from runners.models import Shared
from runners.models.standing import StandingLevel
from runners.weeks.known_running import are_known

NOT_SHARED = "Not shared"
# Sentences that explain a line of the roster, by their key: of the log alone.
OF_LOG = ("few_check_ins", "few_symptom_days", "too_few_runs")
OF_RUNS = ("no_runs",)
# What may stand behind "keeps coming back" as a reason, the clearest first.
ALSO = (
    "pattern:after_hard_run",
    "pattern:after_long_run",
    "pattern:spike_response",
    "pattern:morning_after",
    "pattern:one_sided",
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A line of the roster. `level` is None where what is shared leaves nothing to say."""

    level: StandingLevel | None
    headline: str
    reason: str = ""


def line_of(advice: Advice, shared: Shared) -> RosterLine:
    """Where an athlete stands, as far as one coach may know. No cause is named in a line.

    With guidance shared the level is the athlete's own. It is all there is to say where the
    shared logs by themselves do not give as much.
    """
    history = restricted(advice.history, shared)
    has_logs = shared.runs or shared.soreness
    if not (has_logs or shared.guidance):
        return RosterLine(None, NOT_SHARED)
    assessment = assessed(history, advice)
    escalation = advice.escalation if shared.guidance else assessment.escalation
    if escalation != CALM:
        level = current_knowledge().levels[escalation]
        shown = flags_shown(history, assessment, advice, escalation)
        return RosterLine(STEP_OF[escalation], level.name, shown[0].words if shown else "")
    if not has_logs:
        return RosterLine(None, NOT_SHARED)
    if pattern := first(assessment, "pattern:worsening"):
        again = first(assessment, "pattern:recurring")
        same = again is not None and (again.area, again.side) == (pattern.area, pattern.side)
        reason = about(again.words) if again and same else also(assessment, pattern)
        return RosterLine(StandingLevel.WORSENING, about(pattern.words), reason)
    if pattern := first(assessment, "pattern:recurring"):
        return RosterLine(StandingLevel.RECURRING, about(pattern.words), also(assessment, pattern))
    if pattern := load_jump(assessment):
        return RosterLine(StandingLevel.LOAD_JUMP, about(pattern.words))
    return calm_line(history, assessment, shared)


def flags_shown(
    history: History, assessment: Assessment, advice: Advice, escalation: LevelName
) -> tuple[FlagFound, ...]:
    """Signs that the shared logs show by themselves, where they are as serious as the level.

    Otherwise an answer raises the level, and only the level is told.
    """
    alone = only_logs(history)
    logs = assessment if alone == history else assessed(alone, advice)
    if logs.escalation != escalation:
        return ()
    return tuple(replace(flag, words=about(flag.words)) for flag in logs.flags)


def also(assessment: Assessment, pattern: Pattern) -> str:
    """What else is known of an area that keeps coming back: when it does."""
    found = {p.id: p for p in reversed(assessment.patterns) if p.area == pattern.area}
    return next((about(found[kind].words) for kind in ALSO if kind in found), "")


def calm_line(history: History, assessment: Assessment, shared: Shared) -> RosterLine:
    """As `standing_words.calm_words`, of the shared logs and without a cause."""
    logged = [*history.check_in_days, *(run.day for run in history.runs)]
    if not logged:
        return RosterLine(StandingLevel.UNKNOWN, f"{nothing_logged(shared)} yet")
    silent = (assessment.today - max(logged)).days
    if silent >= QUIET_DAYS:
        return RosterLine(StandingLevel.QUIET, f"{nothing_logged(shared)} for {silent} days")
    if improving := first(assessment, "pattern:improving"):
        return RosterLine(StandingLevel.ON_TRACK, about(improving.words))
    if assessment.top_cause == "no_pattern":
        return RosterLine(StandingLevel.ON_TRACK, "Nothing keeps coming back")
    if not shared.soreness:
        since = assessment.today - dt.timedelta(days=WINDOW_DAYS - 1)
        is_known = are_known(history.known_running, since, assessment.today)
        words = "No jump in running" if is_known else "Not enough to tell yet"
        return RosterLine(StandingLevel.UNKNOWN, words, "Soreness is not shared.")
    if assessment.leads and (bout := first(assessment, "pattern:single_episode")):
        return RosterLine(StandingLevel.ON_TRACK, about(bout.words))
    level = StandingLevel.ON_TRACK if assessment.leads else StandingLevel.UNKNOWN
    if not assessment.main_area:
        return RosterLine(level, "Not enough to tell yet", missing(assessment, shared))
    place = place_words(assessment.main_area, assessment.main_side)
    noted = f"{place[:1].upper()}{place[1:]} noted"
    if assessment.leads:
        return RosterLine(level, f"{noted}, and not often")
    return RosterLine(level, f"{noted}, not enough to tell yet", missing(assessment, shared))


def nothing_logged(shared: Shared) -> str:
    if shared.runs and shared.soreness:
        return "Nothing logged"
    return "No check-in" if shared.soreness else "No run"


def missing(assessment: Assessment, shared: Shared) -> str:
    keys = (*OF_LOG, *OF_RUNS) if shared.runs else OF_LOG
    said = [str(current_knowledge().words[key]) for key in keys]
    return next((sentence for sentence in assessment.reasons if sentence in said), "")
