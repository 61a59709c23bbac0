"""Who may coach, where the host approves it: asking, yes, no, and what each means."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from post_office.models import Email
from pytest_django import Settings

from runners import access
from runners.coaching.approval import actions
from runners.coaching.links.actions import NotApproved, accept_invitation
from runners.coaching.links.invitation_mail import send_waiting
from runners.models import (
    CoachApproval,
    CoachLink,
    Invitation,
    InvitationKind,
    SecurityEvent,
    SecurityEventKind,
    User,
)
from tests.factories import make_invitation, make_link, make_user
from tests.races import at_once, sqlite_in
from tests.runners.coaching.links.inviting import accept, page_of

ASK = "/invitations/ask/"
PAGE = "/invitations/"
HOST = "host@example.org"


@pytest.fixture(autouse=True)
def _approved(settings: Settings) -> None:
    settings.COACHES_ARE_APPROVED = True
    settings.HOST_NAME, settings.HOST_CONTACT = "Riverside RC", HOST


@pytest.fixture
def as_bob(noon: time_machine.Traveller, mail_server: object, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def to(address: str) -> list[Any]:
    return list(Email.objects.filter(to=address).order_by("pk"))


def invite(client: Client, email: str = "carol@example.org") -> Any:
    return client.post("/invitations/athletes/add/", {"addresses": email})


def events(person: User) -> list[str]:
    return list(SecurityEvent.objects.of(person).values_list("kind", flat=True))


# Asking


def test_who_may_not_coach_is_told_who_decides_and_can_ask(as_bob: Client, bob: User) -> None:
    page = as_bob.get(PAGE).text
    assert "Here Riverside RC decides who coaches" in page
    assert "Send invitations" not in page

    as_bob.post(ASK)

    page = as_bob.get(PAGE).text
    assert "You asked on 23 November 2026" in page
    assert "Ask to coach" not in page
    [mail] = to(HOST)
    assert f"approve_coach {bob.email}" in mail.message


def test_asked_twice_the_host_is_told_once(as_bob: Client, bob: User) -> None:
    """Sent again, as the answer did not arrive; and once more from an old page after the yes."""
    as_bob.post(ASK)
    as_bob.post(ASK)
    assert len(to(HOST)) == 1

    actions.approve(bob)
    as_bob.post(ASK)
    assert len(to(HOST)) == 1
    assert access.may_coach(bob)


def test_where_anyone_may_coach_nobody_is_asked(
    as_bob: Client, bob: User, settings: Settings
) -> None:
    settings.COACHES_ARE_APPROVED = False
    assert "Send invitations" in as_bob.get(PAGE).text
    as_bob.post(ASK)
    assert not CoachApproval.objects.exists()
    assert not to(HOST)


def test_a_host_who_is_reached_otherwise_reads_it_elsewhere(
    as_bob: Client, settings: Settings
) -> None:
    settings.HOST_CONTACT = "https://riverside.example.org/contact"
    as_bob.post(ASK)
    assert CoachApproval.objects.exists()
    assert not Email.objects.exists()


# What nobody can do meanwhile


def test_a_form_from_before_invites_nobody(as_bob: Client) -> None:
    answer = invite(as_bob)
    assert answer.status_code == 403
    assert "Ask to coach" in answer.text
    link = {"uid": "7d0b4c9e-4fd2-4c50-8f4a-2c1d6a6dfb1e"}
    assert as_bob.post("/invitations/link/add/", link).status_code == 403
    assert not Invitation.objects.exists()


def test_an_invitation_from_before_the_rule_leads_nowhere(
    as_alice: Client, alice: User, bob: User
) -> None:
    invitation = make_invitation(bob)

    assert as_alice.get(page_of(invitation)).status_code == 404
    assert accept(as_alice, invitation).status_code == 404
    with pytest.raises(NotApproved):
        accept_invitation(invitation, by=alice)
    assert not CoachLink.objects.exists()


def test_one_that_waits_is_not_sent(bob: User, mail_server: object) -> None:
    make_invitation(bob, email="carol@example.org")
    assert send_waiting(bob) == 0
    actions.approve(bob)
    assert send_waiting(bob) == 1


def test_an_athlete_still_invites_a_coach(alice: User, mail_server: object) -> None:
    make_invitation(alice, InvitationKind.COACH, email="carol@example.org")
    assert send_waiting(alice) == 1


@pytest.mark.django_db
def test_an_invited_coach_asks_first_and_accepts_after_the_yes(
    alice: User, bob: User, client: Client
) -> None:
    """Without a mail server the invitation is for whoever holds it."""
    invitation = make_invitation(alice, InvitationKind.COACH, email=bob.email)
    client.force_login(bob)
    page = client.get(page_of(invitation)).text
    assert "Ask to coach" in page
    assert ">Accept<" not in page
    assert client.post(f"{page_of(invitation)}accept/").status_code == 302
    assert not CoachLink.objects.exists()

    client.post(ASK)
    actions.approve(bob)

    assert ">Accept<" in client.get(page_of(invitation)).text
    client.post(f"{page_of(invitation)}accept/")
    assert CoachLink.objects.get().coach == bob


# Yes


def test_after_the_yes_the_coach_is_told_and_invites(as_bob: Client, bob: User) -> None:
    call_command("approve_coach", bob.email.upper())

    [mail] = to(bob.email)
    assert "Riverside RC says yes" in mail.message
    assert "Send invitations" in as_bob.get(PAGE).text
    invite(as_bob)
    assert Invitation.objects.get().sender == bob
    assert events(bob) == [SecurityEventKind.COACH_APPROVED]


def test_a_yes_twice_is_one(bob: User, mail_server: object) -> None:
    actions.approve(bob)
    actions.approve(bob)
    assert len(to(bob.email)) == 1
    assert events(bob) == [SecurityEventKind.COACH_APPROVED]


@pytest.mark.django_db
def test_nobody_of_that_address(db: None) -> None:
    with pytest.raises(CommandError, match=r"Nobody here has the address zoe@example\.org"):
        call_command("approve_coach", "zoe@example.org")


# No


def test_a_no_ends_all_that_the_coach_sees_and_tells_everybody(
    as_bob: Client, alice: User, bob: User
) -> None:
    actions.approve(bob)
    make_link(bob, alice)
    own_coach = make_link(make_user("Dora Dune"), bob)
    invitation = make_invitation(bob)
    to_a_coach = make_invitation(bob, InvitationKind.COACH, email="dan@example.org")

    call_command("approve_coach", bob.email, "--no")

    assert as_bob.get(f"/athletes/{alice.pk}/").status_code == 404
    assert not access.links_of_coach(bob).exists()
    invitation.refresh_from_db()
    assert invitation.withdrawn_at
    # As a runner nothing changes.
    own_coach.refresh_from_db()
    to_a_coach.refresh_from_db()
    assert own_coach.is_open
    assert to_a_coach.is_open
    assert "does not let you coach" in to(bob.email)[-1].message
    [told] = to(alice.email)
    assert "Bob Birch coaches in Limber no longer" in told.message
    assert events(bob)[-1] == SecurityEventKind.COACH_REFUSED


def test_a_no_twice_tells_once(bob: User, mail_server: object) -> None:
    actions.approve(bob)
    actions.refuse(bob)
    actions.refuse(bob)
    assert len(to(bob.email)) == 2
    assert len(events(bob)) == 2


def test_who_coached_before_the_rule_goes_on_until_a_no(
    as_bob: Client, alice: User, bob: User, mail_server: object
) -> None:
    make_link(bob, alice)
    assert as_bob.get(f"/athletes/{alice.pk}/").status_code == 200

    actions.refuse(bob)

    assert as_bob.get(f"/athletes/{alice.pk}/").status_code == 404


def test_after_a_no_one_can_ask_again(as_bob: Client, bob: User) -> None:
    as_bob.post(ASK)
    actions.refuse(bob)
    as_bob.post(ASK)
    assert len(to(HOST)) == 2


@pytest.mark.slow
@pytest.mark.database
def test_a_no_beside_an_acceptance_leaves_no_open_link(
    transactional_db: None, alice: User, bob: User, tmp_path: Path
) -> None:
    with sqlite_in(tmp_path):
        actions.approve(bob)
        invitation = make_invitation(bob)

        def accepts() -> None:
            with suppress(NotApproved, access.NoLongerOpen):
                accept_invitation(invitation, {}, by=alice)

        at_once(accepts, lambda: actions.refuse(bob))

        assert not access.links_of_coach(bob).exists()


@pytest.mark.slow
@pytest.mark.database
def test_asked_twice_at_once_the_host_is_told_once(
    transactional_db: None, mail_server: object, bob: User, tmp_path: Path
) -> None:
    with sqlite_in(tmp_path):
        at_once(*[lambda: actions.ask(by=bob)] * 2)
        assert len(to(HOST)) == 1
