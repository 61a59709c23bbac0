"""After a new password was asked for: the same page, whether there is an account or not."""

import re

from django.test import Client

from runners.models import User

PAGE = "/accounts/password/reset/done/"


def asked(email: str) -> str:
    """The page after it, without its tokens."""
    response = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
    assert response.redirect_chain[-1][0] == PAGE
    return re.sub(r'"x-csrftoken": "\w+"', "", response.text)


def test_it_does_not_tell_who_has_an_account(alice: User) -> None:
    page = asked(alice.email)

    assert "<h1>Look into your mail</h1>" in page
    assert "If there is an account with this e-mail" in page
    assert asked("nobody@example.org") == page


def test_it_leads_back_to_the_sign_in(client: Client) -> None:
    assert 'href="/accounts/login/">Back to sign in</a>' in client.get(PAGE).text
