"""How suggestions are made and answered in tests, and what became of one."""

import re
import uuid
from html import unescape
from typing import Any

from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.models import Plan, Suggestion
from runners.models import User
from tests.guidance.plans import plain
from tests.pages import folded

OPEN, TAKEN, DECLINED = (False, None, False), (True, True, False), (True, False, False)


def page_of(athlete: User) -> str:
    return f"/athletes/{athlete.pk}/suggest/"


def of(suggestion: Suggestion, change: str) -> str:
    return f"/suggestions/{suggestion.uid}/{change}/"


def typed(**fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "what": "remedy:plank", "words": "", **fields}


def taken(client: Client, suggestion: Suggestion, **changed: Any) -> dict[str, Any]:
    """What the form of a remedy sends: its days, and that nothing speaks against it."""
    slug = suggestion.what.partition(":")[2]
    html = unescape(folded(client.get(of(suggestion, "accept")).text))
    data: dict[str, Any] = {
        f"{slug}-take": "on",
        f"{slug}-days": re.findall(rf'name="{slug}-days" value="(\d)" id="[\w-]+" checked', html),
        f"{slug}-asked": "".join(re.findall(rf'name="{slug}-asked" value="([^"]*)"', html)),
        f"{slug}-fits": "no",
    }
    return data | {f"{slug}-{name}": value for name, value in changed.items()}


def state(suggestion: Suggestion) -> tuple[bool, bool | None, bool]:
    """Answered, accepted, withdrawn."""
    suggestion.refresh_from_db()
    return (
        suggestion.answered_at is not None,
        suggestion.accepted,
        suggestion.withdrawn_at is not None,
    )


def refused(client: Client, row: Suggestion) -> str:
    """The words of the page that refuses to take it on; whatever is sent, nothing is stored."""
    before = list(Plan.objects.values())
    slug = row.what.partition(":")[2]
    asked = " ".join(block.says for block in current_knowledge().remedies[row.what].blocks)
    answered = {f"{slug}-asked": asked, f"{slug}-fits": "no"}
    sent = {f"{slug}-take": "on", f"{slug}-days": ["1"], **answered}
    response = client.post(of(row, "accept"), sent)
    assert response.status_code == 422
    assert list(Plan.objects.values()) == before
    assert state(row) == OPEN
    words = plain(response.text)
    assert "Guidance leaves it out for now" in words
    assert "Add to my plan" not in words
    assert "Not now" in words
    return words
