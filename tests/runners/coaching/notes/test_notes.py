"""Notes as an athlete reads and answers them, whom they are nothing of, and hostile text."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.coaching.notes import actions as note_actions
from runners.formats import paragraphs
from runners.models import Consent, Note, User
from tests.factories import make_link, make_note, make_user
from tests.pages import carried
from tests.runners.coaching.notes.sending import address, answer, of, typed

HTMX = {"HX-Request": "true"}
HOUR = dt.timedelta(hours=1)


# The athlete reads, answers, puts away


@pytest.mark.slow
def test_note_stands_on_today_until_it_is_put_away(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "One.\n\nTwo.")
    before = as_alice.get("/today/").text

    response = as_alice.post(of(note, "read"), {"back": "today"})

    assert "From </span>Bob Birch" in before
    assert "<p>One.</p>" in before
    assert response["Location"] == "/today/"
    assert "From </span>Bob Birch" not in as_alice.get("/today/").text
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_deleted_note_is_gone_for_the_athlete(as_bob: Client, bob: User, alice: User) -> None:
    note = make_note(bob, alice)
    as_bob.post(of(note, "delete"))
    as_bob.force_login(alice)

    assert "Easy week" not in as_bob.get("/notes/").text + as_bob.get("/today/").text
    assert as_bob.post(of(note, "read")).status_code == 404
    assert as_bob.post(of(note, "answer"), answer()).status_code == 404


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
