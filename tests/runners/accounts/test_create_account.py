"""`manage.py create_account`: how a host comes into a Limber where nobody has an account yet."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from runners.models import Consent, User
from tests.mail_server import MailServer
from tests.races import at_once
from tests.runners.accounts.newcomer import SIGN_UP, WELCOME, sign_in

EMAIL, PASSWORD = SIGN_UP["email"], SIGN_UP["password1"]


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = "https://limber.example.org"


def create_account(email: str = EMAIL) -> str:
    """The path of the link that was printed."""
    out = StringIO()
    call_command("create_account", email, stdout=out)
    link = re.fullmatch(
        rf"The password of {email.lower()} is chosen here, once, within 3 days, by whoever opens it"
        r" first:\nhttps://limber\.example\.org(/\S+)\n",
        out.getvalue(),
    )
    assert link is not None, out.getvalue()
    return link[1]


def choose_password(link: str, password: str = PASSWORD) -> bool:
    """In a browser that has never been here. Whether the link let it."""
    browser = Client()
    page = browser.get(link, follow=True)
    if "This link no longer works" in page.text:
        return False
    browser.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    return True


@pytest.fixture(params=["with mail", "without mail"])
def _host(request: pytest.FixtureRequest) -> None:
    """Both kinds of Limber."""
    if request.param == "with mail":
        request.getfixturevalue("mail_server")


@pytest.mark.usefixtures("db", "_host")
def test_the_link_chooses_the_password_that_signs_in(client: Client) -> None:
    assert choose_password(create_account())

    page = sign_in(client)

    assert page.redirect_chain[-1][0] == "/welcome/"
    assert page.wsgi_request.user.email == EMAIL


def test_until_then_nobody_signs_in(db: None) -> None:
    create_account()

    person = User.objects.get()
    assert not person.has_usable_password()
    assert not Client().login(email=EMAIL, password="")


def test_a_link_works_once_and_no_later_one_outlives_it(db: None) -> None:
    first, second = create_account(), create_account()

    assert choose_password(second)

    assert not choose_password(second, "another-long-one-42")
    assert not choose_password(first, "another-long-one-42")
    assert Client().login(email=EMAIL, password=PASSWORD)


def test_a_password_that_is_too_easy_is_not_taken(db: None) -> None:
    link = create_account()

    choose_password(link, "1234567890")

    assert not User.objects.get().has_usable_password()
    assert choose_password(link)


def test_with_mail_the_link_confirms_the_address(mail_server: type[MailServer], db: None) -> None:
    link = create_account()
    assert not EmailAddress.objects.get().verified

    choose_password(link)

    assert EmailAddress.objects.get().verified


def test_who_has_come_in_is_left_alone(alice: User) -> None:
    with pytest.raises(CommandError, match=r"account already.*example\.org/accounts/password/res"):
        call_command("create_account", alice.email.upper())

    assert User.objects.get().password == alice.password


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "a b@example.org", "ana@example.org, b@x.org"]
)
def test_what_is_no_address_makes_nothing(db: None, email: str) -> None:
    with pytest.raises(CommandError, match="is no mail address"):
        call_command("create_account", email)
    assert not User.objects.exists()


def test_without_its_own_address_limber_makes_nothing(db: None, settings: Settings) -> None:
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        call_command("create_account", EMAIL)
    assert not User.objects.exists()


def test_consent_is_the_owners_and_asked_first(client: Client, db: None) -> None:
    choose_password(create_account())
    page = sign_in(client)
    assert "I agree that Limber keeps" in page.text

    refused = client.post("/welcome/", WELCOME)

    assert refused.status_code == 422
    assert "Without this, Limber may not keep what you log." in refused.text
    assert 'value="Nia"' in refused.text
    assert not Consent.objects.exists()

    client.post("/welcome/", {**WELCOME, "consent": "on"})

    assert Consent.objects.in_force().get().runner.name == "Nia"


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_twice_at_once_is_one_account_with_two_links() -> None:
    for _round in range(6):
        User.objects.all().delete()
        links = at_once(create_account, create_account)
        assert User.objects.count() == 1
        assert choose_password(links[0])
