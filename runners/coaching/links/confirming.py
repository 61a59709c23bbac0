"""An athlete says whether somebody is their coach: after an acceptance, and after a reset."""

from django.db import transaction
from django.utils import timezone

from runners import access, journal, standing
from runners.coaching.links import telling
from runners.coaching.links.actions import (
    NOTHING,
    SWITCH_FIELDS,
    locked_link,
    note_change,
    seen_state,
)
from runners.coaching.links.widening import widens
from runners.mail import outbox
from runners.models import CoachLink, Invitation, InvitationKind, SharedStanding, User
from runners.web.password import PasswordWanted
from runners.writes import lock


@transaction.atomic
def confirm_coach(link: CoachLink, *, by: User, password_given: bool = False) -> CoachLink:
    """From now on the coach sees what the link shares. Twice is fine.

    Raises NoLongerOpen, and PasswordWanted where anything is shared.
    """
    lock(by)
    row = locked_link(link, by)
    if row.is_open:
        return row
    chosen = {field: getattr(row, field) for field in SWITCH_FIELDS}
    if not password_given and widens(None, chosen, by.local_day()):
        raise PasswordWanted
    row.confirmed_at, row.paused_at = timezone.now(), None
    row.save(update_fields=["confirmed_at", "paused_at"], force_update=True)
    note_change(row, NOTHING, seen_state(row, by.local_day()), by=by)
    journal.link_changed(row, shows_less=False)
    telling.who_sees(row)
    standing.renew_after_change(by)
    return row


@transaction.atomic
def put_news_away(link: CoachLink, *, by: User) -> None:
    """The athlete has read that the coach accepted: the line goes from Today."""
    lock(by)
    access.links_of_athlete(by).filter(pk=link.pk).update(is_news=False)


def question_links(athlete: User) -> bool:
    """Until the athlete says yes again no coach sees anything. Says whether there is one to ask.

    Whoever knew the old password may have made the links, and invited somebody: what is still
    open to a coach is withdrawn. Inside a transaction that has locked the athlete.
    """
    links = access.links_of_athlete(athlete)
    # Locked, so that a coach's account is not deleted between here and what is noted of the link.
    # Those of an account out of use too: it may come back.
    answered = links.answered().select_related("coach").select_for_update(of=("self",))
    for link in answered.order_by("pk"):
        link.athlete = athlete
        pause(link)
    SharedStanding.objects.filter(link__in=links.in_question()).delete()
    invited = Invitation.objects.of(athlete).filter(kind=InvitationKind.COACH)
    invited.open().update(withdrawn_at=timezone.now())
    return links.in_question().exists()


def pause(link: CoachLink) -> None:
    """An open link shows nothing until the athlete says yes again.

    Inside a transaction that has locked the athlete. Reads `coach` and `athlete`.
    """
    before = seen_state(link, link.athlete.local_day())
    link.paused_at = timezone.now()
    link.save(update_fields=["paused_at"])
    note_change(link, before, NOTHING, by=link.athlete)
    outbox.recall_digest(link.coach_id)
    journal.link_changed(link, shows_less=True)
