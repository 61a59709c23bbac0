"""`manage.py make_host`: the one way to become a host, and to be one no longer."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from runners.accounts import leaving
from runners.models import SecurityEvent, User
from tests.races import signed_in


def make_host(*arguments: str) -> str:
    out = StringIO()
    call_command("make_host", *arguments, stdout=out)
    return out.getvalue()


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_it_opens_the_pages_and_closes_them_again(alice: User) -> None:
    client = signed_in(alice)
    assert client.get("/host/accounts/").status_code == 404

    assert make_host("Alice@example.org ") == "alice@example.org sees /host/ from now on.\n"
    assert client.get("/host/accounts/").status_code == 200

    said = make_host("alice@example.org", "--no-longer")
    assert said == "alice@example.org sees /host/ no longer.\n"
    assert client.get("/host/accounts/").status_code == 404
    assert kinds() == ["host_made", "host_withdrawn"]


def test_twice_is_once(alice: User) -> None:
    make_host(alice.email)
    assert "saw /host/ before" in make_host(alice.email)
    make_host(alice.email, "--no-longer")
    assert "did not see /host/ before" in make_host(alice.email, "--no-longer")
    assert kinds() == ["host_made", "host_withdrawn"]


def test_an_address_that_nobody_has_makes_nobody(alice: User) -> None:
    with pytest.raises(CommandError, match="Nobody has an account with bob@example"):
        make_host("bob@example.org")
    assert not User.objects.filter(is_host=True).exists()
    assert kinds() == []


def test_an_account_that_is_closed_or_out_of_use_is_not_made_one(alice: User, bob: User) -> None:
    leaving.leave(by=alice)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    for person in (alice, bob):
        with pytest.raises(CommandError, match="is closed, or out of use"):
            make_host(person.email)
    assert not User.objects.filter(is_host=True).exists()


def test_of_somebody_who_has_left_it_is_taken_back_all_the_same(alice: User) -> None:
    make_host(alice.email)
    leaving.leave(by=alice)
    make_host(alice.email, "--no-longer")
    assert not User.objects.get().is_host
