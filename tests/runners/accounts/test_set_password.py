"""Setting a first password: everybody here has one, so it leads to changing it."""

from django.test import Client

from runners.models import User

PAGE = "/accounts/password/set/"
CHANGE = "/accounts/password/change/"


def test_who_has_a_password_changes_it(as_alice: Client) -> None:
    assert as_alice.get(PAGE)["Location"] == CHANGE


def test_who_has_none_is_shown_the_way(client: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)

    page = client.get(PAGE).text

    assert "<h1>Your password</h1>" in page
    assert f'href="{CHANGE}"' in page


def test_who_is_not_signed_in_signs_in(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
