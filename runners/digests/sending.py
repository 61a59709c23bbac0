"""Who is due a weekly mail, and sending it once.

A mail goes out on Monday from 05:00 of the reader's own time zone on, about the seven days from
Monday to Sunday before it, whichever day the reader's weeks start on.
"""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from post_office.models import Email

from runners import access
from runners.digests import coach_mail as your_athletes
from runners.digests import runner_mail as your_week
from runners.digests.mail import Mail
from runners.digests.unsubscribing import SWITCH
from runners.mail import outbox
from runners.models import AthletePage, Consent, Digest, User
from runners.models.digests import DigestKind
from runners.weeks import Week, week_of
from runners.weeks.week import MONDAY

MORNING = dt.time(5)  # on Monday: the Sunday evening of those who log late is then in
BATCH = 200  # people whose mails are in memory at a time
VALID = dt.timedelta(days=1)  # a mail about the week; then it is no longer about today


def send_due(*, whatever_day: bool = False) -> int:
    """Put into the outbox what is due and was not sent yet, and say how many mails it was.

    On any day of the week with `whatever_day`.
    """
    sent = 0
    zones = time_zones_due(timezone.now(), whatever_day=whatever_day)
    for week, names in zones.items():
        for kind in DigestKind:
            for mail in _mails(kind, week, names):
                sent += _send(mail)
    return sent


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
    """Those who want the mail, may get it and have not got it, in the order of their keys."""
    had = Digest.objects.filter(user=OuterRef("pk"), kind=kind, week=week.first_day)
    return people_wanting(kind).filter(~Exists(had), time_zone__in=zones).order_by("pk")


def people_wanting(kind: DigestKind) -> QuerySet[User]:
    """Those who switched the mail on, and may get it.

    A runner who took back the consent to keep health data gets none, nor does a coach without
    athletes. The demo accounts have addresses that are not theirs.
    """
    people = User.objects.filter(is_active=True, welcomed_at__isnull=False, **{SWITCH[kind]: True})
    if kind is DigestKind.RUNNER:
        people = people.filter(Exists(Consent.objects.in_force().filter(runner=OuterRef("pk"))))
    else:
        people = people.filter(Exists(access.open_links().filter(coach=OuterRef("pk"))))
    if not settings.DEBUG:
        people = people.exclude(is_demo=True)
    return people


def _mails(kind: DigestKind, week: Week, zones: Sequence[str]) -> Iterator[Mail]:
    """One batch of people after the other."""
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


def _send(mail: Mail) -> bool:
    """Into the outbox, together with the row that says so; False where another run was faster."""
    try:
        with transaction.atomic():
            row = Digest.objects.create(user=mail.reader, kind=mail.kind, week=mail.week.first_day)
            waiting = outbox.queue(
                mail.message(),
                expires_at=timezone.now() + VALID,
                in_bulk=True,
                notes={"named": [link.pk for link in mail.named]},
            )
            if waiting is None:
                access.record(mail.named, AthletePage.DIGEST)
            else:
                Digest.objects.filter(pk=row.pk).update(mail=waiting)
    except IntegrityError:
        return False
    return True


def is_wanted(mail: Email) -> bool:
    """Whether it may go still: the reader may have stopped it while it was waiting. 2 queries."""
    row = Digest.objects.filter(mail=mail).first()
    return row is None or people_wanting(DigestKind(row.kind)).filter(pk=row.user_id).exists()


def was_sent(mail: Email) -> None:
    """From now on the athletes named in it count as looked at."""
    named = (mail.context or {}).get("named", [])
    if named:
        links = access.links_by_key(named).select_related("athlete")
        access.record(links, AthletePage.DIGEST)
