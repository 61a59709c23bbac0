"""Accounts, links and events as a host reads them: who and when, and nothing anybody logged."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from runners import access, journal
from runners.accounts.addresses import are_confirmed
from runners.accounts.second_step.queries import has_one
from runners.coaching.roster.queries import folded
from runners.models import (
    AccessRecord,
    CoachApproval,
    CoachLink,
    SecurityEvent,
    Session,
    User,
)

A_PAGE = 50
EVENTS_OF_ONE = 20
LATEST = 10  # events of the overview
# The columns of an account that a host is shown; its settings are its person's own.
SHOWN = (
    *("name", "email", "joined_at", "last_login", "leaves_at"),
    *("time_zone", "is_active", "is_coach", "is_host", "is_demo"),
)


class State(models.TextChoices):
    """What an account is, of several at once. In the order in which they are said."""

    NEVER = "never", "never signed in"
    DEACTIVATED = "deactivated", "out of use"
    LEAVING = "leaving", "closed, to be erased"
    ASKS = "asks", "asks to coach"
    COACH = "coach", "coach"
    HOST = "host", "host"
    DEMO = "demo", "demo"


ARE = {
    State.NEVER: Q(last_login__isnull=True),
    State.DEACTIVATED: Q(is_active=False),
    State.LEAVING: Q(leaves_at__isnull=False),
    State.ASKS: Q(coach_approval__isnull=False, coach_approval__approved_at__isnull=True),
    State.COACH: Q(is_coach=True),
    State.HOST: Q(is_host=True),
    State.DEMO: Q(is_demo=True),
}


def states_of(person: User, *, asks: bool) -> list[State]:
    """As `ARE`, of a row already read."""
    is_so = {
        State.NEVER: person.last_login is None,
        State.DEACTIVATED: not person.is_active,
        State.LEAVING: person.is_leaving,
        State.ASKS: asks,
        State.COACH: person.is_coach,
        State.HOST: person.is_host,
        State.DEMO: person.is_demo,
    }
    return [state for state in State if is_so[state]]


@dataclass(frozen=True, slots=True)
class Account:
    """`used_at` is right to a quarter of an hour; None of somebody who never signed in. `asks`:
    to coach, and no host has answered.
    """

    person: User
    used_at: dt.datetime | None
    asks: bool

    @property
    def states(self) -> list[State]:
        return states_of(self.person, asks=self.asks)


@dataclass(frozen=True, slots=True)
class Numbers:
    total: int
    by_state: dict[State, int]  # those that there are


def read_numbers(host: User) -> Numbers:
    """1 query."""
    counts = access.accounts_for(host).aggregate(
        total=Count("pk"), **{state.value: Count("pk", filter=ARE[state]) for state in State}
    )
    total = counts.pop("total")
    return Numbers(total, {state: counts[state.value] for state in State if counts[state.value]})


def read_accounts(host: User, *, words: str, state: str, page: str) -> Page[Account]:
    """Newest first. 2 queries."""
    accounts = access.accounts_for(host).filter(ARE[State(state)] if state else Q())
    rows = _with_use(accounts).order_by("-joined_at", "-pk")
    shown = _page(rows, words, ("name", "email"), page)
    shown.object_list = [
        _account(row, row.session_used_at, asks=row.asks_to_coach) for row in shown.object_list
    ]
    return shown


def _page(rows: QuerySet[Any], words: str, columns: Sequence[str], page: str) -> Page[Any]:
    """Those with every word somewhere in the columns, whatever case and accents. 2 queries.

    In Python, as SQLite knows upper and lower case of English letters alone.
    """
    asked = folded(words).split()
    if not asked:
        return Paginator(rows, A_PAGE).get_page(page)
    found = [
        key
        for key, *texts in rows.values_list("pk", *columns).iterator()
        if all(word in folded(" ".join(texts)) for word in asked)
    ]
    shown: Page[Any] = Paginator(found, A_PAGE).get_page(page)
    shown.object_list = rows.filter(pk__in=shown.object_list)
    return shown


def _with_use(accounts: QuerySet[User]) -> QuerySet[User]:
    sessions = Session.objects.filter(person=OuterRef("pk")).order_by("-used_at")
    used = Subquery(sessions.values("used_at")[:1])
    asks = Exists(CoachApproval.objects.filter(person=OuterRef("pk"), approved_at__isnull=True))
    return accounts.only(*SHOWN).annotate(session_used_at=used, asks_to_coach=asks)


def _account(person: User, used_at: dt.datetime | None, *, asks: bool) -> Account:
    times = [at for at in (person.last_login, used_at) if at is not None]
    return Account(person, max(times, default=None), asks)


def lacks(person: User) -> str:
    """The mail whose link the person has not followed yet; empty where none is missing. 1 query."""
    if not person.has_usable_password():
        return "first_password"
    return "email_confirmation" if are_confirmed() and not is_confirmed(person) else ""


def is_confirmed(person: User) -> bool:
    """Whether somebody with this account has shown that the address is theirs. 1 query."""
    return EmailAddress.objects.filter(user=person, verified=True).exists()


@dataclass(frozen=True, slots=True)
class OneAccount:
    """`devices` are the sessions that live. `lacks` as above. `log_id` stands in Limber's log.

    `approval` is None of somebody who never asked to coach, and was not approved either.
    `second_step`: the sign-in asks for one.
    """

    account: Account
    approval: CoachApproval | None
    devices: int
    lacks: str
    links: int
    log_id: str
    second_step: bool
    events: list[SecurityEvent]


def read_account(host: User, account_id: int) -> OneAccount:
    """At most 7 queries. 404 where there is none."""
    person = access.account_for(host, account_id)
    sessions = Session.objects.of(person)
    used = sessions.aggregate(
        at=Max("used_at"), live=Count("pk", filter=Q(pk__in=sessions.live(timezone.now())))
    )
    approval = CoachApproval.objects.filter(person=person).first()
    asks = approval is not None and approval.approved_at is None
    return OneAccount(
        account=_account(person, used["at"], asks=asks),
        approval=approval,
        devices=used["live"],
        lacks=lacks(person),
        links=access.links_for(host).filter(Q(coach=person) | Q(athlete=person)).count(),
        log_id=journal.opaque_id(person),
        second_step=has_one(person),
        events=list(_events().filter(person=person)[:EVENTS_OF_ONE]),
    )


class LinkState(models.TextChoices):
    """Whether the coach may read now, and if not, what it waits for."""

    OPEN = "open", "open"
    UNCONFIRMED = "unconfirmed", "waits for the athlete’s yes"
    PAUSED = "paused", "waits for the athlete’s yes, after a new password"
    OUT_OF_USE = "out-of-use", "shows nothing: an account is out of use"


@dataclass(frozen=True, slots=True)
class Link:
    row: CoachLink

    @property
    def state(self) -> LinkState:
        if not (self.row.coach.is_active and self.row.athlete.is_active):
            return LinkState.OUT_OF_USE
        if self.row.confirmed_at is None:
            return LinkState.UNCONFIRMED
        return LinkState.OPEN if self.row.paused_at is None else LinkState.PAUSED


def read_links(host: User, *, words: str, page: str) -> Page[Link]:
    """By coach, then athlete; found by the words of both. 2 queries."""
    columns = [f"{side}__{name}" for side in ("coach", "athlete") for name in ("name", "email")]
    shown = _page(access.links_for(host).order_by(*columns, "pk"), words, columns, page)
    shown.object_list = [Link(row) for row in shown.object_list]
    return shown


def read_events(*, kind: str, page: str) -> Page[SecurityEvent]:
    """Of the last twelve months. 2 queries."""
    events = _events().filter(at__gt=timezone.now() - AccessRecord.KEPT)
    return Paginator(events.filter(kind=kind) if kind else events, A_PAGE).get_page(page)


def latest_events() -> Iterable[SecurityEvent]:
    """But for sign-ins that went well. 1 query."""
    return _events().exclude(kind__in=SecurityEvent.GETTING_IN)[:LATEST]


def _events() -> QuerySet[SecurityEvent]:
    """With the names of whom they are about and of who did it."""
    who = [f"{side}__{column}" for side in ("person", "by") for column in ("name", "email")]
    columns = ("at", "kind", "who", "client", "times", *who)
    return SecurityEvent.objects.newest_first().select_related("person", "by").only(*columns)
