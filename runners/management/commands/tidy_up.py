from typing import Any

from django.core.management.base import BaseCommand

from runners.data.retention import tidy_up
from runners.hosting import databases


class Command(BaseCommand):
    help = (
        "Removes what nobody can see any more: records of looks, invitations that ended, records"
        " of weekly mails and security events after twelve months, deleted runs, check-ins and"
        " notes after a day, uploads a day after they broke off, sessions that have expired, counts"
        " for limits once they have run out."
        " To be run every night by a scheduler."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        removed = {name: number for name, number in tidy_up().items() if number}
        if removed:
            databases.current().empty_log()
        else:
            self.stdout.write("Nothing to remove.")
        for name, number in removed.items():
            self.stdout.write(f"Removed {name}: {number}")
