"""Who is due a reminder by mail, and sending it once a day."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from post_office.models import Email

from runners.mail import outbox
from runners.models import CheckIn, Consent, Reminder
from runners.models.reminders import Way
from runners.web import absolute_urls as site
from runners.web.notices import words

NAME = "runners/reminders/notices.html#name"

LATE = dt.timedelta(hours=3)  # after that it comes at a time that nobody asked for


def send_due() -> int:
    """Put into the outbox what is due and was not sent today, and say how many mails it was."""
    return sum(_send(reminder, day) for reminder, day in _due(timezone.now()))


def _due(now: dt.datetime) -> Iterator[tuple[Reminder, dt.date]]:
    """With the day where the runner is. 1 query, and 1 for each time zone."""
    zones = _wanting().order_by().values_list("runner__time_zone", flat=True).distinct()
    for zone in list(zones):
        local = now.astimezone(zoneinfo.ZoneInfo(zone))
        day = local.date()
        earliest = max(local - LATE, dt.datetime.combine(day, dt.time.min, local.tzinfo))
        due = _open(_wanting().filter(runner__time_zone=zone), day).filter(
            at__gte=earliest.time(), at__lte=local.time()
        )
        for reminder in due.exclude(mailed_on=day).select_related("runner"):
            yield reminder, day


def _wanting() -> QuerySet[Reminder]:
    """Those of people who may get mail: of the demo's accounts the addresses are not theirs."""
    people = Reminder.objects.filter(
        Exists(Consent.objects.in_force().filter(runner=OuterRef("runner"))),
        way=Way.MAIL,
        runner__is_active=True,
    )
    return people if settings.DEBUG else people.exclude(runner__is_demo=True)


def _open(reminders: QuerySet[Reminder], day: dt.date) -> QuerySet[Reminder]:
    """Of runners who have not checked in on a day."""
    checked_in = CheckIn.objects.filter(runner=OuterRef("runner"), day=day, deleted_at__isnull=True)
    return reminders.filter(~Exists(checked_in))


@transaction.atomic
def _send(reminder: Reminder, day: dt.date) -> bool:
    """Into the outbox; False where another run was faster, or it was stopped meanwhile."""
    mine = Reminder.objects.filter(pk=reminder.pk, way=Way.MAIL).exclude(mailed_on=day)
    if not mine.update(mailed_on=day):
        return False
    mail = outbox.queue(_message(reminder), expires_at=timezone.now() + LATE, in_bulk=True)
    Reminder.objects.filter(pk=reminder.pk).update(mail=mail)
    return True


def _message(reminder: Reminder) -> EmailMessage:
    """Text alone. No word about health: subjects show on locked screens, and mail is read on its
    way."""
    stop = site.absolute("runners:reminder-stop", reminder.token)
    context = {
        "reader": reminder.runner,
        "to": site.absolute("runners:check-in"),
        "stop": stop,
    }
    return EmailMessage(
        subject=words(NAME),
        body=render_to_string("runners/reminders/mail.txt", context),
        to=[reminder.runner.email],
        headers=outbox.stopped_at(stop),
    )


def is_wanted(mail: Email) -> bool:
    """Whether it may go still: the runner may have checked in, or changed it. 2 queries."""
    row = Reminder.objects.filter(mail=mail).first()
    if row is None or row.mailed_on is None:
        return True
    return _open(_wanting(), row.mailed_on).filter(pk=row.pk).exists()
