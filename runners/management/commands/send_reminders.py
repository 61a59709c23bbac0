from typing import Any

from django.core.management.base import BaseCommand

from runners.formats import count
from runners.management.commands._mailing import require_address
from runners.reminders.sending import send_due


class Command(BaseCommand):
    help = (
        "Puts the daily reminders into the outbox, for those who want them by mail, at their own"
        " hour, on days without a check-in. To be run every ten minutes by a scheduler; sending"
        " twice sends once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        require_address()
        self.stdout.write(f"Sent {count(send_due(), 'mail')}.")
