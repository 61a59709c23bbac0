"""What may be known of a history where a part of it is shared, and no private answer at all."""

from dataclasses import replace

from guidance.rules import ids
from guidance.rules.log.sudden_onset import ONSETS
from guidance.rules.types import Answer, History

# Never told to anybody else, whatever was answered.
PRIVATE = frozenset({ids.ASK_CARE_FIRST, ids.ASK_BONE_RISK, ids.ASK_WARNING_SCREEN})
# Answers that are a warning sign, or raise one, by themselves.
TELLING = frozenset({(ids.ASK_SPOT, "bony_point"), (ids.ASK_STOPPED_RUNNING, "injury")}) | {
    (ids.ASK_ONSET, onset) for onset in ONSETS
}
NOTHING_SAID = (None, "none", ("none",))


def restrict(history: History, *, runs: bool, soreness: bool, guidance: bool) -> History:
    """Without private answers, what is not shared, and the age, which only ever asks for care."""
    kept = replace(history, answers=plain_answers(history), flag_answers=(), age=None)
    if not runs:
        kept = replace(kept, runs=(), run_before=None, hides_runs=True)
    if not soreness:
        kept = replace(kept, soreness=(), check_in_days={})
    if not guidance:
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
