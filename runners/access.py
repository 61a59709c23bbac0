"""Who may read and change what of whom: the only place that decides it.

A coach reads an athlete through their own account and an open `CoachLink`, never by becoming the
athlete. Whoever has none gets a 404, as for an athlete that does not exist. Everybody else starts
from what stands here: pages from `readable_…`, `writable_…` and `own_…`, which answer 404; writes
from `hold_…`, which look again inside the transaction; lists from `links_…`.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from runners.models import (
    AccessRecord,
    AthletePage,
    CheckIn,
    CoachApproval,
    CoachLink,
    Invitation,
    InvitationKind,
    Note,
    Run,
    Shared,
    Team,
    User,
)
from runners.models.coaching import CoachLinkQuerySet
from runners.models.rows import NotThere, PersonGone
from runners.prepared import prepared
from runners.writes import lock

# A page opened after so long a rest begins a new visit: what came since the last one is new.
VISIT = dt.timedelta(minutes=30)
WHO = ("name", "email", "is_active")  # of somebody in a link, for a host
LARGEST_KEY = 2**63 - 1  # an address may ask for any number


class NoLongerOpen(NotThere):
    """The link, or the invitation, ended meanwhile."""


# Links


def open_links() -> CoachLinkQuerySet:
    """Those by which anybody may read now."""
    return CoachLink.objects.open()


def links_of_coach(coach: User) -> CoachLinkQuerySet:
    """Those by which the coach may read now."""
    return CoachLink.objects.of_coach(coach).open()


def links_of_coach_ever(coach: User) -> CoachLinkQuerySet:
    """All that the coach ever had."""
    return CoachLink.objects.of_coach(coach)


def links_of_athlete(athlete: User) -> CoachLinkQuerySet:
    """All that the athlete ever had: who may read now, who is asked about, and who no longer."""
    return CoachLink.objects.of_athlete(athlete)


def links_of_either(person: User) -> CoachLinkQuerySet:
    """All that go with an account."""
    return CoachLink.objects.filter(Q(coach=person) | Q(athlete=person))


def links_by_key(keys: Iterable[int]) -> CoachLinkQuerySet:
    """Those that something was made of before; ended ones too."""
    return CoachLink.objects.filter(pk__in=keys)


def link_between(coach: User, athlete: User) -> CoachLink | None:
    """The one that has not ended, open or in question. 1 query."""
    return CoachLink.objects.of_coach(coach).of_athlete(athlete).not_ended().first()


def own_link(athlete: User, link_id: int) -> CoachLink:
    """One that the athlete may change or end; with the coach. 1 query."""
    links = links_of_athlete(athlete).not_ended().select_related("coach", "athlete")
    return get_object_or_404(links, pk=link_id)


def open_link(coach: User, athlete_id: int) -> CoachLink:
    """For what a coach does about an athlete, which is not a look; with its line. 1 query."""
    for link in _open_link(coach, athlete_id) if athlete_id <= LARGEST_KEY else ():
        link.coach = coach  # whose row may be deleted before somebody asks for it
        return link
    raise Http404


@prepared
def _open_link(coach: User, athlete_id: int) -> QuerySet[CoachLink]:
    links = links_of_coach(coach).select_related("athlete", "standing")
    return links.filter(athlete__pk=athlete_id)


def hold_open(coach: User, athlete: User) -> CoachLink:
    """The open link, which cannot end before this transaction does. Raises NoLongerOpen."""
    try:
        lock(coach, athlete)
    except PersonGone:
        raise NoLongerOpen from None
    link = links_of_coach(coach).of_athlete(athlete).first()
    if link is None:
        raise NoLongerOpen
    link.athlete = athlete
    return link


# An athlete's pages


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
    visit: dict[str, Any] = {"looked_at": now}
    as_read = links_by_key([link.pk]).filter(looked_at=link.looked_at)
    if link.looked_at is None or link.looked_at < now - VISIT:
        link.looked_before_at = visit["looked_before_at"] = link.looked_at
    as_read.update(**visit)  # or whoever looked since has told it
    record([link], page)
    return AthleteView(link, link.athlete, link.shared, link.looked_before_at)


def readable_run(view: AthleteView, uid: uuid.UUID) -> Run | None:
    """A run of the athlete; None where runs are not shared, which run is asked for or not.

    What else is not shared stands empty: the note, and when symptoms began, which is soreness.
    1 query.
    """
    if not view.shared.runs:
        return None
    run = get_object_or_404(Run.objects.of(view.athlete).defer(None), uid=uid)
    if not view.shared.notes:
        run.note = ""
    if not view.shared.soreness:
        run.onset_min = None
    return run


def view_without_a_look(coach: User, athlete_id: int) -> AthleteView:
    """For a page on which a coach writes, and sees nothing that the athlete logged. 1 query."""
    link = open_link(coach, athlete_id)
    return AthleteView(link, link.athlete, link.shared, link.looked_before_at)


# What a host may know of others: who they are, and who coaches whom


def accounts_for(host: User) -> QuerySet[User]:
    """All of them, without a word of what anybody logged. 404 for whoever is no host."""
    if not host.may_host:
        raise Http404
    return User.objects.all()


def account_for(host: User, account_id: int) -> User:
    """1 query."""
    if account_id > LARGEST_KEY:
        raise Http404
    return get_object_or_404(accounts_for(host), pk=account_id)


def links_for(host: User) -> CoachLinkQuerySet:
    """Those that have not ended: of whom, since when, in which state; nothing that is shared."""
    if not host.may_host:
        raise Http404
    people = [f"{side}__{column}" for side in ("coach", "athlete") for column in WHO]
    links = CoachLink.objects.not_ended().select_related("coach", "athlete")
    return links.only("started_at", "confirmed_at", "paused_at", *people)


# Notes


def readable_note(person: User, uid: uuid.UUID) -> Note:
    """One that both of the two may read, for either of them to answer. At most 2 queries."""
    rows = Note.objects.filter(uid=uid, is_private=False, deleted_at__isnull=True)
    # All that is needed, as the coach's account may be deleted meanwhile.
    people = ("coach", "athlete", "answers__coach", "answers__athlete")
    note = get_object_or_404(rows.select_related(*people))
    if person != note.athlete:
        if person != note.coach:
            raise Http404
        open_link(person, note.athlete_id)
    return note


def writable_note(author: User, uid: uuid.UUID, *, deleted: bool = False) -> Note:
    """One that the person wrote, a deleted one too with `deleted`. At most 2 queries."""
    rows = Note.objects.filter(uid=uid, author=author)
    if not deleted:
        rows = rows.filter(deleted_at__isnull=True)
    note = get_object_or_404(rows.select_related("coach", "athlete", "answers"))
    if author != note.athlete:
        open_link(author, note.athlete_id)
    return note


def hold_note(note: Note, author: User) -> Note:
    """The row as it is now. An athlete's own words stay theirs after the end of a link.

    Raises NotThere.
    """
    if author == note.athlete:
        lock(author)
    else:
        hold_open(note.coach, note.athlete)
    current = Note.objects.filter(pk=note.pk, author=author).first()
    if current is None:
        raise NotThere
    return current


def note_to(athlete: User, uid: uuid.UUID) -> Note:
    return get_object_or_404(Note.objects.to_athlete(athlete), uid=uid)


# What a person has alone


def own_run(runner: User, uid: uuid.UUID, *, deleted: bool = False) -> Run:
    """With its profile."""
    rows = Run.objects.filter(runner=runner) if deleted else Run.objects.of(runner).defer(None)
    return get_object_or_404(rows, uid=uid)


def own_check_in(runner: User, uid: uuid.UUID) -> CheckIn:
    """A deleted one too."""
    return get_object_or_404(CheckIn.objects.filter(runner=runner), uid=uid)


def own_team(coach: User, team_id: int) -> Team:
    return get_object_or_404(Team.objects.of(coach), pk=team_id)


def own_invitation(sender: User, uid: uuid.UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.of(sender), uid=uid)


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


def may_coach(person: User) -> bool:
    """Whether they may invite an athlete, or begin to coach one. 1 query where the host approves.

    Who coached before the host began to approve goes on with the athletes of then.
    """
    if not settings.COACHES_ARE_APPROVED:
        return True
    return CoachApproval.objects.filter(person=person, approved_at__isnull=False).exists()


# The record of who looked


def record(links: Iterable[CoachLink], page: AthletePage) -> None:
    """Note that the coach of each link looked at `page` of its athlete. 1 query.

    Of athletes who deleted the account just now nothing is noted; where it was the only one,
    PersonGone is raised.
    """
    links = list(links)
    try:
        _record(links, page)
    except IntegrityError:
        still = links_by_key([link.pk for link in links]).values_list("pk")
        left = [link for link in links if (link.pk,) in set(still)]
        if len(left) == len(links):
            raise
        if not left:
            raise PersonGone from None
        record(left, page)


def _record(links: Iterable[CoachLink], page: AthletePage) -> None:
    now = timezone.now()
    # In one order: two downloads at once of one list, sorted in two ways, would else wait for each
    # other.
    links = sorted(links, key=lambda link: link.pk)
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
