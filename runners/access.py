"""Who may read what of whom: the only place that decides it.

A coach reads an athlete through their own account and an open `CoachLink`, never by becoming the
athlete. Whoever has none gets a 404, as for an athlete that does not exist.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Case, F, Q, When
from django.http import Http404
from django.utils import timezone

from runners.models import (
    AccessRecord,
    AthletePage,
    CoachLink,
    Invitation,
    InvitationKind,
    Shared,
    User,
)
from runners.writes import PersonGone

# A page opened after so long a rest begins a new visit: what came since the last one is new.
VISIT = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class AthleteView:
    """What a coach may read of one athlete now. `since` is the visit before this one."""

    link: CoachLink
    athlete: User
    shared: Shared
    since: dt.datetime | None


def readable_athlete(coach: User, athlete_id: int, page: AthletePage) -> AthleteView:
    """The athlete, for a page that is then recorded as looked at. 404 without an open link.

    3 queries: the link, the visit, the record.
    """
    link = open_link(coach, athlete_id)
    now = timezone.now()
    if link.looked_at is None or link.looked_at < now - VISIT:
        link.looked_before_at = link.looked_at
    CoachLink.objects.filter(pk=link.pk).update(
        looked_before_at=Case(
            When(Q(looked_at__lt=now - VISIT), then=F("looked_at")), default=F("looked_before_at")
        ),
        looked_at=now,
    )
    record([link], page)
    return AthleteView(link, link.athlete, link.shared, link.looked_before_at)


def open_link(coach: User, athlete_id: int) -> CoachLink:
    """For what a coach does about an athlete, which is not a look. 1 query."""
    links = CoachLink.objects.of_coach(coach).open().select_related("athlete")
    link = links.filter(athlete__pk=athlete_id).first()
    if link is None:
        raise Http404
    link.coach = coach  # whose row may be deleted before somebody asks for it
    return link


def view_without_a_look(coach: User, athlete_id: int) -> AthleteView:
    """For a page on which a coach writes, and sees nothing that the athlete logged. 1 query."""
    link = open_link(coach, athlete_id)
    return AthleteView(link, link.athlete, link.shared, link.looked_before_at)


def may_answer(invitation: Invitation, user: User | None) -> bool:
    """Whoever was sent the invitation; 1 query for one to a coach, which alone brings a view.

    That is the account with the confirmed address. Without a mail server no address can be
    confirmed: then it is anybody with an account, and the athlete is asked who it is. Any other
    invitation is for whoever holds it, because what they would share is theirs to choose.
    """
    if invitation.kind != InvitationKind.COACH:
        return True
    if user is None:
        return False
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return not settings.SENDS_MAIL or confirmed.filter(email__iexact=invitation.email).exists()


def record(links: Iterable[CoachLink], page: AthletePage) -> None:
    """Note that the coach of each link looked at `page` of its athlete. 1 query.

    Of athletes who deleted the account just now nothing is noted; where it was the only one,
    PersonGone is raised.
    """
    links = list(links)
    try:
        _record(links, page)
    except IntegrityError:
        still = CoachLink.objects.filter(pk__in=[link.pk for link in links]).values_list("pk")
        left = [link for link in links if (link.pk,) in set(still)]
        if len(left) == len(links):
            raise
        if not left:
            raise PersonGone from None
        record(left, page)


def _record(links: Iterable[CoachLink], page: AthletePage) -> None:
    now = timezone.now()
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(
                coach_id=link.coach_id,
                athlete=link.athlete,
                page=page,
                day=link.athlete.local_day(now),
                last_at=now,
            )
            for link in links
        ],
        update_conflicts=True,
        unique_fields=["athlete", "day", "coach", "page"],
        update_fields=["last_at"],
    )
