"""Who is due a weekly mail, and sending it once.

A mail goes out on Monday from 05:00 of the reader's own time zone on, about the seven days from
Monday to Sunday before it, whichever day the reader's weeks start on.
"""

import datetime as dt
import logging
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from runners import access
from runners.digests import your_athletes, your_week
from runners.digests.mail import Mail
from runners.digests.stopping import SWITCH
from runners.models import AthletePage, CoachLink, Consent, Digest, User
from runners.models.digests import DigestKind
from runners.weeks import Week, week_of
from runners.weeks.week import MONDAY

MORNING = dt.time(5)  # on Monday: the Sunday evening of those who log late is then in
BATCH = 200  # people whose mails are in memory at a time

logger = logging.getLogger(__name__)


class MailServerAway(Exception):
    """Nothing more can be sent now. `sent` holds what was."""

    def __init__(self, sent: "Sent", problem: OSError) -> None:
        super().__init__(str(problem))
        self.sent = sent


@dataclass(slots=True)
class Sent:
    """How many mails went out, and how many the mail server refused."""

    sent: int = 0
    failed: int = 0


def send_due(*, whatever_day: bool = False) -> Sent:
    """Send what is due and was not sent yet; on any day of the week with `whatever_day`.

    Raises MailServerAway where no connection to the mail server can be made.
    """
    done = Sent()
    zones = time_zones_due(timezone.now(), whatever_day=whatever_day)
    connection = get_connection()
    try:
        for week, names in zones.items():
            for kind in DigestKind:
                for mail in _mails(kind, week, names):
                    _send(mail, connection, done)
    finally:
        _close(connection)
    return done


def time_zones_due(now: dt.datetime, *, whatever_day: bool) -> dict[Week, list[str]]:
    """The time zones of those who want a mail and where it is time for it, by week. 1 query."""
    wanted = User.objects.filter(Q(wants_runner_digest=True) | Q(wants_coach_digest=True))
    zones: dict[Week, list[str]] = defaultdict(list)
    for name in wanted.order_by().values_list("time_zone", flat=True).distinct():
        local = now.astimezone(zoneinfo.ZoneInfo(name))
        if whatever_day or (local.isoweekday() == MONDAY and local.time() >= MORNING):
            zones[week_of(local.date(), MONDAY).moved(-1)].append(name)
    return zones


def people_due(kind: DigestKind, week: Week, zones: Sequence[str]) -> QuerySet[User]:
    """Those who want the mail, may get it and have not got it, in the order of their keys.

    A runner who took back the consent to keep health data gets none, nor does a coach without
    athletes. The demo accounts have addresses that are not theirs.
    """
    had = Digest.objects.filter(user=OuterRef("pk"), kind=kind, week=week.first_day)
    people = User.objects.filter(
        ~Exists(had),
        is_active=True,
        welcomed_at__isnull=False,
        time_zone__in=zones,
        **{SWITCH[kind]: True},
    )
    if kind is DigestKind.RUNNER:
        people = people.filter(Exists(Consent.objects.in_force().filter(runner=OuterRef("pk"))))
    else:
        people = people.filter(Exists(CoachLink.objects.open().filter(coach=OuterRef("pk"))))
    if not settings.DEBUG:
        people = people.exclude(is_demo=True)
    return people.order_by("pk")


def _mails(kind: DigestKind, week: Week, zones: Sequence[str]) -> Iterator[Mail]:
    """One batch of people after the other. Who failed in this run is not tried in it again."""
    last = 0
    due = people_due(kind, week, zones)
    while people := list(due.filter(pk__gt=last)[:BATCH]):
        last = people[-1].pk
        if kind is DigestKind.RUNNER:
            yield from your_week.mails(people, week)
        else:
            # One by one: a single coach may have hundreds of athletes.
            written = (your_athletes.mail(coach, week) for coach in people)
            yield from (mail for mail in written if mail is not None)


def _send(mail: Mail, connection: BaseEmailBackend, done: Sent) -> None:
    try:
        connection.open()
    except OSError as problem:  # refused, timed out, wrong password: the same for every mail
        raise MailServerAway(done, problem) from problem
    row = _claim(mail)
    if row is None:
        return
    try:
        mail.message(connection).send()
    except Exception as problem:  # whatever is wrong with one address, the others get theirs
        row.delete()
        done.failed += 1
        logger.warning("Weekly mail to person %s was not sent: %s", mail.reader.pk, problem)
        _close(connection)  # it may have gone down with the mail
        return
    done.sent += 1
    access.record(mail.named, AthletePage.DIGEST)


def _claim(mail: Mail) -> Digest | None:
    """The row that says it was sent, stored before it is; None where another run was faster.

    Should this process die in between, the mail does not go out: better none than two.
    """
    try:
        with transaction.atomic():
            return Digest.objects.create(user=mail.reader, kind=mail.kind, week=mail.week.first_day)
    except IntegrityError:
        return None


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
