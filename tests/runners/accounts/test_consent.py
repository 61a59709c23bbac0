"""Consent, taken back and given again."""

from django.test import Client

from runners.models import Consent, User
from tests.factories import TODAY


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
