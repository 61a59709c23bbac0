"""What tests of the self-checks share: how a result is sent, and what speaks against a check."""

from html import unescape
from typing import Any

from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.models import Answer
from guidance.rules.types import FlagAnswer
from guidance.warning_signs import actions
from runners.models import User
from tests.factories import TODAY, days_ago
from tests.pages import folded

CHECKS = "/guidance/checks/"
READY = {"asked": "none"}
OFFERED = {c.id: c for c in current_knowledge().checks.values() if not c.retired}
SLUGS = [id_.removeprefix("check:").replace("_", "-") for id_ in OFFERED]


def send(client: Client, slug: str, *, status: int, **values: Any) -> str:
    response = client.post(f"{CHECKS}{slug}/", {**READY, **values})
    assert response.status_code == status
    return unescape(folded(response.text))


def say_yes(runner: User, flag: str) -> None:
    actions.save_screen([FlagAnswer(TODAY, flag, yes=True)], by=runner)


def say_care_first(runner: User) -> None:
    Answer.objects.create(
        runner=runner, question="ask:care_first", value=["blood_thinner"], day=days_ago(150)
    )
