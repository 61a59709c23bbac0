"""The page of an account that is not in use."""

from django.test import Client

from runners.models import User
from tests.factories import PASSWORD

PAGE = "/accounts/inactive/"


def test_it_leads_to_the_people_who_run_this_limber(client: Client) -> None:
    page = client.get(PAGE).text

    assert "<h1>This account is not in use</h1>" in page
    assert 'href="/privacy/">Who they are</a>' in page


def test_an_account_not_in_use_is_led_there_and_not_signed_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)

    response = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})

    assert response["Location"] == PAGE
    assert "_auth_user_id" not in client.session
