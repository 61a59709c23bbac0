"""What a runner brings in at once: files, how far they are read, what became of each thing."""

import datetime as dt
import uuid
from math import ceil
from typing import ClassVar, Self, TypeVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone

from runners.models.carried import CarriedKey
from runners.models.logs import Run
from runners.models.people import User
from runners.models.rows import Row


class ImportState(models.TextChoices):
    SENDING = "sending", "being sent"
    WAITING = "waiting", "waiting"
    READING = "reading", "being read"
    TO_MATCH = "match", "a list to look at"
    DONE = "done", "done"
    STOPPED = "stopped", "stopped"
    BROKEN = "broken", "broken off"  # by a fault of Limber's


UNFINISHED = (ImportState.SENDING, ImportState.WAITING, ImportState.READING)
TOLD = (ImportState.WAITING, ImportState.READING, ImportState.TO_MATCH)


class Became(models.TextChoices):
    NEW = "new", "new"
    KNOWN = "known", "known"
    ASKED = "asked", "asked"
    LEFT_OUT = "left_out", "left out"
    FAILED = "failed", "failed"


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def one(self, brought: "Import") -> Self:
        """As it is now."""
        return self.filter(pk=brought.pk, runner=brought.runner_id)

    def to_match(self) -> Self:
        return self.filter(state=ImportState.TO_MATCH)

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def sending(self) -> Self:
        return self.filter(state=ImportState.SENDING)

    def of_note(self) -> Self:
        """Those of which anything was read, or is to be."""
        never_begun = Q(state=ImportState.STOPPED, started_at=None)
        return self.exclude(Q(state=ImportState.SENDING) | never_begun)

    def under_way(self) -> Self:
        """Those that workers read, or will."""
        return self.filter(state__in=(ImportState.WAITING, ImportState.READING))

    def to_tell(self, ended_since: dt.datetime) -> Self:
        """What its runner is told of: it is read or waits, or was read and was not looked at."""
        ended = Q(ended_at__gte=ended_since, seen_at=None, undone_at=None)
        return self.filter(Q(state__in=TOLD) | ended)


class Import(Row):
    """It is its own job: workers claim shares of it.

    `read` of `size` bytes are read, `now` is the file that is being read. One that a browser sends
    in parts of `part_size` bytes waits for a worker once all of them are there; until then each
    part is its sign of life (`beat_at`). One of a list that only its runner can explain has a
    digest of its `headings`, and `matching` once that was done. `came` is what came of it
    (`runners/imports/came.py`), `seen_at` when its runner first opened the report. Where it
    `keeps_files`, they stay until their runner deletes them.
    """

    NEWS_FOR: ClassVar = dt.timedelta(days=7)

    runner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="imports", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=7, choices=ImportState, default=ImportState.WAITING)
    size = models.PositiveBigIntegerField(default=0)
    part_size = models.PositiveIntegerField(null=True, blank=True)
    read = models.PositiveBigIntegerField(default=0)
    now = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    keeps_files = models.BooleanField(default=False, db_default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    headings = models.CharField(max_length=64, blank=True)
    matching = models.JSONField(null=True, blank=True)
    came = models.JSONField(null=True, blank=True)
    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["runner", "uid"], name="import_uid_once_per_runner"),
            models.UniqueConstraint(
                fields=["runner"],
                condition=Q(state__in=["sending", "waiting", "reading"]),
                name="import_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"import of {self.created_at:%d %B %Y}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def part_count(self) -> int:
        return ceil(self.size / self.part_size) if self.part_size else 0

    def length_of(self, number: int) -> int:
        """Bytes of a part; 0 where there is none of this number."""
        part_size = self.part_size or 0
        return max(0, min(part_size, self.size - number * part_size))


def import_storage() -> Storage:
    return storages["imports"]


Stored = TypeVar("Stored", bound=models.Model)


class OfImportQuerySet(models.QuerySet[Stored]):
    """Of rows that hang on an import, and carry its runner."""

    def of(self, brought: Import) -> Self:
        return self.filter(brought=brought, runner=brought.runner_id)


class ImportFile(Row):
    """A file with the `name` it was given by; `stored` is its name in the storage, of our making.

    Where it was sent in parts it begins at the byte `starts_at` of all of them. It goes once it is
    read, unless the import keeps its files.
    """

    brought = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    runner = CarriedKey(User, of="brought", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300)
    stored = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    starts_at = models.PositiveBigIntegerField(null=True, blank=True)
    objects = OfImportQuerySet["ImportFile"].as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportPart(Row):
    """So many bytes of the files of an import, which lie one after the other; `stored` as above."""

    brought = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    runner = CarriedKey(User, of="brought", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    stored = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    objects = OfImportQuerySet["ImportPart"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["brought", "number"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


class ShareQuerySet(OfImportQuerySet["ImportShare"]):
    def to_read(self, now: dt.datetime) -> Self:
        """Nobody reads them: they wait, or whoever read them has given no sign for a while."""
        abandoned = Q(state=ImportState.READING, beat_at__lt=now - ImportShare.PATIENCE)
        waiting = Q(state=ImportState.WAITING)
        return self.filter(waiting | abandoned, brought__in=Import.objects.under_way())


class ImportShare(Row):
    """What one worker reads of an import at a time: some of its recordings, the first all the rest.

    A worker claims it, and gives a sign of life (`beat_at`) while it reads.
    """

    PATIENCE: ClassVar = dt.timedelta(seconds=60)

    brought = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="shares", db_index=False
    )
    runner = CarriedKey(User, of="brought", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=ImportState, default=ImportState.WAITING)
    read = models.PositiveBigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)
    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["brought", "number"], name="import_share_once"),
        ]

    def __str__(self) -> str:
        return f"share {self.number}"


class ImportRow(Row):
    """What became of one thing. `run` is the run that came of it, `match` the one it is or may be.

    `reason` and `fields` are what is said of it, as `Item` has them. `facts` are those of a run
    that waits for an answer, or of the spot that came of it.
    """

    brought = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    runner = CarriedKey(User, of="brought", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    file = models.CharField(max_length=400)
    became = models.CharField(max_length=8, choices=Became)
    reason = models.CharField(max_length=30, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(null=True, blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    match = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    objects = OfImportQuerySet["ImportRow"].as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["brought", "position"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return self.file
