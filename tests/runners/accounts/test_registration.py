"""Who may make an account: anybody, whoever is invited, or whoever has an address of a domain."""

from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from post_office.models import Email
from pytest_django import Settings

from runners.coaching.links import actions as links
from runners.models import Invitation, InvitationKind, User
from tests.factories import make_invitation
from tests.runners.accounts.newcomer import SIGN_UP

PAGE = "/accounts/signup/"
NEW = SIGN_UP["email"]
CLOSED = "Accounts here are by invitation"


@pytest.fixture
def by_invitation(settings: Settings) -> None:
    settings.SIGN_UP_IS_OPEN = False


@pytest.fixture
def by_domain(settings: Settings) -> None:
    settings.SIGN_UP_IS_OPEN = False
    settings.SIGN_UP_DOMAINS = ["club.example", "club.example.org"]


def sign_up(client: Client, email: str = NEW) -> Any:
    return client.post(PAGE, {**SIGN_UP, "email": email})


def is_made(email: str = NEW) -> bool:
    return User.objects.filter(email=email).exists()


def opened(invitation: Invitation) -> Client:
    """The browser of somebody who has opened it."""
    client = Client()
    client.get(f"/invitations/{invitation.token}/")
    return client


# By invitation


@pytest.mark.usefixtures("by_invitation", "db")
def test_who_is_not_invited_reads_so_on_every_way_in(client: Client) -> None:
    assert "Make an account" not in client.get("/").text
    assert "Make an account" not in client.get("/accounts/login/").text
    page = client.get(PAGE).text
    assert CLOSED in page
    assert "nobody@localhost" in page


@pytest.mark.usefixtures("by_invitation", "db")
def test_a_form_from_before_makes_no_account(client: Client) -> None:
    """The page was open since yesterday, when anybody could sign up."""
    assert CLOSED in sign_up(client).text
    assert not is_made()


@pytest.mark.usefixtures("by_invitation")
@pytest.mark.parametrize(
    "invited",
    [
        {"email": NEW},
        {"email": NEW.upper()},
        {"email": NEW, "kind": InvitationKind.COACH},
        {"email": ""},
        {"kind": InvitationKind.TEAM, "max_uses": 30},
    ],
    ids=["by mail", "in capitals", "to coach", "by a link", "with a team"],
)
def test_who_is_invited_makes_an_account(bob: User, invited: dict[str, Any]) -> None:
    client = opened(make_invitation(bob, **invited))

    assert "Make my account" in client.get(PAGE).text
    assert sign_up(client).status_code == 302

    assert is_made()


@pytest.mark.usefixtures("by_invitation")
def test_an_invitation_by_mail_is_for_its_address_alone(bob: User) -> None:
    client = opened(make_invitation(bob, email="other@example.org"))

    answer = sign_up(client)

    assert "Your invitation went to another address" in answer.text
    assert "other@example.org" not in answer.text
    assert not is_made()


@pytest.mark.usefixtures("by_invitation")
@pytest.mark.parametrize("ended", ["withdrawn", "expired", "used", "sender gone"])
def test_an_invitation_that_is_over_opens_nothing(
    bob: User, alice: User, ended: str, noon: time_machine.Traveller
) -> None:
    invitation = make_invitation(bob, email=NEW)
    client = opened(invitation)
    if ended == "withdrawn":
        links.withdraw_invitation(invitation, by=bob)
    elif ended == "expired":
        noon.shift(links.VALID)
    elif ended == "used":
        links.accept_invitation(invitation, by=alice)
    else:
        User.objects.filter(pk=bob.pk).update(is_active=False)

    assert CLOSED in client.get(PAGE).text
    assert CLOSED in sign_up(client).text
    assert not is_made()


@pytest.mark.usefixtures("by_invitation", "db")
def test_an_address_made_up_opens_nothing(client: Client) -> None:
    client.get(f"/invitations/{'x' * 43}/")
    assert CLOSED in client.get(PAGE).text


@pytest.mark.usefixtures("by_invitation", "mail_server")
def test_an_invited_coach_of_an_athlete_comes_as_far_as_the_question(alice: User) -> None:
    """All of the way: by mail, to the sign-up, through the confirmation, back to the athlete."""
    links.invite([NEW], kind=InvitationKind.COACH, by=alice)
    invitation = Invitation.objects.get()
    client = opened(invitation)
    sign_up(client)
    [mail] = Email.objects.filter(to=NEW)
    [link] = [word for word in mail.message.split() if "/confirm-email/" in word]

    confirmed = Client().get(link)

    assert confirmed.status_code == 200
    assert f"/invitations/{invitation.token}/" in link.replace("%2F", "/")


@pytest.mark.usefixtures("by_invitation", "mail_server")
def test_a_mail_about_no_account_offers_none(client: Client, db: None) -> None:
    client.post("/accounts/password/reset/", {"email": NEW})

    [mail] = Email.objects.all()
    assert "There is no account" in mail.message
    assert "make an account" not in mail.message


@pytest.mark.usefixtures("by_invitation", "db")
def test_a_host_makes_an_account_for_anybody(settings: Settings) -> None:
    settings.SITE_URL = "https://limber.example.org"
    call_command("create_account", NEW)
    assert is_made()


# By domain


@pytest.mark.usefixtures("by_domain", "db")
def test_the_domains_stand_on_the_landing_page_and_on_the_form(client: Client) -> None:
    for page in ("/", PAGE):
        assert "For addresses at club.example and club.example.org" in client.get(page).text


@pytest.mark.usefixtures("by_domain", "db")
@pytest.mark.parametrize("email", ["ana@club.example", "Ana@Club.Example.ORG"])
def test_an_address_of_the_domains_gets_an_account(client: Client, email: str) -> None:
    assert sign_up(client, email).status_code == 302
    assert is_made(email.lower())


@pytest.mark.usefixtures("by_domain", "db")
@pytest.mark.parametrize(
    "email",
    [
        "ana@example.org",
        "ana@evil.club.example",
        "ana@notclub.example",
        "ana@club.example.org.evil.org",
        '"ana@club.example"@evil.org',
    ],
)
def test_another_address_gets_a_sentence_and_no_account(client: Client, email: str) -> None:
    answer = sign_up(client, email)

    assert "club.example and club.example.org, and for whoever was invited" in answer.text
    assert "walk-before-you-run" not in answer.text
    assert not User.objects.exists()


@pytest.mark.usefixtures("by_domain")
def test_who_is_invited_comes_from_anywhere(bob: User) -> None:
    client = opened(make_invitation(bob, email=NEW))
    sign_up(client)
    assert is_made()


@pytest.mark.usefixtures("by_domain", "mail_server")
def test_who_has_an_account_already_is_no_more_seen_than_before(alice: User) -> None:
    """Of an address outside of the domains the form says the same, account or not."""
    assert sign_up(Client(), alice.email).text.count("whoever was invited") == (
        sign_up(Client(), "nobody@example.org").text.count("whoever was invited")
    )
    assert not Email.objects.exists()
