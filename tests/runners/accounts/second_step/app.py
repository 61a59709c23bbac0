"""An app for codes, as a phone has it, and the sign-in that asks for one."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from runners.models import User
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_UP = "/accounts/second-step/app/"
SIGN_IN = "/accounts/second-step/sign-in/"


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """That of now, or of so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_app(person: User) -> None:
    TOTP.activate(person, SECRET)


def half_way(person: User, client: Client | None = None) -> Client:
    """A browser in which the password was right."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"].startswith(SIGN_IN)
    return client


def enter(client: Client, code: str) -> Any:
    return client.post(SIGN_IN, {"code": code})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def secret_on(page: str) -> str:
    [secret] = re.findall(r'<code class="key">(\w+)</code>', page)
    return str(secret)
