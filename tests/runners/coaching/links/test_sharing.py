"""What an athlete shares with whom, and inviting a coach."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners.models import Invitation, InvitationKind, User
from tests.factories import TODAY, make_invitation, make_link, make_user
from tests.mail_server import MailServer
from tests.pages import folded
from tests.runners.coaching.links.sharing import PAGE, page_of
from tests.signing_in import give_password

INVITE = "/invitations/coach/add/"


def test_without_coaches_the_page_says_so_and_asks_for_one(as_alice: Client) -> None:
    page = as_alice.get(PAGE).text

    assert "No coach sees your log." in page
    assert "Invite a coach" in page
    assert 'href="/settings/seen-by/"' in page


def test_the_page_says_what_each_coach_sees(as_alice: Client, alice: User, bob: User) -> None:
    started = timezone.now() - dt.timedelta(days=30)
    link = make_link(bob, alice, "runs guidance", started_at=started, guidance_until=TODAY)
    make_link(make_user("Dora Dune"), alice, "")

    page = as_alice.get(PAGE).text

    assert "Sees: Runs, guidance and plan until 23 November 2026" in page
    assert "Since 24 October 2026" in page
    assert "Sees nothing at the moment" in page
    assert f'href="{page_of(link)}"' in page


def test_a_switch_whose_last_day_is_over_is_not_named(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice, "runs soreness", runs_until=TODAY - dt.timedelta(days=1))

    assert "Sees: Soreness </span>" in folded(as_alice.get(PAGE).text)


def test_former_coaches_and_other_peoples_links_are_not_listed(
    as_alice: Client, alice: User, bob: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(bob, mallory)
    make_link(alice, mallory)

    page = as_alice.get(PAGE).text

    assert [name for name in ("Carol", "Bob", "Mallory") if name in page] == []


@pytest.mark.parametrize("number", [1, 4])
def test_sharing_costs_the_same_with_many_coaches(
    as_alice: Client, alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in "BCDE"[:number]:
        coach = make_user(f"{name} Coach", email=f"{name}@example.org")
        make_link(coach, alice, invitation=make_invitation(coach, used=1))
        make_invitation(alice, InvitationKind.COACH, email=f"{name}x@example.org")

    with django_assert_num_queries(5):
        as_alice.get(PAGE)


# Inviting a coach


def invite(client: Client, **data: str) -> Any:
    return client.post(INVITE, {"email": "coach@example.org", "runs": "on", **data})


def test_a_coach_is_invited_with_switches_chosen_beforehand(as_alice: Client, alice: User) -> None:
    response = invite(give_password(as_alice), guidance="on", guidance_until="2026-12-24")

    assert response["Location"] == PAGE
    row = Invitation.objects.get()
    assert (row.kind, row.email, row.sender) == ("coach", "coach@example.org", alice)
    assert [row.runs, row.soreness, row.guidance, row.notes] == [True, False, True, False]
    assert row.guidance_until == dt.date(2026, 12, 24)
    to_coach = next(message for message in mail.outbox if message.to == [row.email])
    assert to_coach.subject == "A runner asks you to be their coach in Limber"
    assert f"http://testserver/invitations/{row.token}/" in str(to_coach.body)
    alice.refresh_from_db()
    assert not alice.is_coach


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": ""}, "Enter the e-mail address."),
        ({"email": "coach@"}, "This is not an e-mail address."),
        ({"email": "coach@example.org\nBcc: all@example.org"}, "This is not an e-mail address."),
        ({"email": "ALICE@example.org"}, "This is your own address."),
        ({"email": "a" * 300 + "@example.org"}, "This is too long for an e-mail address."),
        ({"runs_until": "2026-11-22"}, "This day is over."),
    ],
)
def test_a_wrong_invitation_says_why_and_is_not_made(
    as_alice: Client, data: dict[str, str], words: str
) -> None:
    response = invite(as_alice, **data)

    assert response.status_code == 422
    assert words in response.text
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_a_coach_with_an_open_invitation_is_not_asked_again(as_alice: Client) -> None:
    invite(give_password(as_alice))

    response = invite(as_alice, email="Coach@Example.org")

    assert response.status_code == 422
    assert "Your invitation to this address is still open." in response.text
    assert len([message for message in mail.outbox if message.to == ["coach@example.org"]]) == 1


def test_an_invitation_of_mine_is_listed_and_can_be_withdrawn(
    as_alice: Client, alice: User
) -> None:
    row = make_invitation(
        alice, InvitationKind.COACH, email="coach@example.org", runs=True, sent_at=timezone.now()
    )

    assert "Would see: Runs" in as_alice.get(PAGE).text
    response = as_alice.post(f"/invitations/{row.uid}/withdraw/")

    assert response["Location"] == PAGE
    assert "coach@example.org" not in as_alice.get(PAGE).text


def test_invitations_to_a_coach_are_not_on_the_coachs_side(as_alice: Client, alice: User) -> None:
    make_invitation(alice, InvitationKind.COACH, email="coach@example.org")

    assert "coach@example.org" not in as_alice.get("/invitations/").text


def test_another_persons_link_cannot_be_named_by_an_invented_uid(as_alice: Client) -> None:
    assert as_alice.post(f"/invitations/{uuid.uuid4()}/withdraw/").status_code == 404


def test_without_a_mail_server_the_link_to_hand_over_is_shown(
    as_alice: Client, alice: User, mail_server: type[MailServer], settings: Settings
) -> None:
    row = make_invitation(alice, InvitationKind.COACH, email="ben@example.org")
    link = f'value="http://testserver/invitations/{row.token}/"'
    assert link not in as_alice.get(PAGE).text

    settings.SENDS_MAIL = False

    assert link in as_alice.get(PAGE).text
    assert "This Limber sends no mail." in as_alice.get(PAGE).text
