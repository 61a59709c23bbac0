"""Cookies of production: by names that no other site of the domain can set."""

import pytest
from django.test import Client
from pytest_django import Settings

from runners.models import User
from tests.factories import PASSWORD

ON_HOST = "__Host-"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    first, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [first, "config.middleware.HostCookiesMiddleware", *others]


def sign_in(client: Client, user: User) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def test_cookies_of_production_belong_to_this_host_alone(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    sign_in(client, alice)

    assert {f"{ON_HOST}{name}" for name in ("sessionid", "csrftoken", "device")} <= {
        *client.cookies
    }
    for name, cookie in client.cookies.items():
        assert name.startswith(ON_HOST)
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert cookie["samesite"] == "Lax"
    assert client.cookies[f"{ON_HOST}sessionid"]["httponly"]
    assert client.get("/settings/").status_code == 200


def test_one_of_before_goes_on_under_its_new_name(client: Client, alice: User) -> None:
    """Nobody is signed out by a newer version."""
    client.force_login(alice)
    assert {*client.cookies} == {"sessionid"}

    response = client.get("/settings/")

    assert response.status_code == 200
    assert response.cookies[f"{ON_HOST}sessionid"].value
    assert response.cookies["sessionid"].value == ""
    assert response.cookies["sessionid"]["max-age"] == 0
    assert client.get("/settings/").status_code == 200


def test_a_planted_one_counts_for_nothing_beside_ours(
    client: Client, alice: User, bob: User
) -> None:
    sign_in(client, alice)
    other = Client()
    other.force_login(bob)
    client.cookies["sessionid"] = other.cookies["sessionid"].value

    assert "alice@example.org" in client.get("/settings/").text


def test_signing_out_removes_it(client: Client, alice: User) -> None:
    sign_in(client, alice)
    client.post("/accounts/logout/")
    assert client.cookies[f"{ON_HOST}sessionid"].value == ""
    assert client.get("/settings/").status_code == 302
