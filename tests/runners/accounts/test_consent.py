"""Consent, taken back and given again."""

from django.test import Client

from runners.models import Consent, User
from tests.factories import TODAY
from tests.pages import folded


def test_consent_taken_back_stops_storing(as_alice: Client, alice: User) -> None:
    as_alice.post("/settings/consent/", {"agree": "no"})

    response = as_alice.post(f"/check-in/{TODAY}/all-clear/")

    assert response["Location"] == "/settings/consent/"
    assert not alice.check_ins.exists()
    assert Consent.objects.get(runner=alice).withdrawn_at is not None


def test_consent_given_again_is_a_new_dated_row(as_alice: Client, alice: User) -> None:
    as_alice.post("/settings/consent/", {"agree": "no"})
    as_alice.post("/settings/consent/", {"agree": "yes"})

    assert Consent.objects.of(alice).count() == 2
    assert Consent.objects.of(alice).in_force().count() == 1


def test_consent_says_what_holds_and_lists_every_one(as_alice: Client, alice: User) -> None:
    page = folded(as_alice.get("/settings/consent/").text)
    assert "Take it back" in page
    assert page.count("<li>23 November 2026, ") == 1

    as_alice.post("/settings/consent/", {"agree": "no"})

    page = folded(as_alice.get("/settings/consent/").text)
    assert "Not given at the moment, so nothing can be logged." in page
    assert page.count("<li>23 November 2026, ") == 1
    assert ", taken back 23 November 2026, " in page
