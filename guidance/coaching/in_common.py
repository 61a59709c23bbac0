"""What a coach may be told: what holds with all that is known and with what is shared alone."""

from dataclasses import dataclass, replace

from guidance.advice.advice import Advice, OwnAdvice
from guidance.coaching.line import flags_shown
from guidance.coaching.restriction import assessed, restricted
from guidance.knowledge import current_knowledge
from guidance.rules.flags.asked import must_be_seen
from guidance.rules.ids import ASK_CHECKIN_7DAYS, ASK_RECHECK_72H, ASK_RUN_LOG
from guidance.rules.said import Said
from guidance.rules.types import Assessment, Evidence, Likelihood, Offer, RankedCause
from runners.models import Shared
from runners.models.coaching import FULLY_SHARED

# What may be asked next without telling what was answered: to go on logging.
MORE_LOGS = {
    ASK_CHECKIN_7DAYS: Said("help.checkin_7days"),
    ASK_RECHECK_72H: Said("help.recheck_72h"),
    ASK_RUN_LOG: Said("help.run_log"),
}
LIKELIHOODS: tuple[Likelihood, ...] = ("unlikely", "unclear", "possible", "likely")


@dataclass(frozen=True, slots=True)
class SharedAdvice:
    """What a coach may see of an advice, to be said about the athlete.

    `is_limited`: patterns and the level are all there is. Why is not said: it may be that too
    little is known, or that an answer asks for care.
    """

    advice: Advice
    is_limited: bool


def told(advice: OwnAdvice, shared: Shared) -> SharedAdvice:
    """`shared_advice`, worked out once for each advice."""
    if shared not in advice.told:
        advice.told[shared] = shared_advice(advice, shared)
    found: SharedAdvice = advice.told[shared]
    return found


def shared_advice(advice: Advice, shared: Shared) -> SharedAdvice:
    """An advice as a coach who is shown the guidance may see it."""
    history = restricted(advice.history, shared)
    seen = assessed(history, advice)
    escalation = advice.escalation
    limited = is_limited(advice)
    told = replace(
        nothing_more(seen) if limited else in_common(advice, seen, shared),
        escalation=escalation,
        flags=flags_shown(history, seen, advice, escalation),
    )
    return SharedAdvice(Advice(history, told, stopped_by=None, screened_on=None), limited)


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
        reasons=(),
        keep_plan=False,
    )


def is_limited(advice: Advice) -> bool:
    """Does a warning sign stop what guidance says, or an answer raise the level?

    Not where health asks for care first: that raises no level, so a page that says less than
    others would be the only trace of it.
    """
    if advice.is_hidden or must_be_seen(advice.assessment.flags):
        return True
    plain = assessed(restricted(advice.history, FULLY_SHARED), advice)
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
    is_asked = not advice.asked_first and not advice.needs_care_first
    left_out = {blocked.remedy: blocked.why for blocked in own.blocked if is_asked}
    offered = {offer.remedy for offer in own.recommend if is_asked}
    asks = own.ask_next in {*current_knowledge().checks, *MORE_LOGS}
    return replace(
        seen,
        top_cause=seen.top_cause if same_end else "",
        leads=seen.leads and same_end,
        causes=causes_in_common(own, seen),
        recommend=tuple(Offer(o.remedy) for o in seen.recommend if o.remedy in offered),
        blocked=tuple(one for one in seen.blocked if left_out.get(one.remedy) == one.why),
        ask_next=own.ask_next if asks and has_all_logs else "",
        reasons=tuple(reason for reason in seen.reasons if reason in own.reasons)
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
    checks = current_knowledge().checks
    return replace(
        seen,
        total=min(own.total, seen.total),
        likelihood=min(own.likelihood, seen.likelihood, key=LIKELIHOODS.index),
        supports=lines_in_common(own.supports, seen.supports),
        opposes=lines_in_common(own.opposes, seen.opposes),
        unknown=tuple(one for one in seen.unknown if one in own.unknown and one in checks),
    )


def lines_in_common(own: tuple[Evidence, ...], seen: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    signals = {line.signal for line in own}
    return tuple(line for line in seen if line.signal in signals)
