"""Leaving: the account is closed at once, and erased once there was time to come back.

Meanwhile all that the person logged lies there, and nobody reads it. What ended with the account
(links, feeds, mails) stays ended for whoever comes back.
"""

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from runners import journal
from runners.accounts.actions import delete_account_if_due
from runners.accounts.addresses import forget_change
from runners.accounts.emails import links, written
from runners.coaching.links.actions import end_links_of, withdraw_invitations_of
from runners.exports.actions import forget_exports_of
from runners.imports.actions import stop_all_of
from runners.journal import EndOfAccount
from runners.mail import outbox
from runners.models import Session, User
from runners.reminders.actions import forget_reminder_of
from runners.writes import lock

DAYS = 14  # to come back, beside the rest of the day on which somebody leaves

logger = logging.getLogger(__name__)


def leaves_at(person: User) -> dt.datetime:
    """When all would be erased, did the person leave now: the midnight after the last day there."""
    day = person.local_day() + dt.timedelta(days=DAYS + 1)
    return dt.datetime.combine(day, dt.time.min, tzinfo=person.tz)


def last_day(person: User) -> dt.date:
    """On which one can come back; of somebody who has not left, did they leave now."""
    at = person.leaves_at or leaves_at(person)
    return person.local_day(at - dt.timedelta(seconds=1))


def leave(*, by: User, request: HttpRequest | None = None) -> dt.date:
    """Close the account; gives the last day on which one can come back. Twice is once."""
    with journal.end_of_account() as end, transaction.atomic():
        lock(by, even_leaving=True)
        person = User.objects.get(pk=by.pk)
        if not person.is_leaving:
            close(person, leaves_at(person), end)
            _tell(person, "left", request, last_day=last_day(person))
    return last_day(person)


def close(person: User, at: dt.datetime, end: EndOfAccount) -> None:
    """Inside a transaction that has locked the person."""
    end_links_of(person)
    withdraw_invitations_of(person)
    forget_reminder_of(person)
    import_string(settings.RENEW_PLAN_FEEDS)(person)
    forget_change(person)
    outbox.forget_mails_of(person)
    stop_all_of(person)
    forget_exports_of(person)
    Session.objects.of(person).delete()
    person.wants_runner_digest = person.wants_coach_digest = False
    person.leaves_at = at
    person.save(update_fields=["wants_runner_digest", "wants_coach_digest", "leaves_at"])
    end.left(person, at)


@transaction.atomic
def come_back(*, by: User, request: HttpRequest | None = None) -> None:
    """Open the account again, until it is erased. Twice is fine. Raises PersonGone."""
    lock(by, even_leaving=True)
    person = User.objects.get(pk=by.pk)
    if not person.is_leaving:
        return
    reopen(person)
    _tell(person, "came_back", request)


def reopen(person: User) -> None:
    """Inside a transaction that has locked the person."""
    person.leaves_at = None
    person.save(update_fields=["leaves_at"])
    journal.came_back(person)


def _tell(person: User, mail: str, request: HttpRequest | None, **words: object) -> None:
    context = {**links(request), **words}
    outbox.queue(written(f"account/email/{mail}", person.email, context))


def erase_due(now: dt.datetime) -> int:
    """Those whose time is over, one by one. Says how many; what fails is tried the next time."""
    due = User.objects.filter(leaves_at__lte=now).order_by("leaves_at")
    erased = 0
    for key in list(due.values_list("pk", flat=True)):
        try:
            erased += delete_account_if_due(key, now)
        except Exception:  # whatever it is, it must not keep the others here
            logger.exception("An account whose time is over could not be erased")
    return erased
