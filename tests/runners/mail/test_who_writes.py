"""Every mail names the club that looks after this Limber, and none of them is stock text."""

import re
from pathlib import Path

import allauth
import pytest
from django.test import Client
from post_office.models import Email
from pytest_django import Settings

from tests.serving import ROOT

TEMPLATES = ROOT / "templates"
STOCK = Path(allauth.__file__).parent / "templates/account/email"
CLUB = "Löwen & Läufer “e. V.”"
FOUND = [
    *TEMPLATES.glob("**/mail/*.*"),
    *TEMPLATES.glob("**/*mail.txt"),
    *TEMPLATES.glob("account/email/*_message.txt"),
]
MAILS = sorted(
    str(path.relative_to(TEMPLATES))
    for path in FOUND
    if not path.name.startswith("_") and path.stem not in ("subjects", "base_message")
)
# Of allauth, what is only sent where something is switched on that Limber leaves off.
NEVER_SENT = {
    "email_changed",  # ours, by its own action
    "password_changed",  # the same
    "email_confirm",
    "email_deleted",
    "login_code",
    "password_reset",
    "password_reset_code",
    "password_set",
}


def names_the_host(template: str) -> bool:
    """It, or what it is made of."""
    source = (TEMPLATES / template).read_text()
    parts = re.findall(r'{% (?:extends|include) "([^"#]+)', source)
    return "{% host_name %}" in source or any(map(names_the_host, parts))


@pytest.mark.parametrize("template", MAILS)
def test_a_mail_names_who_looks_after_this_limber(template: str) -> None:
    assert names_the_host(template)


@pytest.mark.usefixtures("mail_server", "alice")
def test_it_stands_there_as_the_host_wrote_it(client: Client, settings: Settings) -> None:
    settings.HOST_NAME = CLUB
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert Email.objects.get().message.endswith(
        f"Looked after by {CLUB} ({settings.HOST_CONTACT})\n"
    )


def test_all_mails_are_found() -> None:
    assert len(MAILS) >= 20
    assert {Path(mail).suffix for mail in MAILS} == {".txt", ".html"}


def test_no_mail_of_allauth_is_sent_in_its_own_words() -> None:
    stock = {re.sub(r"_(message|subject)$", "", path.stem) for path in STOCK.glob("*_*.txt")}
    stock -= {"base"}
    ours = {
        re.sub(r"_(message|subject)$", "", path.stem)
        for path in (TEMPLATES / "account/email").glob("*_*.txt")
    }
    assert stock - ours - {"base_notification"} <= NEVER_SENT
