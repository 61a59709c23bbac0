"""Who reads weekly mails in tests."""

from runners.models import User
from tests.factories import make_user

SITE = "https://limber.example"


def make_reader(number: int) -> User:
    return make_user(f"Reader{number} Rowan", wants_runner_digest=True)
