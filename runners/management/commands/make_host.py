"""`manage.py make_host EMAIL`: who sees the pages at /host/. No page makes one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from runners.hosts.actions import make_host, withdraw_host
from runners.models import User


class Command(BaseCommand):
    help = (
        "Lets an account see the pages at /host/: accounts, who coaches whom, how the machine does,"
        " and nobody's diary. With --no-longer it sees them no longer. Twice does no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--no-longer", action="store_true", help="take it back")

    def handle(self, *args: Any, email: str, no_longer: bool, **options: Any) -> None:
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with {email}: manage.py create_account")
        if no_longer:
            was = withdraw_host(person)
            said = "sees /host/ no longer." if was else "did not see /host/ before."
        elif not person.is_active or person.is_leaving:
            raise CommandError(f"The account of {person.email} is closed, or out of use.")
        else:
            said = "sees /host/ from now on." if make_host(person) else "saw /host/ before."
        self.stdout.write(f"{person.email} {said}")
