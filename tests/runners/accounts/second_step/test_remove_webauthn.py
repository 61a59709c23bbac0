"""Removing a passkey: the way there is shown in `tests/browser/test_second_step.py`."""

from allauth.mfa.models import Authenticator
from django.test import Client

from runners.models import User


def page_of(passkey: Authenticator) -> str:
    return f"/accounts/second-step/passkeys/{passkey.pk}/remove/"


def make_passkey(person: User) -> Authenticator:
    passkey = Authenticator(user=person, type="webauthn", data={"name": "Old phone"})
    passkey.save()
    return passkey


def test_it_is_asked_once(sure: Client, alice: User) -> None:
    page = page_of(make_passkey(alice))
    assert "Remove Old phone?" in sure.get(page).text
    assert sure.post(page)["Location"] == "/settings/security/"
    assert not Authenticator.objects.exists()
    assert sure.post(page).status_code == 404  # sent again


def test_nobody_removes_somebody_elses(sure: Client, bob: User) -> None:
    page = page_of(make_passkey(bob))
    assert sure.get(page).status_code == 404
    assert sure.post(page).status_code == 404
    assert Authenticator.objects.exists()
