"""The first questions: they are asked once, before everything else."""

import pytest
from django.test import Client

from runners.models import User
from runners.models.people import AgeBand
from tests.factories import make_user
from tests.runners.accounts.newcomer import WELCOME


@pytest.fixture
def newcomer(client: Client, db: None) -> User:
    user = make_user("New", welcomed_at=None)
    client.force_login(user)
    return user


def test_welcome_saves_the_answers_and_goes_on_to_health(client: Client, newcomer: User) -> None:
    response = client.post("/welcome/", WELCOME)

    assert response["Location"] == "/guidance/care-first/?step=2"
    assert "Step 2 of 2" in client.get(response["Location"]).text
    newcomer.refresh_from_db()
    assert (newcomer.name, newcomer.units, newcomer.time_zone, newcomer.week_start) == (
        "Nia",
        "mi",
        "America/New_York",
        7,
    )
    assert newcomer.welcomed_at is not None


@pytest.mark.parametrize(
    ("languages", "units", "week_start"),
    [
        ("en-US,en;q=0.9", "mi", 7),
        ("en-us", "mi", 7),
        ("en-GB,en-US;q=0.8", "km", 1),
        ("de-AT", "km", 1),
        ("", "km", 1),
    ],
)
def test_welcome_begins_with_what_is_usual_where_the_browser_comes_from(
    client: Client, newcomer: User, languages: str, units: str, week_start: int
) -> None:
    form = client.get("/welcome/", headers={"Accept-Language": languages}).context["form"]

    assert (form["units"].value(), form["week_start"].value()) == (units, week_start)


def test_welcome_tells_a_child_that_a_parent_opens_the_account(
    client: Client, newcomer: User
) -> None:
    response = client.post("/welcome/", {**WELCOME, "age_band": "under_16_alone"})

    assert response.status_code == 422
    assert "a parent opens the account" in response.text
    newcomer.refresh_from_db()
    assert newcomer.welcomed_at is None


def test_welcome_lets_a_parent_go_on_for_a_child(client: Client, newcomer: User) -> None:
    client.post("/welcome/", {**WELCOME, "age_band": "under_16"})

    newcomer.refresh_from_db()
    assert newcomer.age_band == AgeBand.CHILD


def test_welcome_refuses_an_invented_time_zone(client: Client, newcomer: User) -> None:
    response = client.post("/welcome/", {**WELCOME, "time_zone": "Mars/Olympus"})

    assert response.status_code == 422
    assert "Choose a time zone from the list." in response.text
    assert 'value="Nia"' in response.text


def test_every_page_waits_for_the_first_questions(client: Client, newcomer: User) -> None:
    assert client.get("/diary/")["Location"] == "/welcome/"


@pytest.mark.slow
def test_first_questions_do_not_ask_about_mail(client: Client, newcomer: User) -> None:
    assert "_digest" not in client.get("/welcome/").text

    client.post("/welcome/", {**WELCOME, "wants_runner_digest": "on"})

    newcomer.refresh_from_db()
    assert not newcomer.wants_runner_digest
