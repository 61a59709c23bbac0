"""Signing in: where it leads, and who cannot."""

import pytest
from django.test import Client
from pytest_django import Settings

from runners import demo
from tests.factories import PASSWORD, make_run, make_user


def test_demo_account_cannot_sign_in_with_debug_off(
    client: Client, db: None, settings: Settings
) -> None:
    make_user("Ana Mori", email=demo.EMAIL, is_demo=True)
    settings.DEBUG = True
    assert client.login(email=demo.EMAIL, password=PASSWORD)
    assert client.get("/settings/").status_code == 200

    settings.DEBUG = False

    assert client.get("/settings/").status_code == 302
    assert not client.login(email=demo.EMAIL, password=PASSWORD)
    assert client.post("/demo/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_coach", "logs", "page"),
    [(False, False, "/today/"), (True, False, "/athletes/"), (True, True, "/today/")],
)
def test_a_coach_without_a_log_begins_with_the_athletes(
    client: Client, *, is_coach: bool, logs: bool, page: str
) -> None:
    bob = make_user("Bob Birch", is_coach=is_coach)
    if logs:
        make_run(bob)

    signed_in = client.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})

    assert signed_in["Location"] == page
    assert client.get("/")["Location"] == page


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["http://[::1", "//[", "http://[x]/", "https://a]b"])
@pytest.mark.parametrize("path", ["login", "signup", "logout", "password/reset"])
def test_an_address_to_go_on_to_that_is_none_is_left_out(
    client: Client, path: str, to: str
) -> None:
    for send in (client.get, client.post):
        assert send(f"/accounts/{path}/", {"next": to}).status_code in (200, 302)
