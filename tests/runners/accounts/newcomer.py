"""Somebody new: what is sent to sign up, to sign in after it, and to answer the first questions."""

from typing import Any

from django.test import Client

SIGN_UP = {"email": "new@example.org", "password1": "walk-before-you-run", "consent": "on"}
WELCOME = {
    "name": "Nia",
    "units": "mi",
    "time_zone": "America/New_York",
    "week_start": "7",
    "age_band": "adult",
}


def sign_in(client: Client) -> Any:
    """With what was chosen at the sign-up."""
    fields = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
    return client.post("/accounts/login/", fields, follow=True)
