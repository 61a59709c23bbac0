"""Where people are signed in: Django's sessions, which also say whose they are."""

import datetime as dt
from typing import Any, ClassVar, Self, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from runners.models.people import User


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def naming(self, person: User) -> list[str]:
        """Keys of those of the person, and of those not signed in where the address was typed."""
        mine = self.filter(Q(person=person) | Q(person=None))
        return [
            row.session_key
            for row in mine.iterator()
            if row.person_id or person.email in str(row.get_decoded())
        ]

    def live(self, now: dt.datetime) -> Self:
        """Those that still work: used lately enough, and not begun too long ago."""
        return self.filter(expire_date__gt=now, began_at__gt=now - Session.LONGEST)

    def over(self, now: dt.datetime) -> Self:
        """The others."""
        return self.filter(Q(expire_date__lte=now) | Q(began_at__lte=now - Session.LONGEST))


class Session(AbstractBaseSession):
    """It ends `SESSION_COOKIE_AGE` after it was last used, and `LONGEST` after the sign-in.

    `person` is empty before somebody signs in. `client` is roughly which browser it is. The key
    signs in whoever has it, so that no page shows it: there a session is its `handle`.
    """

    LONGEST: ClassVar = dt.timedelta(days=365)
    NOTED_EVERY: ClassVar = dt.timedelta(minutes=15)  # that it is used

    # No constraint: a session is written beside the deletion of its person, and one that could not
    # be stored would be tried again for ever. It goes with the account all the same.
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="sessions"
    )
    began_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)
    client = models.CharField(max_length=40, blank=True)
    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]  # Django's stores no rows by itself

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore

    @property
    def handle(self) -> str:
        sign = salted_hmac("runners.models.sessions", self.session_key, algorithm="sha256")
        return sign.hexdigest()[:16]


class SessionStore(db.SessionStore):
    """What `SESSION_ENGINE` names. No query more than Django's own.

    It bears the name of Django's own, because what is stored is signed with the name.
    """

    client = ""  # of the request
    row: Session | None = None  # as it was last read or written

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        self.row = Session.objects.live(now).filter(session_key=self.session_key).first()
        if self.row is None:
            self._session_key = None
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """It begins anew with each sign-in."""
        before, now = self.row, timezone.now()
        self.row = cast(Session, super().create_model_instance(data))
        self.row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        goes_on = before is not None and before.person_id == self.row.person_id
        self.row.began_at = before.began_at if before is not None and goes_on else now
        self.row.used_at, self.row.client = now, self.client
        return self.row

    def is_to_be_noted(self) -> bool:
        """Somebody is signed in, and it was not noted lately that they use it."""
        row = self.row
        if row is None or row.person_id is None or self.modified:
            return False
        return row.used_at < timezone.now() - Session.NOTED_EVERY

    def note_use(self) -> bool:
        """From now on it counts anew. False where it was ended meanwhile. 1 query."""
        mine = Session.objects.filter(session_key=self.session_key)
        return bool(mine.update(used_at=timezone.now(), expire_date=self.get_expiry_date()))
