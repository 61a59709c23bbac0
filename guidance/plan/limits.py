"""What stands against a plan: against starting one, and against items of the one in force."""

from collections.abc import Iterable

from guidance.advice.advice import Advice
from guidance.rules.flags.asked import must_be_seen
from guidance.rules.ids import URGENT
from guidance.rules.said import Said


def why_not(advice: Advice) -> Said | None:
    """Why no plan can be started now; None where one can."""
    if advice.level.id == URGENT:
        return Said("reason.withheld")
    if advice.stopped_by or must_be_seen(advice.assessment.flags):
        return Said("reason.stop_and_be_seen")
    if advice.needs_care_first:
        return Said("reason.care_first")
    if not advice.assessment.recommend:
        # What guidance says instead of offering something.
        return next(iter(advice.assessment.reasons), Said("reason.nothing_to_start"))
    return None


def holds(advice: Advice, remedies: Iterable[str]) -> dict[str, Said]:
    """Why remedies of the plan are left alone for now; those that are not are not in it."""
    if advice.is_hidden:
        return dict.fromkeys(remedies, Said("left_out.until_seen"))
    blocked = {one.remedy: one.said for one in advice.assessment.blocked}
    return {remedy: blocked[remedy] for remedy in remedies if remedy in blocked}
