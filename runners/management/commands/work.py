"""`manage.py work`: sends mails, makes exports and reads imports. `serve` starts one."""

import logging
import signal
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from runners.exports.jobs import make_next
from runners.hosting import Refused, shelf
from runners.hosting.alive import sign_of_life
from runners.imports.jobs import read_next
from runners.management.commands.deliver_mail import send_due

LOOK_EVERY_S = 2
DATABASE_AWAY_S = 30  # until it looks again

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends mails, makes exports and reads imports, until it gets SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """What is in hand is finished first, or given back."""
        try:
            shelf.refuse_while_unfinished()
        except Refused as problem:
            raise CommandError(str(problem)) from None
        ending = Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            ending.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        while not ending.is_set():
            pause_s = LOOK_EVERY_S
            sign_of_life()
            try:
                if settings.SENDS_MAIL:
                    send_due(lambda: not ending.is_set())
                if make_next() or read_next(lambda: not ending.is_set()):
                    continue
            except DatabaseError as problem:
                logger.warning("What waits cannot be read just now: %s", problem)
                connection.close()
                pause_s = DATABASE_AWAY_S
            ending.wait(pause_s)
        connection.close()
