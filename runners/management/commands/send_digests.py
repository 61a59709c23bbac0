from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from runners import site
from runners.digests import MailServerAway, send_due
from runners.weeks.words import count


class Command(BaseCommand):
    help = (
        "Sends the weekly mails to those who want them and for whom it is Monday after 05:00."
        " To be run every hour by a scheduler; sending twice sends once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            action="store_true",
            help="whatever the day and the hour: the week that ended last Sunday, to try it out",
        )

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        site.require_address()
        try:
            done = send_due(whatever_day=now)
        except MailServerAway as away:
            raise CommandError(
                f"Sent {count(away.sent.sent, 'mail')}, then the mail server could not be reached"
                f" ({away}). The next run on the same day sends the rest."
            ) from away
        self.stdout.write(f"Sent {count(done.sent, 'mail')}.")
        if done.failed:
            raise CommandError(
                f"{count(done.failed, 'mail')} could not be sent;"
                " the next run on the same day tries again."
            )
