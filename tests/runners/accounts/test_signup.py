"""Making an account: the same for a new address and an old one, also ten times at once."""

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from post_office.models import Email
from pytest_django import Settings

from runners.management.commands.deliver_mail import send_due
from runners.models import Consent, Tries, User
from tests.mail_server import MailServer
from tests.races import at_once
from tests.runners.accounts.newcomer import SIGN_UP, sign_in

PAGE = "/accounts/signup/"


@pytest.fixture(params=["with mail", "without mail"])
def host(request: pytest.FixtureRequest, settings: Settings) -> str:
    """Both kinds of Limber."""
    if request.param == "with mail":
        request.getfixturevalue("mail_server")
    return str(request.param)


def sign_up(email: str, client: Client | None = None) -> Any:
    return (client or Client()).post(PAGE, {**SIGN_UP, "email": email})


def seen(email: str) -> list[tuple[int, str, str]]:
    """All that a stranger who signs up with it sees: of the answer, and of the pages after it."""
    client = Client()
    answers = [sign_up(email, client)]
    answers += [client.get(answers[0]["Location"]), client.get("/accounts/login/"), client.get("/")]
    return [(answer.status_code, answer.get("Location", ""), plain(answer)) for answer in answers]


def plain(answer: Any) -> str:
    """The text, without what differs each time: tokens and the address itself."""
    text = re.sub(r'(csrfmiddlewaretoken" value=|x-csrftoken": )"[^"]+"', "", answer.text)
    cookies = sorted((name, len(cookie.value)) for name, cookie in answer.cookies.items())
    return re.sub(r"(?i)(nadia|alice)@example\.org", "ADDRESS", text) + str(cookies)


def test_sign_up_says_the_same_for_a_new_address_and_an_old_one(host: str, alice: User) -> None:
    new = seen("nadia@example.org")

    assert seen(alice.email) == new
    Tries.objects.all().delete()  # to one address goes one mail in three minutes
    assert seen("ALICE@example.org") == new
    assert User.objects.count() == 2


def test_sign_up_hashes_one_password_for_a_new_address_and_an_old_one(
    host: str, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing takes nearly all the time of it: 0.5 s, and the rest some milliseconds."""
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    for email in ("new@example.org", alice.email):
        hashed.clear()
        sign_up(email)
        assert hashed == [SIGN_UP["password1"]]


def test_sign_up_writes_in_one_transaction_of_its_own_and_hashes_before_it(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a second with the database locked would be half a second in which nobody can save."""
    inside: list[bool] = []
    encode = hashers.MD5PasswordHasher.encode

    def noted(self: Any, password: str, salt: str) -> str:
        inside.append(connection.in_atomic_block)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", noted)

    sign_up("new@example.org")

    assert inside == [False]


def test_sign_up_costs_nearly_as_many_queries_for_an_old_address(host: str, alice: User) -> None:
    """The rows of the account alone are more: they take a millisecond of half a second."""
    costs = []
    for email in ("warm@example.org", "new@example.org", alice.email):
        with CaptureQueriesContext(connection) as queries:
            sign_up(email)
        costs.append(len(queries))

    _, new, old = costs
    assert 0 <= new - old <= 11


def test_with_mail_each_of_the_two_gets_a_mail_of_its_own(
    mail_server: type[MailServer], alice: User
) -> None:
    sign_up("new@example.org")
    sign_up(alice.email)

    send_due()

    said = {message.to[0]: (message.subject, str(message.body)) for message in mail.outbox}
    assert said["new@example.org"][0] == "Confirm your e-mail for Limber"
    assert "http://testserver/accounts/confirm-email/" in said["new@example.org"][1]
    assert said[alice.email][0] == "You have an account in Limber already"
    assert "http://testserver/accounts/password/reset/" in said[alice.email][1]


@pytest.mark.parametrize("away", [True, False])
def test_a_mail_server_that_is_away_changes_nothing_for_who_asks(
    mail_server: type[MailServer], alice: User, *, away: bool
) -> None:
    mail_server.away_after = 0 if away else None

    answers = [
        sign_up("new@example.org"),
        sign_up(alice.email),
        Client().post("/accounts/password/reset/", {"email": alice.email}),
        Client().post("/accounts/password/reset/", {"email": "nobody@example.org"}),
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/confirm-email/"),
        (302, "/accounts/confirm-email/"),
        (302, "/accounts/password/reset/done/"),
        (302, "/accounts/password/reset/done/"),
    ]
    assert mail_server.opened == 0
    assert Email.objects.count() == 4


def test_links_in_mails_about_accounts_come_from_site_url(
    mail_server: type[MailServer], alice: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://limber.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"host": "evil.example"})
    sign_up("new@example.org", client)
    sign_up(alice.email, client)
    for email in (alice.email, "nobody@example.org"):
        client.post("/accounts/password/reset/", {"email": email})

    send_due()

    assert len(mail.outbox) == 4
    for message in mail.outbox:
        links = re.findall(r"https?://\S+", str(message.body))
        assert links
        assert all(link.startswith("https://limber.example.org/") for link in links)
        assert "evil.example" not in str(message.message())


def test_subjects_about_accounts_say_nothing_that_a_person_wrote(
    mail_server: type[MailServer], alice: User
) -> None:
    User.objects.update(name="Buy pills")
    sign_up("new@example.org")
    sign_up(alice.email)
    Client().post("/accounts/password/reset/", {"email": alice.email})

    send_due()

    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert "pills" not in message.subject + str(message.body)
        assert "@" not in message.subject


def test_a_confirmed_account_can_sign_in(
    db: None, mail_server: type[MailServer], client: Client
) -> None:
    sign_up("new@example.org", client)
    send_due()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link is not None

    for _ in range(2):
        Client().post(link[1], {"password": SIGN_UP["password1"]})
    credentials = {"login": "new@example.org", "password": SIGN_UP["password1"]}
    signed_in = client.post("/accounts/login/", credentials)

    assert signed_in["Location"] == "/today/"
    assert EmailAddress.objects.get().verified


def test_after_sign_up_without_mail_the_sign_in_page_knows_the_address(
    client: Client, db: None
) -> None:
    page = client.get(sign_up("new@example.org", client)["Location"]).text

    assert 'value="new@example.org"' in page
    assert "Now sign in." in page


# At once


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_ten_equal_sign_ups_at_once_are_one_account_and_ten_polite_answers(host: str) -> None:
    clients = [Client() for _ in range(10)]

    answers = at_once(
        *[lambda client=client: sign_up("new@example.org", client) for client in clients]
    )

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/accounts/confirm-email/" if host == "with mail" else "/accounts/login/")
    }
    user = User.objects.get()
    assert Consent.objects.get().runner == user
    assert EmailAddress.objects.get().user == user
    assert user.check_password(SIGN_UP["password1"])
    if host == "with mail":
        assert "Confirm your e-mail" in Email.objects.order_by("pk")[0].subject


@pytest.mark.django_db
def test_sign_up_without_consent_keeps_nothing(client: Client) -> None:
    response = client.post("/accounts/signup/", {**SIGN_UP, "consent": ""})

    assert "Without this, Limber may not keep" in response.text
    assert not User.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_sign_up_stores_dated_consent_and_asks_the_first_questions(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)
    response = sign_in(client)

    assert response.redirect_chain[-1][0] == "/welcome/"
    assert Consent.objects.get().runner == User.objects.get(email="new@example.org")


@pytest.mark.django_db
def test_sign_up_box_is_not_ticked(client: Client) -> None:
    page = client.get("/accounts/signup/").text

    box = re.search(r"<input[^>]*name=\"consent\"[^>]*>", page)
    assert box is not None
    assert "checked" not in box[0]


def test_email_is_one_account_in_any_case(client: Client, alice: User) -> None:
    client.post("/accounts/signup/", {**SIGN_UP, "email": "ALICE@example.org"})

    assert User.objects.count() == 1
