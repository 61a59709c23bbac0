"""What the browser is told to forget."""

import pytest
from django.test import Client

from runners.models import User
from tests.factories import PASSWORD

CLEARS = {"Clear-Site-Data": '"cache"'}


def test_signing_out_clears_the_cache(client: Client, alice: User) -> None:
    client.force_login(alice)
    signed_out = client.post("/accounts/logout/")
    assert signed_out.headers.items() >= CLEARS.items()


def test_deleting_the_account_clears_the_cache(client: Client, alice: User) -> None:
    client.force_login(alice)
    deleted = client.post("/settings/delete/", {"password": PASSWORD})
    assert User.objects.get(pk=alice.pk).is_leaving
    assert deleted.headers.items() >= CLEARS.items()


@pytest.mark.parametrize("path", ["/", "/privacy/", "/guidance/library/", "/today/"])
def test_other_answers_clear_nothing(client: Client, alice: User, path: str) -> None:
    assert "Clear-Site-Data" not in client.get(path)
    client.force_login(alice)
    assert "Clear-Site-Data" not in client.get(path)


@pytest.mark.parametrize("path", ["/", "/privacy/", "/guidance/library/"])
def test_public_pages_may_be_kept_until_somebody_is_signed_in(
    client: Client, alice: User, path: str
) -> None:
    assert "no-store" not in client.get(path).get("Cache-Control", "")
    client.force_login(alice)
    assert client.get(path)["Cache-Control"] == "private, no-store"
