"""Notes as pages show them: each with the answers under it, as one of the two sees them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from runners import access
from runners.coaching.notes.forms import AnswerForm
from runners.models import CoachLink, Note, User
from runners.models.coaching import NoteQuerySet
from runners.prepared import prepared, together

THREADS_A_PAGE = 20
ON_TODAY = 3  # unread notes; more are one tap away
ON_OVERVIEW = 3  # notes with their answers; all are one tap away
SHOWN_ON_TODAY = 300  # characters of a note


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note or an answer. `day` is the athlete's.

    New to an athlete until it is put away, to a coach what came since the last visit.
    """

    note: Note
    day: dt.date
    is_mine: bool
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A note with its answers, oldest first. `form` is how to answer, None where it is not open.

    A note that was deleted stays as a place for what was answered to it.
    """

    line: NoteLine
    answers: tuple[NoteLine, ...]
    form: AnswerForm | None
    today: dt.date

    @property
    def note(self) -> Note:
        return self.line.note

    @property
    def is_deleted(self) -> bool:
        return self.note.deleted_at is not None

    @property
    def ends_with_mine(self) -> bool:
        """Nobody answers themselves: they add to it."""
        return (self.line, *self.answers)[-1].is_mine


@dataclass(frozen=True, slots=True)
class Threads:
    """One page of them, newest first. `later` is the number of the page after it, 0 for none."""

    threads: tuple[Thread, ...]
    later: int

    def with_form(self, root: Note, form: AnswerForm) -> "Threads":
        """With an answer that was sent and has to be corrected."""
        threads = tuple(
            replace(thread, form=form) if thread.note.pk == root.pk else thread
            for thread in self.threads
        )
        return replace(self, threads=threads)


def threads_about(link: CoachLink, *, page: int = 1, since: dt.datetime | None = None) -> Threads:
    """What a coach wrote about an athlete, private notes too. 2 queries."""
    roots = Note.objects.filter(coach=link.coach_id, athlete=link.athlete_id)
    return _page(roots, Reader(link.coach_id, link.athlete, {link.coach_id}, since), page)


def newest_threads_about(link: CoachLink, *, since: dt.datetime | None) -> tuple[Thread, ...]:
    """The first of them. 1 query."""
    pair = link.coach_id, link.athlete_id
    rows, answers = together(_newest_about.of(*pair), _answers_to_newest_about.of(*pair))
    return _threads(rows, answers, Reader(link.coach_id, link.athlete, {link.coach_id}, since))


@prepared
def _newest_about(coach: int, athlete: int) -> QuerySet[Note]:
    return _by_last_word(Note.objects.filter(coach=coach, athlete=athlete))[:ON_OVERVIEW]


@prepared
def _answers_to_newest_about(coach: int, athlete: int) -> QuerySet[Note]:
    roots = _by_last_word(Note.objects.filter(coach=coach, athlete=athlete))[:ON_OVERVIEW]
    return _answers_in(roots.values("pk"))


def threads_to(athlete: User, *, page: int = 1) -> Threads:
    """What coaches wrote to an athlete, former ones too. 3 queries."""
    open_links = access.links_of_athlete(athlete).open()
    coaches = set(open_links.values_list("coach_id", flat=True))
    roots = Note.objects.filter(athlete=athlete, is_private=False)
    return _page(roots, Reader(athlete.pk, athlete, coaches), page)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what is between coaches and one athlete: one of these, by their key.

    `coaches` are those whose link is open: only those are answered. `since` is a coach's visit
    before this one.
    """

    key: int
    athlete: User
    coaches: set[int]
    since: dt.datetime | None = None

    def line(self, note: Note) -> NoteLine:
        mine = note.author_id == self.key
        if self.key == self.athlete.pk:
            is_new = not mine and note.read_at is None
        else:
            is_new = self.since is not None and not mine and note.created_at > self.since
        return NoteLine(note, self.athlete.local_day(note.created_at), mine, is_new)


def _page(roots: NoteQuerySet, reader: Reader, page: int) -> Threads:
    first = (page - 1) * THREADS_A_PAGE
    rows = list(_by_last_word(roots)[first : first + THREADS_A_PAGE + 1])
    shown = rows[:THREADS_A_PAGE]
    threads = _threads(shown, _answers_in(shown), reader)
    return Threads(threads, page + 1 if len(rows) > len(shown) else 0)


def _threads(roots: Iterable[Note], answers: Iterable[Note], reader: Reader) -> tuple[Thread, ...]:
    under: dict[int | None, list[Note]] = defaultdict(list)
    for answer in answers:
        under[answer.answers_id].append(answer)
    today = reader.athlete.local_day()
    return tuple(
        Thread(
            line=reader.line(note),
            answers=tuple(reader.line(answer) for answer in under[note.pk]),
            form=form_to_answer(note) if note.coach_id in reader.coaches else None,
            today=today,
        )
        for note in roots
    )


def _by_last_word(roots: NoteQuerySet) -> NoteQuerySet:
    """Notes that are there, or were answered: those first of which the newest word is newest."""
    alive = Note.objects.filter(answers=OuterRef("pk"), deleted_at__isnull=True)
    return (
        roots.filter(answers__isnull=True)
        .annotate(answered_at=Subquery(alive.order_by("-created_at").values("created_at")[:1]))
        .filter(Q(deleted_at__isnull=True) | Q(answered_at__isnull=False))
        .select_related("coach", "author")
        .order_by(Greatest("created_at", Coalesce("answered_at", "created_at")).desc(), "-pk")
    )


def _answers_in(roots: Collection[Note] | QuerySet[Note, Any]) -> NoteQuerySet:
    rows = Note.objects.filter(answers__in=roots, deleted_at__isnull=True)
    return rows.select_related("author").oldest_first()


def form_to_answer(root: Note) -> AnswerForm | None:
    """None under a private note, and under one that was deleted."""
    if root.is_private or root.deleted_at is not None:
        return None
    return AnswerForm(auto_id=f"answer-{root.uid}-%s")


@dataclass(frozen=True, slots=True)
class UnreadNote:
    """A note on Today. `root` is the note that is answered; `form` None where the link ended."""

    line: NoteLine
    root: Note
    form: AnswerForm | None

    @property
    def note(self) -> Note:
        return self.line.note


def unread_notes(athlete: User, *, coaches: set[int]) -> tuple[UnreadNote, ...]:
    """What coaches wrote that the athlete has not put away: the newest, one more than fit Today.

    `coaches` are those whose link is open. 1 query.
    """
    return tuple(
        UnreadNote(
            line=NoteLine(note, athlete.local_day(note.created_at), is_mine=False),
            root=note.answers or note,
            form=form_to_answer(note.answers or note) if note.coach_id in coaches else None,
        )
        for note in _unread(athlete)
    )


@prepared
def _unread(athlete: User) -> QuerySet[Note]:
    return (
        Note.objects.to_athlete(athlete)
        .filter(author=F("coach"), read_at__isnull=True)
        .select_related("coach", "answers")
        .order_by("-created_at", "-pk")[: ON_TODAY + 1]
    )
