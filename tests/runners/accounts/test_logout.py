"""Signing out: a look at the page asks, and only the button does it."""

from django.test import Client

PAGE = "/accounts/logout/"


def test_a_look_asks_and_signs_nobody_out(as_alice: Client) -> None:
    page = as_alice.get(PAGE).text

    assert "<h1>Sign out?</h1>" in page
    assert as_alice.get("/today/").status_code == 200


def test_the_button_signs_out_and_leads_to_the_landing_page(as_alice: Client) -> None:
    response = as_alice.post(PAGE)

    assert response["Location"] == "/"
    assert as_alice.get("/today/")["Location"].startswith("/accounts/login/")


def test_who_is_not_signed_in_has_nothing_to_sign_out_of(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"] == "/"
