"""The line of the roster: where an athlete stands, from what one coach may know."""

import datetime as dt
from dataclasses import dataclass

from guidance.advice.advice import Advice
from guidance.advice.headline import QUIET_DAYS, STEP_OF, first, load_jump
from guidance.coaching.restriction import assessed, restricted
from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.restriction import only_logs
from guidance.rules.said import Said
from guidance.rules.types import Assessment, FlagFound, History, Pattern
from runners.models import Shared
from runners.models.standing import StandingLevel
from runners.weeks.known_running import are_known

NOT_SHARED = Said("line.not_shared")
# What may explain a line of the roster: of the log alone.
OF_LOG = ("reason.few_check_ins", "reason.few_symptom_days", "reason.too_few_runs")
OF_RUNS = ("reason.no_runs",)
# What may stand behind "keeps coming back" as a reason, the clearest first.
ALSO = (
    ids.PATTERN_AFTER_HARD_RUN,
    ids.PATTERN_AFTER_LONG_RUN,
    ids.PATTERN_SPIKE_RESPONSE,
    ids.PATTERN_MORNING_AFTER,
    ids.PATTERN_ONE_SIDED,
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A line of the roster. `level` is None where what is shared leaves nothing to say."""

    level: StandingLevel | None
    headline: Said
    reason: Said | None = None


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
    if escalation != ids.CALM:
        shown = flags_shown(history, assessment, advice, escalation)
        level = Said("standing.level", level=escalation)
        return RosterLine(STEP_OF[escalation], level, shown[0].said if shown else None)
    if not has_logs:
        return RosterLine(None, NOT_SHARED)
    if pattern := first(assessment, ids.PATTERN_WORSENING):
        again = first(assessment, ids.PATTERN_RECURRING)
        same = again is not None and (again.area, again.side) == (pattern.area, pattern.side)
        reason = again.said if again and same else also(assessment, pattern)
        return RosterLine(StandingLevel.WORSENING, pattern.said, reason)
    if pattern := first(assessment, ids.PATTERN_RECURRING):
        return RosterLine(StandingLevel.RECURRING, pattern.said, also(assessment, pattern))
    if pattern := load_jump(assessment):
        return RosterLine(StandingLevel.LOAD_JUMP, pattern.said)
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
    return logs.flags


def also(assessment: Assessment, pattern: Pattern) -> Said | None:
    """What else is known of an area that keeps coming back: when it does."""
    found = {p.id: p for p in reversed(assessment.patterns) if p.area == pattern.area}
    return next((found[kind].said for kind in ALSO if kind in found), None)


def calm_line(history: History, assessment: Assessment, shared: Shared) -> RosterLine:
    """As `headline.calm`, of the shared logs and without a cause."""
    logged = [*history.check_in_days, *(run.day for run in history.runs)]
    if not logged:
        return RosterLine(StandingLevel.UNKNOWN, Said(f"{nothing(shared)}_yet"))
    silent = (assessment.today - max(logged)).days
    if silent >= QUIET_DAYS:
        return RosterLine(StandingLevel.QUIET, Said(f"{nothing(shared)}_for", days=silent))
    if improving := first(assessment, ids.PATTERN_IMPROVING):
        return RosterLine(StandingLevel.ON_TRACK, improving.said)
    if assessment.top_cause == ids.NO_PATTERN:
        return RosterLine(StandingLevel.ON_TRACK, Said("standing.no_pattern"))
    if not shared.soreness:
        since = assessment.today - dt.timedelta(days=WINDOW_DAYS - 1)
        is_known = are_known(history.known_running, since, assessment.today)
        headline = Said("line.no_jump" if is_known else "standing.unknown")
        return RosterLine(StandingLevel.UNKNOWN, headline, Said("line.soreness_not_shared"))
    if assessment.leads and (bout := first(assessment, ids.PATTERN_SINGLE_EPISODE)):
        return RosterLine(StandingLevel.ON_TRACK, bout.said)
    level = StandingLevel.ON_TRACK if assessment.leads else StandingLevel.UNKNOWN
    if not assessment.main_area:
        return RosterLine(level, Said("standing.unknown"), missing(assessment, shared))
    place = {"area": assessment.main_area, "side": assessment.main_side}
    if assessment.leads:
        return RosterLine(level, Said("line.noted_seldom", **place))
    return RosterLine(level, Said("line.noted_unknown", **place), missing(assessment, shared))


def nothing(shared: Shared) -> str:
    """Of what is shared there is nothing: how the keys of these sentences begin."""
    if shared.runs and shared.soreness:
        return "standing.nothing"
    return "line.no_check_in" if shared.soreness else "line.no_run"


def missing(assessment: Assessment, shared: Shared) -> Said | None:
    keys = (*OF_LOG, *OF_RUNS) if shared.runs else OF_LOG
    return next((reason for reason in assessment.reasons if reason.key in keys), None)
