"""What tests of links share."""

import pytest
import time_machine
from django.test import Client

from runners.models import User


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client
