"""Writes of answers: added, never overwritten, so the newest one counts."""

from django.db import models, transaction

from guidance.models import Answer
from runners import standing
from runners.models import User
from runners.writes import lock

Value = str | float | list[str] | None


@transaction.atomic
def give_answer(question: str, value: Value, *, by: User) -> Answer:
    """Note an answer. The same one twice on a day is one row: a double tap, or a retry."""
    lock(by)
    answer = note_answer(question, value, by)
    standing.renew_after_change(by)
    return answer


def note_answer(question: str, value: Value, runner: User) -> Answer:
    """As above, for whoever holds the lock and renews the standing."""
    today = runner.local_day()
    newest = Answer.objects.latest_of(runner, question)
    if newest is not None and newest.day == today and newest.value == value:
        return newest
    # A bare None would be SQL's NULL, which means no answer; here it is JSON's null.
    stored = models.Value(None, models.JSONField()) if value is None else value
    return Answer.objects.create(runner=runner, question=question, value=stored, day=today)
