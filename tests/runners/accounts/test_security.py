"""Sign-in and security: where one is signed in, signing out elsewhere, what happened lately."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners import security_log
from runners.accounts import signed_in as devices
from runners.models import SecurityEvent, Session, User
from runners.models import SecurityEventKind as Kind
from tests.factories import PASSWORD, make_session
from tests.pages import read
from tests.races import signed_in

PAGE = "/settings/security/"


def test_it_tells_this_device_from_others(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    make_session(alice, client="Firefox, Android")
    make_session(alice, client="Safari, iPhone", began_at=dt.datetime(2025, 11, 1, tzinfo=dt.UTC))
    page = read(as_alice, PAGE)

    assert "A browser, this device" in page
    assert "<b>Firefox, Android</b>" in page
    assert "Since 23 November 2026 · last used 23 November, 12:00" in page
    assert "Safari" not in page  # it has ended by now
    for session in Session.objects.all():
        assert session.session_key not in page


def test_it_costs_the_same_with_one_device_and_with_three(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        read(as_alice, PAGE)
    for _ in range(2):
        make_session(alice)
        security_log.note(Kind.SIGNED_IN, alice)
    with django_assert_num_queries(6):
        read(as_alice, PAGE)


@pytest.fixture
def known(as_alice: Client) -> Client:
    """Alice, who has just given her password."""
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_alice


def test_the_password_is_asked_before_a_device_is_signed_out(as_alice: Client, alice: User) -> None:
    other = make_session(alice)
    for path in (f"{PAGE}end/", f"{PAGE}{other.handle}/end/"):
        asked = as_alice.post(path)
        assert asked["Location"].startswith("/accounts/reauthenticate/")
        as_alice.post(asked["Location"], {"password": "wrong"})
        assert Session.objects.filter(pk=other.pk).exists()

    done = as_alice.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert "Signed out there." in done.content.decode()
    assert not Session.objects.filter(pk=other.pk).exists()
    noted = {event.kind: event.times for event in SecurityEvent.objects.of(alice)}
    assert noted == {Kind.WRONG_PASSWORD: 2, Kind.PASSWORD_GIVEN: 1, Kind.SESSIONS_ENDED: 1}


def test_signing_out_everywhere_else_leaves_this_device(known: Client, alice: User) -> None:
    other = signed_in(alice)
    read(known, PAGE)

    first = known.post(f"{PAGE}end/")
    assert first["Location"] == PAGE
    assert "Signed out on one other device." in read(known, PAGE)
    assert other.get("/settings/").status_code == 302
    done = SecurityEvent.objects.of(alice).exclude(kind=Kind.PASSWORD_GIVEN)
    assert [event.kind for event in done] == ["sessions_ended"]
    # Sent again, as the answer did not arrive.
    known.post(f"{PAGE}end/")
    assert "You are signed in nowhere else." in read(known, PAGE)
    assert done.count() == 1


def test_one_device_is_signed_out_from_a_page_of_yesterday(known: Client, alice: User) -> None:
    one, other = make_session(alice), make_session(alice)

    for said in ("Signed out there.", "That one has ended already."):
        known.post(f"{PAGE}{one.handle}/end/")
        assert said in read(known, PAGE)

    assert Session.objects.of(alice).filter(pk=other.pk).exists()
    assert not Session.objects.filter(pk=one.pk).exists()


def test_nobody_signs_somebody_else_out(known: Client, alice: User, bob: User) -> None:
    of_bob = make_session(bob)
    known.post(f"{PAGE}{of_bob.handle}/end/")
    known.post(f"{PAGE}end/")
    assert Session.objects.of(bob).exists()


def test_this_device_is_left_by_signing_out_alone(known: Client, alice: User) -> None:
    here = known.session.session_key
    [device] = devices.devices_of(alice, here=here)
    known.post(f"{PAGE}{device.session.handle}/end/")
    assert read(known, PAGE)


def test_a_session_that_was_ended_does_not_come_back_with_its_next_save(alice: User) -> None:
    """Two at once: one device is used while another one ends it."""
    used = signed_in(alice)
    store = used.session
    store["going_to"] = "/"
    devices.end_others(by=alice, here=None)

    with pytest.raises(Exception, match=r"(?i)no|row|deleted|^$"):
        store.save()
    assert not Session.objects.of(alice).exists()


def test_what_happened_is_said_in_words_and_of_oneself_alone(
    as_alice: Client, alice: User, bob: User
) -> None:
    for _ in range(3):
        security_log.note(Kind.WRONG_PASSWORD, alice)
    security_log.note(Kind.DEACTIVATED, alice, by=bob)
    security_log.note(Kind.EXPORTED, bob)
    page = read(as_alice, PAGE)

    assert "<b>A wrong password was tried, 3 times</b>" in page
    assert "by the people who run this Limber" in page
    assert "Bob" not in page
    assert "taken out" not in page


@pytest.mark.parametrize("path", [f"{PAGE}end/", f"{PAGE}0123456789abcdef/end/"])
def test_a_reload_of_what_was_done_leads_to_the_page(as_alice: Client, path: str) -> None:
    assert as_alice.get(path)["Location"] == PAGE


def test_every_kind_of_event_reads_as_a_sentence() -> None:
    assert all(kind.label == kind.label.strip(" .") and kind.label for kind in Kind)
    assert all(len(kind.value) <= 16 for kind in Kind)
