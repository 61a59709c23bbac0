"""`manage.py deliver_mail`: the sender of the outbox. `manage.py serve` starts one of its own."""

import logging
import signal
from collections.abc import Callable
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from runners.coaching.links import invitation_mail
from runners.digests import sending as digests
from runners.formats import count
from runners.mail import delivery
from runners.mail.delivery import Delivered
from runners.reminders import sending as reminders

LOOK_EVERY_S = 2
DATABASE_AWAY_S = 30  # until it looks again

CAUSES = delivery.Causes(
    is_wanted=lambda mail: digests.is_wanted(mail) and reminders.is_wanted(mail),
    was_sent=digests.was_sent,
    was_refused=invitation_mail.was_refused,
)

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Sends the mails that are due. To be run every few minutes by a scheduler, where"
        " `serve` does not do it; twice at the same time sends once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stay", action="store_true", help="until it gets SIGTERM or SIGINT")

    def handle(self, *args: Any, stay: bool, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("EMAIL_URL is not set: mail is printed, and there is none to send.")
        if stay:
            stay_and_send()
            return
        done = send_due()
        self.stdout.write(said(done))
        if done.server_is_away:
            raise CommandError("The mail server is away. What waits is tried again.")


def send_due(goes_on: Callable[[], bool] = lambda: True) -> Delivered:
    return delivery.send_due(CAUSES, goes_on)


def said(done: Delivered) -> str:
    words = f"Sent {count(done.sent, 'mail')}."
    if done.refused:
        words += f" {count(done.refused, 'mail')} refused for good."
    if done.later:
        words += f" {count(done.later, 'mail')} tried again later."
    return words


def stay_and_send() -> None:
    """Send what comes, until a signal asks for the end; the mail in hand is finished first."""
    ending = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ending.is_set():
        pause_s = LOOK_EVERY_S
        try:
            send_due(lambda: not ending.is_set())
        except DatabaseError as problem:
            logger.warning("The outbox cannot be read just now: %s", problem)
            connection.close()
            pause_s = DATABASE_AWAY_S
        ending.wait(pause_s)
    connection.close()
