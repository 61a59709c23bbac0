"""Setting up an app for the second step."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from post_office.models import Email
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from runners.models import SecurityEvent, User
from tests.runners.accounts.second_step.app import SET_UP, code_of, half_way, secret_on


def test_the_password_is_asked_first(as_alice: Client) -> None:
    assert as_alice.get(SET_UP)["Location"].startswith("/accounts/reauthenticate/")


def test_it_is_on_once_a_code_of_the_app_was_right(
    sure: Client,
    alice: User,
    mail_server: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    secret = secret_on(sure.get(SET_UP).text)

    with django_capture_on_commit_callbacks(execute=True):
        answer = sure.post(SET_UP, {"code": code_of(secret)})

    assert answer["Location"] == "/accounts/second-step/codes/"
    assert "Write them down" in sure.get(answer["Location"]).text
    half_way(alice)
    [mail] = Email.objects.all()
    assert mail.to == [alice.email]
    assert "asks for the code of an app" in mail.message
    assert "factor_changed" in SecurityEvent.objects.of(alice).values_list("kind", flat=True)
    assert "An app’s code" in sure.get("/settings/security/").text


def test_a_wrong_code_turns_nothing_on_and_keeps_the_key(sure: Client) -> None:
    secret = secret_on(sure.get(SET_UP).text)
    answer = sure.post(SET_UP, {"code": code_of(secret, steps=9)})
    assert "That is not right" in answer.text
    assert secret_on(answer.text) == secret
    assert not Authenticator.objects.exists()


def test_the_key_of_an_old_page_is_none_any_more(sure: Client) -> None:
    """Two windows: the newer page has the key that counts."""
    old = secret_on(sure.get(SET_UP).text)
    new = secret_on(sure.get(SET_UP).text)
    sure.post(SET_UP, {"code": code_of(old)})
    assert not Authenticator.objects.exists()
    sure.post(SET_UP, {"code": code_of(new)})
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_sent_again_it_leads_on(sure: Client) -> None:
    secret = secret_on(sure.get(SET_UP).text)
    sure.post(SET_UP, {"code": code_of(secret)})
    again = sure.post(SET_UP, {"code": code_of(secret)})
    assert again.status_code == 302
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_an_address_that_nobody_has_shown_gets_none(
    sure: Client, address: EmailAddress, settings: Settings
) -> None:
    """Else whoever signed up with an address of somebody else could shut its owner out."""
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    EmailAddress.objects.update(verified=False)
    answer = sure.get(SET_UP, follow=True)
    assert "Confirm your e-mail first" in answer.text
