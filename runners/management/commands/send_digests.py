from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from runners.digests.sending import send_due
from runners.formats import count
from runners.management.commands._mailing import require_address


class Command(BaseCommand):
    help = (
        "Puts the weekly mails into the outbox, for those who want them and for whom it is Monday"
        " after 05:00. To be run every hour by a scheduler; sending twice sends once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            action="store_true",
            help="whatever the day and the hour: the week that ended last Sunday, to try it out",
        )

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        require_address()
        self.stdout.write(f"Sent {count(send_due(whatever_day=now), 'mail')}.")
