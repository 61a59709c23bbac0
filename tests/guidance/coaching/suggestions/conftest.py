"""What tests of suggestions share."""

import pytest
import time_machine
from django.test import Client

from guidance.models import Suggestion
from runners.models import User
from tests.factories import make_link, make_suggestion


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User, alice: User) -> Client:
    """A browser that Bob is signed in to, who coaches Alice."""
    make_link(bob, alice)
    client.force_login(bob)
    return client


@pytest.fixture
def suggested(alice: User, bob: User) -> Suggestion:
    """A plank, to Alice by Bob, who coaches her."""
    make_link(bob, alice)
    return make_suggestion(bob, alice)
