"""Hanna looks after this Limber, and is signed in at noon with her password just given."""

import pytest
import time_machine
from django.test import Client

from runners.models import User
from tests.factories import make_user
from tests.races import signed_in
from tests.runners.accounts.email_changes import give_password


@pytest.fixture
def hanna(noon: time_machine.Traveller, db: None) -> User:
    return make_user("Hanna Hazel", is_host=True)


@pytest.fixture
def as_hanna(hanna: User) -> Client:
    client = signed_in(hanna)
    give_password(client)
    return client
