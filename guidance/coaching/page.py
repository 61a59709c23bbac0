"""What one coach may know of an athlete: the only place that takes it from what guidance says.

A coach sees a part of what the athlete sees, and never more. Of a warning sign it is the level
alone: neither which sign, nor an answer that could tell. So what rests on such answers is left
out whole: where they change what guidance says, the coach sees the patterns and the level.
"""

import datetime as dt
from dataclasses import dataclass, replace

from guidance.advice.advice import Advice, advise
from guidance.advice.headline import QUIET_DAYS, STEP_OF, escalation_of, first, load_jump
from guidance.advice.history import known_running, read_logs
from guidance.advice.open_flags import BONE_RISK
from guidance.coaching.plan import SharedPlan, shared_plan
from guidance.coaching.wording import about
from guidance.findings.page import GuidancePage, page_of, place_words
from guidance.knowledge import knowledge
from guidance.models import CARE_FIRST
from guidance.plan.limits import asked_first, is_hidden, needs_care_first
from guidance.rules import assess
from guidance.rules.catalogue import Level
from guidance.rules.flags.asked import CALM, must_be_seen
from guidance.rules.flags.derived import STOPPED
from guidance.rules.log.current_answers import SPOT
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.log.sudden_onset import ONSET
from guidance.rules.plan.next_step import CHECK_IN, RECHECK, RUN_LOG, SCREEN
from guidance.rules.types import (
    Answer,
    Assessment,
    Evidence,
    FlagFound,
    History,
    LevelName,
    Offer,
    Pattern,
    RankedCause,
    Word,
)
from runners.access import Reading
from runners.models import Shared, User
from runners.models.standing import StandingLevel
from runners.weeks.known_running import are_known

NOT_SHARED = "Not shared"

# Never told to a coach, whatever was answered.
PRIVATE = frozenset({CARE_FIRST, BONE_RISK, SCREEN})
# Answers that are a warning sign, or raise one, by themselves.
TELLING = frozenset({(SPOT, "bony_point"), (ONSET, "sudden"), (STOPPED, "injury")})
NOTHING_SAID = (None, "none", ("none",))

# What may be asked next without telling what was answered: to go on logging.
MORE_CHECK_INS = {
    CHECK_IN: "A check-in every day for a week, all clear ones too.",
    RECHECK: "Check-ins at 24, 48 and 72 hours.",
}
MORE_RUNS = {RUN_LOG: "The runs that are missing, each with its effort."}
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
WORDS: tuple[Word, ...] = ("unlikely", "not enough to tell", "possible", "likely")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the roster. `level` is None where what is shared leaves nothing to say."""

    level: StandingLevel | None
    headline: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SharedAdvice:
    """What a coach may see of an advice, in words about the athlete.

    `is_limited`: patterns and the level are all there is. Why is not said: it may be that too
    little is known, or that an answer asks for care.
    """

    advice: Advice
    line: Line
    is_limited: bool


# What is shared


def restricted(history: History, shared: Shared) -> History:
    """What a coach may know of a history. Without the age, which only ever asks for care.

    Which days of running are known is told by the shared logs alone: a known 0 that rests on a
    check-in would tell of it.
    """
    kept = replace(history, answers=plain_answers(history), signs=(), age=None)
    if not shared.runs:
        kept = replace(kept, runs=(), run_before=None)
    if not shared.soreness:
        kept = replace(kept, soreness=(), check_in_days={})
    if not (shared.runs and shared.soreness):
        kept = replace(kept, known_running=known_running(kept))
    if not shared.guidance:
        kept = replace(kept, answers=(), checks=(), plan=None, remedies_done=())
    return kept


def plain_answers(history: History) -> tuple[Answer, ...]:
    return tuple(answer for answer in history.answers if not is_private(answer))


def is_private(answer: Answer) -> bool:
    return answer.question in PRIVATE or (answer.question, answer.value) in TELLING


def only_logs(history: History) -> History:
    return replace(history, answers=(), checks=(), signs=(), age=None)


def is_plain(history: History) -> bool:
    """Would guidance say the same without what is private? So it does where all of it is "no"."""
    told = (answer for answer in history.answers if is_private(answer))
    return (
        history.age is None
        and not any(sign.yes for sign in history.signs)
        and all(answer.value in NOTHING_SAID for answer in told)
    )


def assessed(history: History, advice: Advice) -> Assessment:
    """The assessment of a restricted history; that of the advice where it comes to the same."""
    own = advice.history
    if history == own or (is_plain(own) and history == restricted(own, ALL)):
        return advice.assessment
    return assess(history, knowledge())


ALL = Shared(runs=True, soreness=True, guidance=True)


# The line of the roster


def line_of(advice: Advice, shared: Shared) -> Line:
    """Where an athlete stands, as far as one coach may know. No cause is named in a line.

    With guidance shared the level is the athlete's own. It is all there is to say where the
    shared logs by themselves do not give as much.
    """
    history = restricted(advice.history, shared)
    has_logs = shared.runs or shared.soreness
    if not (has_logs or shared.guidance):
        return Line(None, NOT_SHARED)
    assessment = assessed(history, advice)
    escalation = escalation_of(advice) if shared.guidance else assessment.escalation
    if escalation != CALM:
        level = knowledge().levels[escalation]
        shown = flags_shown(history, assessment, advice, escalation)
        return Line(STEP_OF[escalation], level.name, shown[0].words if shown else "")
    if not has_logs:
        return Line(None, NOT_SHARED)
    if pattern := first(assessment, "pattern:worsening"):
        again = first(assessment, "pattern:recurring")
        same = again is not None and (again.area, again.side) == (pattern.area, pattern.side)
        reason = about(again.words) if again and same else also(assessment, pattern)
        return Line(StandingLevel.WORSENING, about(pattern.words), reason)
    if pattern := first(assessment, "pattern:recurring"):
        return Line(StandingLevel.RECURRING, about(pattern.words), also(assessment, pattern))
    if pattern := load_jump(assessment):
        return Line(StandingLevel.LOAD_JUMP, about(pattern.words))
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


def calm_line(history: History, assessment: Assessment, shared: Shared) -> Line:
    """As `standing_words.calm_words`, of the shared logs and without a cause."""
    logged = [*history.check_in_days, *(run.day for run in history.runs)]
    if not logged:
        return Line(StandingLevel.UNKNOWN, f"{nothing_logged(shared)} yet")
    silent = (assessment.today - max(logged)).days
    if silent >= QUIET_DAYS:
        return Line(StandingLevel.QUIET, f"{nothing_logged(shared)} for {silent} days")
    if improving := first(assessment, "pattern:improving"):
        return Line(StandingLevel.ON_TRACK, about(improving.words))
    if assessment.top_cause == "no_pattern":
        return Line(StandingLevel.ON_TRACK, "Nothing keeps coming back")
    if not shared.soreness:
        since = assessment.today - dt.timedelta(days=WINDOW_DAYS - 1)
        is_known = are_known(history.known_running, since, assessment.today)
        words = "No jump in running" if is_known else "Not enough to tell yet"
        return Line(StandingLevel.UNKNOWN, words, "Soreness is not shared.")
    if assessment.leads and (bout := first(assessment, "pattern:single_episode")):
        return Line(StandingLevel.ON_TRACK, about(bout.words))
    level = StandingLevel.ON_TRACK if assessment.leads else StandingLevel.UNKNOWN
    if not assessment.main_area:
        return Line(level, "Not enough to tell yet", missing(assessment, shared))
    place = place_words(assessment.main_area, assessment.main_side)
    noted = f"{place[:1].upper()}{place[1:]} noted"
    if assessment.leads:
        return Line(level, f"{noted}, and not often")
    return Line(level, f"{noted}, not enough to tell yet", missing(assessment, shared))


def nothing_logged(shared: Shared) -> str:
    if shared.runs and shared.soreness:
        return "Nothing logged"
    return "No check-in" if shared.soreness else "No run"


def missing(assessment: Assessment, shared: Shared) -> str:
    keys = (*OF_LOG, *OF_RUNS) if shared.runs else OF_LOG
    said = [str(knowledge().words[key]) for key in keys]
    return next((sentence for sentence in assessment.because if sentence in said), "")


# The page


def shared_advice(advice: Advice, shared: Shared) -> SharedAdvice:
    """An advice as a coach who is shown the guidance may see it."""
    history = restricted(advice.history, shared)
    seen = assessed(history, advice)
    escalation = escalation_of(advice)
    limited = is_limited(advice)
    told = replace(
        nothing_more(seen) if limited else in_common(advice, seen, shared),
        escalation=escalation,
        flags=flags_shown(history, seen, advice, escalation),
        patterns=tuple(replace(one, words=about(one.words)) for one in seen.patterns),
    )
    return SharedAdvice(
        Advice(history, told, stopped_by=None, screened_on=None), line_of(advice, shared), limited
    )


def nothing_more(seen: Assessment) -> Assessment:
    """The patterns alone."""
    return replace(
        seen,
        top_cause="",
        leads=False,
        causes=(),
        recommend=(),
        blocked=(),
        ask_next="",
        because=(),
        keep_plan=False,
    )


def is_limited(advice: Advice) -> bool:
    """Does a warning sign stop what guidance says, or an answer raise the level?

    Not where health asks for care first: that raises no level, so a page that says less than
    others would be the only trace of it.
    """
    if is_hidden(advice) or must_be_seen(advice.assessment.flags):
        return True
    plain = assessed(restricted(advice.history, ALL), advice)
    return plain.escalation != advice.assessment.escalation


def in_common(advice: Advice, seen: Assessment, shared: Shared) -> Assessment:
    """What both the athlete's own assessment and the restricted one say.

    Nothing is offered to an athlete who has not been asked what comes before a plan, and it
    looks the same where the answer is that care comes first. Where not all logs are shared, what
    is missing and what to do next are not said: they could tell of the others.
    """
    own = advice.assessment
    has_all_logs = shared.runs and shared.soreness
    same_end = seen.top_cause == own.top_cause or not has_all_logs
    is_asked = not asked_first(advice) and not needs_care_first(advice)
    left_out = {blocked.remedy: blocked.why for blocked in own.blocked if is_asked}
    offered = {offer.remedy for offer in own.recommend if is_asked}
    asks = own.ask_next in {*knowledge().checks, *MORE_CHECK_INS, *MORE_RUNS}
    return replace(
        seen,
        top_cause=seen.top_cause if same_end else "",
        leads=seen.leads and same_end,
        causes=causes_in_common(own, seen),
        recommend=tuple(Offer(o.remedy) for o in seen.recommend if o.remedy in offered),
        blocked=tuple(one for one in seen.blocked if left_out.get(one.remedy) == one.why),
        ask_next=own.ask_next if asks and has_all_logs else "",
        because=tuple(about(said) for said in seen.because if said in own.because)
        if has_all_logs
        else (),
    )


def causes_in_common(own: Assessment, seen: Assessment) -> tuple[RankedCause, ...]:
    """Causes that both name, with the lines that both have and the more careful word."""
    theirs = {cause.id: cause for cause in own.causes}
    return tuple(
        cause_in_common(theirs[cause.id], cause) for cause in seen.causes if cause.id in theirs
    )


def cause_in_common(own: RankedCause, seen: RankedCause) -> RankedCause:
    checks = knowledge().checks
    return replace(
        seen,
        total=min(own.total, seen.total),
        word=min(own.word, seen.word, key=WORDS.index),
        supports=lines_in_common(own.supports, seen.supports),
        opposes=lines_in_common(own.opposes, seen.opposes),
        unknown=tuple(one for one in seen.unknown if one in own.unknown and one in checks),
    )


def lines_in_common(own: tuple[Evidence, ...], seen: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    signals = {line.signal for line in own}
    return tuple(replace(line, words=about(line.words)) for line in seen if line.signal in signals)


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What a coach's page may show of guidance today. `page` is None where it is not shared.

    `level` is None where there is nothing to warn of. `page` is put together as the athlete's
    own, and its words are about the athlete.
    """

    shared: Shared
    today: dt.date
    line: Line
    level: Level | None = None
    is_limited: bool = False
    page: GuidancePage | None = None
    plan: SharedPlan | None = None


def shared_page(reading: Reading, today: dt.date | None = None) -> SharedPage:
    """For the pages of a coach about an athlete; nothing is read that is not shared.

    6 queries where guidance is shared, and one more with a plan in force; else one for the
    check-ins and two for the runs, where those are shared.
    """
    athlete, shared = reading.athlete, reading.shared
    today = today or athlete.local_day()
    if not shared.guidance:
        return SharedPage(shared, today, line_of(advise_logs(athlete, shared, today), shared))
    advice = advise(athlete, today)
    seen = shared_advice(advice, shared)
    level = knowledge().levels[seen.advice.assessment.escalation]
    return SharedPage(
        shared=shared,
        today=today,
        line=seen.line,
        level=level if level.id != CALM else None,
        is_limited=seen.is_limited,
        page=page_about(seen.advice, shared),
        plan=shared_plan(advice, seen.advice, athlete),
    )


def advise_logs(athlete: User, shared: Shared, today: dt.date) -> Advice:
    history = read_logs(athlete, today, shared)
    return Advice(history, assess(history, knowledge()), stopped_by=None, screened_on=None)


def page_about(advice: Advice, shared: Shared = ALL) -> GuidancePage:
    """The athlete's page, told to somebody else. Where soreness is off, silence is no all-clear."""
    page = page_of(advice)
    no_pattern = "No pattern to show" if shared.soreness else "Soreness is not shared"
    more = MORE_CHECK_INS | MORE_RUNS
    asked = page.next_question
    return replace(
        page,
        headline=about(page.headline) or ("" if page.outcome else no_pattern),
        causes=tuple(
            replace(one, cause=replace(one.cause, short=about(one.cause.short)))
            for one in page.causes
        ),
        outcome=page.outcome and replace(page.outcome, words=about(page.outcome.short)),
        left_out=tuple(replace(one, why=tuple(map(about, one.why))) for one in page.left_out),
        next_check=page.next_check and replace(page.next_check, short=about(page.next_check.short)),
        next_question=asked and replace(asked, words=more[asked.id]),
    )
