"""Turning the app off again."""

from allauth.mfa.models import Authenticator
from django.test import Client
from post_office.models import Email

from runners.models import SecurityEvent, User
from tests.factories import PASSWORD
from tests.runners.accounts.second_step.app import is_in

PAGE = "/accounts/second-step/app/remove/"


def test_it_is_asked_once_and_told(sure: Client, with_app: User, mail_server: object) -> None:
    assert "Without the app?" in sure.get(PAGE).text

    assert sure.post(PAGE).status_code == 302

    assert not Authenticator.objects.exists()
    assert "no longer" in Email.objects.get().message
    assert "factor_changed" in SecurityEvent.objects.of(with_app).values_list("kind", flat=True)
    client = Client()
    client.post("/accounts/login/", {"login": with_app.email, "password": PASSWORD})
    assert is_in(client)


def test_sent_again_there_is_nothing_to_turn_off(sure: Client, with_app: User) -> None:
    sure.post(PAGE)
    assert sure.post(PAGE).status_code == 404


def test_the_password_is_asked_first(as_alice: Client, with_app: User) -> None:
    assert as_alice.post(PAGE)["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.exists()
