"""The people: accounts, how they want to be shown things, and what they agreed to."""

import datetime as dt
import zoneinfo
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from runners.models.rows import Row


class Units(models.TextChoices):
    KM = "km", "kilometres"
    MILES = "mi", "miles"


class WeekStart(models.IntegerChoices):
    """ISO weekdays."""

    MONDAY = 1, "Monday"
    SATURDAY = 6, "Saturday"
    SUNDAY = 7, "Sunday"


class AgeBand(models.TextChoices):
    """Only what guidance needs: below 18 it gives general information alone."""

    ADULT = "adult", "18 or older"
    YOUTH = "16_17", "16 or 17"
    CHILD = "under_16", "under 16, and a parent looks after this account"


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone from the list.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(force_insert=True, using=self._db)
        return user


class User(Row, AbstractBaseUser, PermissionsMixin):
    """A person with an account. Rows point here as `runner`; a coach's pages say `athlete`."""

    email = models.EmailField(
        unique=True, error_messages={"unique": "An account with this e-mail exists."}
    )
    name = models.CharField(max_length=80, blank=True)
    units = models.CharField(max_length=2, choices=Units, default=Units.KM)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    week_start = models.PositiveSmallIntegerField(choices=WeekStart, default=WeekStart.MONDAY)
    age_band = models.CharField(max_length=10, choices=AgeBand, default=AgeBand.ADULT)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    # Looks after this Limber, at /host/. Set by `manage.py make_host` and by no page. Django's
    # `is_superuser` would say that all is allowed, and no host may read a diary.
    is_host = models.BooleanField(default=False, db_default=False)
    # Shows the coach's side: from the first invitation on, or by choice in the settings.
    is_coach = models.BooleanField(default=False, db_default=False)
    # The mails of Monday, each by choice.
    wants_runner_digest = models.BooleanField(default=False, db_default=False)
    wants_coach_digest = models.BooleanField(default=False, db_default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Empty until the questions of the first sign-in are answered.
    welcomed_at = models.DateTimeField(null=True, blank=True)
    # From this instant on all of it is erased; empty while the person has not left. Until it is,
    # the account is closed, and whoever signs in can only come back.
    leaves_at = models.DateTimeField(null=True, blank=True)

    # No columns: does what is being written need their consent, and was it there? See `lock`.
    needs_consent = has_consented = False

    USERNAME_FIELD = "email"
    objects = UserManager()

    _as_stored: dict[str, Any]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(week_start__in=WeekStart.values), name="user_week_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        user = super().from_db(*args, **kwargs)
        user._as_stored = user._columns()
        return user

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._as_stored = self._columns()

    def save(self, **kwargs: Any) -> None:
        """As for every row; but allauth names no fields, so what was changed is found here."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            now = self._columns()
            kwargs["update_fields"] = [
                name for name, value in now.items() if value != self._as_stored.get(name, value)
            ]
        super().save(**kwargs)
        self._as_stored = self._columns()

    def _columns(self) -> dict[str, Any]:
        """What is known of the row, by column."""
        names = [field.attname for field in self._meta.concrete_fields]
        return {name: self.__dict__[name] for name in names if name in self.__dict__}

    @property
    def is_leaving(self) -> bool:
        return self.leaves_at is not None

    @property
    def may_host(self) -> bool:
        """Whether the pages at /host/ open: not while the account is closed, or out of use."""
        return self.is_host and self.is_active and not self.is_leaving

    @property
    def first_name(self) -> str:
        """What a greeting says."""
        return self.name.partition(" ")[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_day(self, at: dt.datetime | None = None) -> dt.date:
        """The runner's own date at an instant; now if none is given."""
        return timezone.localdate(at, timezone=self.tz)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, runner: User) -> Self:
        return self.filter(runner=runner)

    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Consent(Row):
    """That a person agreed to have health data kept, when, and to which wording."""

    WORDING: ClassVar = 1  # of the sentence in consent.html; a new one asks again

    runner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    wording = models.PositiveSmallIntegerField(default=WORDING)
    agreed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-agreed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["runner"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gte=models.F("agreed_at")),
                name="consent_withdrawn_after_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"consent of {self.agreed_at:%d %B %Y}"


class EmailChange(Row):
    """The address that a person asked for, and the link that puts it in force.

    One at a time: asking again takes its place, and the link of before leads nowhere.
    """

    VALID: ClassVar = dt.timedelta(days=3)

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField()
    token = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    mail = models.OneToOneField(
        "post_office.Email", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"change of address, asked {self.asked_at:%d %B %Y}"

    @property
    def is_open(self) -> bool:
        """Whether its link works; also once more, after it has put the address in force."""
        return self.asked_at + self.VALID > timezone.now()

    @property
    def is_in_force(self) -> bool:
        """Reads `user`."""
        return self.user.email == self.email
