"""The link that puts a new e-mail in force: for whom, how long, and only once."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.test import Client
from post_office.models import Email
from pytest_django import Settings

from runners.accounts import addresses
from runners.management.commands.deliver_mail import send_due
from runners.models import EmailChange, User
from tests.factories import make_user
from tests.mail_server import MailServer
from tests.races import at_once, signed_in
from tests.runners.accounts.email_changes import NEW, can_sign_in, change, give_password, links

ROUNDS = 5


def test_with_mail_the_link_puts_it_in_force_and_the_old_address_is_told(
    as_owner: Client, alice: User, mail_server: type[MailServer], settings: Settings
) -> None:
    settings.HOST_CONTACT = "host@limber.example"
    change(as_owner)
    [link] = links()
    assert mail.outbox.pop().to == [NEW]

    asked = as_owner.get(link)
    assert f"<b>{NEW}</b>" in asked.text
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"  # a mail program that looks changes nothing

    assert as_owner.post(link)["Location"] == "/settings/"
    alice.refresh_from_db()
    assert alice.email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (NEW, True, True)
    ]
    assert can_sign_in(NEW)
    assert not can_sign_in("alice@example.org")
    send_due()
    [told] = mail.outbox
    assert told.to == ["alice@example.org"]
    assert "host@limber.example" in str(told.body)
    assert NEW not in str(told.body)


def test_a_link_opened_twice_is_no_error(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    change(as_owner)
    [link] = links()

    assert as_owner.post(link)["Location"] == as_owner.post(link)["Location"] == "/settings/"

    send_due()
    assert [message.to[0] for message in mail.outbox] == [NEW, "alice@example.org"]


def test_the_link_of_an_earlier_change_leads_nowhere_after_a_later_one(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    change(as_owner, "first@example.org")
    [first] = links()
    change(as_owner, "second@example.org")
    _, second = links()

    assert as_owner.post(first).status_code == 404
    as_owner.post(second)
    page = as_owner.post(first)

    assert page.status_code == 404
    assert "You sign in with <b>second@example.org</b>" in page.text
    alice.refresh_from_db()
    assert alice.email == "second@example.org"


def test_a_link_works_for_three_days(
    as_owner: Client, alice: User, mail_server: type[MailServer], noon: time_machine.Traveller
) -> None:
    give_password(as_owner)
    change(as_owner)
    [link] = links()

    noon.shift(dt.timedelta(days=3) - dt.timedelta(seconds=1))
    assert as_owner.get(link).status_code == 200
    noon.shift(dt.timedelta(seconds=2))
    assert as_owner.get(link).status_code == 404
    assert as_owner.post(link).status_code == 404
    call_command("tidy_up")
    assert not EmailChange.objects.exists()


def test_a_link_opens_only_for_the_account_that_asked(
    as_owner: Client, alice: User, mallory: User, mail_server: type[MailServer]
) -> None:
    """Whoever reads the mail of a mistyped address gets no further than the sign-in."""
    change(as_owner)
    [link] = links()

    assert Client().post(link)["Location"].startswith("/accounts/login/")
    assert signed_in(mallory).post(link).status_code == 404

    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_an_address_that_was_taken_meanwhile_is_not_taken_over(
    as_owner: Client, alice: User, mail_server: type[MailServer]
) -> None:
    change(as_owner)
    [link] = links()
    make_user("New Comer", email=NEW)

    assert as_owner.post(link).status_code == 404

    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


@pytest.mark.slow
@pytest.mark.usefixtures("_on_disk")
def test_a_link_opened_twice_at_once_is_one_change(mail_server: type[MailServer]) -> None:
    alice = make_user()
    for number in range(ROUNDS):
        asked = addresses.change_address(f"{number}@example.org", by=alice)

        def confirm(token: str = asked.token) -> str:
            by = User.objects.get(pk=alice.pk)
            return addresses.confirm_address(token, by=by).email

        assert at_once(confirm, confirm) == [f"{number}@example.org"] * 2

        told = Email.objects.filter(subject="Your e-mail in Limber was changed")
        assert told.count() == number + 1
