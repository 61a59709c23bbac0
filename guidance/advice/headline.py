"""Where a runner stands, in words: a level, a headline and a reason."""

import datetime as dt

from guidance.advice.advice import Advice
from guidance.advice.wording import place_words
from guidance.knowledge import current_knowledge
from guidance.rules.flags.asked import CALM, CLINICIAN, EASE, URGENT
from guidance.rules.types import Assessment, Pattern
from runners.models.standing import StandingLevel

STOP = "Stop and be seen"
QUIET_DAYS = 7  # without any log; then the row says so
LEADS_FROM = 2  # points (knowledge base 1.7, step 5)
LOAD_JUMP_DAYS = 7  # how long a jump in load is worth a line
STEP_OF = {
    URGENT: StandingLevel.URGENT,
    CLINICIAN: StandingLevel.SEE_CLINICIAN,
    EASE: StandingLevel.EASE_OFF,
}


def words_of(advice: Advice) -> tuple[StandingLevel, str, str]:
    """Level, headline and reason: the first of these that holds, in the order of need."""
    assessment = advice.assessment
    levels = current_knowledge().levels
    escalation = advice.escalation
    if escalation != CALM:
        level = levels[escalation]
        if advice.stopped_by and escalation != URGENT:
            return STEP_OF[escalation], STOP, level.words
        return STEP_OF[escalation], level.name, flag_words(assessment) or level.words
    if pattern := first(assessment, "pattern:worsening"):
        return StandingLevel.WORSENING, pattern.words, points_to(assessment)
    if pattern := first(assessment, "pattern:recurring"):
        return StandingLevel.RECURRING, pattern.words, points_to(assessment)
    if pattern := load_jump(assessment):
        return StandingLevel.LOAD_JUMP, pattern.words, ""
    return calm_words(advice)


def calm_words(advice: Advice) -> tuple[StandingLevel, str, str]:
    """Nothing keeps coming back: quiet, on track, or too little to tell."""
    history, assessment = advice.history, advice.assessment
    logged = [*history.check_in_days, *(run.day for run in history.runs)]
    if not logged:
        return (
            StandingLevel.UNKNOWN,
            "Nothing logged yet",
            "A few check-ins, all clear ones too, and the first patterns can show.",
        )
    silent = (assessment.today - max(logged)).days
    if silent >= QUIET_DAYS:
        return StandingLevel.QUIET, f"Nothing logged for {silent} days", ""
    if improving := first(assessment, "pattern:improving"):
        return StandingLevel.ON_TRACK, improving.words, "Keep going as you are."
    if assessment.top_cause == "no_pattern":
        return (
            StandingLevel.ON_TRACK,
            "Nothing keeps coming back",
            "Logging as steadily as this is what makes a pattern show in time.",
        )
    if assessment.leads:
        cause = current_knowledge().causes[assessment.top_cause]
        return StandingLevel.ON_TRACK, f"This fits with: {cause.name.lower()}", cause.short
    if assessment.main_area:
        place = place_words(assessment.main_area, assessment.main_side)
        return StandingLevel.UNKNOWN, f"Your {place} is noted", missing(assessment)
    return StandingLevel.UNKNOWN, "Not enough to tell yet", missing(assessment)


def first(assessment: Assessment, pattern: str) -> Pattern | None:
    """The pattern of the main area; a recurring foot is no news about a hamstring."""
    found = [p for p in assessment.patterns if p.id == pattern]
    main = [p for p in found if p.area in ("", assessment.main_area)]
    return next(iter(main), None) or next(iter(found), None)


def load_jump(assessment: Assessment) -> Pattern | None:
    recent = assessment.today - dt.timedelta(days=LOAD_JUMP_DAYS)
    for pattern in assessment.patterns:
        jump = pattern.id in {"pattern:session_spike", "pattern:week_jump"}
        if jump and pattern.days and pattern.days[-1] > recent:
            return pattern
    return None


def flag_words(assessment: Assessment) -> str:
    """The words of the most serious sign that is up."""
    worst = [flag for flag in assessment.flags if flag.level == assessment.escalation]
    return worst[0].words if worst else ""


def points_to(assessment: Assessment) -> str:
    """What leads, and what stands within a point of it; else what is missing."""
    if not (assessment.leads and assessment.causes):
        return missing(assessment)
    best = assessment.causes[0]
    close = [c for c in assessment.causes[:2] if c.total >= max(LEADS_FROM, best.total - 1)]
    named = (
        f"{current_knowledge().causes[cause.id].name.lower()} ({cause.likelihood})"
        for cause in close
    )
    return f"Points to {', or '.join(named)}."


def missing(assessment: Assessment) -> str:
    return assessment.reasons[0] if assessment.reasons else ""
