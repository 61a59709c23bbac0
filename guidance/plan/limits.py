"""What stands against a plan: against starting one, and against items of the one in force."""

from collections.abc import Iterable

from guidance.advice.advice import Advice
from guidance.advice.open_flags import level_of
from guidance.knowledge import current_knowledge
from guidance.models import CARE_FIRST
from guidance.rules.flags.asked import URGENT, must_be_seen
from guidance.rules.log.current_answers import GROWN_UP, care_values, latest_answers

CARE_FIRST_STEP = "guidance:care-first"
WARNING_SIGNS_STEP = "guidance:warning-signs"


def is_hidden(advice: Advice) -> bool:
    """Under an urgent sign, or one that was never named, nothing of a plan is shown."""
    return advice.stopped_by is not None or level_of(advice).id == URGENT


def why_not(advice: Advice) -> str:
    """Why no plan can be started now, in a sentence; "" where one can."""
    words = current_knowledge().words
    if level_of(advice).id == URGENT:
        return str(words["withheld"])
    if advice.stopped_by or must_be_seen(advice.assessment.flags):
        return str(words["stop_and_be_seen"])
    if needs_care_first(advice):
        return str(words["care_first"])
    if not advice.assessment.recommend:
        return nothing_offered(advice)
    return ""


def nothing_offered(advice: Advice) -> str:
    """What guidance says instead of offering something."""
    said = advice.assessment.reasons
    return said[0] if said else str(current_knowledge().words["nothing_to_start"])


def needs_care_first(advice: Advice) -> bool:
    age = advice.history.age
    answers = latest_answers(advice.history)
    return bool(care_values(answers.get(CARE_FIRST))) or (age is not None and age < GROWN_UP)


def asked_first(advice: Advice) -> str:
    """The page that has to be answered before a plan starts; "" where nothing is open."""
    if advice.screened_on is None:
        return WARNING_SIGNS_STEP
    if CARE_FIRST not in latest_answers(advice.history):
        return CARE_FIRST_STEP
    return ""


def holds(advice: Advice, remedies: Iterable[str]) -> dict[str, str]:
    """Why remedies of the plan are left alone for now; those that are not are not in it."""
    if is_hidden(advice):
        return dict.fromkeys(remedies, str(current_knowledge().words["left_out_until_seen"]))
    blocked = {one.remedy: "; ".join(one.why) for one in advice.assessment.blocked}
    return {remedy: blocked[remedy] for remedy in remedies if remedy in blocked}
