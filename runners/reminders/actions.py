"""Writes of the daily reminder. A person has one, or none."""

import datetime as dt

from django.db import transaction

from runners.mail import outbox
from runners.models import Reminder, User
from runners.models.coaching import new_token
from runners.models.reminders import Way
from runners.writes import lock


@transaction.atomic
def save_reminder(at: dt.time, way: Way, *, by: User) -> Reminder:
    """Set it, or change it. Its address stays, so that a calendar that has it goes on."""
    lock(by)
    row, _ = Reminder.objects.update_or_create(runner=by, defaults={"at": at, "way": way})
    return row


@transaction.atomic
def renew_address(*, by: User) -> None:
    """Whoever had the old one finds nothing there."""
    lock(by)
    Reminder.objects.filter(runner=by).update(token=new_token())


@transaction.atomic
def stop_reminder(*, by: User) -> None:
    lock(by)
    forget_reminder_of(by)


def forget_reminder_of(person: User) -> None:
    """Its address finds nothing from now on, and a mail that waits does not go.

    Inside a transaction that has locked the person.
    """
    rows = Reminder.objects.filter(runner=person)
    outbox.forget_those_of(rows)
    rows.delete()
