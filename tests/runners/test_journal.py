"""The journal beside the backups: written before the change is, read to its last line."""

import datetime as dt
import json
import os
import stat
from pathlib import Path

import pytest
import time_machine
from django.test import Client, TestCase
from django.utils import timezone
from pytest_django import Settings

from runners import journal
from runners.accounts import actions as accounts
from runners.coaching.links import actions as links
from runners.coaching.links.confirming import confirm_coach
from runners.journal import CannotNote
from runners.mail import outbox
from runners.models import CoachLink, Consent, User
from runners.web.merging import State
from tests.factories import PASSWORD, make_link


@pytest.fixture(autouse=True)
def _own_journal(settings: Settings, tmp_path: Path, noon: time_machine.Traveller) -> None:
    settings.BACKUP_DIR = tmp_path / "backups"


def files() -> list[Path]:
    return sorted(journal.folder().glob("*.jsonl"))


def lines() -> list[journal.Line]:
    return [json.loads(text) for path in files() for text in path.read_text().split("\n") if text]


def only(link: CoachLink, **switched: bool) -> State:
    """What the page of a link sends where these switches alone are turned."""
    turned = {name: [is_on, None] for name, is_on in switched.items()}
    return {**links.switch_state(link, link.athlete.local_day()), **turned}


def last_of(link: CoachLink) -> journal.Line:
    return journal.read().links[journal.link_key(link)]


def test_an_erased_account_is_an_opaque_id_and_nothing_else(alice: User) -> None:
    person = journal.opaque_id(alice)

    accounts.delete_account(by=alice)

    assert journal.read().erased == {person}
    [line] = lines()
    assert set(line) == {"at", "what", "person", "try"}
    assert "alice" not in files()[0].read_text().lower()


def test_an_id_is_of_one_person_also_where_a_key_is_given_anew(
    alice: User, noon: time_machine.Traveller
) -> None:
    was = journal.opaque_id(alice)
    stored = User.objects.get(pk=alice.pk)
    assert journal.opaque_id(stored) == was

    noon.shift(1)
    later = User(pk=alice.pk, email="new@example.org")

    assert journal.opaque_id(later) != was


def test_a_deletion_that_fails_is_taken_back_but_not_that_of_another_try(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(person: User) -> None:
        raise RuntimeError

    monkeypatch.setattr(outbox, "forget_mails_of", fails)
    with pytest.raises(RuntimeError):
        accounts.delete_account(by=alice)
    assert journal.read().erased == set()

    # One that goes well beside one that does not.
    with journal.end_of_account() as well:
        well.erased(alice)
        with pytest.raises(RuntimeError):
            comes_to_nothing(alice)

    assert journal.read().erased == {journal.opaque_id(alice)}


def comes_to_nothing(person: User) -> None:
    with journal.end_of_account() as end:
        end.erased(person)
        raise RuntimeError


def test_consent_is_named_by_when_it_was_given(alice: User) -> None:
    Consent.objects.of(alice).delete()
    first = accounts.give_consent(by=alice)
    accounts.withdraw_consent(by=alice)
    accounts.withdraw_consent(by=alice)
    second = accounts.give_consent(by=alice)

    consents = journal.read().consents

    assert consents == {journal.consent_key(first, alice)}
    assert journal.consent_key(second, alice) not in consents
    assert len(lines()) == 1


def test_of_a_link_the_last_line_counts(alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs soreness")

    links.change_switches(link, only(link, soreness=False), by=alice)
    assert last_of(link)["state"] == "open"
    assert last_of(link)["switches"]["runs"] is True
    assert last_of(link)["switches"]["soreness"] is False

    links.end_link(link, by=bob)
    assert last_of(link)["state"] == "ended"


def test_what_shows_more_is_written_once_it_is_stored(alice: User, bob: User) -> None:
    link = make_link(bob, alice, "", confirmed_at=None)
    with TestCase.captureOnCommitCallbacks(execute=True):
        links.change_switches(link, only(link, runs=True), by=alice, password_given=True)
        assert lines() == []
    assert (last_of(link)["state"], last_of(link)["switches"]["runs"]) == ("asked", True)

    with TestCase.captureOnCommitCallbacks(execute=True):
        confirm_coach(link, by=alice, password_given=True)
    assert last_of(link)["state"] == "open"


def test_a_link_that_shows_nothing_yet_is_narrowed_too(alice: User, bob: User) -> None:
    """No row of `SharingChange` tells of it: the coach sees as little as before."""
    link = make_link(bob, alice, confirmed_at=None)

    links.change_switches(link, only(link, runs=False), by=alice)

    assert last_of(link)["switches"]["runs"] is False


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_cannot_be_written_down_is_not_done(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(bob, alice)
    consent = Consent.objects.get(runner=bob)
    monkeypatch.setattr(journal, "_append", full)

    with pytest.raises(CannotNote, match="No space left"):
        links.end_link(link, by=alice)
    with pytest.raises(CannotNote):
        links.change_switches(link, only(link, runs=False), by=alice)
    with pytest.raises(CannotNote):
        accounts.withdraw_consent(by=bob)
    with pytest.raises(CannotNote):
        accounts.delete_account(by=alice)

    link.refresh_from_db()
    consent.refresh_from_db()
    assert (link.ended_at, link.runs, consent.withdrawn_at) == (None, True, None)
    assert User.objects.filter(pk=alice.pk).exists()


def test_pages_say_that_it_cannot_be_saved_just_now(
    alice: User, bob: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_link(bob, alice)
    sign_in = {"login": bob.email, "password": PASSWORD}
    assert client.post("/accounts/login/", sign_in).status_code == 302
    monkeypatch.setattr(journal, "_append", full)

    ended = client.post(f"/athletes/{alice.pk}/end/")
    taken_back = client.post("/settings/consent/")
    deleted = client.post("/settings/delete/", {"password": PASSWORD})

    statuses = [answer.status_code for answer in (ended, taken_back, deleted)]
    assert statuses == [503, 503, 503]
    assert User.objects.filter(pk=bob.pk).exists()


def test_a_line_that_a_full_disk_cut_off_spoils_no_other(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(bob, alice)
    append = journal._append

    def cut_off(path: Path, data: bytes) -> None:
        append(path, data[:40])
        full()

    monkeypatch.setattr(journal, "_append", cut_off)
    with pytest.raises(CannotNote):
        accounts.delete_account(by=alice)
    monkeypatch.setattr(journal, "_append", append)

    links.end_link(link, by=alice)

    ended = journal.read()
    assert (ended.erased, ended.unreadable) == (set(), 2)  # nor could it be taken back
    assert last_of(link)["state"] == "ended"


def test_it_is_closed_to_others(alice: User) -> None:
    was = os.umask(0)
    try:
        accounts.delete_account(by=alice)
    finally:
        os.umask(was)

    assert stat.S_IMODE(journal.folder().stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in files()] == [0o600]


def test_several_machines_are_read_in_the_order_of_time(
    alice: User, bob: User, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(bob, alice)
    monkeypatch.setattr(journal, "machine", lambda: "z")
    links.change_switches(link, only(link, runs=False), by=alice)
    noon.shift(1)
    monkeypatch.setattr(journal, "machine", lambda: "a")
    links.end_link(link, by=alice)

    assert [path.name for path in files()] == ["2026-11-23.a.jsonl", "2026-11-23.z.jsonl"]
    assert last_of(link)["state"] == "ended"


def test_it_is_kept_as_long_as_the_oldest_backup(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    accounts.delete_account(by=alice)
    journal.begin(timezone.now())
    began = journal.begins_at()
    noon.shift(3 * 86400)
    accounts.delete_account(by=bob)
    journal.begin(timezone.now())
    assert journal.begins_at() == began

    oldest = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
    journal.forget_before(oldest)

    assert [path.name[:10] for path in files()] == ["2026-11-26"]
    assert journal.begins_at() == oldest
