"""Who coaches whom: links, invitations, teams, notes, and the record of who looked.

An athlete is a `User` that a coach looks at. Nothing here is read directly by a view: `access`
says what a coach may see, and while.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from runners.models.people import User
from runners.models.rows import Row

SWITCHES = ("runs", "soreness", "guidance", "notes")
MOST_USES = 1000  # of a team's link


def new_token() -> str:
    """The part of an address that nobody can guess: 32 bytes."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Shared:
    """What an athlete shares on one day. `notes` are those of runs and check-ins."""

    runs: bool = False
    soreness: bool = False
    guidance: bool = False
    notes: bool = False

    def __bool__(self) -> bool:
        """Notes stand on runs and check-ins: without those they show nothing."""
        return self.runs or self.soreness or self.guidance


# What runners read of themselves.
FULLY_SHARED = Shared(runs=True, soreness=True, guidance=True, notes=True)


class Switches(Row):
    """What an athlete shares: a switch each, on until a last local day or with none given."""

    runs = models.BooleanField(default=False)
    runs_until = models.DateField(null=True, blank=True)
    soreness = models.BooleanField(default=False)
    soreness_until = models.DateField(null=True, blank=True)
    guidance = models.BooleanField(default=False)
    guidance_until = models.DateField(null=True, blank=True)
    notes = models.BooleanField(default=False)
    notes_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def shared_on(self, day: dt.date) -> Shared:
        return Shared(**{name: self._is_on(name, day) for name in SWITCHES})

    def _is_on(self, name: str, day: dt.date) -> bool:
        until: dt.date | None = getattr(self, f"{name}_until")
        return getattr(self, name) and (until is None or day <= until)


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, coach: User) -> Self:
        return self.filter(coach=coach)


class Team(Row):
    """A coach's own group of athletes; an athlete is in one of them or in none."""

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=60)
    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint("coach", Lower("name"), name="team_name_once_per_coach")
        ]

    def __str__(self) -> str:
        return self.name


class InvitationKind(models.TextChoices):
    ATHLETE = "athlete", "to one athlete"
    TEAM = "team", "a link for a whole team"
    COACH = "coach", "to a coach"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, sender: User) -> Self:
        return self.filter(sender=sender)

    def open(self) -> Self:
        """Those that can still be accepted."""
        return self.filter(
            withdrawn_at__isnull=True,
            refused_at__isnull=True,
            expires_at__gt=timezone.now(),
            used__lt=F("max_uses"),
        )

    def waiting(self) -> Self:
        """Over the limit of a day, so that no mail is written yet."""
        return self.open().exclude(email="").filter(sent_at__isnull=True)


class Invitation(Switches):
    """A link that makes a coach and an athlete know each other. Single-use unless a team's.

    The switches are set beforehand where an athlete invites a coach; else the athlete sets them
    on accepting. `email` is empty for a link that is handed over in another way. `mail` is there
    from the moment of `sent_at` until the mail server has it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    sender = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="invitations", db_index=False
    )
    kind = models.CharField(max_length=7, choices=InvitationKind)
    email = models.EmailField(blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True)
    max_uses = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_USES)]
    )
    used = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    mail = models.OneToOneField(
        "post_office.Email", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sender", "-created_at"], name="invitation_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_uses__range=(1, MOST_USES)) & Q(used__lte=F("max_uses")),
                name="invitation_uses",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvitationKind.TEAM, email="") | Q(max_uses=1),
                name="invitation_single_use_unless_team",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        """As `InvitationQuerySet.open`, for a row already read."""
        ended = self.withdrawn_at or self.refused_at
        return not ended and self.expires_at > timezone.now() and self.used < self.max_uses


class CoachLinkQuerySet(models.QuerySet["CoachLink"]):
    def of_coach(self, coach: User) -> Self:
        return self.filter(coach=coach)

    def of_athlete(self, athlete: User) -> Self:
        return self.filter(athlete=athlete)

    def not_ended(self) -> Self:
        """Those that exist, whether or not the coach may read now."""
        return self.filter(ended_at__isnull=True)

    def open(self) -> Self:
        """Those by which a coach may read now. None while the account of either is out of use."""
        return self.answered().filter(athlete__is_active=True, coach__is_active=True)

    def answered(self) -> Self:
        """Those that the athlete has said yes to, the coach may read by them now or not."""
        return self.not_ended().filter(confirmed_at__isnull=False, paused_at__isnull=True)

    def in_question(self) -> Self:
        """Those by which nothing is shown until the athlete says that it is their coach."""
        return self.not_ended().filter(Q(confirmed_at__isnull=True) | Q(paused_at__isnull=False))


class CoachLink(Switches):
    """That a coach may read an athlete, from `confirmed_at` until either of them ends it.

    A pair that begins anew gets a new row. `confirmed_at` is when the athlete knew who it is: not
    yet, where the coach accepted and Limber cannot tell whose address it is. `paused_at` is when
    a reset of the athlete's password put the link in question: nothing is shown until the
    athlete says yes again. `is_news`: the athlete has not yet put away that the coach accepted.
    `looked_at` is when the coach last opened a page of the athlete, `looked_before_at` the visit
    before that one.
    """

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="athlete_links")
    athlete = models.ForeignKey(User, on_delete=models.CASCADE, related_name="coach_links")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    started_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    is_news = models.BooleanField(default=False, db_default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_before_at = models.DateTimeField(null=True, blank=True)
    objects = CoachLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coach", "athlete"],
                condition=Q(ended_at__isnull=True),
                name="coach_link_one_open",
            ),
            models.CheckConstraint(condition=~Q(coach=F("athlete")), name="coach_link_of_two"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_by__isnull=True),
                name="coach_link_ended_by_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="coach_link_paused_after_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"link since {self.started_at:%d %B %Y}"

    @property
    def is_open(self) -> bool:
        """As `CoachLinkQuerySet.answered`, for a row already read."""
        return self.ended_at is None and self.confirmed_at is not None and self.paused_at is None

    @property
    def shared(self) -> Shared:
        """What is shared today, by the athlete's own day. Reads `athlete`."""
        return self.shared_on(self.athlete.local_day())


class NoteQuerySet(models.QuerySet["Note"]):
    def to_athlete(self, athlete: User) -> Self:
        """What the athlete may read: never the coach's private notes."""
        return self.filter(athlete=athlete, is_private=False, deleted_at__isnull=True)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")


class Note(Row):
    """Plain text that a coach wrote about or to an athlete, or the athlete's answer to it.

    A deleted note keeps its row for a day, so that deleting can be undone.
    """

    coach = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="notes_as_coach", db_index=False
    )
    athlete = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="notes_as_athlete", db_index=False
    )
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notes_written")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_private = models.BooleanField(default=False)
    text = models.TextField(max_length=2000)
    answers = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="answered_by"
    )
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # by the one it is written to
    shown_on = models.DateField(null=True, blank=True)  # the athlete's day, on Today, first
    deleted_at = models.DateTimeField(null=True, blank=True)
    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["coach", "athlete", "created_at"], name="note_of_pair"),
            models.Index(fields=["athlete", "-created_at"], name="note_to_athlete"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(author=F("coach")) | Q(author=F("athlete"), is_private=False),
                name="note_by_one_of_two",
            )
        ]

    def __str__(self) -> str:
        return f"note of {self.created_at:%d %B %Y}"


class AthletePage(models.TextChoices):
    """What a coach can look at, in the words in which the athlete is told."""

    ROSTER = "roster", "your line in the list of athletes"
    OVERVIEW = "overview", "your overview"
    TRENDS = "trends", "your weekly trends"
    GUIDANCE = "guidance", "your guidance and plan"
    DIARY = "diary", "your diary"
    DIGEST = "digest", "your line in the weekly mail"
    LINE_DOWNLOADED = "line-csv", "your line, downloaded as a table"
    WEEKS_DOWNLOADED = "week-csv", "your weeks, downloaded as a table"


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def of(self, athlete: User) -> Self:
        """What the athlete is shown: the last twelve months."""
        return self.filter(athlete=athlete, day__gt=athlete.local_day() - AccessRecord.KEPT)


class AccessRecord(Row):
    """That a coach looked at a page of an athlete on a local day of the athlete."""

    KEPT_MONTHS = 12
    KEPT = KEPT_MONTHS * dt.timedelta(days=30.5)  # a leap year

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="looks")
    athlete = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="looks_at_me", db_index=False
    )
    page = models.CharField(max_length=8, choices=AthletePage)
    day = models.DateField()
    last_at = models.DateTimeField(default=timezone.now)
    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-last_at", "-pk"]
        indexes = [models.Index(fields=["day"], name="access_record_day")]  # what is old goes
        constraints = [
            models.UniqueConstraint(
                fields=["athlete", "day", "coach", "page"], name="access_record_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} on {self.day}"


class CoachApproval(Row):
    """That somebody asked the host to coach here; `approved_at` is empty until the host says yes.

    Who may coach is asked for where `COACHES` is `approved`, and of nobody where it is `anyone`.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="coach_approval")
    asked_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"approval, asked for on {self.asked_at:%d %B %Y}"
