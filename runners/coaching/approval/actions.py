"""Asking to coach, and what the host answers. Each twice is once, and tells nobody twice."""

from django.db import transaction
from django.utils import timezone

from runners import access, security_log
from runners.coaching.approval import telling
from runners.coaching.links.actions import end_links_as_coach, withdraw_invitations_as_coach
from runners.models import CoachApproval, SecurityEventKind, User
from runners.writes import lock


@transaction.atomic
def ask(*, by: User) -> None:
    """The host is told, once, until there is an answer."""
    lock(by)
    if access.may_coach(by):
        return
    _row, is_new = CoachApproval.objects.get_or_create(person=by)
    if is_new:
        telling.asked(by)


@transaction.atomic
def approve(person: User, *, by: User | None = None) -> bool:
    """Asked for or not. `by` is the host who did it on a page. False where it was so already."""
    lock(person)
    row, _is_new = CoachApproval.objects.get_or_create(person=person)
    if row.approved_at is not None:
        return False
    row.approved_at = timezone.now()
    row.save(update_fields=["approved_at"])
    security_log.must_note(SecurityEventKind.COACH_APPROVED, person, by=by)
    telling.approved(person)
    return True


@transaction.atomic
def refuse(person: User, *, by: User | None = None) -> bool:
    """Also of who may coach already: all links to athletes end, and their invitations lead nowhere.

    Who was let in before the host began to approve is refused in the same way. False where there
    was nothing to refuse.
    """
    lock(person)
    rows, _by_model = CoachApproval.objects.filter(person=person).delete()
    athletes = end_links_as_coach(person)
    withdraw_invitations_as_coach(person)
    if not rows and not athletes:
        return False
    security_log.must_note(SecurityEventKind.COACH_REFUSED, person, by=by)
    telling.refused(person)
    for athlete in athletes:
        telling.no_longer_coached(athlete, by=person)
    return True
