"""Erasing on request: asked twice, closed at once, erased once there was time to come back."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from post_office.models import Email

from runners.data.retention import tidy_up
from runners.models import CoachLink, Run, SecurityEvent, Session, User
from tests.factories import PASSWORD, make_link, make_run, make_session
from tests.pages import read
from tests.races import signed_in
from tests.runners.hosts.acts import act, mailed_to, noted, page_of


def erase_page(person: User) -> str:
    return f"{page_of(person)}erase/"


def test_it_says_what_becomes_of_the_account_and_changes_nothing(
    as_hanna: Client, alice: User
) -> None:
    page = read(as_hanna, erase_page(alice))
    assert "Until the end of 7 December 2026 they can come back" in page
    assert not User.objects.get(pk=alice.pk).is_leaving


@pytest.mark.parametrize("typed", ["", "alice", "bob@example.org", "alice@example.org, b@x.org"])
def test_another_address_closes_nothing(as_hanna: Client, alice: User, typed: str) -> None:
    response = as_hanna.post(erase_page(alice), {"email": typed})

    assert response.status_code == 422
    assert "That is not the e-mail of this account." in response.text
    assert not User.objects.get(pk=alice.pk).is_leaving
    assert noted(alice) == []


def test_what_waited_for_the_password_is_looked_at_as_well(hanna: User, alice: User) -> None:
    client = signed_in(hanna)
    path = erase_page(alice)
    client.post(path, {"email": "bob@example.org"})

    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})

    assert answer.status_code == 422
    assert "That is not the e-mail of this account." in answer.text
    assert not User.objects.get(pk=alice.pk).is_leaving


@pytest.mark.usefixtures("mail_server")
def test_it_closes_the_account_at_once_and_offers_to_take_all_out(
    as_hanna: Client, hanna: User, alice: User, bob: User
) -> None:
    make_run(alice)
    make_link(bob, alice)
    make_session(alice)

    said = act(as_hanna, alice, "erase", email=" Alice@example.org")

    assert said == "The account of Alice Ash is closed, and will be erased."
    assert User.objects.get(pk=alice.pk).is_leaving
    assert not Session.objects.of(alice).exists()
    assert not CoachLink.objects.not_ended().exists()
    assert Run.objects.of(alice).exists()
    assert ("erased", hanna) in noted(alice)
    assert mailed_to(alice) == ["Your account in Limber is closed, as was asked"]
    words = " ".join(Email.objects.get(to=alice.email).message.split())
    assert "After the end of 7 December 2026 everything is erased for good" in words
    assert "“Take everything out”" in words


@pytest.mark.usefixtures("mail_server")
def test_sent_twice_it_is_closed_once(as_hanna: Client, alice: User) -> None:
    act(as_hanna, alice, "erase", email=alice.email)
    closed = User.objects.get(pk=alice.pk).leaves_at

    said = act(as_hanna, alice, "erase", email=alice.email)

    assert said == "The account of Alice Ash was closed already."
    assert User.objects.get(pk=alice.pk).leaves_at == closed
    assert len(mailed_to(alice)) == 1
    assert [kind for kind, _ in noted(alice)].count("erased") == 1


def test_who_did_not_ask_comes_back_and_finds_everything(as_hanna: Client, alice: User) -> None:
    make_run(alice)
    act(as_hanna, alice, "erase", email=alice.email)
    client = signed_in(alice)

    client.post("/come-back/")

    assert client.get("/export/").status_code == 200
    assert Run.objects.of(alice).exists()
    assert "Account closed on request, to be erased" in read(client, "/settings/security/")


def test_then_it_is_erased_and_the_log_names_nobody(
    as_hanna: Client, alice: User, noon: time_machine.Traveller
) -> None:
    make_run(alice)
    act(as_hanna, alice, "erase", email=alice.email)
    noon.shift(dt.timedelta(days=15))
    tidy_up(dt.datetime.now(dt.UTC))

    assert not User.objects.filter(pk=alice.pk).exists()
    kinds = SecurityEvent.objects.filter(person=None).values_list("kind", flat=True)
    assert {"erased", "deleted"} <= set(kinds)


@pytest.mark.usefixtures("mail_server")
def test_who_is_out_of_use_is_told_to_write_and_has_time_too(as_hanna: Client, alice: User) -> None:
    act(as_hanna, alice, "deactivate")
    act(as_hanna, alice, "erase", email=alice.email)

    words = Email.objects.get(to=alice.email, subject__contains="as was asked").message
    assert "Write to them before that day" in " ".join(words.split())
    assert "Come back" not in words
    act(as_hanna, alice, "reactivate")
    client = signed_in(alice)
    client.post("/come-back/")
    assert client.get("/today/").status_code == 200
