"""Who may open the pages of hosts: nobody but a host, on any of their addresses, by any method."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from runners.accounts import leaving
from runners.hosts import actions
from runners.models import User
from runners.models.rows import NotThere
from tests.factories import PASSWORD
from tests.races import signed_in
from tests.runners.accounts.email_changes import give_password

METHODS = ("get", "post", "head", "put", "delete")


def patterns() -> dict[str, URLPattern]:
    """Each by its address, of account 1."""
    found = patterns_of(get_resolver())
    by_path = {str(one.pattern).replace("<int:account_id>", "1"): one for one in found}
    return {f"/{path}": one for path, one in by_path.items() if path.startswith("host")}


def patterns_of(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns_of(one)
        else:
            yield one


PATHS = sorted(patterns())


def test_every_address_is_marked() -> None:
    assert len(PATHS) == 13
    assert all(getattr(one.callback, "is_for_hosts", False) for one in patterns().values())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_to_everybody_else_it_is_not_there(alice: User, path: str, method: str) -> None:
    there = getattr(signed_in(alice), method)(path)
    nowhere = getattr(signed_in(alice), method)("/host/nowhere/")

    assert there.status_code == nowhere.status_code == 404
    assert [one.name for one in there.templates] == [one.name for one in nowhere.templates]


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_not_signed_in_is_asked_to(db: None, client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")


def test_a_host_who_left_comes_back_first(hanna: User, as_hanna: Client) -> None:
    leaving.leave(by=hanna)
    client = signed_in(hanna)
    assert client.get("/host/accounts/")["Location"] == "/come-back/"
    assert client.post(f"/host/accounts/{hanna.pk}/deactivate/")["Location"] == "/come-back/"


def test_a_host_out_of_use_is_signed_out(hanna: User, as_hanna: Client) -> None:
    User.objects.filter(pk=hanna.pk).update(is_active=False)
    assert as_hanna.get("/host/accounts/")["Location"].startswith("/accounts/login/")


def test_settings_lead_hosts_there_and_nobody_else(as_hanna: Client, alice: User) -> None:
    assert 'href="/host/"' in as_hanna.get("/settings/").text
    assert 'href="/host/"' not in signed_in(alice).get("/settings/").text


def test_what_waits_for_the_password_is_not_done_by_who_is_no_host_any_more(
    hanna: User, alice: User
) -> None:
    """It waits in the session, and is then done without the address being looked up anew."""
    client = signed_in(hanna)
    path = f"/host/accounts/{alice.pk}/deactivate/"
    asked = client.post(path)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=alice.pk).is_active

    actions.withdraw_host(hanna)
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})

    assert done.status_code == 404
    assert User.objects.get(pk=alice.pk).is_active


def test_the_password_is_asked_for_once_and_then_it_is_done(hanna: User, alice: User) -> None:
    client = signed_in(hanna)
    path = f"/host/accounts/{alice.pk}/deactivate/"
    client.post(path)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})

    assert not User.objects.get(pk=alice.pk).is_active


DO = (
    *(actions.deactivate, actions.reactivate, actions.end_sessions, actions.erase),
    *(actions.send_link, actions.approve_coach, actions.refuse_coach),
)


@pytest.mark.parametrize("do", DO)
def test_actions_look_again_whether_the_doer_is_a_host(alice: User, bob: User, do: object) -> None:
    with pytest.raises(NotThere):
        do(alice, by=bob)  # type: ignore[operator]


ACTS = (
    *("deactivate", "reactivate", "sessions/end", "resend", "erase"),
    *("coach/approve", "coach/refuse"),
)


@pytest.mark.parametrize("what", ACTS)
def test_a_host_does_nothing_to_their_own_account(hanna: User, as_hanna: Client, what: str) -> None:
    path = f"/host/accounts/{hanna.pk}/"
    response = as_hanna.post(f"{path}{what}/", {"email": hanna.email})

    assert response["Location"] == path
    assert "That is your own account" in as_hanna.get(path).text
    stored = User.objects.get(pk=hanna.pk)
    assert stored.may_host


@pytest.mark.parametrize("key", ["9999", str(2**63), str(10**30)])
def test_of_an_account_that_is_not_there_hosts_read_404(as_hanna: Client, key: str) -> None:
    give_password(as_hanna)
    assert as_hanna.get(f"/host/accounts/{key}/").status_code == 404
    for what in ACTS:
        assert as_hanna.post(f"/host/accounts/{key}/{what}/").status_code == 404
