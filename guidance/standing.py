"""Writes `Standing`: where a runner stands, in one row that others read without any rules.

`runners/standing.py` calls `renew` through `settings.RENEW_STANDINGS`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from guidance.advice import Advice, advice_of
from guidance.history import Logged, read
from guidance.knowledge import knowledge
from guidance.models import PlanItem
from guidance.page import place_words
from guidance.plan_limits import holds
from guidance.rules.types import Assessment, Pattern
from guidance.signs import level_of, open_signs_of
from runners.models import Standing, User
from runners.models.standing import StandingLevel

STOP = "Stop and be seen"
QUIET_DAYS = 7  # without any log; then the row says so
LEADS_FROM = 2  # points (knowledge base 1.7, step 5)
HELD_LENGTH = 300  # letters of a note on an item, as the column has them
LOAD_JUMP_DAYS = 7  # how long a jump in load is worth a line


def renew(runners: Iterable[User], day: dt.date | None = None) -> None:
    """Write the rows of `runners` as of `day`, or of each runner's own local day.

    Beside each row it notes on the items of the plan in force why guidance leaves them alone.
    6 queries to read and 1 to write, for as many local days as the runners' zones have; one more
    where such a note changes.
    """
    by_day: dict[dt.date, list[User]] = defaultdict(list)
    for runner in runners:
        by_day[day or runner.local_day()].append(runner)
    for today, people in by_day.items():
        logged = read(people, today, knowledge())
        advice = {runner.pk: advice_of(logged[runner.pk]) for runner in people}
        Standing.objects.bulk_create(
            [standing_of(runner, advice[runner.pk]) for runner in people],
            update_conflicts=True,
            unique_fields=["runner"],
            update_fields=[
                "level",
                "headline",
                "reason",
                "as_of",
                "valid_until",
                "knowledge_version",
                "warning",
            ],
        )
        changed = [row for one in people for row in holds_changed(logged[one.pk], advice[one.pk])]
        PlanItem.objects.bulk_update(changed, ["held"])


def holds_changed(logged: Logged, advice: Advice) -> list[PlanItem]:
    """Rows of the plan whose note is no longer what it was, with the new one."""
    found = holds(advice, [item.remedy for item in logged.held])
    notes = ((item, found.get(item.remedy, "")[:HELD_LENGTH]) for item in logged.held)
    return [PlanItem(pk=item.pk, held=note) for item, note in notes if note != item.held]


def standing_of(runner: User, advice: Advice) -> Standing:
    level, headline, reason = words_of(advice)
    today = advice.assessment.today
    return Standing(
        runner=runner,
        level=level,
        headline=headline[:200],
        reason=reason[:400],
        as_of=today,
        valid_until=advice.assessment.valid_until or today + dt.timedelta(days=1),
        knowledge_version=advice.assessment.version,
        warning=warning_of(advice)[:200],
    )


def warning_of(advice: Advice) -> str:
    """What stands on top of every page while a warning sign that was asked is open; else ""."""
    signs = open_signs_of(advice)
    if not signs:
        return f"{STOP}: one of the warning signs is true" if advice.stopped_by else ""
    name = signs[0].flag.name
    more = f", and {len(signs) - 1} more" if len(signs) > 1 else ""
    return f"{level_of(advice).name}: {name[:1].lower()}{name[1:]}{more}"


def words_of(advice: Advice) -> tuple[StandingLevel, str, str]:
    """Level, headline and reason: the first of these that holds, in the order of need."""
    assessment = advice.assessment
    levels = knowledge().levels
    if advice.stopped_by and assessment.escalation != "escalate:urgent":
        level = levels["escalate:clinician_week"]
        return StandingLevel.SEE_CLINICIAN, STOP, level.words
    if assessment.escalation != "escalate:none":
        level = levels[assessment.escalation]
        step = {
            "escalate:urgent": StandingLevel.URGENT,
            "escalate:clinician_week": StandingLevel.SEE_CLINICIAN,
            "escalate:ease_watch": StandingLevel.EASE_OFF,
        }[assessment.escalation]
        return step, level.name, flag_words(assessment) or level.words
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
        cause = knowledge().causes[assessment.top_cause]
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
    named = (f"{knowledge().causes[cause.id].name.lower()} ({cause.word})" for cause in close)
    return f"Points to {', or '.join(named)}."


def missing(assessment: Assessment) -> str:
    return assessment.because[0] if assessment.because else ""
