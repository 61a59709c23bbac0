"""`manage.py create_account EMAIL`: an account, and the link by which its owner comes in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from runners.accounts.addresses import open_account
from runners.accounts.password_reset import link_for
from runners.management.commands._mailing import require_address
from runners.models import User
from runners.web import absolute_urls as site

DAY_S = 24 * 60 * 60


class Command(BaseCommand):
    help = (
        "Makes an account without a password, and prints the link by which one is chosen, once. A"
        " second time, while none was chosen, it prints a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        require_address()
        person = account_of(email.strip().lower())
        days = settings.PASSWORD_RESET_TIMEOUT // DAY_S
        self.stdout.write(
            f"The password of {person.email} is chosen here, once, within {days} days, by whoever"
            f" opens it first:\n{link_for(person)}"
        )


def account_of(email: str) -> User:
    """A new one, or one that nobody has come into yet."""
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email} is no mail address.") from None
    person = open_account(email) or User.objects.filter(email__iexact=email).first()
    if person is None or person.has_usable_password():
        raise CommandError(
            f"{email} has an account already. A new password is asked for here:"
            f" {site.absolute('account_reset_password')}"
        )
    return person
