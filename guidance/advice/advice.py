"""What guidance says to one runner on one day: the assessment, and whether the screen stops it."""

import datetime as dt
from dataclasses import dataclass

from guidance.advice.history import Logged, read
from guidance.knowledge import current_knowledge
from guidance.models import Screen
from guidance.rules import assess
from guidance.rules.types import Assessment, History
from runners.models import User
from runners.writes import PersonGone


@dataclass(frozen=True, slots=True)
class Advice:
    """`stopped_by` is an open "one of these": then nothing is suggested but to be seen."""

    history: History
    assessment: Assessment
    stopped_by: Screen | None
    screened_on: dt.date | None


def advise(runner: User, today: dt.date) -> Advice:
    """For a page. 6 queries. Raises PersonGone where the account was deleted just now."""
    logged = read([runner], today, current_knowledge())
    if runner.pk not in logged:
        raise PersonGone
    return advice_of(logged[runner.pk])


def advice_of(logged: Logged) -> Advice:
    assessment = assess(logged.history, current_knowledge())
    return Advice(logged.history, assessment, logged.stopped_by, logged.screened_on)
