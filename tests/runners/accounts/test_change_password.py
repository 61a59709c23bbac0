"""Changing the password while signed in."""

import pytest
from django.core import mail
from django.test import Client

from runners.accounts.password_change import change_password
from runners.mail import outbox
from runners.models import SecurityEvent, Session, User
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


def changed(client: Client) -> None:
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", sent).status_code == 302


def test_it_is_mailed_and_signs_out_everywhere_else(alice: User) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)

    changed(here)

    [told] = mail.outbox
    assert (told.to, told.subject) == ([alice.email], "Your password in Limber was changed")
    assert "/accounts/password/reset/" in told.body
    assert here.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    assert Session.objects.of(alice).count() == 1


def test_a_change_that_comes_to_nothing_is_neither_mailed_nor_noted(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(outbox, "queue", fails)
    with pytest.raises(RuntimeError):
        change_password(NEW, by=alice)

    assert not Client().login(email=alice.email, password=NEW)
    assert not SecurityEvent.objects.exists()
