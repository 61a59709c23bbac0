"""What one coach sees: its switches, the record of their changes, and the end."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from runners import access, standing
from runners.accounts.actions import delete_account
from runners.coaching.links import actions, confirming
from runners.coaching.links.widening import Switched
from runners.mail import outbox
from runners.models import CoachLink, InvitationKind, SharedStanding, SharingChange, User
from runners.models.coaching import SWITCHES
from tests.factories import TODAY, make_invitation, make_link
from tests.pages import carried
from tests.runners.coaching.links.sharing import PAGE, page_of

ALL_ON = {"runs": "on", "soreness": "on", "guidance": "on", "notes": "on"}


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


def test_switching_off_takes_the_line_of_the_roster_away_at_once(
    as_alice: Client, alice: User, bob: User, settings: Settings
) -> None:
    """Also where it cannot be renewed: nothing is sorted by what is shared no longer."""
    link = make_link(bob, alice)
    standing.renew([alice])
    settings.RENEW_STANDINGS = "there.is.none"

    as_alice.post(page_of(link), {"runs": "on", **carried(as_alice, page_of(link))})

    assert not SharedStanding.objects.filter(link=link).exists()
