from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from guidance.demo import load
from runners import demo


class Command(BaseCommand):
    help = "Puts demo data into an empty database, while DEBUG is on. Prints the demo sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            self.stdout.write("No demo data: DEBUG is off.")
            return
        if demo.is_empty():
            load(timezone.now())
        for who, email in (("runner", demo.EMAIL), ("coach", demo.COACH_EMAIL)):
            if demo.demo_account(email):
                self.stdout.write(f"Demo sign-in ({who}): {email}, password {demo.PASSWORD}")
