"""What guidance says to one runner on one day, and what its pages ask of it."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from django.conf import settings
from django.db.models import QuerySet

from guidance.advice.history import Logged, read
from guidance.advice.open_flags import OpenFlag, open_flags
from guidance.knowledge import current_knowledge
from guidance.models import Screen
from guidance.rules import Assessed, assess
from guidance.rules.catalogue import Level, LevelName
from guidance.rules.ids import ASK_CARE_FIRST, CLINICIAN, URGENT
from guidance.rules.log.current_answers import care_first, latest_answers
from guidance.rules.types import Assessment, History
from runners.models import Shared, Standing, User
from runners.models.rows import PersonGone
from runners.prepared import prepared

# What has to be answered before a plan starts: the warning signs, then health to know about.
AskedFirst = Literal["", "screen", "health"]


@dataclass(frozen=True, slots=True)
class Advice:
    """`stopped_by` is an open "one of these": then nothing is suggested but to be seen.

    `screened_on` is the day since which every asked sign has an answer that counts.
    """

    history: History
    assessment: Assessment
    stopped_by: Screen | None
    screened_on: dt.date | None

    @property
    def open_flags(self) -> list[OpenFlag]:
        return open_flags(self.history.flag_answers, assessment=self.assessment)

    @property
    def escalation(self) -> LevelName:
        """The level of the assessment, and never below a clinician while a screen stops it."""
        escalation = self.assessment.escalation
        return CLINICIAN if self.stopped_by and escalation != URGENT else escalation

    @property
    def level(self) -> Level:
        """The level that pages show: never below what an open sign calls for by itself."""
        levels = [current_knowledge().levels[self.assessment.escalation]]
        levels += [flag.level for flag in self.open_flags]
        return max(levels, key=lambda level: level.rank)

    @property
    def is_hidden(self) -> bool:
        """Under an urgent sign, or one that was never named, no cause and no plan is shown."""
        return self.stopped_by is not None or self.level.id == URGENT

    @property
    def needs_care_first(self) -> bool:
        return bool(care_first(self.history))

    @property
    def asked_first(self) -> AskedFirst:
        if self.screened_on is None:
            return "screen"
        return "" if ASK_CARE_FIRST in latest_answers(self.history) else "health"


@dataclass(frozen=True, slots=True)
class OwnAdvice(Advice):
    """The runner's own, with what was found on the way. What a coach may know holds none of it.

    `told` is what coaches may be told, by what they are shared: it rests on the advice alone, is
    worked out once and goes with it.
    """

    assessed: Assessed
    told: "dict[Shared, Any]" = field(default_factory=dict, compare=False, repr=False)


def advise(runner: User, today: dt.date) -> OwnAdvice:
    """For a page. 2 queries; 1 where nothing was changed since this process worked it out.

    Raises PersonGone where the account was deleted just now.
    """
    if settings.KEEPS_ADVICE:
        changes = next(iter(_changes(runner)), None)
        if (found := KEPT.get(runner, today, changes)) is not None:
            return found
    logged = read([runner], today)
    if runner.pk not in logged:
        raise PersonGone
    advice = advice_of(logged[runner.pk])
    keep(advice, runner, logged[runner.pk].changes)
    return advice


@prepared
def _changes(runner: User) -> QuerySet[Standing, int]:
    return Standing.objects.of(runner).values_list("changes", flat=True)


def keep(advice: OwnAdvice, runner: User, changes: int | None) -> None:
    """For the pages that come next. `changes` were read before the logs were: None says nothing."""
    if settings.KEEPS_ADVICE and changes is not None:
        KEPT.put(runner, changes, advice)


class Kept:
    """The newest advice of the runners who looked last, with the count of changes it rests on."""

    MOST = 40  # about 170 kB each

    def __init__(self) -> None:
        self._found: OrderedDict[int, tuple[int, OwnAdvice]] = OrderedDict()
        self._one_at_a_time = Lock()

    def get(self, runner: User, today: dt.date, changes: int | None) -> OwnAdvice | None:
        counted, advice = self._found.get(runner.pk, (None, None))
        holds = advice is not None and (counted, advice.history.today) == (changes, today)
        return advice if holds else None

    def put(self, runner: User, changes: int, advice: OwnAdvice) -> None:
        with self._one_at_a_time:
            self._found[runner.pk] = changes, advice
            self._found.move_to_end(runner.pk)
            if len(self._found) > self.MOST:
                self._found.popitem(last=False)

    def clear(self) -> None:
        self._found.clear()


KEPT = Kept()


def advice_of(logged: Logged) -> OwnAdvice:
    found = assess(logged.history, current_knowledge())
    return OwnAdvice(
        logged.history, found.assessment, logged.stopped_by, logged.screened_on, assessed=found
    )
