"""Passwords that are guessed soon are not taken, wherever one is chosen."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from runners.models import User
from tests.factories import PASSWORD
from tests.races import signed_in
from tests.runners.accounts.newcomer import SIGN_UP

EASY = "This password is easy to guess."

# Common ones, common ones with figures behind, words of Limber, of its host and of the person,
# keyboards, repetitions.
GUESSED = [
    "letmein1234",
    "correcthorse",
    "limberlimber",
    "password12345",
    "iloveyou123456",
    "qwertyuiop12",
    "runrunrunrun",
    "limber12345678",
    "hamstring2026",
    "riversiderunning",
    "Riverside2026",
    "alice.ash2026",
    "aliceash1234",
    "alice.ash@example.org",
    "abcdefghijkl",
    "1234567890123",
]
TAKEN = ["one-leg-at-a-time", "quiet otter on the stairs", "кошка на лестнице спит", "x9$Kq2!vLp7w"]


@pytest.fixture(autouse=True)
def _host(settings: Settings) -> None:
    settings.HOST_NAME = "Riverside Running Club"


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_guessed_soon_is_not_taken(password: str) -> None:
    person = User(name="Alice Ash", email="alice.ash@example.org")

    with pytest.raises(ValidationError, match=EASY):
        validate_password(password, person)


@pytest.mark.parametrize("password", TAKEN)
def test_what_is_hard_to_guess_is_taken_in_any_script(password: str) -> None:
    validate_password(password, User(name="Alice Ash", email="alice.ash@example.org"))


def test_a_password_of_a_book_is_taken_and_judged_by_its_beginning() -> None:
    validate_password("a stair at a time, then the whole flight of them again, " * 80)
    with pytest.raises(ValidationError, match=EASY):
        validate_password("x" * 4000 + "quiet otter")


@pytest.mark.django_db
def test_nor_at_sign_up(client: Client) -> None:
    answer: Any = client.post("/accounts/signup/", {**SIGN_UP, "password1": "letmein1234"})

    assert EASY in answer.text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_nor_when_it_is_changed(alice: User) -> None:
    sent = {"oldpassword": PASSWORD, "password1": "limberlimber", "password2": "limberlimber"}

    answer: Any = signed_in(alice).post("/accounts/password/change/", sent)

    assert EASY in answer.text
    assert Client().login(email=alice.email, password=PASSWORD)
