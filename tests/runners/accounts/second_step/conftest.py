"""What tests of second steps share."""

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from runners.models import User
from tests.runners.accounts.second_step.app import give_app
from tests.signing_in import give_password


@pytest.fixture(autouse=True)
def _noon(noon: time_machine.Traveller) -> None:
    cache.clear()  # in which allauth notes as well that a code was used


@pytest.fixture
def address(alice: User) -> EmailAddress:
    """She has shown that it is hers."""
    return EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)


@pytest.fixture
def sure(as_alice: Client, address: EmailAddress) -> Client:
    """Alice, who has just given her password."""
    return give_password(as_alice)


@pytest.fixture
def with_app(alice: User, address: EmailAddress) -> User:
    give_app(alice)
    return alice
