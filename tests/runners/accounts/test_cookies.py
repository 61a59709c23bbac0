"""Which cookies there are: the privacy page names every one."""

import re

import pytest
from django.test import Client

from runners.models import User
from tests.factories import PASSWORD


@pytest.mark.usefixtures("noon")
def test_the_privacy_page_names_every_cookie(alice: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    client.post("/settings/consent/", {"agree": "yes"})  # leaves a message
    given = set(client.cookies)
    client.post("/accounts/logout/")

    section = client.get("/privacy/").text.partition("<h2>Cookies</h2>")[2].partition("<h2>")[0]

    assert given | set(client.cookies) == set(re.findall(r"<code>(\w+)</code>", section))
