"""Adding a passkey: what the browser makes is shown in `tests/browser/test_second_step.py`."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

PAGE = "/accounts/second-step/passkeys/add/"


def test_the_password_is_asked_first(as_alice: Client) -> None:
    assert as_alice.get(PAGE)["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    "credential",
    [
        *("", "{}", "[]", "null", "1", '{"id": 3}', '{"response": {"clientDataJSON": "x"}}'),
        *("{" * 5000, "[" * 100_000, "9" * 5000),  # too deep to be read, or too long
    ],
)
def test_what_no_browser_made_is_refused(sure: Client, credential: str) -> None:
    assert "Add a passkey" in sure.get(PAGE).text
    answer = sure.post(PAGE, {"name": "Mine", "credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()
