"""`manage.py deliver_mail`: sends the outbox once. `manage.py work` does so as mails come."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from runners.coaching.links import invitation_mail
from runners.digests import sending as digests
from runners.formats import count
from runners.mail import delivery
from runners.mail.delivery import Delivered
from runners.reminders import sending as reminders

CAUSES = delivery.Causes(
    is_wanted=lambda mail: digests.is_wanted(mail) and reminders.is_wanted(mail),
    was_sent=digests.was_sent,
    was_refused=invitation_mail.was_refused,
)


class Command(BaseCommand):
    help = (
        "Sends the mails that are due. To be run every few minutes by a scheduler, where"
        " `serve` does not do it; twice at the same time sends once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDS_MAIL:
            raise CommandError("EMAIL_URL is not set: mail is printed, and there is none to send.")
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
