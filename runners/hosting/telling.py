"""Mails to the host, sent at once: the outbox is in the database, which may be what fails."""

import socket
import urllib.parse
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from runners.hosting import Refused, shelf
from runners.mail.by_itself import by_itself


def backup_failed(said: str) -> None:
    """Raises Refused where it cannot be told."""
    last = max((backup.made_at for backup in shelf.backups()), default=None)
    _tell("backup_failed", said=said, last=last)


def not_well(lines: list[str]) -> None:
    """Raises Refused where it cannot be told."""
    _tell("not_well", lines=lines)


def mail_server() -> BaseEmailBackend:
    """That which the outbox is sent by."""
    server: BaseEmailBackend = get_connection(settings.POST_OFFICE["BACKENDS"]["default"])
    return server


def has_an_address() -> bool:
    """HOST_CONTACT may be something that people read, such as a page."""
    try:
        validate_email(settings.HOST_CONTACT)
    except ValidationError:
        return False
    return True


def _tell(template: str, **context: Any) -> None:
    if not has_an_address():
        raise Refused(f"HOST_CONTACT ({settings.HOST_CONTACT}) is no address to send a mail to.")
    machine = socket.gethostname()
    host = urllib.parse.urlsplit(settings.SITE_URL).hostname or machine
    context |= {"machine": machine, "host": host}
    mail = by_itself("runners/hosting/mail", template, settings.HOST_CONTACT, **context)
    mail.connection = mail_server()
    try:
        mail.send()
    except OSError as problem:  # as all errors of smtplib are
        raise Refused(f"The mail to the host did not go: {problem}") from problem
