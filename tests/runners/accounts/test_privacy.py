"""The privacy page names every cookie that Limber sets."""

import re

from django.test import Client

from runners.models import User
from tests.factories import PASSWORD


def cookies_set(client: Client, alice: User) -> set[str]:
    """By what a person does, from the first look to signing out."""
    names = set()
    steps = [
        ("/accounts/signup/", {"email": "new@example.org", "password1": "another-long-password"}),
        ("/accounts/logout/", {}),
        ("/accounts/login/", {"login": alice.email, "password": PASSWORD, "remember": "on"}),
        ("/settings/consent/", {"agree": "yes"}),
        ("/accounts/logout/", {}),
        ("/accounts/password/reset/", {"email": alice.email}),
    ]
    for path, fields in steps:
        for response in (client.get(path), client.post(path, fields)):
            names |= set(response.cookies)
    return names


def test_privacy_page_names_all_cookies(client: Client, alice: User) -> None:
    page = client.get("/privacy/").content.decode()
    section = page.partition("<h2>Cookies</h2>")[2].partition("<h2>")[0]

    named = set(re.findall(r"<code>(\w+)</code>", section))

    assert named == cookies_set(client, alice)
    assert named >= {"sessionid", "csrftoken", "messages"}
