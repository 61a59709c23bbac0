"""Applies the journal to a database that has come back: what ended since then ends again.

By the same actions as it did first, so that all that hangs on it goes too. Applied twice it does
nothing more, and nothing is ever shown that was not shown before.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from config.replica import REPLICA
from runners import access, journal
from runners.accounts import actions as accounts
from runners.accounts import leaving
from runners.coaching.links import actions as links
from runners.coaching.links.confirming import pause
from runners.journal import Ended, Line
from runners.models import CoachLink, Consent, Invitation, InvitationKind, Session, Standing, User
from runners.models.coaching import SWITCHES
from runners.web.merging import State
from runners.writes import lock


@dataclass(slots=True)
class Applied:
    """How many of each."""

    accounts: int = 0
    left: int = 0
    back: int = 0
    consents: int = 0
    links: int = 0
    switches: int = 0
    unreadable: int = 0


def apply(ended: Ended, *, is_whole: bool = True) -> Applied:
    """Not `is_whole`: somebody may have come back without a line that says so."""
    done = Applied(unreadable=ended.unreadable)
    if not is_whole:
        give_time()
    people = {journal.opaque_id(person): person for person in User.objects.iterator()}
    for person in ended.erased & people.keys():
        accounts.delete_account(by=people.pop(person))
        done.accounts += 1
    for person in ended.back & people.keys():  # first, so that the rest is done to an open account
        done.back += _open_again(people[person])
    for person, agreed_at in ended.consents:
        if person in people:
            done.consents += _take_back(people[person], agreed_at)
    for key, line in ended.links.items():
        coach, athlete, _ = key
        if coach in people and athlete in people:
            link = access.link_between(people[coach], people[athlete])
            if link is not None:
                link.coach, link.athlete = people[coach], people[athlete]
                if journal.link_key(link) == key:
                    _bring_down(link, line, done)
    for person, leaves_at in ended.left.items():
        if person in people:
            done.left += _close(people[person], leaves_at)
    done.accounts += leaving.erase_due(timezone.now())
    return done


def give_time() -> None:
    """Anew, to everybody who has left."""
    for person in User.objects.filter(leaves_at__isnull=False):
        User.objects.filter(pk=person.pk).update(leaves_at=leaving.leaves_at(person))


@transaction.atomic
def _open_again(person: User) -> bool:
    lock(person, even_leaving=True)
    was_closed = person.is_leaving
    if was_closed:
        leaving.reopen(person)
    return was_closed


def _close(person: User, leaves_at: dt.datetime) -> bool:
    """Without a mail: it went when the person left."""
    is_other = person.leaves_at != leaves_at
    if is_other:
        with journal.end_of_account() as end, transaction.atomic():
            lock(person, even_leaving=True)
            leaving.close(person, leaves_at, end)
    return is_other


def close_doors() -> None:
    """Whoever signed out since is out, and a coach whose invitation was taken back stays away."""
    Session.objects.all().delete()
    invited = Invitation.objects.filter(kind=InvitationKind.COACH).open()
    invited.update(withdrawn_at=timezone.now())
    if REPLICA in connections:
        # Which may be behind, and must show no count that comes again with other logs.
        Standing.objects.update(changes=F("changes") + 1 + secrets.randbelow(1_000_000))


def _take_back(person: User, agreed_at: str) -> bool:
    consent = Consent.objects.of(person).in_force().first()
    is_it = consent is not None and journal.consent_key(consent, person)[1] == agreed_at
    if is_it:
        accounts.withdraw_consent(by=person)
    return is_it


def _bring_down(link: CoachLink, line: Line, done: Applied) -> None:
    """To what the athlete said last, where it shows less."""
    athlete = link.athlete
    if line["state"] == journal.ENDED:
        is_of_coach = line["ended_by"] == journal.opaque_id(link.coach)
        links.end_link(link, by=link.coach if is_of_coach else athlete)
        done.links += 1
        return
    day = athlete.local_day()
    stored = links.switch_state(link, day)
    said = links.switch_state(CoachLink(**_values(line["switches"])), day)
    mine: State = {name: _less(stored[name], said[name]) for name in SWITCHES}
    if mine != stored:
        links.change_switches(link, mine, by=athlete)
        done.switches += 1
    if line["state"] == journal.ASKED and link.is_open:
        with transaction.atomic():
            lock(athlete)
            pause(link)
        done.links += 1


def _values(fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of the switches, with days as days."""
    return {
        name: dt.date.fromisoformat(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if name in journal.SWITCH_FIELDS
    }


def _less(one: list[Any], other: list[Any]) -> list[Any]:
    """Of two states of a switch: on only where both are, until the earlier day."""
    if not (one[0] and other[0]):
        return [False, None]
    days = [until for until in (one[1], other[1]) if until]
    return [True, min(days, default=None)]
