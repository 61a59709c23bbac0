"""Notes between a coach and an athlete: writing, answering, putting away, changing, deleting."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import access
from runners.access import NoLongerOpen
from runners.coaching.notes import actions
from runners.coaching.notes.forms import AnswerForm, NoteForm, TextForm
from runners.coaching.notes.page import Threads, threads_about, threads_to
from runners.models import Note, User
from runners.web.carried import Edit, shown
from runners.web.http import AuthedRequest, page_or_fragment, posted
from runners.web.merging import Clashed
from runners.web.notices import say, words

NOTICES = "runners/coaching/notes/notices.html#"

TODAY_PAGE = "today"  # where an athlete answered from


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page has the uid of a note that is stored already
@vary_on_headers("HX-Request")
def athlete_notes(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """A coach's notes about an athlete and to them. Nothing here is a look at what was logged."""
    reading = access.view_without_a_look(request.user, athlete_id)
    if request.method != "POST":
        return show_about(request, reading)
    form = NoteForm(request.POST, athlete=reading.athlete)
    if not form.is_valid():
        return show_about(request, reading, form=form, status=422)
    try:
        note = actions.add_note(form.to_coach_note(coach=request.user), by=request.user)
    except actions.NotKept:
        form.add_error(None, not_kept(reading.athlete, request.user))
        return show_about(request, reading, form=form, status=422)
    if note.deleted_at is not None:
        say(request, messages.WARNING, f"{NOTICES}was-deleted", undo=restore_url(note))
    elif note.is_private:
        say(request, messages.SUCCESS, f"{NOTICES}kept")
    else:
        say(request, messages.SUCCESS, f"{NOTICES}sent", athlete=reading.athlete)
    return redirect("runners:athlete-notes", athlete_id)


def show_about(
    request: AuthedRequest,
    reading: access.AthleteView,
    *,
    form: NoteForm | None = None,
    answer: tuple[Note, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`form` is a note, `answer` a note with an answer to it; both to be corrected."""
    found = threads_about(reading.link, page=page_number(request), since=reading.since)
    context = {
        "reading": reading,
        "athlete": reading.athlete,
        "form": form or NoteForm(athlete=reading.athlete),
        "found": found.with_form(*answer) if answer else found,
    }
    template = page_or_fragment(request, "runners/coaching/notes/athlete_notes.html", "threads")
    return render(request, template, context, status=status)


def not_kept(athlete: User, reader: User) -> str:
    said = "own-consent" if reader == athlete else "no-consent"
    return words(f"{NOTICES}{said}", athlete=athlete)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def notes(request: AuthedRequest) -> HttpResponse:
    """What coaches wrote to the person signed in, and the answers."""
    return show_to(request)


def show_to(
    request: AuthedRequest, *, found: Threads | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    context = {"found": found or threads_to(request.user, page=page_number(request)), "said": said}
    template = page_or_fragment(request, "runners/coaching/notes/notes.html", "threads")
    return render(request, template, context, status=status)


def page_number(request: AuthedRequest) -> int:
    """`?page=`: what is no page is the first."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


# Answering, and putting away


@require_POST
@never_cache
def note_answer(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Either of the two answers. A coach without an open link gets a 404, an athlete a sentence."""
    note = access.readable_note(request.user, uid)
    root = note.answers or note
    form = AnswerForm(request.POST, auto_id=f"answer-{root.uid}-%s")
    if not form.is_valid():
        return answer_again(request, root, form)
    try:
        actions.add_note(form.to_note(root, author=request.user), by=request.user)
    except actions.NotKept:
        form.add_error(None, not_kept(root.athlete, request.user))
        return answer_again(request, root, form)
    except NoLongerOpen:
        if request.user != root.athlete:
            raise
        said = words(f"{NOTICES}coach-cannot-read", coach=root.coach)
        return show_to(request, said=said, status=422)
    if request.user != root.athlete:
        say(request, messages.SUCCESS, f"{NOTICES}athlete-finds-answer", athlete=root.athlete)
        return redirect("runners:athlete-notes", root.athlete_id)
    say(request, messages.SUCCESS, f"{NOTICES}coach-finds-answer", coach=root.coach)
    return redirect_back(request)


def answer_again(request: AuthedRequest, root: Note, form: AnswerForm) -> HttpResponse:
    if request.user == root.athlete:
        found = threads_to(request.user).with_form(root, form)
        return show_to(request, found=found, status=422)
    reading = access.view_without_a_look(request.user, root.athlete_id)
    return show_about(request, reading, answer=(root, form), status=422)


@require_POST
def note_read(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """The athlete has read it. htmx takes the card away with the empty answer."""
    note = access.note_to(request.user, uid)
    actions.read_note(note, by=request.user)
    return HttpResponse() if request.htmx else redirect_back(request)


def redirect_back(request: AuthedRequest) -> HttpResponse:
    return redirect("guidance:today" if request.POST.get("back") == TODAY_PAGE else "runners:notes")


# One's own


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def note_edit(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    note = access.writable_note(request.user, uid, deleted=request.method == "POST")
    edit = Edit(request, f"note {note.uid}", {actions.TEXT: note.text})
    form = TextForm(posted(request), initial=dict(edit.base.state))
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            changed = actions.change_note(note, text, by=request.user, base=edit.base)
        except actions.NotKept:
            form.add_error(None, not_kept(note.athlete, request.user))
        except Clashed as clashed:
            form = TextForm(initial=dict(clashed.merged))
            asked = shown(form, clashed.clashes, edit.base)
            if note.deleted_at is not None:
                asked = [replace(clash, stored=None) for clash in asked]
            edit.ask(clashed, asked)
        else:
            return note_changed(request, changed)
    context = {
        "note": note,
        "back": thread_url(request, note),
        "coach_side": request.user != note.athlete,
    }
    return edit.page("runners/coaching/notes/note_edit.html", form, **context)


def note_changed(request: AuthedRequest, note: Note) -> HttpResponse:
    if note.deleted_at is not None:
        say(request, messages.WARNING, f"{NOTICES}stays-deleted", undo=restore_url(note))
        return redirect(page_url(request, note))
    say(request, messages.SUCCESS, f"{NOTICES}changed")
    return redirect(thread_url(request, note))


@require_POST
def note_delete(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Sent twice, it is deleted once."""
    note = access.writable_note(request.user, uid, deleted=True)
    actions.delete_note(note, by=request.user)
    say(request, messages.SUCCESS, f"{NOTICES}deleted", undo=restore_url(note))
    return redirect(page_url(request, note))


@require_POST
def note_restore(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo of a deletion."""
    note = access.writable_note(request.user, uid, deleted=True)
    try:
        actions.restore_note(note, by=request.user)
    except actions.TooLate:
        say(request, messages.WARNING, f"{NOTICES}too-late")
        return redirect(page_url(request, note))
    except actions.NotKept:
        messages.warning(request, not_kept(note.athlete, request.user))
        return redirect(page_url(request, note))
    say(request, messages.SUCCESS, f"{NOTICES}is-back")
    return redirect(thread_url(request, note))


def page_url(request: AuthedRequest, note: Note) -> str:
    """The page on which the person signed in reads the note."""
    if request.user == note.athlete:
        return reverse("runners:notes")
    return reverse("runners:athlete-notes", args=[note.athlete_id])


def thread_url(request: AuthedRequest, note: Note) -> str:
    return f"{page_url(request, note)}#note-{note.uid}"


def restore_url(note: Note) -> str:
    return reverse("runners:note-restore", args=[note.uid])
