from typing import Any

from django.core.management.base import BaseCommand

from runners import standing


class Command(BaseCommand):
    help = "Renews standings since which a day has passed, or the rules have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Renewed {standing.renew_all_stale()}.")
