"""The coach's side of notes: writing, reading, deleting and bringing back."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners import access
from runners import writes as actions
from runners.models import AccessRecord, Consent, Note, User
from tests.factories import make_link, make_note
from tests.pages import carried
from tests.runners.coaching.notes.sending import address, answer, of, typed

HTMX = {"HX-Request": "true"}
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(("choice", "private"), [("yes", True), ("no", False)])
def test_note_is_stored_for_whom_it_was_written(
    as_bob: Client, bob: User, alice: User, choice: str, private: bool
) -> None:
    response = as_bob.post(address(alice), typed(text=" One.\r\n\r\nTwo. ", is_private=choice))

    note = Note.objects.get()
    assert response["Location"] == address(alice)
    assert (note.coach, note.athlete, note.author) == (bob, alice, bob)
    assert (note.text, note.is_private, note.read_at) == ("One.\n\nTwo.", private, None)


def test_nothing_is_preset_and_without_a_choice_nothing_is_saved(
    as_bob: Client, alice: User
) -> None:
    page = as_bob.get(address(alice)).text
    sent = typed()
    del sent["is_private"]

    response = as_bob.post(address(alice), sent)

    assert not re.search(r'name="is_private"[^>]* checked', page)
    assert response.status_code == 422
    assert "Choose who it is for." in response.text
    assert "Easy week." in response.text
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["", "  \r\n\t ", "\u200b\u2060", "x" * 2001])
def test_no_visible_text_or_too_much_of_it_is_refused(
    as_bob: Client, alice: User, text: str
) -> None:
    response = as_bob.post(address(alice), typed(text=text))

    assert response.status_code == 422
    assert not Note.objects.exists()


def test_two_thousand_signs_are_taken_and_a_new_line_is_one_of_them(
    as_bob: Client, alice: User
) -> None:
    as_bob.post(address(alice), typed(text="x" * 999 + "\r\n" + "y" * 1000))

    assert len(Note.objects.get().text) == 2000


def test_sent_twice_is_one_note(as_bob: Client, alice: User) -> None:
    sent = typed()

    assert [as_bob.post(address(alice), sent).status_code for _ in range(2)] == [302, 302]
    assert Note.objects.count() == 1


def test_sent_again_after_deleting_it_says_so_and_offers_it_back(
    as_bob: Client, alice: User
) -> None:
    sent = typed()
    as_bob.post(address(alice), sent)
    as_bob.post(of(Note.objects.get(), "delete"))

    page = as_bob.post(address(alice), sent, follow=True).text

    assert "You have deleted this note." in page
    assert Note.objects.get().deleted_at


def test_uid_of_somebody_elses_note_is_refused_and_overwrites_nothing(
    as_bob: Client, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice)
    theirs = [make_note(carol, alice), make_note(carol, mallory)]

    for note in theirs:
        sent = typed(uid=str(note.uid), text="Mine now")
        assert as_bob.post(address(alice), sent).status_code == 404

    assert list(Note.objects.values_list("text", flat=True)) == ["Easy week, please."] * 2


def test_uid_of_an_own_note_about_somebody_else_is_refused(
    as_bob: Client, bob: User, alice: User, carol: User
) -> None:
    make_link(bob, carol)
    note = make_note(bob, carol)

    assert as_bob.post(address(alice), typed(uid=str(note.uid))).status_code == 404
    assert Note.objects.get().athlete == carol


def test_writing_notes_is_no_look(as_bob: Client, alice: User) -> None:
    as_bob.get(address(alice))
    as_bob.post(address(alice), typed())

    assert not AccessRecord.objects.exists()


def test_nothing_is_kept_about_who_took_the_consent_back(as_bob: Client, alice: User) -> None:
    Consent.objects.of(alice).update(withdrawn_at=timezone.now())

    response = as_bob.post(address(alice), typed())

    assert response.status_code == 422
    assert "Nothing was saved" in response.text
    assert not Note.objects.exists()


@pytest.mark.parametrize("change", ["edit", "answer", "restore"])
def test_nothing_is_changed_answered_or_restored_without_the_athletes_consent(
    as_bob: Client, bob: User, alice: User, change: str
) -> None:
    deleted_at = timezone.now() if change == "restore" else None
    note = make_note(bob, alice, deleted_at=deleted_at)
    Consent.objects.of(alice).update(withdrawn_at=timezone.now())
    before = list(Note.objects.values())

    response = as_bob.post(of(note, change), answer(), follow=True)

    assert "Alice has asked Limber to keep nothing new." in response.text
    assert list(Note.objects.values()) == before


def test_coach_writes_without_a_consent_of_their_own(
    as_bob: Client, bob: User, alice: User
) -> None:
    Consent.objects.of(bob).update(withdrawn_at=timezone.now())

    as_bob.post(address(alice), typed())
    edit = of(Note.objects.get(), "edit")
    as_bob.post(edit, {"text": "Hard week.", **carried(as_bob, edit)})

    assert Note.objects.get().text == "Hard week."


def test_page_shows_private_and_sent_notes_with_their_answers(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_note(bob, alice, "Watch the left side.", is_private=True)
    sent = make_note(bob, alice, "Easy week.")
    make_note(bob, alice, "Will do.", author=alice, answers=sent)

    page = as_bob.get(address(alice)).text

    assert page.index("Will do.") > page.index("Easy week.")
    assert page.count("Only for me</span>") == 1
    assert "Watch the left side." in page


def test_coach_reads_no_notes_of_another_coach(as_bob: Client, alice: User, carol: User) -> None:
    make_link(carol, alice)
    make_note(carol, alice, "Of Carol")

    assert "Of Carol" not in as_bob.get(address(alice)).text


def test_page_and_fragment(as_bob: Client, bob: User, alice: User) -> None:
    make_note(bob, alice)

    fragment = as_bob.get(address(alice), headers=HTMX).text

    assert "<h1" in as_bob.get(address(alice)).text
    assert "<h1" not in fragment
    assert "Easy week, please." in fragment


@pytest.mark.parametrize("threads", [1, 3])
def test_coachs_page_takes_five_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    threads: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(threads):
        note = make_note(bob, alice)
        make_note(bob, alice, author=alice, answers=note)
        make_note(bob, alice, author=bob, answers=note)

    with django_assert_num_queries(5):
        as_bob.get(address(alice))


def test_twenty_threads_a_page_and_the_rest_one_press_away(
    as_bob: Client, bob: User, alice: User
) -> None:
    for number in range(21):
        written = timezone.now() - number * HOUR
        make_note(bob, alice, f"Note {number:02}", created_at=written)

    first, second = (as_bob.get(f"{address(alice)}?page={page}").text for page in (1, 2))

    assert re.findall(r"Note \d\d", first) == [f"Note {number:02}" for number in range(20)]
    assert re.findall(r"Note \d\d", second) == ["Note 20"]
    assert ("?page=2" in first, "?page=3" in second) == (True, False)


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 30])
def test_odd_page_numbers_are_harmless(as_bob: Client, alice: User, number: str) -> None:
    assert as_bob.get(address(alice), {"page": number}).status_code == 200


def test_thread_that_was_answered_comes_first(as_bob: Client, bob: User, alice: User) -> None:
    old = make_note(bob, alice, "Old one", created_at=timezone.now() - 3 * HOUR)
    make_note(bob, alice, "New one", created_at=timezone.now() - 2 * HOUR)
    make_note(bob, alice, "Yes", author=alice, answers=old)

    page = as_bob.get(address(alice)).text

    assert page.index("Old one") < page.index("New one")


def test_coach_answers_back_and_the_athlete_finds_it_on_today(
    as_bob: Client, bob: User, alice: User
) -> None:
    note = make_note(bob, alice, read_at=timezone.now())
    said = make_note(bob, alice, "Hurts.", author=alice, answers=note)

    as_bob.post(of(said, "answer"), answer("Rest then."))

    assert Note.objects.get(text="Rest then.").answers == note
    as_bob.force_login(alice)
    assert "Rest then." in as_bob.get("/today/").text


def test_private_note_takes_no_answer(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice, is_private=True)

    assert as_bob.post(of(note, "answer"), answer()).status_code == 404


def test_deleting_is_undone_within_a_day(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)

    page = as_bob.post(of(note, "delete"), follow=True).text

    assert of(note, "restore") in page
    assert "Easy week, please." not in page
    assert "Easy week, please." in as_bob.post(of(note, "restore"), follow=True).text


def test_a_day_later_it_is_too_late_and_the_next_deletion_removes_it(
    as_bob: Client, bob: User, alice: User
) -> None:
    long_ago = timezone.now() - 25 * HOUR
    note = make_note(bob, alice, deleted_at=long_ago)

    page = as_bob.post(of(note, "restore"), follow=True).text
    as_bob.post(of(make_note(bob, alice), "delete"))

    assert "Too late to bring it back." in page
    assert not Note.objects.filter(pk=note.pk).exists()


def test_link_that_ended_while_the_page_was_open_stores_nothing(
    as_bob: Client, bob: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The view has seen an open link, and the end comes before the write."""
    taken = actions.lock

    def end_first(*people: User) -> None:
        taken(*people)
        alice.coach_links.update(ended_at=timezone.now(), ended_by=alice)

    monkeypatch.setattr(access, "lock", end_first)

    assert as_bob.post(address(alice), typed()).status_code == 404
    assert not Note.objects.exists()


def test_overrides_of_the_direction_are_taken_out(as_bob: Client, alice: User) -> None:
    as_bob.post(address(alice), typed(text="Well \u202edone\u202c"))

    assert "\u202e" not in Note.objects.get().text


def test_what_is_too_long_is_refused_and_not_cut(as_bob: Client, bob: User, alice: User) -> None:
    """`maxlength` would let the browser cut what is pasted, without a word."""
    page = as_bob.get(address(alice)).text
    answer = as_bob.post(address(alice), typed(text="x" * 2001))

    assert "maxlength" not in page
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["http://x" + ")" * 1900, "http://x" + ").," * 600])
def test_many_brackets_after_an_address_are_no_part_of_it(
    as_bob: Client, alice: User, text: str
) -> None:
    as_bob.post(address(alice), typed(text=text))

    page = as_bob.get(address(alice))

    assert page.status_code == 200
    assert '<a href="http://x" rel=' in page.text
