"""Codes on paper: shown once."""

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from runners.models import User

PAGE = "/accounts/second-step/codes/"


def test_they_are_shown_once(sure: Client, with_app: User) -> None:
    RecoveryCodes.activate(with_app)

    shown = re.findall(r"<li><code>(\d{8})</code>", sure.get(PAGE).text)
    assert shown == RecoveryCodes.activate(with_app).generate_codes()
    again = sure.get(PAGE).text
    assert "10 of 10 are left" in again
    assert shown[0] not in again


def test_who_has_none_finds_nothing(sure: Client) -> None:
    assert sure.get(PAGE).status_code == 404
