"""What is removed for good once nobody can see it any more."""

import datetime as dt
from typing import TypeVar

from django.db.models import F, Max, Model, Q, QuerySet
from django.utils import timezone

from runners import security_log
from runners.accounts import addresses
from runners.accounts.leaving import erase_due
from runners.coaching.notes import actions
from runners.exports import actions as exports
from runners.imports import actions as imports
from runners.imports import uploading
from runners.mail import outbox
from runners.models import (
    AccessRecord,
    CheckIn,
    Digest,
    Invitation,
    Run,
    Session,
    SharingChange,
    Tries,
)
from runners.writes import UNDO_KEPT

Stored = TypeVar("Stored", bound=Model)

YEAR = AccessRecord.KEPT
# The last place on earth where a day begins is this far behind UTC.
LAST_ZONE = dt.timedelta(hours=12)


def tidy_up(now: dt.datetime | None = None) -> dict[str, int]:
    """Remove it, and say how many rows of each sort it was."""
    now = now or timezone.now()
    a_year_ago = (now - LAST_ZONE).date() - YEAR
    return {
        "account whose time was over": erase_due(now),
        "record of a look": _remove(AccessRecord.objects.filter(day__lte=a_year_ago)),
        "record of what was shared": _remove(SharingChange.objects.filter(day__lte=a_year_ago)),
        "run": _remove(Run.objects.filter(deleted_at__lt=now - UNDO_KEPT)),
        "check-in": _remove(CheckIn.objects.filter(deleted_at__lt=now - UNDO_KEPT)),
        "note": actions.forget_deleted(now - UNDO_KEPT),
        "invitation": _remove(_ended_invitations(now - YEAR)),
        "record of a weekly mail": _remove(Digest.objects.filter(week__lte=a_year_ago)),
        "count of tries": _remove(Tries.objects.filter(expires_at__lte=now)),
        "session": _remove(Session.objects.over(now)),
        "security event": security_log.forget_before(now - YEAR),
        "change of address that was not confirmed": addresses.forget_old_changes(now),
        "mail that was not sent in time": outbox.forget_expired(),
        "list that nobody explained": imports.forget_old_lists(now),
        "upload that was broken off": uploading.drop_abandoned(now - UNDO_KEPT),
        "export": exports.forget_old(now),
        "export that nothing names": exports.forget_lost_files(now - UNDO_KEPT),
        "file that nothing names": imports.forget_lost_files(now - UNDO_KEPT),
    }


def _remove(rows: QuerySet[Stored]) -> int:
    """Rows that hang on them go as well, and are not counted."""
    _, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


def _ended_invitations(before: dt.datetime) -> QuerySet[Invitation]:
    """Withdrawn, refused, expired or used up, the last one with its last link."""
    used_up = Q(used__gte=F("max_uses"), last_used_at__lt=before)
    return Invitation.objects.annotate(last_used_at=Max("links__started_at")).filter(
        used_up | Q(withdrawn_at__lt=before) | Q(refused_at__lt=before) | Q(expires_at__lt=before)
    )
