"""Sessions of before move over, and back: who is signed in stays so."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session as OldSession
from django.test import Client

from runners.models import Session
from tests.factories import make_user
from tests.migrating import migrate
from tests.races import signed_in

pytestmark = pytest.mark.slow

BEFORE = ("runners", "0031_runs_written_before")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_who_is_signed_in_stays_so_there_and_back(newest: list[tuple[str, str]]) -> None:
    alice = make_user()
    client, visitor = signed_in(alice), Client()
    visitor.get("/accounts/login/")
    anonymous: Any = visitor.session
    anonymous["going_to"] = "/invitations/x/"
    anonymous.save()
    migrate(BEFORE)
    keys = set(OldSession.objects.values_list("pk", flat=True))
    assert len(keys) == 2
    of_nobody = anonymous.encode({"_auth_user_id": "999"})  # whose account is gone
    OldSession.objects.create(
        session_key="gone", session_data=of_nobody, expire_date=anonymous.get_expiry_date()
    )

    migrate(*newest)

    assert not OldSession.objects.exists()
    assert set(Session.objects.values_list("pk", flat=True)) == keys
    assert Session.objects.of(alice).get().client == ""
    assert Session.objects.filter(person=None).get().get_decoded()["going_to"] == "/invitations/x/"
    assert is_signed_in(client)
    assert client.get("/settings/").status_code == 200
