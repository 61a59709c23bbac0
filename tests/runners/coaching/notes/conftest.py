"""What tests of notes share."""

import pytest
import time_machine
from django.test import Client

from runners.models import User
from tests.factories import make_link


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User, alice: User) -> Client:
    """A browser that Bob is signed in to, who coaches Alice."""
    make_link(bob, alice)
    client.force_login(bob)
    return client
