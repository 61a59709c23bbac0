"""What happened to the safety of an account: who signed in or could not, what was changed, by whom.

Each event is stored in the transaction of its act. Of one person so many events of a kind have a
row of their own on a day (UTC); what comes beyond that is counted in the last of them, and wrong
passwords and waits from the first one on. So nobody fills a disk by trying.
"""

import datetime as dt
import logging
from dataclasses import asdict, dataclass

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from runners.journal import opaque_id
from runners.models import SecurityEvent, SecurityEventKind, User

COUNTED = (
    SecurityEventKind.WRONG_PASSWORD,
    SecurityEventKind.WRONG_CODE,
    SecurityEventKind.MADE_TO_WAIT,
    SecurityEventKind.TURNED_AWAY,
)
MOST_A_DAY = 50  # rows of one kind about one person
AGAIN_AFTER = dt.timedelta(minutes=1)  # a wait: to refuse a try costs no write

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of where somebody was: see `SecurityEvent`."""

    client: str = ""
    network: str = ""


NOWHERE = Seen()


def note(
    kind: SecurityEventKind,
    person: User | None = None,
    *,
    by: User | None = None,
    seen: Seen = NOWHERE,
) -> None:
    """What cannot be noted is said in Limber's log, and keeps nobody from what they do.

    But where the database itself cannot be written, the act cannot be stored either. 2 queries.
    """
    try:
        with transaction.atomic():
            must_note(kind, person, by=by, seen=seen)
    except Error as problem:
        if connection.in_atomic_block and isinstance(problem, OperationalError | InterfaceError):
            raise
        logger.error("An event was not noted: %s (%s)", kind, type(problem).__name__)


def must_note(
    kind: SecurityEventKind,
    person: User | None = None,
    *,
    by: User | None = None,
    seen: Seen = NOWHERE,
) -> None:
    """For what a host does: what cannot be noted is not done. In the transaction of the act."""
    now = timezone.now()
    who = opaque_id(person) if person else ""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = SecurityEvent.objects.filter(who=who, kind=kind, at__gte=midnight)
    rows = list(today.newest_first().values_list("pk", "at")[: _most(kind)])
    if len(rows) < _most(kind):
        SecurityEvent.objects.create(
            at=now, kind=kind, person=person, who=who, by=by, **asdict(seen)
        )
        return
    key, at = rows[0]
    if kind != SecurityEventKind.MADE_TO_WAIT or at < now - AGAIN_AFTER:
        again = SecurityEvent.objects.filter(pk=key)
        again.update(at=now, times=F("times") + 1, **asdict(seen))


def _most(kind: SecurityEventKind) -> int:
    return 1 if kind in COUNTED else MOST_A_DAY


def forget_before(at: dt.datetime) -> int:
    """Says how many."""
    return SecurityEvent.objects.filter(at__lt=at).delete()[0]
