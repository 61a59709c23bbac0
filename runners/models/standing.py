"""Where a runner stands, in one row: what Today, the roster and the digest say."""

from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet

from runners.models.coaching import CoachLink
from runners.models.people import User
from runners.models.rows import Row
from runners.prepared import prepared


class StandingLevel(models.IntegerChoices):
    """In the order of need: the higher, the sooner somebody should look."""

    UNKNOWN = 0, "not enough to tell"
    ON_TRACK = 10, "on track"
    QUIET = 20, "quiet"
    LOAD_JUMP = 30, "load jump"
    RECURRING = 40, "recurring"
    WORSENING = 50, "worsening"
    EASE_OFF = 60, "ease off"
    SEE_CLINICIAN = 70, "see a clinician"
    URGENT = 80, "get help now"


class StandingQuerySet(models.QuerySet["Standing"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)


class Standing(Row):
    """Written by guidance alone, through `runners.standing`.

    `headline`, `louder`, `reason` and `warning` are what is to be said, not the words: a key and
    its fields, which `{% say %}` and `runners.standing.say` put into words.

    `valid_until` is the first day on which the words could change without a new log; a row
    without it is stale, because a log has changed since it was written. `warning` stands on top
    of every page of the runner for as long as a warning sign is open. `ask_next` is the id of
    what guidance asks next, `first_days` a list of what helps after a first sore spot, `louder`
    a place beside that of the headline, `plan_started_on` the day the plan in force began. `room_m`
    is how long a run may be to stay near the longest of 30 days; None where nothing is said of it.
    `changes` counts how often what it rests on was changed: where it is the same, so is all that
    was worked out from it on a day.
    """

    runner = models.OneToOneField(User, on_delete=models.CASCADE, related_name="standing")
    level = models.PositiveSmallIntegerField(choices=StandingLevel)
    headline = models.JSONField()
    reason = models.JSONField(null=True, blank=True)
    warning = models.JSONField(null=True, blank=True)
    ask_next = models.CharField(max_length=60, blank=True, default="", db_default="")
    first_days = models.JSONField(null=True, blank=True)
    room_m = models.PositiveIntegerField(null=True, blank=True)
    louder = models.JSONField(null=True, blank=True)
    plan_started_on = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    made_with = models.CharField(max_length=16, blank=True, default="", db_default="")
    changes = models.PositiveIntegerField(default=0, db_default=0)
    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("as_of")),
                name="standing_valid_after_as_of",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} on {self.as_of}"

    @property
    def is_urgent(self) -> bool:
        return self.level >= StandingLevel.URGENT


@prepared
def _rows_of(runner: User) -> QuerySet[Standing]:
    return Standing.objects.of(runner)


def standing_of(runner: User) -> Standing | None:
    """1 query."""
    return next(iter(_rows_of(runner)), None)


def standing_read(runner: User) -> Standing | None:
    """The same, as `runner.standing` has it: 1 query where nobody has asked for it yet."""
    if not _beside().is_cached(runner):
        return standing_read_anew(runner)
    found: Standing | None = _beside().get_cached_value(runner)
    return found


def standing_read_anew(runner: User) -> Standing | None:
    """1 query, which saves that of `standing_read`."""
    found = standing_of(runner)
    _beside().set_cached_value(runner, found)
    return found


def _beside() -> Any:
    return Standing._meta.get_field("runner").remote_field


class SharedStanding(Row):
    """A line of the roster: where an athlete stands, as far as one coach may know.

    Written by guidance beside `Standing`, from what the link shares and nothing else. `level`
    empty: not shared. `peaks` are the highest spots of the last 12 weeks, oldest first and null
    where nothing is known; all of it null where soreness is not shared. Distances are of the
    athlete's week until `as_of`, `change` in percent against the same days of the week before;
    null where not shared, or not known. `plan_started_on` is null where guidance is not shared.
    Stale from the instant `fresh_until` on, or without one.
    """

    link = models.OneToOneField(CoachLink, on_delete=models.CASCADE, related_name="standing")
    level = models.PositiveSmallIntegerField(choices=StandingLevel, null=True, blank=True)
    headline = models.JSONField()
    reason = models.JSONField(null=True, blank=True)
    peaks = models.JSONField(null=True, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)
    change = models.IntegerField(null=True, blank=True)
    last_log = models.DateField(null=True, blank=True)
    plan_started_on = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    fresh_until = models.DateTimeField(null=True, blank=True)
    made_with = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["fresh_until"], name="shared_standing_fresh")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} on {self.as_of}"
