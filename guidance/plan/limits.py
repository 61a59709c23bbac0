"""What stands against a plan: against starting one, and against items of the one in force."""

from collections.abc import Iterable

from guidance.advice.advice import Advice
from guidance.knowledge import current_knowledge
from guidance.rules.flags.asked import URGENT, must_be_seen


def why_not(advice: Advice) -> str:
    """Why no plan can be started now, in a sentence; "" where one can."""
    words = current_knowledge().words
    if advice.level.id == URGENT:
        return str(words["withheld"])
    if advice.stopped_by or must_be_seen(advice.assessment.flags):
        return str(words["stop_and_be_seen"])
    if advice.needs_care_first:
        return str(words["care_first"])
    if not advice.assessment.recommend:
        return nothing_offered(advice)
    return ""


def nothing_offered(advice: Advice) -> str:
    """What guidance says instead of offering something."""
    said = advice.assessment.reasons
    return said[0] if said else str(current_knowledge().words["nothing_to_start"])


def holds(advice: Advice, remedies: Iterable[str]) -> dict[str, str]:
    """Why remedies of the plan are left alone for now; those that are not are not in it."""
    if advice.is_hidden:
        return dict.fromkeys(remedies, str(current_knowledge().words["left_out_until_seen"]))
    blocked = {one.remedy: "; ".join(one.why) for one in advice.assessment.blocked}
    return {remedy: blocked[remedy] for remedy in remedies if remedy in blocked}
