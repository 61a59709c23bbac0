"""The logs: runs, check-ins and the spots marked in them.

A deleted run or check-in keeps its row for a day (`deleted_at`), so that deleting can be undone;
`.of(runner)` never shows it. See `actions` for how rows come and go.
"""

import datetime as dt
import uuid
from typing import Any, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from runners.body.areas import Area, Place, Side, SorenessKind, Timing, place_name
from runners.clock import WIDEST_OFFSET_S, local_start
from runners.limits import MAX_CLIMB_M, MAX_DISTANCE_M, MAX_DURATION_S
from runners.models.carried import CarriedDay, CarriedKey
from runners.models.people import User
from runners.models.rows import Row


class RunKind(models.TextChoices):
    EASY = "easy", "easy"
    LONG = "long", "long"
    TEMPO = "tempo", "tempo"
    INTERVALS = "intervals", "intervals"
    HILLS = "hills", "hills"
    RACE = "race", "race"


class RunSource(models.TextChoices):
    TYPED = "typed", "typed in"
    FIT = "fit", "FIT file"
    GPX = "gpx", "GPX file"
    TCX = "tcx", "TCX file"
    LIST = "list", "a list"


DELETED = Q(deleted_at__isnull=False)  # few of all, and asked for at each deletion
FIRST_DAY = dt.date(1970, 1, 1)  # nobody's diary is older; a date before it is a slip


Log = TypeVar("Log", bound=models.Model)


class LogQuerySet(models.QuerySet[Log]):
    """Of runs, and of check-ins."""

    def of(self, runner: User) -> Self:
        return self.filter(runner=runner, deleted_at__isnull=True)

    def deleted_of(self, runner: User) -> Self:
        return self.filter(runner=runner, deleted_at__isnull=False)

    def since(self, day: dt.date) -> Self:
        return self.filter(day__gte=day)

    def until(self, day: dt.date) -> Self:
        return self.filter(day__lte=day)


class RunQuerySet(LogQuerySet["Run"]):
    def of(self, runner: User) -> Self:
        """Without the profile, which one page alone draws: lists hold thousands of runs."""
        return super().of(runner).defer("profile")

    def newest_first(self) -> Self:
        return self.order_by("-day", models.F("started_at").desc(nulls_last=True), "-pk")


class Run(Row):
    """One run of a local day. Effort and kind may be unknown; without effort it has no load."""

    runner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="runs", db_index=False)
    # Chosen by the form before it is first sent: the same form sent twice is one row.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField()
    started_at = models.DateTimeField(null=True, blank=True)
    # Of the place where it was run; None where the file does not say it.
    utc_offset_s = models.IntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=RunKind, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)
    duration_s = models.PositiveIntegerField()
    # From start to end, with the pauses. Only a file knows it.
    elapsed_s = models.PositiveIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    climb_m = models.PositiveIntegerField(null=True, blank=True)
    onset_min = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of a file: distance, pace and height of at most 60 stretches, as `activity_files/profile.py`
    # has them, and never a position.
    profile = models.JSONField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    # Where its time and distance are from, but for what is `written`.
    source = models.CharField(max_length=5, choices=RunSource, default=RunSource.TYPED)
    # Columns that no other record of the run replaces: the runner changed them here, or where a
    # list is from that corrects its file. Of a typed run that is all that it says.
    written = models.JSONField(null=True, blank=True)
    # Of the first file of it.
    fingerprint = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["runner", "-day"], name="run_runner_day"),
            models.Index(fields=["runner"], condition=DELETED, name="run_deleted"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["runner", "uid"], name="run_uid_once_per_runner"),
            models.UniqueConstraint(
                fields=["runner", "fingerprint"],
                condition=~Q(fingerprint="") & Q(deleted_at__isnull=True),
                name="run_file_once_per_runner",
            ),
            models.CheckConstraint(
                condition=Q(duration_s__range=(1, MAX_DURATION_S)), name="run_duration"
            ),
            models.CheckConstraint(
                condition=Q(elapsed_s__isnull=True) | Q(elapsed_s__gte=models.F("duration_s")),
                name="run_elapsed_with_pauses",
            ),
            models.CheckConstraint(
                condition=Q(distance_m__isnull=True) | Q(distance_m__range=(1, MAX_DISTANCE_M)),
                name="run_distance",
            ),
            models.CheckConstraint(
                condition=Q(effort__isnull=True) | Q(effort__range=(1, 10)), name="run_effort"
            ),
            models.CheckConstraint(
                condition=Q(climb_m__isnull=True) | Q(climb_m__range=(0, MAX_CLIMB_M)),
                name="run_climb",
            ),
            models.CheckConstraint(
                condition=Q(utc_offset_s__isnull=True)
                | Q(utc_offset_s__range=(-WIDEST_OFFSET_S, WIDEST_OFFSET_S)),
                name="run_utc_offset",
            ),
        ]

    def __str__(self) -> str:
        return f"run on {self.day}"

    def local_start(self, home: dt.tzinfo) -> dt.datetime | None:
        """On the clock of the place where it was run; of `home` where that is not known."""
        return local_start(self.started_at, self.utc_offset_s, home=home)

    @property
    def pace_s_per_km(self) -> float | None:
        return self.duration_s * 1000 / self.distance_m if self.distance_m else None

    @property
    def load(self) -> int | None:
        """Session load: effort x minutes, in arbitrary units (session-RPE)."""
        return None if self.effort is None else round(self.effort * self.duration_s / 60)


class CheckInQuerySet(LogQuerySet["CheckIn"]):
    def with_spots(self, runner: User) -> Self:
        """1 query more."""
        spots = SorenessEntry.objects.filter(runner=runner)
        return self.prefetch_related(models.Prefetch("entries", spots))


class CheckIn(Row):
    """How the body felt on one local day. Without entries it is an all clear.

    A partial check-in was made from an old note or an import: only the areas it names are known
    on that day. On every other check-in day an area that was not marked was clear.
    """

    runner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="check_ins", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField()
    note = models.TextField(max_length=2000, blank=True)
    partial = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = CheckInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["runner", "-day"], name="check_in_runner_day"),
            models.Index(fields=["runner"], condition=DELETED, name="check_in_deleted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["runner", "day"],
                condition=Q(deleted_at__isnull=True),
                name="check_in_once_a_day",
            ),
            models.UniqueConstraint(fields=["runner", "uid"], name="check_in_uid_once_per_runner"),
        ]

    def __str__(self) -> str:
        return f"check-in on {self.day}"


class SorenessQuerySet(models.QuerySet["SorenessEntry"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner, check_in__deleted_at__isnull=True)

    def since(self, day: dt.date) -> Self:
        return self.filter(day__gte=day)

    def until(self, day: dt.date) -> Self:
        return self.filter(day__lte=day)

    def daily_peaks(self) -> Self:
        """The highest entry of each day, area and side; of equal ones the first."""
        # One at a time: were they joined, PostgreSQL might read the spots of everybody for it.
        same = SorenessEntry.objects.filter(
            check_in=OuterRef("check_in"), area=OuterRef("area"), side=OuterRef("side")
        )
        highest = same.order_by("-intensity", "pk").values("pk")[:1]
        return self.filter(pk=Subquery(highest))


class SorenessEntry(Row):
    """A spot: one area and side, how it felt, when, and how strong on the scale 0-10.

    One at the sit bone is one of the hamstring, and counts as that everywhere.
    """

    check_in = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    runner = CarriedKey(
        User, of="check_in", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = CarriedDay(of="check_in")
    area = models.CharField(max_length=12, choices=Area)
    side = models.CharField(max_length=6, choices=Side)
    sit_bone = models.BooleanField(default=False, db_default=False)
    kind = models.CharField(max_length=10, choices=SorenessKind, default=SorenessKind.TIGHTNESS)
    timing = models.CharField(max_length=12, choices=Timing)
    intensity = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    note = models.CharField(max_length=500, blank=True)
    objects = SorenessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "soreness entries"
        indexes = [models.Index(fields=["runner", "-day"], name="soreness_runner_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["check_in", "area", "side", "sit_bone", "kind", "timing"],
                name="soreness_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(intensity__range=(0, 10)), name="soreness_intensity"
            ),
            models.CheckConstraint(
                condition=Q(area=Area.LOW_BACK, side=Side.CENTRE)
                | (~Q(area=Area.LOW_BACK) & Q(side__in=[Side.LEFT, Side.RIGHT])),
                name="soreness_side_of_area",
            ),
            models.CheckConstraint(
                condition=Q(sit_bone=False) | Q(area=Area.HAMSTRING), name="soreness_sit_bone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.intensity}"

    @classmethod
    def at(cls, place: Place, **values: Any) -> Self:
        return cls(area=place.area, side=place.side, sit_bone=place.sit_bone, **values)

    @property
    def place(self) -> str:
        return place_name(self.area, self.side, sit_bone=self.sit_bone)
