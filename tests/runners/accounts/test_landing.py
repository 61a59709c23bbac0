"""The landing page, and looking around from it as the demo runner or as her coach."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from runners import demo
from runners.body.areas import Area
from runners.body.body_map import BACK, SHAPES
from runners.models import User
from tests.factories import make_user

# Seen from behind, the runner's left is on the left.
HAMSTRING = f'<path class="s3" d="{SHAPES[BACK][Area.HAMSTRING]}"/>'


@pytest.fixture
def ana(db: None, settings: Settings) -> User:
    settings.DEBUG = True
    return make_user("Ana Mori", email=demo.EMAIL, is_demo=True)


@pytest.fixture
def kit(db: None, settings: Settings) -> User:
    settings.DEBUG = True
    return make_user("Kit Marlow", email=demo.COACH_EMAIL, is_demo=True, is_coach=True)


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.django_db
def test_picture_is_the_body_map_with_one_hamstring_coloured(client: Client) -> None:
    page = client.get("/").text
    assert len(re.findall(r'<path class="s\d"', page)) == 1
    assert HAMSTRING in page
    assert "<img" not in page


def test_landing_page_offers_both_to_look_around(client: Client, ana: User, kit: User) -> None:
    page = client.get("/").text
    assert "Look around as Ana" in page
    assert "Look around as her coach" in page


def test_landing_page_offers_no_coach_without_one(client: Client, ana: User) -> None:
    page = client.get("/").text
    assert "Look around as Ana" in page
    assert "her coach" not in page


@pytest.mark.parametrize("sent", [{"who": "runner"}, {}])
def test_looking_around_as_the_runner_begins_on_today(
    client: Client, ana: User, kit: User, sent: dict[str, str]
) -> None:
    response = client.post("/demo/", sent)
    assert (response.status_code, response.headers["Location"]) == (302, "/today/")
    assert signed_in(client) == str(ana.pk)


def test_looking_around_as_the_coach_begins_on_the_athletes(
    client: Client, ana: User, kit: User
) -> None:
    response = client.post("/demo/", {"who": "coach"})
    assert (response.status_code, response.headers["Location"]) == (302, "/athletes/")
    assert signed_in(client) == str(kit.pk)


@pytest.mark.parametrize("who", ["admin", "", "ana@example.org"])
def test_nobody_else_can_be_looked_around_as(
    client: Client, ana: User, kit: User, who: str
) -> None:
    assert client.post("/demo/", {"who": who}).status_code == 404
    assert signed_in(client) is None


def test_real_account_with_a_demo_address_is_no_demo(client: Client, db: None) -> None:
    make_user("Kit Marlow", email=demo.COACH_EMAIL)
    assert client.post("/demo/", {"who": "coach"}).status_code == 404


@pytest.mark.parametrize("who", ["runner", "coach"])
def test_no_demo_sign_in_with_debug_off(
    client: Client, ana: User, kit: User, settings: Settings, who: str
) -> None:
    settings.DEBUG = False
    assert "Look around" not in client.get("/").text
    assert client.post("/demo/", {"who": who}).status_code == 404
    assert not client.login(email=demo.COACH_EMAIL, password="one-leg-at-a-time")
