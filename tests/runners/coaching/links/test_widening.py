"""Showing a coach more asks for the password and is mailed; showing less needs neither."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from runners.coaching.links import actions
from runners.coaching.links.widening import widens
from runners.models import CoachLink, Invitation, User
from tests.factories import PASSWORD, TODAY, days_ago, make_invitation, make_link
from tests.mail_server import MailServer, delivered
from tests.pages import carried
from tests.signing_in import give_password

ASKED = "/accounts/reauthenticate/"
CHRISTMAS = dt.date(2026, 12, 24)


def page_of(link: CoachLink) -> str:
    return f"/settings/sharing/{link.pk}/"


def choose(client: Client, link: CoachLink, chosen: dict[str, str]) -> Any:
    """Opens the page of what a coach sees and sends it."""
    return client.post(page_of(link), {**chosen, **carried(client, page_of(link))})


def shared(link: CoachLink) -> list[Any]:
    link.refresh_from_db()
    return [link.runs, link.runs_until, link.soreness, link.guidance, link.notes]


@pytest.mark.parametrize(
    ("before", "chosen", "more"),
    [
        ({}, {}, False),
        ({}, {"runs": True}, True),
        ({}, {"notes": True}, True),
        ({}, {"runs": True, "runs_until": TODAY}, True),
        ({}, {"runs": False, "runs_until": None}, False),
        ({"runs": True}, {"runs": True}, False),
        ({"runs": True}, {"runs": False}, False),
        ({"runs": True}, {"runs_until": CHRISTMAS}, False),
        ({"runs": True}, {"soreness": True}, True),
        ({"runs": True}, {"runs": False, "soreness": True}, True),
        ({"runs": True, "runs_until": TODAY}, {"runs_until": CHRISTMAS}, True),
        ({"runs": True, "runs_until": CHRISTMAS}, {"runs_until": TODAY}, False),
        ({"runs": True, "runs_until": CHRISTMAS}, {"runs_until": None}, True),
        ({"runs": True, "runs_until": CHRISTMAS}, {"soreness": False}, False),
        ({"runs": True, "runs_until": days_ago(1)}, {"runs_until": None}, True),
        ({"runs": True, "runs_until": days_ago(1)}, {"runs_until": days_ago(1)}, False),
    ],
)
def test_more_is_a_switch_turned_on_or_a_later_last_day(
    before: dict[str, Any], chosen: dict[str, Any], more: bool
) -> None:
    assert widens(CoachLink(**before), chosen, TODAY) == more


def test_turning_a_switch_on_asks_for_the_password_and_keeps_what_was_chosen(
    as_alice: Client, alice: User, bob: User
) -> None:
    link = make_link(bob, alice, "runs")
    chosen = {"runs": "on", "runs_until": "2026-12-24", "soreness": "on"}

    asked = choose(as_alice, link, chosen)
    assert asked["Location"].startswith(ASKED)
    assert shared(link) == [True, None, False, False, False]
    wrong = as_alice.post(asked["Location"], {"password": "not-this-one-at-all"})
    assert wrong.status_code == 200
    assert shared(link) == [True, None, False, False, False]

    saved = as_alice.post(asked["Location"], {"password": PASSWORD})

    assert saved["Location"] == "/settings/sharing/"
    assert shared(link) == [True, CHRISTMAS, True, False, False]


def test_sharing_for_longer_asks_too(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs", runs_until=TODAY)

    asked = choose(as_alice, link, {"runs": "on", "runs_until": "2026-12-24"})

    assert asked["Location"].startswith(ASKED)
    assert shared(link)[1] == TODAY


@pytest.mark.parametrize("chosen", [{}, {"runs": "on"}, {"runs": "on", "runs_until": "2026-11-30"}])
def test_showing_less_asks_nothing_and_is_not_mailed(
    as_alice: Client,
    alice: User,
    bob: User,
    chosen: dict[str, str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = make_link(bob, alice, "runs soreness")

    with django_capture_on_commit_callbacks(execute=True):
        saved = choose(as_alice, link, chosen)

    assert saved["Location"] == "/settings/sharing/"
    assert mail.outbox == []


def test_ending_asks_nothing(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)

    assert as_alice.post(f"{page_of(link)}end/")["Location"] == "/settings/sharing/"


def test_accepting_with_a_switch_on_asks_and_keeps_what_was_chosen(
    as_alice: Client, bob: User
) -> None:
    accept = f"/invitations/{make_invitation(bob).token}/accept/"

    asked = as_alice.post(accept, {"soreness": "on", "soreness_until": "2026-12-24"})
    assert asked["Location"].startswith(ASKED)
    assert not CoachLink.objects.exists()
    accepted = as_alice.post(asked["Location"], {"password": PASSWORD})

    assert accepted["Location"] == "/settings/sharing/"
    link = CoachLink.objects.open().get()
    assert (link.runs, link.soreness, link.soreness_until) == (False, True, CHRISTMAS)


def test_accepting_without_showing_anything_asks_nothing(as_alice: Client, bob: User) -> None:
    accepted = as_alice.post(f"/invitations/{make_invitation(bob).token}/accept/", {})

    assert accepted["Location"] == "/settings/sharing/"
    assert CoachLink.objects.open().exists()


def test_inviting_a_coach_asks_and_keeps_what_was_chosen(as_alice: Client) -> None:
    sent = {"email": "coach@example.org", "runs": "on", "runs_until": "2026-12-24"}

    asked = as_alice.post("/invitations/coach/add/", sent)
    assert asked["Location"].startswith(ASKED)
    assert not Invitation.objects.exists()
    as_alice.post(asked["Location"], {"password": PASSWORD})

    row = Invitation.objects.get()
    assert (row.email, row.runs_until, row.sent_at is not None) == (
        "coach@example.org",
        CHRISTMAS,
        True,
    )


def test_inviting_a_coach_who_would_see_nothing_asks_nothing(as_alice: Client) -> None:
    as_alice.post("/invitations/coach/add/", {"email": "coach@example.org"})

    assert Invitation.objects.get().email == "coach@example.org"


def test_the_password_holds_for_five_minutes(
    as_alice: Client, alice: User, bob: User, noon: Any
) -> None:
    link = make_link(bob, alice, "runs")
    give_password(as_alice)

    noon.shift(dt.timedelta(minutes=4))
    assert choose(as_alice, link, {"soreness": "on"})["Location"] == "/settings/sharing/"
    noon.shift(dt.timedelta(minutes=2))
    assert choose(as_alice, link, {"notes": "on"})["Location"].startswith(ASKED)


def test_two_forms_that_wait_for_the_password_save_only_what_is_gone_on_with(
    as_alice: Client, alice: User, bob: User, carol: User
) -> None:
    first, second = make_link(bob, alice, ""), make_link(carol, alice, "")
    asked = choose(as_alice, first, {"runs": "on"})
    choose(as_alice, second, {"guidance": "on"})

    answer = as_alice.post(asked["Location"], {"password": PASSWORD})

    assert answer["Location"] == page_of(first)  # to choose again
    assert shared(first) == shared(second) == [False, None, False, False, False]


def test_a_form_that_waits_for_the_password_finds_its_link_ended(
    as_alice: Client, alice: User, bob: User
) -> None:
    link = make_link(bob, alice, "runs")
    asked = choose(as_alice, link, {"soreness": "on"})
    actions.end_link(link, by=bob)

    answer = as_alice.post(asked["Location"], {"password": PASSWORD})

    assert answer.status_code == 404
    assert shared(link)[2] is False


def test_narrowed_meanwhile_an_old_page_shows_no_more(
    as_alice: Client, alice: User, bob: User
) -> None:
    """It still has the switch on, and nobody touched it there."""
    link = make_link(bob, alice, "runs soreness")
    seen = carried(as_alice, page_of(link))
    narrow(link, alice)

    saved = as_alice.post(page_of(link), {"runs": "on", "soreness": "on", **seen})

    assert saved["Location"] == "/settings/sharing/"
    assert shared(link)[2] is False


def test_what_shows_more_is_judged_by_what_is_stored(
    as_alice: Client, alice: User, bob: User
) -> None:
    """Two pages turned it off and on again in turn: the second one shows more than is stored."""
    link = make_link(bob, alice, "runs soreness")
    narrow(link, alice)

    asked = choose(as_alice, link, {"runs": "on", "soreness": "on"})

    assert asked["Location"].startswith(ASKED)
    assert shared(link)[2] is False


def narrow(link: CoachLink, alice: User) -> None:
    state = actions.switch_state(link, TODAY)
    actions.change_switches(link, {**state, "soreness": [False, None]}, by=alice)


# Mailed to the athlete


def widen(client: Client, link: CoachLink, _bob: User) -> None:
    choose(client, link, {"runs": "on", "soreness": "on", "soreness_until": "2026-12-24"})


def accept(client: Client, link: CoachLink, bob: User) -> None:
    actions.end_link(link, by=bob)
    sent = {"runs": "on", "soreness": "on", "soreness_until": "2026-12-24"}
    client.post(f"/invitations/{make_invitation(bob).token}/accept/", sent)


def say_yes(client: Client, link: CoachLink, _bob: User) -> None:
    CoachLink.objects.update(paused_at=timezone.now(), soreness=True, soreness_until=CHRISTMAS)
    client.post(f"{page_of(link)}confirm/")


@pytest.mark.parametrize("act", [widen, accept, say_yes])
def test_the_athlete_is_told_what_a_coach_sees_from_now_on(
    as_alice: Client,
    alice: User,
    bob: User,
    settings: Settings,
    act: Callable[[Client, CoachLink, User], None],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.SITE_URL = "https://limber.example"
    User.objects.filter(pk=bob.pk).update(name="Bob http://evil.example/x\r\nBcc: a@ex.org")
    link = make_link(bob, alice, "runs")
    give_password(as_alice)

    with django_capture_on_commit_callbacks(execute=True):
        act(as_alice, link, bob)

    [told] = mail.outbox
    assert (told.to, told.subject) == ([alice.email], "What your coach sees in Limber")
    assert "they see of your log: Runs, soreness until 24 December 2026." in told.body
    assert "If that was not you, end it here: https://limber.example/settings/sharing/" in told.body
    assert "https://limber.example/accounts/password/reset/" in told.body
    assert "evil.example" not in told.body


def test_the_athlete_is_told_of_an_invitation_to_a_coach(
    as_alice: Client,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    give_password(as_alice)
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post("/invitations/coach/add/", {"email": "coach@example.org", "runs": "on"})

    told = next(message for message in mail.outbox if message.to == [alice.email])
    assert "You invited coach@example.org as your coach" in told.body
    assert "If they accept, they see of your log: Runs." in told.body


def test_a_mail_server_that_is_away_undoes_nothing(
    as_alice: Client, alice: User, bob: User, mail_server: type[MailServer]
) -> None:
    """The news waits for it, stored with what it tells of."""
    mail_server.away_after = 0
    link = make_link(bob, alice, "")
    give_password(as_alice)

    saved = choose(as_alice, link, {"runs": "on"})

    assert saved["Location"] == "/settings/sharing/"
    assert shared(link)[0] is True
    assert delivered() == []
    mail_server.is_new()
    Email.objects.update(scheduled_time=timezone.now())
    assert [told.subject for told in delivered()] == ["What your coach sees in Limber"]
