"""What every write needs: one at a time about a person, and an undo.

An action names the doer (`by=`), holds in one transaction, locks first and renews the standing
last; those of a subject stand in its `actions.py`.
"""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet
from django.utils import timezone

from runners.models import CheckIn, Consent, Run, User
from runners.models.rows import ConsentGone, PersonGone
from runners.prepared import prepared

UNDO_KEPT = dt.timedelta(days=1)  # how long a deleted row can be brought back


def lock(*people: User, even_leaving: bool = False) -> None:
    """Let one write about these people wait for the other, on every database.

    Inside a transaction, and in one order for everybody. Without the lock on keys, because a row
    that points to a coach may just be written under an athlete's lock, and would wait here while
    this waits for the athlete. Raises PersonGone, of somebody who left too: nothing is written
    about them, but what is `even_leaving`. Raises ConsentGone of whoever `needs_consent`: it is
    looked for here, because it may be taken back while this waits.
    """
    keys = {person.pk for person in people}
    if len((_locked if even_leaving else _locked_staying)(keys)) < len(keys):
        raise PersonGone
    for person in people:
        if person.needs_consent:
            look_for_consent(person)


def look_for_consent(person: User) -> None:
    """1 query. Raises ConsentGone."""
    person.has_consented = bool(_consents(person))
    if not person.has_consented:
        raise ConsentGone


@prepared
def _locked(keys: Collection[int]) -> QuerySet[User, tuple[int]]:
    return _rows(keys).values_list("pk")


@prepared
def _locked_staying(keys: Collection[int]) -> QuerySet[User, tuple[int]]:
    return _rows(keys).filter(leaves_at__isnull=True).values_list("pk")


@prepared
def _consents(person: User) -> QuerySet[Consent, tuple[int]]:
    return Consent.objects.of(person).in_force().values_list("pk")[:1]


def _rows(keys: Collection[int]) -> QuerySet[User]:
    return User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")


# The row of something deleted stays for the undo, and goes for good with a later deletion.


def mark_deleted(row: Run | CheckIn) -> None:
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at", "updated_at"])


def forget_deleted(runner: User) -> None:
    before = timezone.now() - UNDO_KEPT
    Run.objects.deleted_of(runner).filter(deleted_at__lt=before).delete()
    CheckIn.objects.deleted_of(runner).filter(deleted_at__lt=before).delete()
