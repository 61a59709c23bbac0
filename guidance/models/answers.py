"""What a runner told guidance: answers, self-checks, warning signs. Dated, never overwritten."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from runners.models import User
from runners.models.carried import CarriedKey
from runners.models.rows import Row


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def latest_of(self, runner: User, question: str) -> "Answer | None":
        return self.of(runner).filter(question=question).order_by("-day", "-pk").first()

    def newest_of_each(self) -> Self:
        """The newest answer of a runner to each question."""
        newer = Answer.objects.filter(
            runner=OuterRef("runner"), question=OuterRef("question")
        ).filter(Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk")))
        return self.filter(~Exists(newer))


class Answer(Row):
    """An answer to a question of the knowledge base (`ask:` ids), given on a local day.

    `value` is the JSON form of the answer: a word, a number, or a list of words.
    """

    runner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    question = models.CharField(max_length=40)
    value = models.JSONField()
    day = models.DateField()
    given_at = models.DateTimeField(default=timezone.now)
    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["runner", "question", "-day"], name="answer_newest")]

    def __str__(self) -> str:
        return f"{self.question} on {self.day}"


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def newest_first(self) -> Self:
        return self.order_by("-day", "-pk")


class CheckResult(Row):
    """A self-check done on a local day (`check:` ids of the knowledge base).

    Checks of both sides fill `left` and `right`, the others `value`; each holds a number, a word,
    or for the sit bone `{"press": 0-10, "sitting": 0-10}`. `felt_*` is where a bridge was felt.
    """

    runner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="check_results", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    check_id = models.CharField(max_length=40)
    day = models.DateField()
    left = models.JSONField(null=True, blank=True)
    right = models.JSONField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)
    felt_left = models.CharField(max_length=12, blank=True)
    felt_right = models.CharField(max_length=12, blank=True)
    done_at = models.DateTimeField(default=timezone.now)
    objects = CheckResultQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["runner", "check_id", "-day"], name="check_newest")]
        constraints = [
            models.UniqueConstraint(fields=["runner", "uid"], name="check_uid_once_per_runner"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id} on {self.day}"


class ScreenResult(models.TextChoices):
    NONE = "none", "none of these"
    SOME = "some", "one of these"


class ScreenQuerySet(models.QuerySet["Screen"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def not_named(self) -> Self:
        """ "One of these", without having said which: still open."""
        return self.filter(
            result=ScreenResult.SOME,
            named_at__isnull=True,
            seen_on__isnull=True,
            mistaken_at__isnull=True,
        )


class Screen(Row):
    """One pass through the warning signs, with an answer to each sign that was answered in it.

    `result` says whether one of those answers is a yes. A pass without answers to single signs
    meant all of them as a whole: "none" is a no to each, and "one of these" stays open until the
    runner names which, a clinician has seen it, or it was a mistake.
    """

    runner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="screens", db_index=False
    )
    result = models.CharField(max_length=4, choices=ScreenResult)
    day = models.DateField()
    given_at = models.DateTimeField(default=timezone.now)
    named_at = models.DateTimeField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    mistaken_at = models.DateTimeField(null=True, blank=True)
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["runner", "-day"], name="screen_newest")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} on {self.day}"

    @property
    def is_open(self) -> bool:
        """As `ScreenQuerySet.not_named`, for a row already read."""
        closed = self.named_at or self.seen_on or self.mistaken_at
        return self.result == ScreenResult.SOME and not closed


class FlagAnswerQuerySet(models.QuerySet["FlagAnswer"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def still_open(self) -> Self:
        return self.filter(yes=True, seen_on__isnull=True, mistaken_at__isnull=True)


class FlagAnswer(Row):
    """A yes or no to one warning sign (`flag:` ids). A yes stays until it is seen or a mistake.

    `since` is the day it began, `area` where it hurts (bone signs only).
    """

    screen = models.ForeignKey(
        Screen, on_delete=models.CASCADE, related_name="flags", db_index=False
    )
    runner = CarriedKey(User, of="screen", on_delete=models.CASCADE, related_name="+")
    flag = models.CharField(max_length=40)
    yes = models.BooleanField()
    since = models.DateField(null=True, blank=True)
    area = models.CharField(max_length=12, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    mistaken_at = models.DateTimeField(null=True, blank=True)
    objects = FlagAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screen", "flag"], name="sign_once_a_screen"),
            models.CheckConstraint(
                condition=Q(yes=True) | Q(seen_on__isnull=True, mistaken_at__isnull=True),
                name="sign_only_a_yes_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag}: {'yes' if self.yes else 'no'}"
