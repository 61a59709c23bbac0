"""`manage.py approve_coach EMAIL`: who may coach, where `COACHES` leaves that to the host."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from runners.coaching.approval import actions
from runners.management.commands._people import person_with


class Command(BaseCommand):
    help = "Lets somebody coach, or with --no lets them no longer; they are told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--no", action="store_true", help="they may not, or no longer")

    def handle(self, *args: Any, email: str, no: bool, **options: Any) -> None:
        person = person_with(email.strip())
        if no:
            actions.refuse(person)
            self.stdout.write(f"{person.email} may not coach, and sees no athlete.")
        else:
            actions.approve(person)
            self.stdout.write(f"{person.email} may coach.")
