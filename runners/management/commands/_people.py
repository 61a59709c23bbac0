from django.core.management.base import CommandError

from runners.models import User


def person_with(email: str) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return person
