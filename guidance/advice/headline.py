"""Where a runner stands: a level, a headline and a reason."""

import datetime as dt
from dataclasses import dataclass

from guidance.advice.advice import Advice
from guidance.rules import ids
from guidance.rules.said import Said
from guidance.rules.types import Assessment, Pattern
from runners.models.standing import StandingLevel

QUIET_DAYS = 7  # without any log; then the row says so
LEADS_FROM = 2  # points (knowledge base 1.7, step 5)
LOAD_JUMP_DAYS = 7  # how long a jump in load is worth a line
STEP_OF = {
    ids.URGENT: StandingLevel.URGENT,
    ids.CLINICIAN: StandingLevel.SEE_CLINICIAN,
    ids.EASE: StandingLevel.EASE_OFF,
}


@dataclass(frozen=True, slots=True)
class Stands:
    level: StandingLevel
    headline: Said
    reason: Said | None = None


def stands(advice: Advice) -> Stands:
    """The first of these that holds, in the order of need."""
    assessment = advice.assessment
    escalation = advice.escalation
    if escalation != ids.CALM:
        level, what_to_do = STEP_OF[escalation], Said(escalation)
        if advice.stopped_by and escalation != ids.URGENT:
            return Stands(level, Said("standing.stop"), what_to_do)
        worst = next((flag for flag in assessment.flags if flag.level == escalation), None)
        return Stands(level, assessment.to_do, worst.said if worst else what_to_do)
    if pattern := first(assessment, ids.PATTERN_WORSENING):
        return Stands(StandingLevel.WORSENING, pattern.said, points_to(assessment))
    if pattern := first(assessment, ids.PATTERN_RECURRING):
        return Stands(StandingLevel.RECURRING, pattern.said, points_to(assessment))
    if pattern := load_jump(assessment):
        return Stands(StandingLevel.LOAD_JUMP, pattern.said)
    return calm(advice)


def calm(advice: Advice) -> Stands:
    """Nothing keeps coming back: quiet, on track, or too little to tell."""
    history, assessment = advice.history, advice.assessment
    logged = [*history.check_in_days, *(run.day for run in history.runs)]
    if not logged:
        return Stands(
            StandingLevel.UNKNOWN, Said("standing.nothing_yet"), Said("standing.nothing_yet_why")
        )
    silent = (assessment.today - max(logged)).days
    if silent >= QUIET_DAYS:
        return Stands(StandingLevel.QUIET, Said("standing.nothing_for", days=silent))
    if improving := first(assessment, ids.PATTERN_IMPROVING):
        return Stands(StandingLevel.ON_TRACK, improving.said, Said("standing.keep_going"))
    if assessment.top_cause == ids.NO_PATTERN:
        return Stands(
            StandingLevel.ON_TRACK, Said("standing.no_pattern"), Said("standing.no_pattern_why")
        )
    if assessment.leads:
        cause = assessment.top_cause
        return Stands(StandingLevel.ON_TRACK, Said("standing.fits", cause=cause), Said(cause))
    if assessment.main_area:
        place = {"area": assessment.main_area, "side": assessment.main_side}
        return Stands(StandingLevel.UNKNOWN, Said("standing.noted", **place), missing(assessment))
    return Stands(StandingLevel.UNKNOWN, Said("standing.unknown"), missing(assessment))


def first(assessment: Assessment, pattern: str) -> Pattern | None:
    """The pattern of the main area; a recurring foot is no news about a hamstring."""
    found = [p for p in assessment.patterns if p.id == pattern]
    main = [p for p in found if p.area in ("", assessment.main_area)]
    return next(iter(main), None) or next(iter(found), None)


def load_jump(assessment: Assessment) -> Pattern | None:
    recent = assessment.today - dt.timedelta(days=LOAD_JUMP_DAYS)
    for pattern in assessment.patterns:
        jump = pattern.id in {ids.PATTERN_SESSION_SPIKE, ids.PATTERN_WEEK_JUMP}
        if jump and pattern.days and pattern.days[-1] > recent:
            return pattern
    return None


def points_to(assessment: Assessment) -> Said | None:
    """What leads, and what stands within a point of it; else what is missing."""
    if not (assessment.leads and assessment.causes):
        return missing(assessment)
    best = assessment.causes[0]
    close = [c for c in assessment.causes[:2] if c.total >= max(LEADS_FROM, best.total - 1)]
    causes = (Said("standing.cause", cause=cause.id, likelihood=cause.said) for cause in close)
    return Said("standing.points_to", causes=tuple(causes))


def missing(assessment: Assessment) -> Said | None:
    return assessment.reasons[0] if assessment.reasons else None
