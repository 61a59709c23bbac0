"""The security log: what stands in it, how little it says, and that nobody fills it."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from runners import journal, security_log
from runners.accounts.actions import delete_account
from runners.coaching.links import actions as links
from runners.data.retention import tidy_up
from runners.exports import actions as exports
from runners.exports import jobs
from runners.models import SecurityEvent, SharingChange, User
from runners.models import SecurityEventKind as Kind
from tests.factories import PASSWORD, make_link
from tests.runners.accounts.email_changes import change, give_password

pytestmark = pytest.mark.usefixtures("noon")

PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


def kinds_of(person: User | None) -> list[str]:
    return [event.kind for event in SecurityEvent.objects.filter(person=person).order_by("pk")]


def sign_in(email: str, password: str = PASSWORD) -> Client:
    client = Client(headers={"user-agent": PHONE})
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def test_signing_in_says_which_browser_and_no_address(alice: User) -> None:
    sign_in("Alice@example.org ")

    event = SecurityEvent.objects.get()
    assert (event.kind, event.person, event.client) == ("signed_in", alice, "Firefox, Android")
    assert event.who == journal.opaque_id(alice)
    assert len(event.network) == 8
    assert "127.0.0.1" not in repr(vars(event))
    assert alice.email not in repr({**vars(event), "_state": None})


def test_wrong_passwords_are_one_row_a_day_and_so_are_waits(
    alice: User, noon: time_machine.Traveller, settings: Settings
) -> None:
    settings.RATE_LIMITS = {"sign_in": "5/5m/address"}
    for _ in range(8):
        sign_in(alice.email, "guessed")

    wrong, wait = SecurityEvent.objects.of(alice).order_by("pk")
    assert (wrong.kind, wrong.times) == ("wrong_password", 5)
    assert (wait.kind, wait.times) == ("made_to_wait", 1)  # noted once a minute
    noon.shift(dt.timedelta(minutes=2))
    sign_in(alice.email, "guessed")
    wait.refresh_from_db()
    assert wait.times == 2
    noon.shift(dt.timedelta(days=1))
    sign_in(alice.email, "guessed")
    assert kinds_of(alice) == ["wrong_password", "made_to_wait", "wrong_password"]


def test_tries_with_addresses_that_nobody_has_are_one_row_together(db: None) -> None:
    for name in "abcdefgh":
        sign_in(f"{name}@example.org", "guessed")

    event = SecurityEvent.objects.get()
    assert (event.kind, event.person, event.who, event.times) == ("wrong_password", None, "", 8)


def test_a_guess_takes_as_many_queries_whether_or_not_the_address_has_an_account(
    alice: User,
) -> None:
    taken = []
    for email in ("nobody@example.org", alice.email):
        sign_in(email, "guessed")
        with CaptureQueriesContext(connection) as queries:
            sign_in(email, "guessed")
        taken.append([query["sql"].split(" ")[0] for query in queries])
    assert taken[0] == taken[1]


def test_what_one_person_can_write_in_a_day_is_bounded(alice: User, bob: User) -> None:
    for _ in range(security_log.MOST_A_DAY + 7):
        security_log.note(Kind.SHARING_CHANGED, alice)
    security_log.note(Kind.SHARING_CHANGED, bob)

    rows = SecurityEvent.objects.of(alice).newest_first()
    assert rows.count() == security_log.MOST_A_DAY
    assert sum(row.times for row in rows) == security_log.MOST_A_DAY + 7
    assert SecurityEvent.objects.of(bob).get().times == 1


def test_an_account_that_is_not_in_use_is_turned_away_and_noted(alice: User) -> None:
    User.objects.update(is_active=False)
    sign_in(alice.email)
    assert kinds_of(alice) == ["turned_away"]


def change_password(client: Client, _person: User) -> None:
    new = "another-long-one-42"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", sent).status_code == 302


def change_address(client: Client, _person: User) -> None:
    give_password(client)
    assert change(client).status_code == 302


def change_sharing(_client: Client, person: User) -> None:
    link = make_link(User.objects.get(email="bob@example.org"), person)
    links.end_link(link, by=person)


def take_all_out(_client: Client, person: User) -> None:
    exports.ask(uuid.uuid4(), by=person)
    assert jobs.make_next()


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (change_password, Kind.PASSWORD_CHANGED),
        (change_address, Kind.ADDRESS_CHANGED),
        (change_sharing, Kind.SHARING_CHANGED),
        (take_all_out, Kind.EXPORTED),
    ],
)
def test_what_is_done_is_noted(
    act: Callable[[Client, User], None], kind: Kind, as_alice: Client, alice: User, bob: User
) -> None:
    act(as_alice, alice)
    assert kind in kinds_of(alice)
    assert kinds_of(bob) == []


def test_after_an_erasure_the_log_is_true_and_names_nobody(alice: User, bob: User) -> None:
    opaque = journal.opaque_id(alice)
    sign_in(alice.email)
    delete_account(by=alice)

    events = SecurityEvent.objects.order_by("pk")
    assert [(e.kind, e.person, e.who) for e in events] == [
        ("signed_in", None, opaque),
        ("deleted", None, opaque),
    ]


def test_an_event_goes_with_the_act_that_came_to_nothing(alice: User) -> None:
    with transaction.atomic():
        security_log.note(Kind.SHARING_CHANGED, alice)
        transaction.set_rollback(True)
    assert not SecurityEvent.objects.exists()


def fails(problem: DatabaseError) -> Callable[..., None]:
    def fail(*_args: object, **_more: object) -> None:
        raise problem

    return fail


def test_a_log_that_fails_loses_nobodys_save(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link = make_link(bob, alice)
    monkeypatch.setattr(SecurityEvent.objects, "create", fails(DatabaseError("broken")))
    with caplog.at_level(logging.ERROR):
        links.end_link(link, by=alice)

    assert SharingChange.objects.count() == 1
    link.refresh_from_db()
    assert link.ended_at is not None
    assert "An event was not noted: sharing_changed" in caplog.text
    assert alice.email not in caplog.text


def test_a_database_that_cannot_write_is_told_to_who_saves(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nothing is taken for saved that is not; but a sign-in needs no such log."""
    link = make_link(bob, alice)
    monkeypatch.setattr(SecurityEvent.objects, "create", fails(OperationalError("full")))
    with pytest.raises(OperationalError):
        links.end_link(link, by=alice)
    link.refresh_from_db()
    assert link.ended_at is None


def test_what_a_host_does_is_not_done_unnoted(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SecurityEvent.objects, "create", fails(DatabaseError("broken")))
    with pytest.raises(DatabaseError):
        security_log.must_note(Kind.DEACTIVATED, alice)


def test_twelve_months_are_kept(alice: User, noon: time_machine.Traveller) -> None:
    security_log.note(Kind.EXPORTED, alice)
    noon.shift(dt.timedelta(days=365, hours=23))
    assert tidy_up()["security event"] == 0
    noon.shift(dt.timedelta(hours=2))
    assert tidy_up()["security event"] == 1


def test_a_row_stays_as_it_is(alice: User) -> None:
    security_log.note(Kind.EXPORTED, alice)
    event = SecurityEvent.objects.get()
    with pytest.raises(TypeError, match="stays as it is"):
        event.save(update_fields=["kind"])
