"""Notes: who reads, writes, answers, changes and puts them away, and what hostile text does."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners import access
from runners import writes as actions
from runners.coaching.notes import actions as note_actions
from runners.formats import paragraphs
from runners.models import AccessRecord, Consent, Note, User
from tests.factories import make_link, make_note, make_user
from tests.pages import carried

HTMX = {"HX-Request": "true"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User, alice: User) -> Client:
    """A browser that Bob is signed in to, who coaches Alice."""
    make_link(bob, alice)
    client.force_login(bob)
    return client


def typed(**fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "text": "Easy week.", "is_private": "no", **fields}


def address(athlete: User) -> str:
    return f"/athletes/{athlete.pk}/notes/"


def of(note: Note, change: str) -> str:
    return f"/notes/{note.uid}/{change}/"


def answer(text: str = "Will do.", **fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "text": text, **fields}


# A coach writes


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


# The athlete reads, answers, puts away


def test_note_stands_on_today_until_it_is_put_away(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "One.\n\nTwo.")
    before = as_alice.get("/today/").text

    response = as_alice.post(of(note, "read"), {"back": "today"})

    assert "From Bob Birch" in before
    assert "<p>One.</p>" in before
    assert response["Location"] == "/today/"
    assert "From Bob Birch" not in as_alice.get("/today/").text
    assert "<p>One.</p>" in as_alice.get("/notes/").text


def test_htmx_puts_the_card_away_with_an_empty_answer(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice)

    response = as_alice.post(of(note, "read"), headers=HTMX)

    assert (response.status_code, response.content) == (200, b"")
    note.refresh_from_db()
    assert note.read_at


def test_private_note_is_404_for_the_athlete_in_every_way(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "Looks overtrained", is_private=True)

    posts = [
        as_alice.post(of(note, change), answer(back="today")).status_code
        for change in ("edit", "delete", "restore", "answer", "read")
    ]

    assert posts == [404] * 5
    assert as_alice.get(of(note, "edit")).status_code == 404
    assert "overtrained" not in as_alice.get("/today/").text + as_alice.get("/notes/").text
    assert Note.objects.get().text == "Looks overtrained"


def test_answer_is_stored_seen_by_the_coach_and_puts_the_note_away(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice)

    response = as_alice.post(of(note, "answer"), answer(back="today"))

    stored = Note.objects.get(answers=note)
    assert response["Location"] == "/today/"
    assert (stored.author, stored.coach, stored.is_private) == (alice, bob, False)
    assert "From Bob Birch" not in as_alice.get("/today/").text
    as_alice.force_login(bob)
    assert "Will do." in as_alice.get(address(alice)).text


def test_athlete_without_consent_answers_nothing_and_keeps_what_was_typed(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice)
    Consent.objects.of(alice).update(withdrawn_at=timezone.now())

    response = as_alice.post(of(note, "answer"), answer("My words"))

    assert response.status_code == 422
    assert "Limber needs your consent first." in response.text
    assert "My words" in response.text
    assert Note.objects.count() == 1


def test_answer_sent_twice_is_one(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    note, sent = make_note(bob, alice), answer()

    for _ in range(2):
        as_alice.post(of(note, "answer"), sent)

    assert Note.objects.filter(answers=note).count() == 1


def test_empty_answer_is_422_and_stays_open(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice)

    response = as_alice.post(of(note, "answer"), answer("  "))

    assert response.status_code == 422
    assert "Write something first." in response.text
    assert Note.objects.count() == 1


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


def test_after_the_end_the_athlete_keeps_the_notes_and_cannot_answer(
    as_alice: Client, alice: User, carol: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    note = make_note(carol, alice, "Good luck.")
    make_note(carol, alice, "Lazy", is_private=True)

    page = as_alice.get("/notes/").text
    response = as_alice.post(of(note, "answer"), answer())

    assert "Good luck." in page
    assert "Lazy" not in page
    assert "/answer/" not in page
    assert response.status_code == 422
    assert "Carol Cedar cannot read it now, so your answer was not sent." in response.text
    assert Note.objects.count() == 2


def test_notes_page_and_fragment(as_alice: Client, alice: User, bob: User) -> None:
    make_note(bob, alice)

    fragment = as_alice.get("/notes/", headers=HTMX).text

    assert "<h1" not in fragment
    assert "Easy week, please." in fragment


@pytest.mark.parametrize("threads", [1, 3])
def test_notes_page_takes_six_queries(
    as_alice: Client,
    alice: User,
    threads: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(threads):
        coach = make_user(f"Coach{number} Cole")
        make_link(coach, alice)
        note = make_note(coach, alice)
        make_note(coach, alice, author=alice, answers=note)

    with django_assert_num_queries(6):
        as_alice.get("/notes/")


# Changing, deleting, bringing back


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


def test_deleting_is_undone_within_a_day(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)

    page = as_bob.post(of(note, "delete"), follow=True).text

    assert of(note, "restore") in page
    assert "Easy week, please." not in page
    assert "Easy week, please." in as_bob.post(of(note, "restore"), follow=True).text


def test_deleted_note_is_gone_for_the_athlete(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)
    as_bob.post(of(note, "delete"))
    as_bob.force_login(alice)

    assert "Easy week" not in as_bob.get("/notes/").text + as_bob.get("/today/").text
    assert as_bob.post(of(note, "read")).status_code == 404
    assert as_bob.post(of(note, "answer"), answer()).status_code == 404


def test_a_day_later_it_is_too_late_and_the_next_deletion_removes_it(
    as_bob: Client, bob: User, alice: User
) -> None:
    long_ago = timezone.now() - 25 * HOUR
    note = make_note(bob, alice, deleted_at=long_ago)

    page = as_bob.post(of(note, "restore"), follow=True).text
    as_bob.post(of(make_note(bob, alice), "delete"))

    assert "Too late to bring it back." in page
    assert not Note.objects.filter(pk=note.pk).exists()


def test_athletes_answer_outlives_the_note_that_the_coach_deleted(bob: User, alice: User) -> None:
    long_ago = timezone.now() - 25 * HOUR
    note = make_note(bob, alice, "Secret", deleted_at=long_ago)
    make_note(bob, alice, "My words", author=alice, answers=note)

    note_actions.forget_deleted(timezone.now() - 24 * HOUR)

    assert set(Note.objects.values_list("text", flat=True)) == {"", "My words"}


def test_thread_of_a_deleted_note_shows_the_answers(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "Taken back", deleted_at=timezone.now())
    make_note(bob, alice, "My words", author=alice, answers=note)

    page = as_alice.get("/notes/").text

    assert "This note was deleted." in page
    assert "My words" in page
    assert "Taken back" not in page
    assert "/answer/" not in page


def test_athlete_changes_and_deletes_own_answers_also_after_the_end(
    as_alice: Client, alice: User, carol: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    mine = make_note(carol, alice, author=alice, answers=make_note(carol, alice))

    edit = of(mine, "edit")
    as_alice.post(edit, {"text": "Other words", **carried(as_alice, edit)})
    as_alice.post(of(mine, "delete"))

    mine.refresh_from_db()
    assert mine.text == "Other words"
    assert mine.deleted_at


# Nobody else


@pytest.mark.parametrize("change", ["edit", "delete", "restore", "answer", "read"])
@pytest.mark.parametrize("who", ["former", "other coach", "other athlete", "stranger"])
def test_nobody_else_touches_a_note(
    noon: time_machine.Traveller,
    client: Client,
    alice: User,
    bob: User,
    mallory: User,
    who: str,
    change: str,
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice)
    dora = make_user("Dora Dune")
    if who == "former":
        make_link(mallory, alice, ended_at=timezone.now())
    elif who == "other coach":
        make_link(mallory, alice)
    elif who == "other athlete":
        make_link(bob, mallory)
    make_link(mallory, dora)
    client.force_login(mallory)
    before = Note.objects.values().get()

    assert client.post(of(note, change), answer()).status_code == 404
    assert client.post(of(note, change), answer(), headers=HTMX).status_code == 404
    assert Note.objects.values().get() == before


@pytest.mark.parametrize("change", ["edit", "delete", "restore", "answer"])
@pytest.mark.parametrize("private", [True, False])
def test_former_coach_no_longer_touches_own_notes(
    noon: time_machine.Traveller,
    client: Client,
    alice: User,
    carol: User,
    change: str,
    private: bool,
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    note = make_note(carol, alice, is_private=private)
    if change == "restore":
        Note.objects.update(deleted_at=timezone.now())
    client.force_login(carol)
    before = Note.objects.values().get()

    assert client.post(of(note, change), answer()).status_code == 404
    assert client.get(of(note, "edit")).status_code == 404
    assert client.get(address(alice)).status_code == 404
    assert client.post(address(alice), typed()).status_code == 404
    assert Note.objects.values().get() == before


def test_athlete_neither_changes_the_coachs_note_nor_the_coach_the_answer(
    as_bob: Client, alice: User, bob: User
) -> None:
    note = make_note(bob, alice)
    said = make_note(bob, alice, "Mine", author=alice, answers=note)
    refused: list[Any] = [as_bob.post(of(said, change), answer()) for change in ("edit", "delete")]
    as_bob.force_login(alice)
    refused += [as_bob.post(of(note, change), answer()) for change in ("edit", "delete")]

    assert [response.status_code for response in refused] == [404] * 4
    assert list(Note.objects.values_list("text", "deleted_at").order_by("pk")) == [
        ("Easy week, please.", None),
        ("Mine", None),
    ]


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


# Text of strangers


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo,\nthree.", "<p>One.</p>\n\n<p>Two,<br>three.</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ('"><img src=x onerror=alert(1)>', "<p>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("data:text/html,x ftp://x.org //x.org", "<p>data:text/html,x ftp://x.org //x.org</p>"),
        ("a &amp; b & <b>", "<p>a &amp;amp; b &amp; &lt;b&gt;</p>"),
        ("bob@example.org", "<p>bob@example.org</p>"),
    ],
)
def test_text_is_shown_as_it_was_typed(text: str, html: str) -> None:
    assert paragraphs(text) == html


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("see https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&amp;c=2"),
        ("(http://example.org)", "http://example.org"),
        ("HTTPS://example.org/x_(y)", "HTTPS://example.org/x_(y)"),
        ('https://example.org/"onmouseover="x', "https://example.org/"),
        ("https://example.org/<script>", "https://example.org/"),
        ("https://example.org/\u202egpj.exe", "https://example.org/"),
        ("https://javascript:alert(1)@example.org", "https://javascript:alert(1)@example.org"),
    ],
)
def test_web_addresses_become_links_and_nothing_else(text: str, linked: str) -> None:
    html = paragraphs(text)

    assert re.findall(r'<a href="([^"]*)" rel="nofollow noopener noreferrer">', html) == [linked]
    assert f">{linked}</a>" in html


def test_overrides_of_the_direction_are_taken_out(as_bob: Client, alice: User) -> None:
    as_bob.post(address(alice), typed(text="Well \u202edone\u202c"))

    assert "\u202e" not in Note.objects.get().text


@pytest.mark.parametrize("where", ["/notes/", "/today/"])
def test_hostile_text_is_escaped_where_the_athlete_reads_it(
    as_alice: Client, alice: User, bob: User, where: str
) -> None:
    make_link(bob, alice)
    make_note(bob, alice, "<script>alert(1)</script> javascript:alert(1)")

    page = as_alice.get(where).text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "&lt;script&gt;alert(1)" in page


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
