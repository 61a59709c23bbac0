"""Deleting the account asks for the password, and leaves nothing."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client

from guidance.models import Answer, Screen
from runners.models import Tries, User
from tests.factories import PASSWORD, TODAY, make_run, make_soreness
from tests.runners.accounts.newcomer import SIGN_UP, WELCOME, sign_in


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


@pytest.mark.slow
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


def test_a_deletion_thought_better_of_is_not_done_by_a_later_look(
    as_alice: Client, alice: User
) -> None:
    """It waited for the password, and the page that asks for it was left."""
    as_alice.post("/settings/delete/")
    as_alice.get("/today/")

    look = as_alice.get("/settings/delete/")
    as_alice.post(look["Location"], {"password": PASSWORD})

    assert User.objects.filter(pk=alice.pk).exists()
