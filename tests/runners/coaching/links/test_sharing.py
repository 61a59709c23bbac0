"""What an athlete shares with whom: seen, changed, ended, and a coach invited."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners import access, standing
from runners.accounts.actions import delete_account
from runners.coaching.links import actions, confirming
from runners.coaching.links.widening import Switched
from runners.mail import outbox
from runners.models import (
    CoachLink,
    Invitation,
    InvitationKind,
    SharedStanding,
    SharingChange,
    User,
)
from runners.models.coaching import SWITCHES
from tests.factories import TODAY, make_invitation, make_link, make_user
from tests.mail_server import MailServer
from tests.pages import carried, folded
from tests.signing_in import give_password

PAGE = "/settings/sharing/"
INVITE = "/invitations/coach/add/"
ALL_ON = {"runs": "on", "soreness": "on", "guidance": "on", "notes": "on"}


def page_of(link: CoachLink) -> str:
    return f"{PAGE}{link.pk}/"


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


# Changing


def test_the_form_shows_what_is_shared(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs notes", notes_until=dt.date(2026, 12, 24))

    page = as_alice.get(page_of(link)).text

    assert page.count(" checked>") == 2
    assert 'value="2026-12-24"' in page
    assert "What Bob Birch sees" in page


def test_a_switch_that_ran_out_is_off_in_the_form(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs", runs_until=TODAY - dt.timedelta(days=1))

    page = as_alice.get(page_of(link)).text

    assert " checked>" not in page
    assert 'value="2026-11-22"' not in page


def test_changed_switches_hold(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)

    chosen = {"soreness": "on", "soreness_until": "2026-11-23", "runs_until": "2020-01-01"}
    response = as_alice.post(page_of(link), {**chosen, **carried(as_alice, page_of(link))})

    assert response["Location"] == PAGE
    link.refresh_from_db()
    assert [link.runs, link.soreness, link.guidance, link.notes] == [False, True, False, False]
    assert (link.soreness_until, link.runs_until) == (TODAY, None)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-11-22", "This day is over. Choose today or a later one."),
        ("2026-02-30", "Enter a day that is in the calendar."),
        ("<script>", "Enter a day that is in the calendar."),
    ],
)
def test_a_wrong_last_day_says_why_and_changes_nothing(
    as_alice: Client, alice: User, bob: User, until: str, words: str
) -> None:
    link = make_link(bob, alice, "runs")

    response = as_alice.post(page_of(link), {**ALL_ON, "guidance_until": until})

    assert response.status_code == 422
    assert words in response.text
    assert "<script>" not in response.text
    link.refresh_from_db()
    assert [link.runs, link.soreness, link.guidance, link.notes] == [True, False, False, False]


def test_today_is_the_athletes_own(
    as_alice: Client, alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    link = make_link(bob, alice)
    noon.move_to(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC))  # the 24th in Vienna

    response = as_alice.post(page_of(link), {"runs": "on", "runs_until": "2026-11-23"})

    assert response.status_code == 422


@pytest.mark.parametrize("address", ["", "end/"])
def test_only_the_athletes_own_open_links_can_be_touched(
    as_alice: Client, alice: User, bob: User, carol: User, mallory: User, address: str
) -> None:
    links = [
        make_link(bob, mallory),
        make_link(alice, mallory),
        make_link(carol, alice, ended_at=timezone.now()),
    ]
    before = list(CoachLink.objects.order_by("pk").values())

    for link in links:
        assert as_alice.post(f"{page_of(link)}{address}", ALL_ON).status_code == 404
        assert address or as_alice.get(page_of(link)).status_code == 404

    assert list(CoachLink.objects.order_by("pk").values()) == before


# The record of what was shared


OFF = [False, None]
ON = [True, None]


def told(alice: User) -> list[tuple[str, dict[str, Any]]]:
    """Who changed what is seen, oldest first, and what was seen then."""
    rows = SharingChange.objects.of(alice).order_by("pk")
    return [(row.by.first_name, row.after) for row in rows]


def test_each_change_of_a_switch_leaves_one_row(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs soreness")
    as_sent = {"soreness": "on", "soreness_until": "2026-12-03"}
    as_sent |= carried(as_alice, page_of(link))

    as_alice.post(page_of(link), as_sent)
    as_alice.post(page_of(link), as_sent)

    [row] = SharingChange.objects.all()
    assert (row.link, row.by, row.day) == (link, alice, TODAY)
    assert row.before == {"runs": ON, "soreness": ON, "guidance": OFF, "notes": OFF}
    until = [True, "2026-12-03"]
    assert row.after == {"runs": OFF, "soreness": until, "guidance": OFF, "notes": OFF}
    with pytest.raises(TypeError):
        row.save(update_fields=["after"])


def test_a_save_that_changes_nothing_leaves_no_row(
    as_alice: Client, alice: User, bob: User
) -> None:
    link = make_link(bob, alice, "runs", notes_until=TODAY - dt.timedelta(days=1))

    as_alice.post(page_of(link), {"runs": "on", **carried(as_alice, page_of(link))})

    assert not SharingChange.objects.exists()


def test_from_the_first_yes_to_the_end_each_step_is_told_once(alice: User, bob: User) -> None:
    everything = dict.fromkeys(SWITCHES, True)
    asked = make_invitation(alice, InvitationKind.COACH, email=bob.email, **everything)
    link = actions.accept_invitation(asked, by=bob)
    assert told(alice) == []  # nothing is seen before the athlete says who it is

    confirming.confirm_coach(link, by=alice, password_given=True)
    confirming.confirm_coach(link, by=alice, password_given=True)
    with transaction.atomic():
        confirming.question_links(alice)
    confirming.confirm_coach(link, by=alice, password_given=True)
    actions.end_link(link, by=bob)
    with pytest.raises(access.NoLongerOpen):
        actions.end_link(link, by=bob)

    all_on, all_off = dict.fromkeys(SWITCHES, ON), dict.fromkeys(SWITCHES, OFF)
    assert told(alice) == [
        ("Alice", all_on),
        ("Alice", all_off),
        ("Alice", all_on),
        ("Bob", all_off),
    ]


def test_switches_of_an_accepted_invitation_are_told(alice: User, bob: User) -> None:
    switches: Switched = {"runs": True, "runs_until": dt.date(2026, 12, 24)}

    actions.accept_invitation(make_invitation(bob), switches, by=alice, password_given=True)

    seen = {"runs": [True, "2026-12-24"], "soreness": OFF, "guidance": OFF, "notes": OFF}
    assert told(alice) == [("Alice", seen)]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_record_goes_with_either_account(alice: User, bob: User, who: str) -> None:
    actions.end_link(make_link(bob, alice), by=bob)

    delete_account(by={"alice": alice, "bob": bob}[who])

    assert not SharingChange.objects.exists()


def test_a_change_that_is_undone_leaves_no_row(
    as_alice: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are stored, or neither."""
    link = make_link(bob, alice, "runs")
    monkeypatch.setattr(outbox, "recall_digest", lambda _coach: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.change_switches(link, dict.fromkeys(SWITCHES, OFF), by=alice)

    link.refresh_from_db()
    assert (link.runs, SharingChange.objects.exists()) == (True, False)


# Ending


def test_ending_holds_at_once_and_only_once(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)

    first = as_alice.post(f"{page_of(link)}end/")
    second = as_alice.post(f"{page_of(link)}end/")

    assert (first["Location"], second.status_code) == (PAGE, 404)
    link.refresh_from_db()
    assert (link.ended_at is not None, link.ended_by) == (True, alice)


def test_ending_asks_first_on_the_page_of_the_link(
    as_alice: Client, alice: User, bob: User
) -> None:
    link = make_link(bob, alice)

    page = as_alice.get(page_of(link)).text

    assert "<details" in page
    assert "End sharing with Bob Birch" in page
    assert as_alice.get(f"{page_of(link)}end/")["Location"] == "/settings/sharing/"


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


def test_switching_off_takes_the_line_of_the_roster_away_at_once(
    as_alice: Client, alice: User, bob: User, settings: Settings
) -> None:
    """Also where it cannot be renewed: nothing is sorted by what is shared no longer."""
    link = make_link(bob, alice)
    standing.renew([alice])
    settings.RENEW_STANDINGS = "there.is.none"

    as_alice.post(page_of(link), {"runs": "on", **carried(as_alice, page_of(link))})

    assert not SharedStanding.objects.filter(link=link).exists()


def test_without_a_mail_server_the_link_to_hand_over_is_shown(
    as_alice: Client, alice: User, mail_server: type[MailServer], settings: Settings
) -> None:
    row = make_invitation(alice, InvitationKind.COACH, email="ben@example.org")
    link = f'value="http://testserver/invitations/{row.token}/"'
    assert link not in as_alice.get(PAGE).text

    settings.SENDS_MAIL = False

    assert link in as_alice.get(PAGE).text
    assert "This Limber sends no mail." in as_alice.get(PAGE).text
