"""Changing the password while signed in."""

import pytest
from django.test import Client

from runners.models import User
from tests.factories import PASSWORD, make_link
from tests.races import signed_in

pytestmark = pytest.mark.usefixtures("noon")
NEW = "another-long-one-42"


def test_a_password_that_is_changed_while_signed_in_asks_nothing(alice: User, bob: User) -> None:
    """Whoever changes it knows the old one, and reads there who sees the log."""
    link = make_link(bob, alice)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    signed_in(alice).post("/accounts/password/change/", sent)

    link.refresh_from_db()
    assert link.is_open
    assert Client().login(email=alice.email, password=NEW)


def test_a_wrong_old_password_changes_nothing(alice: User) -> None:
    sent = {"oldpassword": NEW, "password1": NEW, "password2": NEW}

    response = signed_in(alice).post("/accounts/password/change/", sent)

    assert response.status_code == 200
    assert "Please type your current password." in response.text
    assert not Client().login(email=alice.email, password=NEW)
