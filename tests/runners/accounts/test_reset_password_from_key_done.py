"""After a new password was chosen by the link of a mail."""

import re

from django.core import mail
from django.test import Client

from runners.models import User

PAGE = "/accounts/password/reset/key/done/"
NEW = "another-long-one-42"


def test_a_new_password_leads_to_it_and_from_there_to_the_sign_in(
    client: Client, alice: User
) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1])["Location"]

    response = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)

    assert response.redirect_chain[-1][0] == PAGE
    assert "<h1>Your new password is saved</h1>" in response.text
    assert 'href="/accounts/login/">Sign in</a>' in response.text
    assert "_auth_user_id" not in client.session
