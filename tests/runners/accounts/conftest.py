"""What tests of accounts share."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from runners.models import User
from tests.runners.accounts.email_changes import give_password


@pytest.fixture
def as_owner(client: Client, alice: User) -> Client:
    """Alice has confirmed her address, and has just given her password."""
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    client.force_login(alice)
    give_password(client)
    return client
