"""What a browser does before it may show a coach more."""

from django.test import Client

from tests.factories import PASSWORD


def give_password(client: Client, password: str = PASSWORD) -> Client:
    """The same browser, whose person has just given the password once more."""
    answer = client.post("/accounts/reauthenticate/", {"password": password})
    assert answer.status_code == 302
    return client
