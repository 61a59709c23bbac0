"""Changing a note: the words alone."""

from django.test import Client

from runners.models import Note, User
from tests.factories import make_note
from tests.pages import carried
from tests.runners.coaching.notes.sending import address, of


def test_edit_changes_the_words_alone_and_is_marked(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice, is_private=True)

    edit = of(note, "edit")
    changed = {"text": "Hard week.", "is_private": "no", **carried(as_bob, edit)}
    response = as_bob.post(edit, changed)

    note.refresh_from_db()
    assert response["Location"] == f"{address(alice)}#note-{note.uid}"
    assert (note.text, note.is_private) == ("Hard week.", True)
    assert note.edited_at
    assert "edited" in as_bob.get(address(alice)).text


def test_edit_that_changes_nothing_is_no_edit(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)

    as_bob.post(of(note, "edit"), {"text": note.text})

    note.refresh_from_db()
    assert note.edited_at is None


def test_empty_edit_is_422(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)

    response = as_bob.post(of(note, "edit"), {"text": " "})

    assert response.status_code == 422
    assert Note.objects.get().text == "Easy week, please."
