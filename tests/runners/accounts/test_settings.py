"""Settings: a runner's own, and which mails are wanted."""

import pytest
from django.test import Client

from runners.models import User
from tests.pages import carried
from tests.runners.accounts.newcomer import WELCOME


def test_settings_change_the_runner(as_alice: Client, alice: User) -> None:
    as_alice.post("/settings/", {**WELCOME, "week_start": "6", **carried(as_alice, "/settings/")})

    alice.refresh_from_db()
    assert (alice.name, alice.week_start) == ("Nia", 6)


@pytest.mark.slow
def test_settings_with_a_wrong_value_say_why_and_change_nothing(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post("/settings/", {**WELCOME, "week_start": "3"})

    assert response.status_code == 422
    alice.refresh_from_db()
    assert alice.name == "Alice Ash"


@pytest.mark.slow
def test_settings_switch_the_weekly_mail_on_and_off(as_alice: Client, alice: User) -> None:
    as_alice.post(
        "/settings/", {**WELCOME, "wants_runner_digest": "on", **carried(as_alice, "/settings/")}
    )
    alice.refresh_from_db()
    assert alice.wants_runner_digest

    as_alice.post("/settings/", {**WELCOME, **carried(as_alice, "/settings/")})
    alice.refresh_from_db()
    assert not alice.wants_runner_digest


@pytest.mark.slow
def test_settings_offer_the_mail_about_athletes_to_coaches_alone(
    as_alice: Client, alice: User
) -> None:
    switched = {**WELCOME, "wants_coach_digest": "on"}
    assert "wants_coach_digest" not in as_alice.get("/settings/").text
    as_alice.post("/settings/", {**switched, **carried(as_alice, "/settings/")})
    alice.refresh_from_db()
    assert not alice.wants_coach_digest

    User.objects.update(is_coach=True)
    assert "wants_coach_digest" in as_alice.get("/settings/").text
    as_alice.post("/settings/", {**switched, **carried(as_alice, "/settings/")})
    alice.refresh_from_db()
    assert alice.wants_coach_digest


def test_settings_say_that_mail_is_not_encrypted_and_lead_to_sharing(as_alice: Client) -> None:
    page = as_alice.get("/settings/").text

    assert "Mail is not encrypted" in page
    for address in ("/settings/sharing/", "/settings/seen-by/", "/athletes/"):
        assert f'href="{address}"' in page


# Away from home: one tap on Today


def test_one_tap_puts_the_days_on_the_time_of_where_one_is(as_alice: Client, alice: User) -> None:
    for _ in range(2):
        response = as_alice.post("/settings/time-zone/", {"time_zone": "Asia/Tokyo"})
        assert response["Location"] == "/today/"
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"
    assert "Your days are on Asia/Tokyo time now." in as_alice.get("/today/").text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "\x00"])
def test_a_zone_that_nobody_knows_changes_nothing(as_alice: Client, alice: User, zone: str) -> None:
    response = as_alice.post("/settings/time-zone/", {"time_zone": zone})
    assert response["Location"] == "/settings/"
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Vienna"
