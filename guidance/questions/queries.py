"""The questions a runner can answer: which are asked now, what was said, and how old that is."""

import datetime as dt
from dataclasses import dataclass

from guidance.knowledge import current_knowledge
from guidance.models import Answer, FlagAnswer
from guidance.rules.catalogue import Question
from guidance.rules.ids import (
    ASK_BONE_RISK,
    ASK_CARE_FIRST,
    ASK_PAST_STRAIN_MONTHS,
    ASK_SPOT,
    ASK_STOPPED_RUNNING,
)
from guidance.rules.log.current_answers import answer_counts
from guidance.rules.said import Said
from guidance.rules.types import Answer as PlainAnswer
from runners.models import Run, User

BONY_POINT = "bony_point"
NO_RUN_DAYS = 14  # without a run, and "did something keep you from running?" is asked


def questions() -> list[Question]:
    """Those with a page of their own: no data requests, and what needs care first has its own."""
    return [
        q
        for q in current_knowledge().questions.values()
        if q.answer != "data" and q.id != ASK_CARE_FIRST
    ]


def slug_of(question: str) -> str:
    return question.partition(":")[2].replace("_", "-")


def question_at(slug: str) -> Question | None:
    return next((question for question in questions() if slug_of(question.id) == slug), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the newest answer to it however old, and whether it is asked now at all."""

    question: Question
    answer: Answer | None
    applies: bool
    today: dt.date

    @property
    def slug(self) -> str:
        return slug_of(self.question.id)

    @property
    def age_days(self) -> int | None:
        return None if self.answer is None else (self.today - self.answer.day).days

    @property
    def counts(self) -> bool:
        """Answered, not so long ago that the answer has faded, and with a word still offered."""
        if self.answer is None or not answer_counts(self.answer.day, self.today):
            return False
        return not any(o.retired and o.value == self.answer.value for o in self.question.options)

    @property
    def is_due(self) -> bool:
        return self.applies and not self.counts

    @property
    def said(self) -> Said | None:
        return None if self.answer is None else answer_said(self.question, self.answer)

    @property
    def age(self) -> Said | None:
        return None if self.age_days is None else age_said(self.age_days)


def answer_said(question: Question, answer: Answer | PlainAnswer) -> Said:
    """`It crept in`, `7.5 hours a day`, `Never had one`; several of a list."""
    value = answer.value
    if value is None:
        return Said(
            "answered.never" if question.id == ASK_PAST_STRAIN_MONTHS else "answered.left_open"
        )
    words = {option.value: option.words for option in question.options}
    if isinstance(value, tuple | list):
        chosen = [Said("answered.chosen", answer=words.get(one, one)) for one in value]
        return Said("answered.several", answers=tuple(chosen))
    if question.answer == "number":
        return Said(f"answered.{question.id.partition(':')[2]}", value=value)
    return Said("answered.chosen", answer=words.get(str(value), str(value)))


def age_said(days: int) -> Said:
    """`today`, `12 days ago`, `4 months ago`: how old an answer is, roughly."""
    if days <= 1:
        return Said("age.yesterday" if days == 1 else "age.today")
    for length, key in ((365, "age.years"), (30, "age.months"), (7, "age.weeks")):
        if days >= 2 * length:
            return Said(key, count=days // length)
    return Said("age.days", count=days)


def asked_of(runner: User, today: dt.date) -> list[Asked]:
    """Every question in its order. 3 queries."""
    answers = {a.question: a for a in Answer.objects.of(runner).newest_of_each()}
    last_run = Run.objects.of(runner).until(today).order_by("-day").first()
    spot = answers.get(ASK_SPOT)
    flags = FlagAnswer.objects.of(runner).still_open().values_list("flag", flat=True)
    bone = spot is not None and spot.value == BONY_POINT
    bone = bone or any(current_knowledge().flags[flag].bone for flag in flags)
    asks = {
        ASK_BONE_RISK: bone,
        ASK_STOPPED_RUNNING: last_run is not None and (today - last_run.day).days >= NO_RUN_DAYS,
    }
    return [Asked(q, answers.get(q.id), asks.get(q.id, True), today) for q in questions()]


def next_due(asked: list[Asked], *, after: str) -> Asked | None:
    """The first one to ask behind the question `after`, in their order."""
    ids = [one.question.id for one in asked]
    return next((one for one in asked[ids.index(after) + 1 :] if one.is_due), None)
