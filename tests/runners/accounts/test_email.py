"""Changing the e-mail: the old one holds until the new one does, and nobody learns of others."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from post_office.models import Email
from pytest_django import Settings

from runners.accounts import actions, addresses
from runners.management.commands.deliver_mail import send_due
from runners.models import EmailChange, Tries, User
from runners.models.rows import PersonGone
from tests.factories import PASSWORD, make_user
from tests.mail_server import MailServer
from tests.races import at_once
from tests.runners.accounts.email_changes import (
    NEW,
    PAGE,
    can_sign_in,
    change,
    give_password,
    links,
)

# Without a mail server


@pytest.mark.slow
def test_without_mail_a_change_is_in_force_at_once(as_owner: Client, alice: User) -> None:
    response = change(as_owner, "New@Example.org")

    assert response["Location"] == "/settings/"
    assert NEW in as_owner.get("/settings/").text
    alice.refresh_from_db()
    assert alice.email == NEW
    assert list(EmailAddress.objects.values_list("email", "primary")) == [(NEW, True)]
    assert can_sign_in(NEW)
    assert not can_sign_in("alice@example.org")


def test_the_password_is_asked_and_what_was_sent_goes_on_after_it(
    client: Client, alice: User
) -> None:
    client.force_login(alice)

    asked = change(client)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"

    client.post(asked["Location"], {"password": PASSWORD})
    alice.refresh_from_db()
    assert alice.email == NEW


def test_the_password_is_asked_again_after_five_minutes(
    as_owner: Client, alice: User, noon: time_machine.Traveller
) -> None:
    give_password(as_owner)
    noon.shift(dt.timedelta(minutes=5, seconds=1))

    assert change(as_owner)["Location"].startswith("/accounts/reauthenticate/")


def test_without_mail_the_address_of_somebody_else_cannot_be_taken(
    as_owner: Client, alice: User, bob: User
) -> None:
    response = change(as_owner, "BOB@example.org")

    assert response.status_code == 422
    assert "There is an account with this e-mail already." in response.text
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert not EmailChange.objects.exists()


@pytest.mark.parametrize("email", ["", "no", "a@b", "ALICE@example.org", "a" * 250 + "@ex.org"])
def test_a_wrong_address_keeps_the_form_and_changes_nothing(
    as_owner: Client, alice: User, email: str
) -> None:
    response = change(as_owner, email)

    assert response.status_code == 422
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


# With one


def test_with_mail_the_old_address_holds_until_the_link_is_opened(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    response = change(as_owner)

    assert response["Location"] == PAGE
    page = as_owner.get(PAGE).text
    assert "You sign in with <b>alice@example.org</b>" in page
    assert f"<b>{NEW}</b> takes its place" in page
    assert can_sign_in("alice@example.org")
    assert not can_sign_in(NEW)
    Client().post("/accounts/signup/", stranger("alice@example.org"))
    assert User.objects.count() == 1


def stranger(email: str) -> dict[str, str]:
    return {"email": email, "password1": "a-strangers-password", "consent": "on"}


def test_the_mail_of_an_earlier_change_is_not_sent_after_a_later_one(
    as_owner: Client, mail_server: type[MailServer]
) -> None:
    change(as_owner, "first@example.org")
    change(as_owner, "second@example.org")

    send_due()

    assert [message.to[0] for message in mail.outbox] == ["second@example.org"]


def test_an_address_asked_for_gives_nobody_a_way_in(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    """Neither does a reset reach the account through it, nor is its owner kept from signing up."""
    change(as_owner)
    Client().post("/accounts/password/reset/", {"email": NEW})
    Client().post("/accounts/signup/", stranger(NEW))

    send_due()

    to_new = [message.subject for message in mail.outbox if message.to == [NEW]]
    assert to_new == [
        "Confirm your new e-mail for Limber",
        "No account in Limber with this address",
        "Confirm your e-mail for Limber",
    ]
    assert User.objects.filter(email=NEW).exists()


def test_with_mail_an_address_of_somebody_else_is_answered_as_any_other(
    as_owner: Client, alice: User, bob: User, mail_server: type[MailServer]
) -> None:
    def seen(email: str) -> list[tuple[int, str, str]]:
        answers = [change(as_owner, email), as_owner.get(PAGE)]
        texts = [re.sub(r'(csrf\w+" value=|csrftoken": )"[^"]+"', "", a.text) for a in answers]
        return [
            (answer.status_code, answer.get("Location", ""), text.replace(email, "ADDRESS"))
            for answer, text in zip(answers, texts, strict=True)
        ]

    assert seen(bob.email) == seen(NEW)

    seen(bob.email)
    assert len(links()) == 0  # the mail to Bob has none that would change anything
    assert mail.outbox[-1].to == [bob.email]
    assert "another account" in str(mail.outbox[-1].body)


def test_a_change_asked_for_goes_with_the_account(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    change(as_owner)
    [link] = links()
    change(as_owner, "other@example.org")

    actions.delete_account(by=alice)

    assert not EmailChange.objects.exists()
    assert not Email.objects.exists()
    assert as_owner.post(link)["Location"].startswith("/accounts/login/")


def test_asking_is_limited(as_owner: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "change_email": "2/h/user"}

    statuses = [change(as_owner, f"{number}@example.org").status_code for number in range(3)]

    assert statuses == [302, 302, 429]


def test_links_come_from_site_url(
    as_owner: Client, mail_server: type[MailServer], settings: Settings
) -> None:
    settings.SITE_URL = "https://limber.example.org"
    settings.ALLOWED_HOSTS = ["*"]

    change(as_owner, headers={"host": "evil.example"})

    body = Email.objects.get().message
    assert "https://limber.example.org/accounts/email/" in body
    assert "evil.example" not in body


# At once


ROUNDS = 5


def tries(email: str, user: User) -> Callable[[], str]:
    def run() -> str:
        try:
            addresses.change_address(email, by=User.objects.get(pk=user.pk))
        except addresses.Taken:
            return "taken"
        except (PersonGone, User.DoesNotExist):
            return "gone"
        return "asked"

    return run


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_two_tabs_at_once_are_one_change_after_the_other() -> None:
    alice = make_user()
    for number in range(ROUNDS):
        wanted = [f"{letter}{number}@example.org" for letter in "ab"]

        assert at_once(*[tries(email, alice) for email in wanted]) == ["asked", "asked"]

        alice.refresh_from_db()
        assert alice.email in wanted
        assert EmailAddress.objects.get().email == alice.email


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_two_people_at_once_do_not_get_the_same_address() -> None:
    alice, bob = make_user("Alice Ash"), make_user("Bob Birch")
    for number in range(ROUNDS):
        email = f"{number}@example.org"

        got = at_once(tries(email, alice), tries(email, bob))

        assert sorted(got) == ["asked", "taken"]
        assert User.objects.filter(email=email).count() == 1
    assert not User.objects.filter(email="").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_a_sign_up_at_once_with_a_change_to_the_same_address() -> None:
    alice = make_user()
    for number in range(ROUNDS):
        email = f"{number}@example.org"

        signed_up, _ = at_once(
            lambda: str(Client().post("/accounts/signup/", stranger(email)).status_code),  # noqa: B023
            tries(email, alice),
        )

        assert signed_up == "302"
        assert User.objects.filter(email=email).count() == 1
        Tries.objects.all().delete()


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_a_change_while_the_account_is_deleted_brings_nothing_back(
    mail_server: type[MailServer],
) -> None:
    for number in range(ROUNDS):
        user = make_user("Eve Elm", email=f"eve{number}@example.org")

        def delete(user: User = user) -> str:
            actions.delete_account(by=User.objects.get(pk=user.pk))
            return "deleted"

        got = at_once(tries(f"new{number}@example.org", user), delete)

        assert got[1] == "deleted"
        assert not User.objects.exists()
        assert not EmailChange.objects.exists()
        assert not Email.objects.exists()
