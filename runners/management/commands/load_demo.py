from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from runners import demo
from runners.models import User


class Command(BaseCommand):
    help = "Puts demo data into an empty database, while DEBUG is on. Prints the demo sign-in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            self.stdout.write("No demo data: DEBUG is off.")
            return
        if demo.is_empty():
            demo.load(timezone.localdate())
        if User.objects.filter(email=demo.EMAIL, is_demo=True).exists():
            self.stdout.write(f"Demo sign-in: {demo.EMAIL}, password {demo.PASSWORD}")
