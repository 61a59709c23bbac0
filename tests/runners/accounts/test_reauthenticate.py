"""The password once more, before a step that is for the person alone."""

from django.test import Client

from tests.factories import PASSWORD

PAGE = "/accounts/reauthenticate/"


def test_it_asks_for_the_password_and_keeps_the_way(as_alice: Client) -> None:
    page = as_alice.get(PAGE, {"next": "/settings/"}).text

    assert "<h1>Is it you?</h1>" in page
    assert 'name="next" value="/settings/"' in page
    assert 'type="password"' in page


def test_the_right_password_goes_on(as_alice: Client) -> None:
    response = as_alice.post(PAGE, {"password": PASSWORD, "next": "/settings/"})

    assert response["Location"] == "/settings/"


def test_a_wrong_password_stays_and_says_so(as_alice: Client) -> None:
    response = as_alice.post(PAGE, {"password": "no", "next": "/settings/"})

    assert response.status_code == 200
    assert "Incorrect password." in response.text


def test_who_is_not_signed_in_signs_in(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
