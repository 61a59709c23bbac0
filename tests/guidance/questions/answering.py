"""What tests of the questions share: their addresses, and answers that were given."""

from typing import Any

from django.db import models

from guidance.models import Answer
from runners.models import User
from tests.factories import days_ago

LIST = "/guidance/questions/"
GUIDANCE = "/guidance/"


def at(slug: str) -> str:
    return f"{LIST}{slug}/"


def answer(runner: User, question: str, value: Any, ago: int = 0) -> Answer:
    stored = models.Value(None, models.JSONField()) if value is None else value
    return Answer.objects.create(
        runner=runner, question=f"ask:{question}", value=stored, day=days_ago(ago)
    )


def stored(runner: User) -> list[Any]:
    return list(Answer.objects.of(runner).order_by("pk").values_list("value", flat=True))
