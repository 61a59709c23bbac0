"""What is taken from a history before anything is worked out for a coach."""

from dataclasses import replace

from guidance.advice.advice import Advice
from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules import assess, ids
from guidance.rules.types import Answer, Assessment, History
from runners.models import Shared

# Never told to a coach, whatever was answered.
PRIVATE = frozenset({ids.ASK_CARE_FIRST, ids.ASK_BONE_RISK, ids.ASK_WARNING_SCREEN})
# Answers that are a warning sign, or raise one, by themselves.
TELLING = frozenset(
    {(ids.ASK_SPOT, "bony_point"), (ids.ASK_ONSET, "sudden"), (ids.ASK_STOPPED_RUNNING, "injury")}
)
NOTHING_SAID = (None, "none", ("none",))


def restricted(history: History, shared: Shared) -> History:
    """What a coach may know of a history. Without the age, which only ever asks for care.

    Which days of running are known is told by the shared logs alone: a known 0 that rests on a
    check-in would tell of it.
    """
    kept = replace(history, answers=plain_answers(history), flag_answers=(), age=None)
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
    return replace(history, answers=(), checks=(), flag_answers=(), age=None)


def is_plain(history: History) -> bool:
    """Would guidance say the same without what is private? So it does where all of it is "no"."""
    told = (answer for answer in history.answers if is_private(answer))
    return (
        history.age is None
        and not any(given.yes for given in history.flag_answers)
        and all(answer.value in NOTHING_SAID for answer in told)
    )


def assessed(history: History, advice: Advice) -> Assessment:
    """The assessment of a restricted history; that of the advice where it comes to the same."""
    own = advice.history
    if history == own or (is_plain(own) and history == restricted(own, FULLY_SHARED)):
        return advice.assessment
    return assess(history, current_knowledge()).assessment


FULLY_SHARED = Shared(runs=True, soreness=True, guidance=True)
