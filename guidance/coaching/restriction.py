"""What is taken from a history before anything is worked out for a coach."""

from dataclasses import replace

from guidance.advice.advice import Advice
from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from guidance.rules.restriction import is_plain, restrict
from guidance.rules.types import Assessment, History
from runners.models import Shared
from runners.models.coaching import FULLY_SHARED


def restricted(history: History, shared: Shared) -> History:
    """What a coach may know of a history.

    Which days of running are known is told by the shared logs alone: a known 0 that rests on a
    check-in would tell of it.
    """
    kept = restrict(history, runs=shared.runs, soreness=shared.soreness, guidance=shared.guidance)
    if shared.runs and shared.soreness:
        return kept
    return replace(kept, known_running=known_running(kept))


def assessed(history: History, advice: Advice) -> Assessment:
    """The assessment of a restricted history; that of the advice where it comes to the same."""
    own = advice.history
    if history == own or (is_plain(own) and history == restricted(own, FULLY_SHARED)):
        return advice.assessment
    return assess(history, current_knowledge()).assessment
