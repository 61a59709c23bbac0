"""Invitations, the links they make, and what a link shares.

Each write locks people before invitations, so that two of them wait for each other and never
block each other, and looks again inside the lock whether what it is about is still open.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from post_office.models import Email

from runners import access, journal, security_log, standing
from runners.access import NoLongerOpen
from runners.coaching.links import telling
from runners.coaching.links.widening import Switched, widens
from runners.mail import outbox
from runners.models import (
    CoachLink,
    Invitation,
    InvitationKind,
    SecurityEventKind,
    SharedStanding,
    SharingChange,
    Team,
    User,
)
from runners.models.coaching import SWITCHES, CoachLinkQuerySet, InvitationQuerySet, Switches
from runners.models.rows import NotThere, PersonGone
from runners.web.merging import Base, State, changed, settle
from runners.web.password import PasswordWanted
from runners.writes import lock

VALID_WEEKS = 2
VALID = dt.timedelta(weeks=VALID_WEEKS)  # an invitation, from the day on which it is made or sent
MOST_TO_ONE = 3  # mails of one sender to one address while the first would be valid
MOST_WAITING = 2000  # e-mail invitations of one sender that are not sent yet: five days' worth

SWITCH_FIELDS = [field for name in SWITCHES for field in (name, f"{name}_until")]


class AlreadyLinked(Exception):
    """The two know each other by another invitation, so this one is not used up."""


class NotApproved(Exception):
    """The host has not approved that this person coaches."""


class OwnInvitation(Exception):
    """Nobody coaches themselves."""


class TooManyWaiting(Exception):
    """More would wait for being sent than can go before they expire."""


class UidTaken(NotThere):
    """The form's uid belongs to a row of somebody else."""


def last_day(invitation: Invitation, person: User) -> dt.date:
    """On which it works, where `person` is. A team's link ends with the midnight after it."""
    return person.local_day(invitation.expires_at - dt.timedelta(seconds=1))


# Inviting


@transaction.atomic
def invite(
    addresses: Iterable[str],
    *,
    by: User,
    kind: InvitationKind = InvitationKind.ATHLETE,
    team: Team | None = None,
    switches: Switched | None = None,
    password_given: bool = False,
) -> list[str]:
    """Store an invitation for each address; `invitation_mail` sends them.

    Gives those left out, which have an open one already or were written to often. `switches`
    belong to an invitation to a coach. Raises TooManyWaiting, NotApproved, and PasswordWanted.
    """
    lock(by)
    if kind != InvitationKind.COACH and not access.may_coach(by):
        raise NotApproved
    if switches and not password_given and widens(None, switches, by.local_day()):
        raise PasswordWanted
    wanted = list(dict.fromkeys(address.lower() for address in addresses))
    of_sender = Invitation.objects.of(by)
    rows = of_sender.filter(kind=kind, email__in=wanted)
    # Withdrawn and sent anew, a few times: that is a mistake put right, and more is a nuisance.
    lately = rows.filter(sent_at__gt=timezone.now() - VALID).values("email").order_by()
    often = lately.annotate(mails=Count("pk")).filter(mails__gte=MOST_TO_ONE)
    known = {*rows.open().values_list("email", flat=True), *often.values_list("email", flat=True)}
    new = [address for address in wanted if address not in known]
    if of_sender.waiting().count() + len(new) > MOST_WAITING:
        raise TooManyWaiting
    team = _own_team(team, by)
    made = Invitation.objects.bulk_create(
        Invitation(
            sender=by,
            kind=kind,
            email=address,
            team=team,
            expires_at=timezone.now() + VALID,
            **(switches or {}),
        )
        for address in new
    )
    if kind == InvitationKind.COACH:
        telling.coach_invited(made)
    else:
        _become_coach(by)
    return [address for address in wanted if address in known]


@transaction.atomic
def make_link(
    *,
    uid: uuid.UUID,
    by: User,
    team: Team | None = None,
    max_uses: int | None = None,
    expires_at: dt.datetime | None = None,
) -> Invitation:
    """A link to hand over: for one athlete, or with `max_uses` for a whole team.

    The same form sent again returns the first row. Raises UidTaken, and NotApproved.
    """
    lock(by)
    sent_before = Invitation.objects.filter(uid=uid).first()
    if sent_before is not None:
        if sent_before.sender_id != by.pk:
            raise UidTaken
        return sent_before
    if not access.may_coach(by):
        raise NotApproved
    _become_coach(by)
    return Invitation.objects.create(
        uid=uid,
        sender=by,
        kind=InvitationKind.ATHLETE if max_uses is None else InvitationKind.TEAM,
        team=_own_team(team, by),
        max_uses=max_uses or 1,
        expires_at=expires_at or timezone.now() + VALID,
    )


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Raises NoLongerOpen where somebody answered it first. Withdrawing twice is fine."""
    row = _locked(invitation)
    if row.sender_id != by.pk:
        raise NoLongerOpen
    if row.withdrawn_at is not None:
        return
    if not row.is_open:
        raise NoLongerOpen
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"], force_update=True)
    outbox.forget(Email.objects.filter(pk=row.mail_id))


def withdraw_invitations_of(sender: User) -> None:
    """All that are open. Inside a transaction that has locked the sender."""
    _withdraw(Invitation.objects.of(sender).open())


def withdraw_invitations_as_coach(sender: User) -> None:
    """The same, of those to athletes and teams."""
    _withdraw(Invitation.objects.of(sender).open().exclude(kind=InvitationKind.COACH))


def _withdraw(mine: InvitationQuerySet) -> None:
    outbox.forget_those_of(mine)
    mine.update(withdrawn_at=timezone.now())


def hold_back_invitations_of(sender: User) -> None:
    """Those in the outbox wait as those of over the limit of a day do, until the sender may send.

    Inside a transaction that has locked the sender.
    """
    mailed = Invitation.objects.of(sender).open().filter(mail__isnull=False)
    mails = list(mailed.values_list("mail", flat=True))
    mailed.update(mail=None, sent_at=None)
    outbox.forget(Email.objects.filter(pk__in=mails))


# Answering


def accept_invitation(
    invitation: Invitation,
    switches: Switched | None = None,
    *,
    by: User,
    password_given: bool = False,
) -> CoachLink:
    """Link the sender and the doer. `switches` are the athlete's, who chose them just now.

    An invitation to a coach brings its own. Sent twice returns the first link. Raises
    NoLongerOpen, AlreadyLinked, OwnInvitation, NotApproved, and PasswordWanted of an athlete who
    shares.
    """
    try:
        return _accept(invitation, switches or {}, by, password_given=password_given)
    except (IntegrityError, PersonGone):  # the constraints are the last net
        raise NoLongerOpen from None


@transaction.atomic
def _accept(
    invitation: Invitation, switches: Switched, by: User, *, password_given: bool
) -> CoachLink:
    coach, athlete = pair(invitation, by)
    if coach == athlete:
        raise OwnInvitation
    lock(coach, athlete)
    row = _locked(invitation)
    before = access.link_between(coach, athlete)
    if before is not None:
        if before.invitation_id != row.pk:
            raise AlreadyLinked
        return before
    # Whoever was let go, or left, needs a new invitation: a team's link brings nobody back.
    was_here = row.links.filter(coach=coach, athlete=athlete).exists()
    if not row.is_open or was_here or not access.may_answer(row, by):
        raise NoLongerOpen
    if not access.may_coach(coach):
        raise NotApproved
    if row.kind == InvitationKind.COACH:
        return _accept_as_coach(row, coach, athlete)
    if not password_given and widens(None, switches, athlete.local_day()):
        raise PasswordWanted
    return _link(row, coach, athlete, switches, confirmed_at=timezone.now())


def _accept_as_coach(row: Invitation, coach: User, athlete: User) -> CoachLink:
    """Open at once where the address is known to be theirs, else once the athlete says so."""
    chosen = {field: getattr(row, field) for field in SWITCH_FIELDS}
    if settings.SENDS_MAIL:
        return _link(row, coach, athlete, chosen, confirmed_at=timezone.now(), is_news=True)
    return _link(row, coach, athlete, chosen)


def _link(
    row: Invitation, coach: User, athlete: User, switches: Switched, **state: Any
) -> CoachLink:
    row.used += 1
    row.save(update_fields=["used"], force_update=True)
    link = CoachLink.objects.create(
        coach=coach, athlete=athlete, invitation=row, team_id=row.team_id, **switches, **state
    )
    _become_coach(coach)
    by = coach if row.kind == InvitationKind.COACH else athlete
    note_change(link, NOTHING, seen_state(link, athlete.local_day()), by=by)
    telling.who_sees(link)
    standing.renew_after_change(athlete)
    return link


@transaction.atomic
def refuse_invitation(invitation: Invitation, *, by: User) -> None:
    """A team's link stays open for the others. Raises NoLongerOpen and OwnInvitation."""
    row = _locked(invitation)
    if row.sender_id == by.pk:
        raise OwnInvitation
    if not row.is_open or not access.may_answer(row, by):
        raise NoLongerOpen
    if row.kind != InvitationKind.TEAM:
        row.refused_at = timezone.now()
        row.save(update_fields=["refused_at"])


# What a link shares, and its end


@transaction.atomic
def change_switches(
    link: CoachLink,
    mine: State,
    *,
    by: User,
    base: Base | None = None,
    password_given: bool = False,
) -> CoachLink:
    """Only the athlete does this: what the form changed, and nothing beside it.

    `base` is what the form was built from, so an old page never widens what was narrowed since.
    Raises NoLongerOpen, Clashed, and PasswordWanted to show more.
    """
    lock(by)
    row = locked_link(link, by)
    stored = switch_state(row, by.local_day())
    switches = changed(stored, settled := settle(base or Base(stored), mine, stored))
    if not switches:
        return row
    before = seen_state(row, by.local_day())
    fields = fields_of({name: settled[name] for name in switches})
    shows_more = widens(row, fields, by.local_day())
    if shows_more and not password_given:
        raise PasswordWanted
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(update_fields=list(fields))
    # Where the way back would show more, this shows less.
    journal.link_changed(row, shows_less=widens(row, fields_of(stored), by.local_day()))
    note_change(row, before, seen_state(row, by.local_day()), by=by)
    # Gone at once, so that nothing switched off is shown or sorted by, should renewing fail.
    SharedStanding.objects.filter(link=row).delete()
    outbox.recall_digest(row.coach_id)
    if shows_more and row.is_open:
        telling.who_sees(row)
    standing.renew_after_change(by)
    return row


def switch_state(switches: Switches, day: dt.date) -> dict[str, Any]:
    """Each switch as `[is it on, its last day in ISO or None]`. One whose day is over is off."""
    shared = switches.shared_on(day)
    state: dict[str, Any] = {}
    for name in SWITCHES:
        is_on = getattr(shared, name)
        until = getattr(switches, f"{name}_until") if is_on else None
        state[name] = [is_on, until and until.isoformat()]
    return state


NOTHING: State = {name: [False, None] for name in SWITCHES}


def seen_state(link: CoachLink, day: dt.date) -> State:
    """The switches as the coach has them: by a link that is not open all of them are off."""
    return switch_state(link, day) if link.is_open else NOTHING


def note_change(link: CoachLink, before: State, after: State, *, by: User) -> None:
    """Keep what the coach sees from now on, for the athlete to read; nothing where it is the same.

    Inside the transaction of the change, which has locked the link or both of the two.
    """
    if before != after:
        day = link.athlete.local_day()
        SharingChange.objects.create(link=link, by=by, day=day, before=before, after=after)
        security_log.note(SecurityEventKind.SHARING_CHANGED, link.athlete)


def fields_of(state: State) -> Switched:
    """The other way: the columns of the switches in a state."""
    fields: dict[str, bool | dt.date | None] = {}
    for name, (is_on, until) in state.items():
        fields[name] = is_on
        fields[f"{name}_until"] = until and dt.date.fromisoformat(until)
    return fields


@transaction.atomic
def end_link(link: CoachLink, *, by: User) -> None:
    """By either of the two, in force at the next request. Raises NoLongerOpen."""
    try:
        lock(link.athlete, link.coach)
    except PersonGone:
        raise NoLongerOpen from None
    row = CoachLink.objects.not_ended().filter(pk=link.pk).first()
    if row is None:
        raise NoLongerOpen
    row.athlete, row.coach = link.athlete, link.coach
    _end([row], by)


def end_links_of(person: User) -> int:
    """All that have not ended, on either side. Says how many it was.

    Inside a transaction that has locked the person, so that no link begins meanwhile.
    """
    return len(_end_all(access.links_of_either(person), person))


def end_links_as_coach(coach: User) -> list[User]:
    """The same, of those by which the person coaches. Gives the athletes."""
    return [row.athlete for row in _end_all(access.links_of_coach_ever(coach), coach)]


def _end_all(links: CoachLinkQuerySet, by: User) -> list[CoachLink]:
    links = links.not_ended().select_related("coach", "athlete")
    rows = list(links.select_for_update(of=("self",)).order_by("pk"))
    if rows:
        _end(rows, by)
    return rows


def _end(rows: list[CoachLink], by: User) -> None:
    """Reads `coach` and `athlete`. 3 queries, and 1 for each coach and each link that was open."""
    now = timezone.now()
    before = [seen_state(row, row.athlete.local_day()) for row in rows]
    for row in rows:
        row.ended_at, row.ended_by = now, by
    keys = [row.pk for row in rows]
    CoachLink.objects.filter(pk__in=keys).update(ended_at=now, ended_by=by)
    for row, was in zip(rows, before, strict=True):
        note_change(row, was, NOTHING, by=by)
    SharedStanding.objects.filter(link__in=keys).delete()
    for coach_id in {row.coach_id for row in rows}:
        outbox.recall_digest(coach_id)
    journal.links_ended(rows)


# Parts


def pair(invitation: Invitation, invited: User) -> tuple[User, User]:
    """Coach and athlete."""
    if invitation.kind == InvitationKind.COACH:
        return invited, invitation.sender
    return invitation.sender, invited


def locked_link(link: CoachLink, athlete: User) -> CoachLink:
    """The row as it is now, with its coach. Raises NoLongerOpen where it has ended."""
    links = access.links_of_athlete(athlete).not_ended().select_related("coach")
    row = links.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if row is None:
        raise NoLongerOpen
    row.athlete = athlete
    return row


def _locked(invitation: Invitation) -> Invitation:
    """The row as it is now. It is gone where the sender's account is."""
    row = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if row is None:
        raise NoLongerOpen
    return row


def _own_team(team: Team | None, coach: User) -> Team | None:
    """The team, unless it was deleted meanwhile."""
    return team and Team.objects.of(coach).filter(pk=team.pk).first()


def _become_coach(user: User) -> None:
    """From now on the coach's side is shown."""
    if User.objects.filter(pk=user.pk, is_coach=False).update(is_coach=True):
        user.is_coach = True
