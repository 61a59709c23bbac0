"""Writes of notes between a coach and an athlete. Sent twice comes to the same as sent once.

Each waits for the athlete's other writes, the end of a link among them, and then looks again
whether the link is open: a note is stored before the end or not at all.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from runners import access
from runners.coaching.links.actions import UidTaken
from runners.models import Consent, Note, User
from runners.models.rows import NotThere
from runners.web.merging import Base, settle
from runners.writes import UNDO_KEPT, lock

TEXT = "text"  # the one field of a note that can be changed


class NotKept(Exception):
    """The athlete has taken back the consent: nothing more about them is stored."""


class TooLate(NotThere):
    """What was deleted can no longer be brought back."""


@transaction.atomic
def add_note(note: Note, *, by: User) -> Note:
    """Store a new note, or an answer. The same one sent again returns the first row."""
    access.hold_open(note.coach, note.athlete)
    must_be_kept(note.athlete)
    stored, is_new = Note.objects.get_or_create(
        uid=note.uid,
        defaults={
            "coach": note.coach,
            "athlete": note.athlete,
            "author": by,
            "answers": note.answers,
            "is_private": note.is_private,
            "text": note.text,
        },
    )
    if not is_new and not _is_same(stored, note, by):
        raise UidTaken
    if is_new and by == note.athlete:
        _read_by_athlete(note)
    return stored


def _is_same(stored: Note, sent: Note, by: User) -> bool:
    """Was it this very note that was sent before? Its text may have been edited since."""
    return (stored.author_id, stored.coach_id, stored.athlete_id, stored.answers_id) == (
        by.pk,
        sent.coach_id,
        sent.athlete_id,
        sent.answers_id,
    )


def _read_by_athlete(answer: Note) -> None:
    """Whoever answers has read what was written until then."""
    thread = Q(pk=answer.answers_id) | Q(answers=answer.answers_id)
    unread = Note.objects.filter(thread, author=answer.coach, read_at__isnull=True)
    unread.update(read_at=timezone.now())


@transaction.atomic
def change_note(note: Note, text: str, *, by: User, base: Base | None = None) -> Note:
    """Other words. Whom it is for stays: the athlete may have read it, or must not learn of it.

    `base` is what the form was built from. Raises Clashed, also where the note was deleted
    meanwhile: whoever chooses their own words then brings it back, within a day.
    """
    current = access.hold_note(note, by)
    if current.deleted_at is not None and current.deleted_at < timezone.now() - UNDO_KEPT:
        raise TooLate
    must_be_kept(note.athlete)
    stored = {TEXT: None if current.deleted_at else current.text}
    merged = settle(base or Base(stored), {TEXT: text}, stored)
    if merged.get(TEXT) not in (None, stored[TEXT]):
        current.text = merged[TEXT]
        current.edited_at, current.deleted_at = timezone.now(), None
        current.shown_on = None  # other words are new to the athlete
        current.save(update_fields=["text", "edited_at", "deleted_at", "shown_on"])
    return current


@transaction.atomic
def delete_note(note: Note, *, by: User) -> None:
    current = access.hold_note(note, by)
    forget_deleted(timezone.now() - UNDO_KEPT, by=by)
    if current.deleted_at is None:
        current.deleted_at = timezone.now()
        current.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_note(note: Note, *, by: User) -> Note:
    """Undo of a deletion, within a day of it."""
    current = access.hold_note(note, by)
    if current.deleted_at is None:
        return current
    if current.deleted_at < timezone.now() - UNDO_KEPT:
        raise TooLate
    must_be_kept(note.athlete)
    current.deleted_at = None
    current.save(update_fields=["deleted_at"])
    return current


@transaction.atomic
def read_note(note: Note, *, by: User) -> None:
    """The athlete has read it: it goes from Today."""
    lock(by)
    mine = Note.objects.to_athlete(by).filter(pk=note.pk, read_at__isnull=True)
    mine.update(read_at=timezone.now())


@transaction.atomic
def forget_deleted(before: dt.datetime, *, by: User | None = None) -> int:
    """Remove for good what was deleted before an instant; of one author, or of everybody.

    The answers to a note outlive it: there its row stays, without the words.
    """
    old = Note.objects.filter(deleted_at__lt=before)
    if by is not None:
        old = old.filter(author=by)
    answers = Note.objects.filter(answers=OuterRef("pk")).exclude(deleted_at__lt=before)
    emptied = old.filter(Exists(answers)).exclude(text="").update(text="")
    removed, _ = old.exclude(Exists(answers)).delete()
    return emptied + removed


def must_be_kept(athlete: User) -> None:
    """A note is about the athlete's health, so it is their consent that counts, not the coach's.

    Raises NotKept.
    """
    if not Consent.objects.of(athlete).in_force().exists():
        raise NotKept
