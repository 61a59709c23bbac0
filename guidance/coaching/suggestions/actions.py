"""Writes of suggestions. Sent twice comes to the same as sent once.

Each locks the athlete first, as the end of a link and the athlete's own writes do, and then
looks again: what was withdrawn, answered or ended meanwhile stays so.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from guidance.models import Plan, Suggestion
from guidance.plan import actions
from guidance.plan.actions import NewItem
from runners.access import NoLongerOpen, hold_open
from runners.coaching.links.actions import UidTaken
from runners.coaching.notes.actions import must_be_kept
from runners.models import User


class NotShared(Exception):
    """The athlete does not share guidance with this coach."""


class StillOpen(Exception):
    """The same was suggested before, and the athlete has not answered."""


@transaction.atomic
def suggest(what: str, words: str, *, uid: uuid.UUID, athlete: User, by: User) -> Suggestion:
    """Put a remedy or a self-check to an athlete. Guidance judges it when it is taken on."""
    link = hold_open(by, athlete)
    if not link.shared.guidance:
        raise NotShared
    must_be_kept(athlete)
    own = Suggestion.objects.filter(coach=by, athlete=athlete)
    sent_before = own.filter(uid=uid).first()
    if sent_before is not None:
        return sent_before
    if own.filter(what=what, withdrawn_at__isnull=True).unanswered().exists():
        raise StillOpen
    values = {"coach": by, "athlete": athlete, "what": what, "words": words}
    stored, is_new = Suggestion.objects.get_or_create(uid=uid, defaults=values)
    if not is_new:
        raise UidTaken
    return stored


@transaction.atomic
def withdraw(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Take it back, unless it was answered meanwhile."""
    hold_open(by, suggestion.athlete)
    current = Suggestion.objects.get(pk=suggestion.pk, coach=by)
    if current.answered_at is None and current.withdrawn_at is None:
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])
    return current


@transaction.atomic
def accept_remedy(
    suggestion: Suggestion, item: NewItem, *, cause: str, knowledge_version: int, by: User
) -> Suggestion:
    """Into the plan in force; without one, a plan with this one item begins.

    Raises PlanFull, and then the suggestion stays open.
    """
    current = _open_to(by, suggestion)
    if current.answered_at is not None:
        return current
    if Plan.objects.of(by).in_force().exists():
        actions.add_item(item, by=by)
    else:
        actions.start_plan(
            [item], uid=current.uid, cause=cause, knowledge_version=knowledge_version, by=by
        )
    return _answer(current, accepted=True)


@transaction.atomic
def answer(suggestion: Suggestion, *, accepted: bool, by: User) -> Suggestion:
    """Accepted is a self-check, done on its own page then, or what is in the plan already."""
    current = _open_to(by, suggestion)
    return current if current.answered_at is not None else _answer(current, accepted=accepted)


def _open_to(athlete: User, suggestion: Suggestion) -> Suggestion:
    """The row as it is now. Raises NoLongerOpen where it was withdrawn, or the link ended."""
    hold_open(suggestion.coach, athlete)
    current = Suggestion.objects.get(pk=suggestion.pk, athlete=athlete)
    if current.withdrawn_at is not None:
        raise NoLongerOpen
    return current


def _answer(suggestion: Suggestion, *, accepted: bool) -> Suggestion:
    suggestion.answered_at = timezone.now()
    suggestion.accepted = accepted
    suggestion.save(update_fields=["answered_at", "accepted"])
    return suggestion
