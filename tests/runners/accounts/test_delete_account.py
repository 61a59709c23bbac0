"""Leaving: asked twice, closed at once, and to be opened again for fourteen days."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from post_office.models import Email

from guidance.models import Plan
from runners import journal
from runners.accounts import leaving
from runners.accounts.actions import delete_account
from runners.models import CoachLink, Import, ImportState, InvitationKind, Reminder, Session, User
from tests.factories import (
    PASSWORD,
    TODAY,
    make_invitation,
    make_link,
    make_plan,
    make_run,
)
from tests.races import at_once, signed_in, sqlite_in

PAGE = "/settings/delete/"
LAST_DAY = TODAY + dt.timedelta(days=14)

pytestmark = pytest.mark.usefixtures("noon")


def leave(client: Client, password: str = PASSWORD) -> Any:
    return client.post(PAGE, {"password": password})


def test_it_is_asked_twice_and_the_export_is_offered_first(as_alice: Client, alice: User) -> None:
    first = as_alice.get(PAGE).text
    second = as_alice.post(PAGE).text

    assert 'href="/export/"' in first
    assert "until the end of 7 December 2026" in first
    assert 'name="password"' not in first
    assert 'name="password"' in second
    assert not User.objects.get(pk=alice.pk).is_leaving


def test_a_wrong_password_closes_nothing(as_alice: Client, alice: User) -> None:
    answer = leave(as_alice, "not-this-one-at-all")

    assert answer.status_code == 422
    assert not User.objects.get(pk=alice.pk).is_leaving


def test_who_leaves_is_signed_out_everywhere_at_once(as_alice: Client, alice: User) -> None:
    phone = signed_in(alice)

    answer = leave(as_alice)

    assert answer["Location"] == "/"
    assert phone.get("/today/")["Location"].startswith("/accounts/login/")
    assert not Session.objects.filter(session_key=phone.session.session_key).exists()
    row = User.objects.get(pk=alice.pk)
    assert (row.is_leaving, leaving.last_day(row)) == (True, LAST_DAY)
    assert "7 December 2026" in as_alice.get("/").text


def test_links_invitations_and_reminders_end(
    as_alice: Client, alice: User, bob: User, carol: User
) -> None:
    make_link(bob, alice)
    make_link(alice, carol)
    invited = make_invitation(alice, InvitationKind.COACH, email="d@example.org")
    Reminder.objects.create(runner=alice, at=dt.time(6))

    leave(as_alice)

    assert not CoachLink.objects.not_ended().exists()
    invited.refresh_from_db()
    assert invited.withdrawn_at is not None
    assert not Reminder.objects.exists()
    assert signed_in(bob).get(f"/athletes/{alice.pk}/").status_code == 404
    assert journal.opaque_id(alice) in journal.read().left


def test_the_calendar_of_the_plan_ends(as_alice: Client, alice: User) -> None:
    plan = make_plan(alice)
    address = f"/plan/{plan.feed_token}.ics"
    there = Client().get(address).status_code

    leave(as_alice)

    assert (there, Client().get(address).status_code) == (200, 404)
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_what_is_being_read_stops(as_alice: Client, alice: User) -> None:
    brought = Import.objects.create(runner=alice, size=3)

    leave(as_alice)

    brought.refresh_from_db()
    assert brought.state == ImportState.STOPPED


@pytest.mark.usefixtures("mail_server")
def test_the_person_is_told_the_last_day_to_come_back(as_alice: Client, alice: User) -> None:
    leave(as_alice)

    told = {one.to[0]: (one.subject, one.message) for one in Email.objects.all()}
    subject, words = told[alice.email]
    assert subject == "Your account in Limber is closed"
    assert "7 December 2026" in words
    assert not mail.outbox


def test_left_twice_is_left_once(as_alice: Client, alice: User) -> None:
    """Sent again, as the answer did not arrive; then from another day's page."""
    other = signed_in(alice)
    leave(as_alice)
    at = User.objects.get(pk=alice.pk).leaves_at

    again = leave(other)
    leaving.leave(by=alice)

    assert again["Location"].startswith("/accounts/login/")
    assert User.objects.get(pk=alice.pk).leaves_at == at


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_left_twice_at_once_is_left_once(alice: User, tmp_path: Any) -> None:
    with sqlite_in(tmp_path):
        days = at_once(lambda: leaving.leave(by=alice), lambda: leaving.leave(by=alice))

        assert days == [LAST_DAY, LAST_DAY]
        assert User.objects.get(pk=alice.pk).is_leaving


def test_a_page_open_since_yesterday_closes_nothing_by_itself(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    as_alice.post(PAGE)
    noon.move_to(dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC))

    as_alice.get("/today/")
    as_alice.get(PAGE)

    assert not User.objects.get(pk=alice.pk).is_leaving


def test_nothing_is_saved_of_whoever_left_a_moment_ago(alice: User) -> None:
    """The form was on its way when the account was closed in another window."""
    phone = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(leaves_at=leaving.leaves_at(alice))

    phone.post(f"/check-in/{TODAY}/all-clear/")

    assert not alice.check_ins.exists()


def test_what_cannot_be_written_down_is_not_done(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise journal.CannotNote("the disk is full")

    monkeypatch.setattr(journal, "_write", full)

    answer = leave(as_alice)

    assert answer.status_code == 503
    assert not User.objects.get(pk=alice.pk).is_leaving


def test_a_host_may_still_erase_at_once(alice: User) -> None:
    make_run(alice)

    delete_account(by=alice)
    delete_account(by=alice)

    assert not User.objects.exists()
