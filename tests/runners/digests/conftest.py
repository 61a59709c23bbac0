"""What tests of the weekly mails share."""

import pytest
import time_machine
from pytest_django import Settings

from runners.models import User
from tests.runners.digests.readers import SITE


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def reader(noon: time_machine.Traveller, alice: User) -> User:
    """Alice, who wants her week by mail."""
    alice.wants_runner_digest = True
    alice.save()
    return alice
