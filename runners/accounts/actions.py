"""Writes of a person: consent, settings, and the account's end."""

import datetime as dt
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from runners import access, journal, security_log, standing
from runners.exports.actions import forget_exports_of
from runners.imports import actions as imports
from runners.imports.uploading import drop_upload_of
from runners.mail import outbox
from runners.models import Consent, Invitation, SecurityEventKind, Session, User
from runners.web.merging import Base, State, changed, settle
from runners.writes import lock

# How often an account is deleted anew where a row came to it in the middle. Each try waits for
# the writes that are under way, so the second one finds them all.
DELETE_TRIES = 5


@transaction.atomic
def give_consent(*, by: User) -> Consent:
    lock(by)
    in_force = Consent.objects.of(by).in_force().first()
    return in_force or Consent.objects.create(runner=by)


@transaction.atomic
def withdraw_consent(*, by: User) -> None:
    """From now on nothing more is stored; what is there stays until the runner deletes it.

    What is being sent goes. The clock may have run ahead when it was given, and nothing is taken
    back before it is given. A restore does it of whoever has left, too.
    """
    lock(by, even_leaving=True)
    withdrawn_at = Greatest("agreed_at", timezone.now())
    consent = Consent.objects.of(by).in_force().first()
    if consent is not None:
        Consent.objects.of(by).filter(pk=consent.pk).update(withdrawn_at=withdrawn_at)
        journal.consent_withdrawn(consent, of=by)
    drop_upload_of(by)


@transaction.atomic
def save_settings(mine: State, *, by: User, base: Base | None = None) -> User:
    """Change what the form changed, by column. `base` is what it was built from. Raises Clashed.

    Time zone and week start decide which day is today, so the standing may change.
    """
    lock(by)
    person = User.objects.get(pk=by.pk)
    stored = {column: getattr(person, column) for column in mine}
    merged = settle(base or Base(stored), mine, stored)
    columns = changed(stored, merged)
    if columns:
        for column in columns:
            setattr(person, column, merged[column])
        person.save(update_fields=columns)
        standing.renew_after_change(person)
    return person


@transaction.atomic
def answer_welcome(answers: State, *, agrees: bool = False, by: User) -> None:
    """The first questions, once: what was answered on another page stays."""
    lock(by)
    person = User.objects.get(pk=by.pk)
    if person.welcomed_at is not None:
        return
    for column, value in answers.items():
        setattr(person, column, value)
    person.welcomed_at = timezone.now()
    person.save(update_fields=[*answers, "welcomed_at"])
    if agrees:
        give_consent(by=by)


def delete_account(*, by: User) -> None:
    """At once and for good: every row that reaches the person goes. All of them hang on it by
    foreign keys, but mails, sessions and the invitations that others have sent to the address.

    Deleted twice, it is gone once.
    """
    _delete_with_patience(User.objects.filter(pk=by.pk))


def delete_account_if_due(key: int, now: dt.datetime) -> bool:
    """The same, of a person who has left and did not come back in time. False where there is none,
    or not any more.
    """
    return _delete_with_patience(User.objects.filter(pk=key, leaves_at__lte=now))


def _delete_with_patience(one: QuerySet[User]) -> bool:
    """A row that was being written meanwhile may point to the person only after they were counted:
    then all of it is tried once more.
    """
    for _try in range(DELETE_TRIES - 1):
        with suppress(IntegrityError):
            return _delete_rows_of(one)
    return _delete_rows_of(one)


def _delete_rows_of(one: QuerySet[User]) -> bool:
    """With the lock on keys, so that no row begins to point here meanwhile; nor one to a link that
    goes with the account, as a line of the roster does.
    """
    with journal.end_of_account() as end, transaction.atomic():
        person = one.select_for_update().first()
        if person is None:
            return False
        end.erased(person)
        list(access.links_of_either(person).select_for_update().order_by("pk"))
        outbox.forget_mails_of(person)
        Invitation.objects.filter(email__iexact=person.email).delete()
        imports.forget_files_of(person)
        forget_exports_of(person)
        Session.objects.filter(pk__in=Session.objects.naming(person)).delete()
        security_log.note(SecurityEventKind.DELETED, person)
        person.delete()
    return True
