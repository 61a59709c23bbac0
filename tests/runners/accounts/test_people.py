"""Sign-up, the first questions, settings, consent and deleting the account."""

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from guidance.models import Answer, Screen
from runners import demo
from runners.models import Consent, Tries, User
from runners.models.people import AgeBand
from tests.factories import PASSWORD, TODAY, make_run, make_soreness, make_user
from tests.pages import carried

SIGN_UP = {"email": "new@example.org", "password1": "walk-before-you-run", "consent": "on"}
WELCOME = {
    "name": "Nia",
    "units": "mi",
    "time_zone": "America/New_York",
    "week_start": "7",
    "age_band": "adult",
}


def sign_in(client: Client) -> Any:
    """With what was chosen at the sign-up."""
    fields = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
    return client.post("/accounts/login/", fields, follow=True)


@pytest.mark.django_db
def test_sign_up_without_consent_keeps_nothing(client: Client) -> None:
    response = client.post("/accounts/signup/", {**SIGN_UP, "consent": ""})

    assert "Without this, Limber may not keep" in response.text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_sign_up_stores_dated_consent_and_asks_the_first_questions(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)
    response = sign_in(client)

    assert response.redirect_chain[-1][0] == "/welcome/"
    assert Consent.objects.get().runner == User.objects.get(email="new@example.org")


@pytest.mark.django_db
def test_sign_up_box_is_not_ticked(client: Client) -> None:
    page = client.get("/accounts/signup/").text

    box = re.search(r"<input[^>]*name=\"consent\"[^>]*>", page)
    assert box is not None
    assert "checked" not in box[0]


@pytest.fixture
def newcomer(client: Client, db: None) -> User:
    user = make_user("New", welcomed_at=None)
    client.force_login(user)
    return user


def test_welcome_saves_the_answers_and_goes_on_to_health(client: Client, newcomer: User) -> None:
    response = client.post("/welcome/", WELCOME)

    assert response["Location"] == "/guidance/care-first/"
    newcomer.refresh_from_db()
    assert (newcomer.name, newcomer.units, newcomer.time_zone, newcomer.week_start) == (
        "Nia",
        "mi",
        "America/New_York",
        7,
    )
    assert newcomer.welcomed_at is not None


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


def test_settings_change_the_runner(as_alice: Client, alice: User) -> None:
    as_alice.post("/settings/", {**WELCOME, "week_start": "6", **carried(as_alice, "/settings/")})

    alice.refresh_from_db()
    assert (alice.name, alice.week_start) == ("Nia", 6)


def test_settings_with_a_wrong_value_say_why_and_change_nothing(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post("/settings/", {**WELCOME, "week_start": "3"})

    assert response.status_code == 422
    alice.refresh_from_db()
    assert alice.name == "Alice Ash"


def test_settings_switch_the_weekly_mail_on_and_off(as_alice: Client, alice: User) -> None:
    as_alice.post(
        "/settings/", {**WELCOME, "wants_runner_digest": "on", **carried(as_alice, "/settings/")}
    )
    alice.refresh_from_db()
    assert alice.wants_runner_digest

    as_alice.post("/settings/", {**WELCOME, **carried(as_alice, "/settings/")})
    alice.refresh_from_db()
    assert not alice.wants_runner_digest


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


def test_first_questions_do_not_ask_about_mail(client: Client, newcomer: User) -> None:
    assert "_digest" not in client.get("/welcome/").text

    client.post("/welcome/", {**WELCOME, "wants_runner_digest": "on"})

    newcomer.refresh_from_db()
    assert not newcomer.wants_runner_digest


def test_care_first_is_kept_with_its_day(as_alice: Client, alice: User) -> None:
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    answer = Answer.objects.get(runner=alice)
    assert (answer.question, answer.value, answer.day) == (
        "ask:care_first",
        ["blood_thinner"],
        TODAY,
    )


def test_care_first_refuses_none_beside_something(as_alice: Client) -> None:
    response = as_alice.post("/guidance/care-first/", {"values": ["none", "blood_thinner"]})

    assert response.status_code == 422
    assert not Answer.objects.exists()


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


def test_delete_account_asks_for_the_password_first(as_alice: Client) -> None:
    response = as_alice.post("/settings/delete/")

    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.exists()


def rows_of_everyone() -> dict[str, int]:
    """How many rows each model of the project has, sessions and e-mail addresses included.

    Not the counts for limits: they name nobody, belong to networks too, and end by themselves.
    """
    counts: dict[str, int] = {}
    for model in apps.get_models():
        if model is Tries:
            continue
        kind: type[Model] = model
        counts[kind._meta.label] = kind._default_manager.count()
    return counts


@pytest.mark.django_db
def test_delete_account_leaves_no_row(client: Client, bob: User) -> None:
    before = rows_of_everyone()
    client.post("/accounts/signup/", SIGN_UP)
    sign_in(client)
    runner = User.objects.get(email="new@example.org")
    client.post("/welcome/", WELCOME)
    make_run(runner)
    make_soreness(runner)
    Answer.objects.create(runner=runner, question="ask:spot", value="vague", day=TODAY)
    Screen.objects.create(runner=runner, result="none", day=TODAY)
    client.get("/today/")

    asked = client.post("/settings/delete/")
    response = client.post(asked["Location"], {"password": SIGN_UP["password1"]})

    assert response["Location"] == "/"
    after = rows_of_everyone()
    assert {label: n for label, n in after.items() if n != before[label]} == {}


def test_password_reset_sends_a_link_that_works(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})

    link = re.search(r"https?://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    new = {"password1": "another-long-one-42", "password2": "another-long-one-42"}
    client.post(page.redirect_chain[-1][0], new)
    assert client.login(email=alice.email, password="another-long-one-42")


def test_password_reset_does_not_tell_who_has_an_account(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert known["Location"] == unknown["Location"]


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


def test_email_is_one_account_in_any_case(client: Client, alice: User) -> None:
    client.post("/accounts/signup/", {**SIGN_UP, "email": "ALICE@example.org"})

    assert User.objects.count() == 1


def test_local_day_is_the_runners_own(alice: User) -> None:
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)

    assert alice.local_day(late) == dt.date(2026, 11, 24)


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


def test_a_deletion_thought_better_of_is_not_done_by_a_later_look(
    as_alice: Client, alice: User
) -> None:
    """It waited for the password, and the page that asks for it was left."""
    as_alice.post("/settings/delete/")
    as_alice.get("/today/")

    look = as_alice.get("/settings/delete/")
    as_alice.post(look["Location"], {"password": PASSWORD})

    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["http://[::1", "//[", "http://[x]/", "https://a]b"])
@pytest.mark.parametrize("path", ["login", "signup", "logout", "password/reset"])
def test_an_address_to_go_on_to_that_is_none_is_left_out(
    client: Client, path: str, to: str
) -> None:
    for send in (client.get, client.post):
        assert send(f"/accounts/{path}/", {"next": to}).status_code in (200, 302)
