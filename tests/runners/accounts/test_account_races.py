"""A save beside the deletion of what it is about: neither is undone, and nobody gets an error.

As in `test_link_races`: several rounds each, on SQLite in a file and on PostgreSQL.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.test import Client

from guidance.models import Answer
from runners.accounts import actions
from runners.accounts.actions import delete_account
from runners.models import CheckIn, Consent, Run, SorenessEntry, Tries, User
from tests.factories import PASSWORD, TODAY, make_link, make_run, make_user
from tests.pages import carried
from tests.races import at_once, signed_in, sqlite_in
from tests.runners.check_ins.test_check_in import TODAYS, spot, stored
from tests.runners.web.test_stale_pages import CALF, as_typed, edit_of, settings_of

pytestmark = pytest.mark.slow

ROUNDS = 6
OTHER_PASSWORD = "another-long-one-42"

Asks = Callable[[], int]


@pytest.fixture(autouse=True)
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with sqlite_in(tmp_path):
        yield


@pytest.fixture(autouse=True)
def _at_noon(_on_disk: None) -> Iterator[None]:
    noon = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False):
        yield


def deletes(client: Client) -> Asks:
    """Erasing the account, as a host does it."""
    key = int(client.session[SESSION_KEY])

    def erase() -> int:
        delete_account(by=User(pk=key))
        return 302

    return erase


def leaves(client: Client) -> Asks:
    return lambda: client.post("/settings/delete/", {"password": PASSWORD}).status_code


def changes_password(client: Client) -> Asks:
    sent = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    return posts(client, "/accounts/password/change/", sent)


def is_signed_out(client: Client) -> bool:
    return not client.get("/today/").wsgi_request.user.is_authenticated


def new_runner() -> User:
    User.objects.all().delete()
    Tries.objects.all().delete()
    return make_user("Alice Ash")


SAVES: dict[str, Callable[[Client, User], Asks]] = {
    "settings": lambda client, alice: sends(
        client, "/settings/", settings_of(alice, name="Alice Aspen")
    ),
    "check-in": lambda client, alice: sends(client, TODAYS, spot()),
    "all clear": lambda client, alice: posts(client, f"{TODAYS}all-clear/", {}),
    "run": lambda client, alice: posts(
        client, "/runs/add/", {"day": str(TODAY), "distance": "10", "duration": "50:00"}
    ),
    "edit": lambda client, alice: sends(client, edit_of(make_run(alice)), {"duration": "40:00"}),
    "consent": lambda client, alice: posts(client, "/settings/consent/", {"agree": "no"}),
    "question": lambda client, alice: posts(client, "/guidance/care-first/", {"values": "none"}),
    "team": lambda client, alice: posts(client, "/athletes/teams/", {"name": "Track"}),
}


def posts(client: Client, url: str, fields: dict[str, str]) -> Asks:
    return lambda: client.post(url, fields).status_code


def sends(client: Client, url: str, fields: dict[str, str]) -> Asks:
    """With what the page carried when it was opened."""
    return posts(client, url, {"day": str(TODAY), **fields, **carried(client, url)})


@pytest.mark.parametrize("what", SAVES)
def test_a_save_beside_a_deletion_of_the_account_brings_nothing_back(what: str) -> None:
    for _round in range(ROUNDS):
        alice = new_runner()
        save = SAVES[what](signed_in(alice), alice)

        deleted, saved = at_once(deletes(signed_in(alice)), save)

        assert deleted == 302
        assert saved in (200, 302, 400, 404, 422)
        assert not User.objects.exists()
        assert not Run.objects.exists()
        assert not CheckIn.objects.exists()


@pytest.mark.parametrize("what", SAVES)
def test_a_save_beside_leaving_is_stored_before_it_or_not_at_all(what: str) -> None:
    alice = new_runner()
    save = SAVES[what](signed_in(alice), alice)
    left_by = signed_in(alice)

    left, saved = at_once(leaves(left_by), save)

    assert left == 302
    assert saved in (200, 302, 400, 404, 422)
    assert User.objects.get(pk=alice.pk).is_leaving
    assert is_signed_out(left_by)


@pytest.mark.parametrize("what", ["check-in", "all clear", "run", "edit", "question"])
def test_a_save_that_waits_while_consent_is_taken_back_stores_nothing(what: str) -> None:
    alice = new_runner()
    save = SAVES[what](signed_in(alice), alice)
    logs: list[Any] = [Run, CheckIn, SorenessEntry, Answer]
    before = [list(log.objects.values()) for log in logs]
    is_taken_back = Event()

    def takes_back() -> None:
        with transaction.atomic():
            actions.withdraw_consent(by=alice)
            is_taken_back.set()
            time.sleep(0.3)  # until the save waits

    def saves_meanwhile() -> int:
        assert is_taken_back.wait(timeout=5)
        return save()

    _, saved = at_once(takes_back, saves_meanwhile)

    assert saved == 302
    assert [list(log.objects.values()) for log in logs] == before


def test_a_deletion_beside_a_new_password_deletes_unless_it_was_signed_out_by_it() -> None:
    """Another device is signed out by a new password: its deletion a moment later is not done."""
    for _round in range(ROUNDS):
        alice = new_runner()
        change = changes_password(signed_in(alice))
        deleter = signed_in(alice)
        delete = deletes(deleter)

        deleted, changed = at_once(delete, change)

        assert deleted == 302
        assert changed in (200, 302)
        assert is_signed_out(deleter)
        kept = User.objects.first()
        assert kept is None or kept.check_password(OTHER_PASSWORD)


@pytest.mark.parametrize("path", ["/today/", "/trends/", "/guidance/", "/diary/", "/athletes/"])
def test_a_page_beside_a_deletion_of_the_account_is_no_error(path: str) -> None:
    for _round in range(ROUNDS):
        alice = new_runner()
        reader = signed_in(alice)

        deleted, read = at_once(
            deletes(signed_in(alice)),
            lambda: reader.get(path).status_code,  # noqa: B023
        )

        assert deleted == 302
        assert read in (200, 302)
        assert not User.objects.exists()


def test_a_coach_looking_at_a_deleted_account_gets_no_error() -> None:
    for _round in range(ROUNDS):
        alice, bob = new_runner(), make_user("Bob Birch")
        make_link(bob, alice)
        coach = signed_in(bob)
        page = f"/athletes/{alice.pk}/"

        deleted, looked = at_once(
            deletes(signed_in(alice)),
            lambda: coach.get(page).status_code,  # noqa: B023
        )

        assert deleted == 302
        assert looked in (200, 404)


def test_deleting_twice_at_once_deletes_once() -> None:
    for _round in range(ROUNDS):
        alice = new_runner()
        make_run(alice)
        first, second = deletes(signed_in(alice)), deletes(signed_in(alice))

        assert set(at_once(first, second)) <= {302, 400}
        assert not User.objects.exists()


def test_settings_beside_a_new_password_keep_the_new_one() -> None:
    """Another device is signed out by a new password: what it sends a moment later is not saved."""
    for _round in range(ROUNDS):
        alice = new_runner()
        changed = changes_password(signed_in(alice))
        client = signed_in(alice)
        sent = {**settings_of(alice, name="Alice Aspen"), **carried(client, "/settings/")}

        _, saved = at_once(
            lambda: str(changed()),  # noqa: B023
            lambda: client.post("/settings/", sent)["Location"],  # noqa: B023
        )

        alice.refresh_from_db()
        assert alice.check_password(OTHER_PASSWORD)
        assert alice.name == ("Alice Aspen" if saved == "/settings/" else "Alice Ash")


def test_an_edit_beside_the_deletion_of_a_run_leaves_it_deleted() -> None:
    for _round in range(ROUNDS):
        alice = new_runner()
        run = make_run(alice)
        edited = sends(signed_in(alice), edit_of(run), as_typed(run, note="Windy."))
        deleted = posts(signed_in(alice), f"/runs/{run.uid}/delete/", {})

        statuses = at_once(edited, deleted)

        assert statuses[0] in (302, 404, 409)
        assert statuses[1] == 302
        assert not Run.objects.of(alice).exists()


def test_two_tabs_at_once_keep_both_spots() -> None:
    for _round in range(ROUNDS):
        alice = new_runner()
        one = sends(signed_in(alice), TODAYS, spot())
        other = sends(signed_in(alice), TODAYS, spot(**CALF))

        assert at_once(one, other) == [302, 302]
        assert sorted(place for place, *_ in stored(alice)) == ["left hamstring", "right calf"]
        assert SorenessEntry.objects.count() == 2


def test_consent_given_while_the_clock_ran_ahead_can_be_taken_back() -> None:
    alice = make_user("Alice Ash")
    Consent.objects.update(agreed_at=dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))

    actions.withdraw_consent(by=alice)

    assert not Consent.objects.of(alice).in_force().exists()


def test_whoever_was_deleted_meanwhile_is_told_and_signed_out() -> None:
    alice = make_user("Alice Ash")
    client = signed_in(alice)
    save = sends(client, TODAYS, spot())
    assert client.get("/today/").status_code == 200  # the session is in use
    User.objects.all().delete()

    assert save() == 302
    assert client.get("/today/").status_code == 302


@pytest.mark.parametrize("what", ["end", "team"])
def test_a_coach_who_leaves_beside_a_write_about_an_athlete_gets_no_error(what: str) -> None:
    for _round in range(ROUNDS):
        alice, bob = new_runner(), make_user("Bob Birch")
        track = bob.teams.create(name="Track")
        make_link(bob, alice, team=track)
        sent = {"end": {}, "team": {"team": "none"}}[what]
        write = posts(signed_in(bob), f"/athletes/{alice.pk}/{what}/", sent)

        deleted, written = at_once(deletes(signed_in(bob)), write)

        assert deleted == 302
        assert written in (302, 404)
        assert list(User.objects.all()) == [alice]
