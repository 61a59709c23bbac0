"""The second step of a sign-in: an app's code or one on paper, each once, and few wrong ones."""

from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from pytest_django import Settings

from runners.models import SecurityEvent, User
from runners.models import SecurityEventKind as Kind
from tests.factories import PASSWORD
from tests.races import at_once, sqlite_in
from tests.runners.accounts.second_step.app import (
    SIGN_IN,
    code_of,
    enter,
    give_app,
    half_way,
    is_in,
)


def kinds(person: User) -> list[str]:
    return list(SecurityEvent.objects.of(person).order_by("pk").values_list("kind", flat=True))


def test_without_a_second_step_the_password_is_enough(alice: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert is_in(client)


def test_after_the_password_nobody_is_in_until_the_code_is_right(with_app: User) -> None:
    client = half_way(with_app)
    assert not is_in(client)
    assert client.get("/today/").status_code == 302
    assert "Enter the code that your app shows" in client.get(SIGN_IN).text

    answer = enter(client, code_of())

    assert answer["Location"] == "/today/"
    assert is_in(client)
    assert kinds(with_app) == [Kind.SIGNED_IN_BY_APP]


def test_a_code_may_have_a_space_and_be_half_a_minute_old(with_app: User) -> None:
    code = code_of(steps=-1)
    client = half_way(with_app)
    enter(client, f"{code[:3]} {code[3:]}")
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "12345", "x" * 5000, "000000", "\x00", "１２３４５６"])
def test_what_is_not_right_gets_a_sentence_and_is_noted(with_app: User, code: str) -> None:
    client = half_way(with_app)
    answer = enter(client, code)
    assert answer.status_code in (200, 400)
    assert not is_in(client)


@pytest.mark.parametrize("credential", ["{}", "[" * 100_000, "9" * 5000])
def test_what_no_browser_made_is_no_passkey(with_app: User, credential: str) -> None:
    client = half_way(with_app)
    assert client.post(SIGN_IN, {"credential": credential}).status_code == 200
    assert not is_in(client)


def test_a_wrong_code_is_noted(with_app: User) -> None:
    client = half_way(with_app)
    assert "That is not right" in enter(client, code_of(steps=5)).text
    assert kinds(with_app) == [Kind.WRONG_CODE]


def test_a_code_works_once(with_app: User) -> None:
    """Whoever has looked over the shoulder is as late as the one who sends it again."""
    code = code_of()
    enter(half_way(with_app), code)
    again = half_way(with_app)

    assert "entered a moment ago" in enter(again, code).text

    assert not is_in(again)


@pytest.mark.slow
@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_opens_one_door(tmp_path: Path, alice: User) -> None:
    with sqlite_in(tmp_path):
        give_app(alice)
        browsers = [half_way(alice), half_way(alice)]
        code = code_of()
        at_once(*[lambda browser=browser: enter(browser, code) for browser in browsers])
        assert sum(map(is_in, browsers)) == 1


def test_five_wrong_ones_make_it_wait_and_no_code_is_right_meanwhile(
    with_app: User, noon: time_machine.Traveller
) -> None:
    """From any browser: the tries count for the account."""
    for turn in range(5):
        enter(half_way(with_app), f"{turn:06}")

    late = half_way(with_app)
    assert enter(late, code_of()).status_code == 429
    assert not is_in(late)

    noon.shift(301)
    enter(half_way(with_app, late), code_of())
    assert is_in(late)


def test_a_code_on_paper_works_once(with_app: User) -> None:
    [first, *_others] = RecoveryCodes.activate(with_app).generate_codes()
    client = half_way(with_app)
    enter(client, first)
    assert is_in(client)
    assert kinds(with_app) == [Kind.SIGNED_IN_ON_PAPER]

    again = half_way(with_app)
    enter(again, first)
    assert not is_in(again)


def test_without_the_password_the_page_leads_to_the_sign_in(with_app: User) -> None:
    assert Client().get(SIGN_IN)["Location"] == "/accounts/login/"
    assert enter(Client(), code_of())["Location"] == "/accounts/login/"


def test_the_page_of_yesterday_leads_to_the_sign_in(
    with_app: User, noon: time_machine.Traveller
) -> None:
    client = half_way(with_app)
    noon.shift(24 * 60 * 60)
    assert enter(client, code_of())["Location"] == "/accounts/login/"
    assert not is_in(client)


def test_a_new_password_does_not_go_round_it(with_app: User) -> None:
    from runners.accounts.password_reset import reset_password

    reset_password(PASSWORD, by=with_app)
    client = half_way(with_app)
    assert not is_in(client)


def test_no_secret_stands_in_the_database(with_app: User) -> None:
    RecoveryCodes.activate(with_app)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "JBSWY3DP" not in stored
    for code in RecoveryCodes.activate(with_app).generate_codes():
        assert code not in stored


def test_after_a_new_secret_of_the_host_no_code_is_right_until_it_knows_the_old_one(
    with_app: User, settings: Settings
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-" + "y" * 40
    client = half_way(with_app)
    enter(client, code_of())
    assert not is_in(client)

    settings.SECRET_KEY_FALLBACKS = [old]
    enter(client, code_of(steps=1))
    assert is_in(client)
