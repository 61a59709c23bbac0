"""Confirming an address takes the account's password, or a new one: a click alone is not enough."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client
from pytest_django import Settings

from runners.models import User
from tests.factories import PASSWORD, make_user
from tests.mail_server import MailServer, delivered
from tests.races import signed_in

VICTIM = "victim@example.org"
OF_ATTACKER, OF_VICTIM = "the-attackers-own-1", "another-long-one-42"


@pytest.fixture(autouse=True)
def _with_mail(db: None, mail_server: type[MailServer]) -> None:
    """A mail has to arrive before an address is confirmed."""


@pytest.fixture
def attacker() -> Client:
    """Who has signed up with somebody else's address, and waits."""
    browser = Client()
    sent = {"email": VICTIM, "password1": OF_ATTACKER, "consent": "on"}
    browser.post("/accounts/signup/", sent)
    return browser


def mailed_link() -> str:
    link = re.search(r"http://testserver(/accounts/\S+)", str(delivered()[-1].body))
    assert link is not None
    return link[1]


def is_confirmed(email: str = VICTIM) -> bool:
    return bool(EmailAddress.objects.filter(email=email, verified=True).exists())


def sign_in(browser: Client, password: str) -> bool:
    browser.post("/accounts/login/", {"login": VICTIM, "password": password})
    return "_auth_user_id" in browser.session


def choose_new_password(browser: Client) -> None:
    page = browser.get(mailed_link(), follow=True)
    sent = {"password1": OF_VICTIM, "password2": OF_VICTIM}
    browser.post(page.redirect_chain[-1][0], sent)


@pytest.mark.usefixtures("attacker")
@pytest.mark.parametrize("sent", [{}, {"password": ""}, {"password": "a-guess-of-the-victim"}])
def test_a_click_alone_confirms_nothing(client: Client, sent: dict[str, str]) -> None:
    asked = client.get(mailed_link())

    answer = client.post(mailed_link(), sent)

    assert 'name="password"' in asked.text
    assert answer.status_code == 422
    assert not is_confirmed()
    assert "_auth_user_id" not in client.session


def test_who_signed_up_with_it_waits_in_vain(attacker: Client, client: Client) -> None:
    client.post(mailed_link())

    assert not sign_in(attacker, OF_ATTACKER)


@pytest.mark.slow
@pytest.mark.usefixtures("attacker")
def test_the_password_of_the_account_confirms_and_signs_in(client: Client) -> None:
    answer = client.post(mailed_link(), {"password": OF_ATTACKER})

    assert answer["Location"] == "/today/"
    assert is_confirmed()
    assert client.get("/welcome/").status_code == 200


@pytest.mark.slow
def test_a_new_password_confirms_and_ends_the_one_of_who_signed_up(
    attacker: Client, client: Client
) -> None:
    asked = client.get(mailed_link()).text
    assert f'name="email" value="{VICTIM}"' in asked
    client.post("/accounts/password/reset/", {"email": VICTIM})
    choose_new_password(client)

    assert is_confirmed()
    assert not sign_in(attacker, OF_ATTACKER)
    assert sign_in(client, OF_VICTIM)


def test_signed_in_to_the_account_one_button_is_enough(alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    new = EmailAddress.objects.create(user=alice, email="new@example.org")
    browser = signed_in(alice)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(new).key}/"

    assert 'name="password"' not in browser.get(link).text
    browser.post(link)

    assert is_confirmed("new@example.org")


@pytest.mark.slow
def test_signed_in_to_another_account_it_takes_the_password_too(bob: User) -> None:
    new = EmailAddress.objects.create(user=make_user("Alice Ash"), email="new@example.org")
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(new).key}/"

    browser = signed_in(bob)

    assert 'name="password"' in browser.get(link).text
    assert browser.post(link).status_code == 422
    assert browser.get("/settings/").status_code == 200  # and nobody is signed out by a click
    assert not is_confirmed("new@example.org")
    browser.post(link, {"password": PASSWORD})
    assert is_confirmed("new@example.org")
    assert "Alice Ash" in browser.get("/settings/").text


def test_guesses_are_limited_as_at_the_sign_in(
    alice: User, client: Client, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
    address = EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"

    answers = [client.post(link, {"password": f"guess-{n}-of-many"}) for n in range(3)]

    assert "Too many failed login attempts" in answers[-1].text
    assert client.post(link, {"password": PASSWORD}).status_code == 422
    assert not is_confirmed(alice.email)


def test_sent_again_the_link_is_used_up(alice: User, client: Client) -> None:
    address = EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"

    first, second = (client.post(link, {"password": PASSWORD}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 404)
    assert "This link no longer works" in second.text


# An address that an account only wants to change to


WRONG = "stranger@example.org"


def typed_wrong(user: User) -> None:
    """Alice wants to change to an address that is somebody else's."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=WRONG)


def test_no_link_for_a_new_password_goes_to_it(alice: User, client: Client) -> None:
    """Else its owner would choose a password for her account."""
    typed_wrong(alice)

    client.post("/accounts/password/reset/", {"email": WRONG})

    assert [message for message in delivered() if "/password/reset/key/" in message.body] == []


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.org"])
def test_a_link_for_a_new_password_goes_to_the_accounts_own(
    alice: User, client: Client, email: str
) -> None:
    typed_wrong(alice)

    client.post("/accounts/password/reset/", {"email": email})

    assert "/password/reset/key/" in delivered()[0].body


def test_a_new_password_forgets_it(alice: User, client: Client) -> None:
    typed_wrong(alice)
    client.post("/accounts/password/reset/", {"email": alice.email})

    choose_new_password(client)

    rows: Any = EmailAddress.objects.values_list("email", "verified")
    assert list(rows) == [(alice.email, True)]


def test_without_a_mail_server_a_new_password_confirms_no_address(
    alice: User, client: Client, settings: Settings
) -> None:
    """The link was printed where the host reads it."""
    settings.SENDS_MAIL = False
    client.post("/accounts/password/reset/", {"email": alice.email})

    choose_new_password(client)

    assert not is_confirmed(alice.email)
