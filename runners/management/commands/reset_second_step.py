"""`manage.py reset_second_step EMAIL`: for whoever has lost the phone and the paper."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from runners.accounts.second_step.actions import take_away
from runners.management.commands._people import person_with


class Command(BaseCommand):
    help = (
        "Takes the second step of a sign-in away from an account, and signs it out everywhere. Be"
        " sure who asks: a password is enough afterwards. They are told by mail. Twice is once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = person_with(email.strip())
        was = take_away(person)
        said = "signs in by the password alone now." if was else "had no second step."
        self.stdout.write(f"{person.email} {said}")
