"""How an invitation is opened and accepted in tests."""

from typing import Any

from django.test import Client

from runners.models import Invitation

SUGGESTED = {"runs": "on", "soreness": "on", "guidance": "on"}


def page_of(invitation: Invitation) -> str:
    return f"/invitations/{invitation.token}/"


def accept(client: Client, invitation: Invitation, **data: str) -> Any:
    return client.post(f"{page_of(invitation)}accept/", {**SUGGESTED, **data})
