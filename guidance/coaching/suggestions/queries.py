"""What a coach suggests, as pages show it, and what guidance says to it for this athlete.

The athlete takes it on through the same door as anything that guidance suggests itself. The
coach learns whether it was taken on, never why not.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from guidance.advice.advice import AskedFirst, OwnAdvice
from guidance.checks.page import check_url, not_allowed
from guidance.knowledge import current_knowledge
from guidance.models import Suggestion
from guidance.models.plans import MAX_ITEMS
from guidance.plan.limits import why_not
from guidance.plan.offers import OfferShown, first_days, usual_run_days
from guidance.plan.queries import Plans
from guidance.rules.catalogue import Check, Remedy
from guidance.rules.ids import CLINICIAN
from guidance.rules.plan.conditions import Circumstances
from guidance.rules.plan.offers import ALWAYS, left_out, not_if
from guidance.rules.said import Said
from runners import access
from runners.models import User
from runners.prepared import prepared

MOST_OPEN = 50  # read for Today, which shows a few of them
SHOWN = 20  # of a coach's suggestions to one athlete; older ones no longer matter

OPEN, TAKEN, NOT_TAKEN, WITHDRAWN = "open", "taken", "not-taken", "withdrawn"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion with the remedy or check that it names."""

    row: Suggestion
    thing: Remedy | Check

    @property
    def is_check(self) -> bool:
        return isinstance(self.thing, Check)

    @property
    def state(self) -> str:
        """As the coach learns it. An open one may be held by guidance: that is not said."""
        if self.row.withdrawn_at is not None:
            return WITHDRAWN
        if self.row.answered_at is None:
            return OPEN
        return TAKEN if self.row.accepted else NOT_TAKEN

    @property
    def day(self) -> dt.date:
        """When it was made, by the athlete's day."""
        return self.row.athlete.local_day(self.row.created_at)

    @property
    def url(self) -> str:
        return reverse("guidance:suggestion-accept", args=[self.row.uid])


def thing_of(what: str) -> Remedy | Check | None:
    """None for an id that the knowledge no longer has."""
    return current_knowledge().remedies.get(what) or current_knowledge().checks.get(what)


def shown(rows: Iterable[Suggestion]) -> list[Suggested]:
    pairs = ((row, thing_of(row.what)) for row in rows)
    return [Suggested(row, thing) for row, thing in pairs if thing is not None]


def made_to(athlete: User, *, by: User) -> list[Suggested]:
    """A coach's newest suggestions to an athlete, withdrawn ones too. 1 query."""
    rows = Suggestion.objects.filter(coach=by, athlete=athlete).select_related("athlete")
    return shown(rows[:SHOWN])


def open_suggestions(athlete: User) -> list[Suggested]:
    """What coaches of now suggest and the athlete has not answered. 1 query."""
    return shown(_unanswered(athlete))


@prepared
def _unanswered(athlete: User) -> QuerySet[Suggestion]:
    links = access.links_of_athlete(athlete).open()
    rows = Suggestion.objects.to_athlete(athlete).unanswered().select_related("coach")
    return rows.filter(coach__in=links.values("coach"))[:MOST_OPEN]


def is_open(suggestion: Suggestion) -> bool:
    """Neither answered nor withdrawn, by a coach of now. 1 query at most."""
    if suggestion.answered_at is not None or suggestion.withdrawn_at is not None:
        return False
    links = access.links_of_coach(suggestion.coach)
    return links.of_athlete(suggestion.athlete).exists()


# What guidance says to it


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One of: left out for now and why, what is asked first, in the plan already, or no room.

    Where none of these holds, `offer` is how it is taken on; `url` where a check is done.
    """

    left_out: Said | None = None
    asked_first: AskedFirst = ""
    in_plan: bool = False
    is_full: bool = False
    offer: OfferShown | None = None
    url: str = ""
    most_items: ClassVar[int] = MAX_ITEMS


def answer_page(suggested: Suggested, advice: OwnAdvice, plans: Plans) -> AnswerPage:
    """What stands against it goes first, in the order in which a plan asks it."""
    if isinstance(suggested.thing, Check):
        return check_page(suggested.thing, advice)
    remedy = suggested.thing
    if remedy.id in plans.remedies and not advice.is_hidden:
        return AnswerPage(in_plan=True)
    circumstances = advice.assessed.circumstances
    if refused := why_not(advice) or why_not_added(remedy, advice, circumstances):
        return AnswerPage(left_out=refused)
    if first := advice.asked_first:
        return AnswerPage(asked_first=first)
    if len(plans.items) >= MAX_ITEMS:
        return AnswerPage(is_full=True)
    weekdays, note = first_days(remedy, usual_run_days(advice.history))
    return AnswerPage(offer=OfferShown(remedy, not_if(remedy.id, circumstances), weekdays, note))


def check_page(check: Check, advice: OwnAdvice) -> AnswerPage:
    """The check's own page asks what speaks against it today, before it is done."""
    not_now = not_allowed(advice).get(check.id)
    if not_now is not None:
        return AnswerPage(left_out=Said("not_now.all", reasons=not_now.why))
    return AnswerPage(url=check_url(check.id))


def why_not_added(remedy: Remedy, advice: OwnAdvice, circumstances: Circumstances) -> Said | None:
    """Why guidance leaves this remedy out for this runner now; None where it does not."""
    assessment = advice.assessment
    if assessment.keep_plan:
        return Said("reason.improving_with_plan")
    always = ALWAYS if assessment.escalation == CLINICIAN else ()
    blocked = left_out([remedy.id], always, circumstances, assessment.flags)
    return Said("left_out.sentence", reasons=blocked[0].why) if blocked else None
