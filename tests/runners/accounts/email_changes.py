"""What tests of a new e-mail share: asking for one, and the links that are mailed for it."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from runners.management.commands.deliver_mail import send_due
from tests.factories import PASSWORD

PAGE = "/accounts/email/"
NEW = "new@example.org"


def give_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def change(client: Client, email: str = NEW, **options: Any) -> Any:
    return client.post(PAGE, {"email": email}, **options)


def can_sign_in(email: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return "_auth_user_id" in client.session


def links() -> list[str]:
    """Those of the mails that wait, oldest first; sends them."""
    send_due()
    bodies = [str(message.body) for message in mail.outbox]
    return [
        link for body in bodies for link in re.findall(r"http://testserver(/acc\S+l/\S+)", body)
    ]
