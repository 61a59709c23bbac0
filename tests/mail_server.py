"""A mail server that can refuse an address, be away, or go away after some mails."""

import smtplib
from collections.abc import Iterable
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from runners.management.commands.deliver_mail import send_due


class MailServer(EmailBackend):
    """What it takes lies in `mail.outbox`."""

    refuses: dict[str, int] = {}  # a status by address
    away_after: int | None = None  # so many mails
    opened = 0

    @classmethod
    def is_new(cls) -> None:
        cls.refuses, cls.away_after, cls.opened = {}, None, 0

    def open(self) -> bool:
        type(self).opened += 1
        if self.away_after == 0:
            raise ConnectionRefusedError(111, "Connection refused")
        return True

    def send_messages(self, messages: Iterable[Any]) -> int:
        for message in messages:
            if self.away_after is not None and len(mail.outbox) >= self.away_after:
                raise smtplib.SMTPServerDisconnected("gone")
            if code := self.refuses.get(message.to[0]):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (code, b"no")})
            super().send_messages([message])
        return 1


def delivered() -> list[Any]:
    """The mails that have arrived, once all that wait are sent."""
    send_due()
    return list(mail.outbox)
