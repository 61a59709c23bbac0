"""Sends what waits in the outbox, one mail after the other over one connection.

A mail is claimed before it is sent: until the claim runs out nobody else takes it, so any number
of senders may run at once. Should one be killed, the mail in its hands is tried again when its
claim has run out, and may then arrive twice, if the mail server had taken it already. That is
the only one: all others are either removed from the outbox or were never begun.
"""

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from post_office.models import STATUS, Email
from post_office.settings import get_backend

from runners.mail import outbox

# How long a claim holds: much more than a mail server may think (`EMAIL_TIMEOUT` for each step).
CLAIM = dt.timedelta(minutes=10)
# Between one try and the next; the last one again and again, until the mail is no use any more.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivered:
    """How many mails went out, were refused for good, and are tried again later."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    server_is_away: bool = False


@dataclass(frozen=True, slots=True)
class Causes:
    """What those who wrote the mails have to say to each. All are asked about every mail."""

    is_wanted: Callable[[Email], bool]  # it goes still
    was_sent: Callable[[Email], None]
    was_refused: Callable[[Email], None]  # for good


def due() -> QuerySet[Email]:
    now = timezone.now()
    waiting: QuerySet[Email] = Email.objects.filter(
        status=STATUS.queued, scheduled_time__lte=now, expires_at__gt=now
    )
    return waiting.order_by("-priority", "scheduled_time", "pk")


def send_due(causes: Causes, goes_on: Callable[[], bool] = lambda: True) -> Delivered:
    """Send what is due, as long as `goes_on` and the mail server answers. 1 query for nothing."""
    done = Delivered()
    if not Email.objects.exists():
        return done
    outbox.forget_expired()
    if not due().exists():
        return done
    connection = get_connection(get_backend())
    try:
        while not done.server_is_away and goes_on() and (mail := _claim()) is not None:
            _send(mail, connection, causes, done)
    finally:
        _close(connection)
    return done


def _claim() -> Email | None:
    """The next one, which nobody else takes now."""
    for key in due().values_list("pk", flat=True)[:50]:
        mine = due().order_by().filter(pk=key)
        claimed = mine.update(
            scheduled_time=timezone.now() + CLAIM,
            number_of_retries=F("number_of_retries") + 1,
        )
        if claimed and (mail := Email.objects.filter(pk=key).first()):
            return mail
    return None


def _send(mail: Email, connection: BaseEmailBackend, causes: Causes, done: Delivered) -> None:
    try:
        connection.open()
    except OSError as problem:  # nobody there, or it does not let us in: the same for every mail
        _all_later(mail, problem)
        done.server_is_away = True
        return
    if not causes.is_wanted(mail):
        outbox.forget(Email.objects.filter(pk=mail.pk))
        return
    try:
        message = mail.email_message()
        message.extra_headers.pop("Expires", None)  # post-office's own, without a year
        connection.send_messages([message])
    except Exception as problem:  # whatever is wrong with one mail, the others go out
        if _is_for_good(problem):
            _refused(mail, causes, problem)
            done.refused += 1
        else:
            _later(mail, problem)
            done.later += 1
        _close(connection)  # it may have gone down with the mail
        return
    _sent(mail, causes)
    done.sent += 1


def _is_for_good(problem: Exception) -> bool:
    """Whether the mail server, or the address itself, says that nobody is there."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    return isinstance(problem, ValueError)  # an address that cannot be written into a mail


@transaction.atomic
def _sent(mail: Email, causes: Causes) -> None:
    causes.was_sent(mail)
    outbox.forget(Email.objects.filter(pk=mail.pk))
    logger.info("Sent mail %s, at try %s", mail.pk, mail.number_of_retries)


@transaction.atomic
def _refused(mail: Email, causes: Causes, problem: Exception) -> None:
    causes.was_refused(mail)
    outbox.forget(Email.objects.filter(pk=mail.pk))
    logger.warning("Mail %s was refused for good: %s", mail.pk, _code_of(problem))


def _later(mail: Email, problem: Exception) -> None:
    Email.objects.filter(pk=mail.pk).update(scheduled_time=timezone.now() + _wait(mail))
    logger.warning(
        "Mail %s did not go at try %s: %s", mail.pk, mail.number_of_retries, _code_of(problem)
    )


def _all_later(mail: Email, problem: OSError) -> None:
    """All that are due wait together, so that the mail server is asked once and not for each."""
    waiting = due().order_by() | Email.objects.filter(pk=mail.pk)
    number = waiting.update(scheduled_time=timezone.now() + _wait(mail))
    logger.warning("The mail server is away (%s); mails that wait: %s", _code_of(problem), number)


def _wait(mail: Email) -> dt.timedelta:
    return WAITS[min(mail.number_of_retries or 1, len(WAITS)) - 1]


def _code_of(problem: Exception) -> str:
    """What went wrong, without the address that a mail server likes to repeat."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return f"recipient refused, {[code for code, _ in problem.recipients.values()]}"
    code = getattr(problem, "smtp_code", None) or getattr(problem, "strerror", None)
    return f"{type(problem).__name__} {code or ''}".rstrip()


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):
        connection.close()
