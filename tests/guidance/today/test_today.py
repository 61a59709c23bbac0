"""Today: what it says, and what it costs."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guidance.models import Done, Screen, ScreenResult
from runners import standing
from runners.coaching.notes import actions as notes
from runners.models import CheckIn, User
from runners.models.coaching import NoteQuerySet
from runners.web.database_trouble import TooManyWait
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_done,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_soreness,
    make_suggestion,
)
from tests.guidance.plans import EVERY_DAY, GUIDANCE, SUGGESTED, TODAY_PAGE, answer_all, words
from tests.guidance.stored import log
from tests.guidance.warning_signs.test_warning_signs import open_sign


@pytest.mark.slow
@pytest.mark.parametrize(("days", "queries"), [(1, 10), (4, 9), (40, 9)])
def test_today_takes_nine_queries_and_one_more_in_the_first_days(
    as_alice: Client,
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    days: int,
    queries: int,
) -> None:
    log(alice, days)

    with django_assert_num_queries(queries):
        as_alice.get("/today/")


@pytest.mark.parametrize("notes", [1, 3])
def test_today_takes_twelve_queries_with_a_coach(
    as_alice: Client,
    alice: User,
    bob: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    notes: int,
) -> None:
    log(alice, 1)
    make_link(bob, alice)
    for what in ("remedy:plank", "remedy:ice", "check:plank")[:notes]:
        make_note(bob, alice, answers=make_note(bob, alice))
        make_suggestion(bob, alice, what)

    with django_assert_num_queries(14):  # what is new is noted, once
        as_alice.get("/today/")
    with django_assert_num_queries(12):
        as_alice.get("/today/")


def test_after_a_first_sore_spot_today_says_what_helps(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=4)
    standing.renew([alice])
    page = words(as_alice, TODAY_PAGE)
    assert "What helps until then While you run, watch the number" in page
    assert "Fine if it has settled by the next morning" in page
    assert "Keep it easy for three days" in page
    assert "Look again on Thursday 26 November." in page
    assert "All warning signs" in page

    make_soreness(alice, days_ago(5), intensity=2)
    standing.renew([alice])
    assert "What helps until then" not in words(as_alice, TODAY_PAGE)


def test_a_louder_place_stands_under_the_headline(as_alice: Client, alice: User) -> None:
    for ago in (20, 16, 13, 9, 6, 2):
        make_soreness(alice, days_ago(ago), intensity=5)
    make_soreness(alice, days_ago(1), area="calf", side="right", intensity=9)
    standing.renew([alice])
    page = words(as_alice, TODAY_PAGE)
    assert "Left hamstring, 6 mornings out of 7 Right calf was louder: 9 on Sunday" in page


def test_first_days_wait_behind_a_sign_that_was_not_named(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=4)
    Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)
    standing.renew([alice])
    assert "What helps until then" not in words(as_alice, TODAY_PAGE)
    assert "What helps until then" not in words(as_alice, GUIDANCE)


def test_today_of_a_newcomer_says_what_will_be_there(as_alice: Client) -> None:
    page = words(as_alice, TODAY_PAGE)

    assert "Welcome, Alice" in page
    assert "Tap where it bothers you" in page
    assert "4 check-ins until your first pattern" in page
    assert "Last 14 days" not in page
    assert "Not enough" not in page


def test_a_tap_on_the_map_of_the_first_day_opens_the_check_in(as_alice: Client) -> None:
    page = as_alice.get(TODAY_PAGE).text
    form = page.partition(f'action="/check-in/{TODAY}/"')[2].partition("</form>")[0]
    assert form.count('name="add"') == 37
    opened = as_alice.post(f"/check-in/{TODAY}/", {"add": "hamstring-left"}).text
    assert "How are your legs?" in opened
    assert 'value="hamstring-left"' in opened


def test_today_counts_check_ins_until_the_first_pattern(as_alice: Client, alice: User) -> None:
    for ago in (3, 2):
        make_check_in(alice, days_ago(ago))
    standing.renew([alice])
    assert "2 of 4 check-ins until your first pattern" in words(as_alice, TODAY_PAGE)
    for ago in (1, 0):
        make_check_in(alice, days_ago(ago))
    assert "until your first pattern" not in words(as_alice, TODAY_PAGE)


def test_emptiness_is_not_loud(as_alice: Client, alice: User) -> None:
    make_check_in(alice, days_ago(2))
    standing.renew([alice])
    assert 'class="card guidance-card "' in as_alice.get(TODAY_PAGE).text


@pytest.mark.parametrize(
    ("marked", "clear", "says"),
    [
        (((6, 4), (5, 3), (3, 4), (1, 3), (0, 5)), (4, 2), "5th sore morning in 7"),
        (((6, 4), (5, 3), (3, 4), (1, 3), (0, 5)), (4,), "5th sore morning of the 6 known"),
        (((1, 3), (0, 2)), (), "Left hamstring, 2 tight"),
        (((0, 4),), (), "Left hamstring, 4 tight"),
        ((), (0,), "All clear today"),
        ((), (2, 1, 0), "3rd clear day in a row"),
        (((1, 4),), (2, 0), "All clear today"),
    ],
)
def test_the_check_in_is_answered_in_human_words(
    as_alice: Client,
    alice: User,
    marked: tuple[tuple[int, int], ...],
    clear: tuple[int, ...],
    says: str,
) -> None:
    for ago, intensity in marked:
        make_soreness(alice, days_ago(ago), intensity=intensity)
    for ago in clear:
        make_check_in(alice, days_ago(ago))
    standing.renew([alice])
    assert f"Checked in {says}" in words(as_alice, TODAY_PAGE)


def test_days_are_no_mornings_once_it_was_felt_later(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=4, timing="after")
    make_soreness(alice, intensity=4)
    for ago in range(2, 7):
        make_check_in(alice, days_ago(ago))
    page = words(as_alice, TODAY_PAGE)
    assert "2nd sore day in 7" in page
    assert "Yesterday it was 4." in page


def test_a_partial_day_that_does_not_name_the_place_is_unknown(
    as_alice: Client, alice: User
) -> None:
    make_soreness(alice, days_ago(1), area="calf", intensity=4)
    CheckIn.objects.update(partial=True)
    for ago in (2, 0):
        make_soreness(alice, days_ago(ago), intensity=4)
    assert "2nd sore morning of the 2 known" in words(as_alice, TODAY_PAGE)


def test_running_is_fine_only_where_nothing_else_is_to_be_said(
    as_alice: Client, alice: User
) -> None:
    answer_all(alice)
    for ago in (9, 5, 0):
        make_soreness(alice, days_ago(ago), intensity=4)
    standing.renew([alice])
    fine = "Running today is fine if it is back to this by tomorrow morning. Above 5, stop."
    assert fine in words(as_alice, TODAY_PAGE)
    open_sign(alice, "night_pain")
    standing.renew([alice])
    assert "Running today is fine" not in words(as_alice, TODAY_PAGE)


def test_an_unknown_day_of_the_last_14_opens_its_check_in(as_alice: Client, alice: User) -> None:
    make_check_in(alice, days_ago(3))
    make_check_in(alice, days_ago(1))
    standing.renew([alice])
    page = as_alice.get(TODAY_PAGE).text
    assert f'href="/check-in/{days_ago(2)}/"' in page
    assert f'href="/diary/?day={days_ago(3)}"' in page


def test_today_says_how_long_a_run_may_be(as_alice: Client, alice: User) -> None:
    answer_all(alice)
    for ago in range(44, 0, -2):
        make_run(alice, days_ago(ago), distance_m=10_000)
    make_check_in(alice, days_ago(1))
    standing.renew([alice])
    assert "up to 11.0 km stays within 10 % of your longest in 30 days" in words(
        as_alice, TODAY_PAGE
    )
    make_run(alice, distance_m=5_000)
    assert "stays within" not in words(as_alice, TODAY_PAGE)


def test_yesterday_stands_beside_the_question(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=3)
    standing.renew([alice])
    assert "10 s · yesterday left hamstring 3, tight" in words(as_alice, TODAY_PAGE)


def test_today_shows_the_spots_of_today(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)

    page = as_alice.get("/today/").text

    assert "Left hamstring" in page
    assert "6 tight" in page
    assert "<h2>How are your legs?" not in page


def test_today_says_all_clear(as_alice: Client, alice: User) -> None:
    make_check_in(alice)

    assert "All clear today" in as_alice.get("/today/").text


def test_today_says_nothing_of_notes_to_whom_never_had_a_coach(as_alice: Client) -> None:
    assert "/notes/" not in as_alice.get("/today/").text


def test_today_shows_three_unread_notes_and_where_the_rest_is(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    for number in range(4):
        make_note(bob, alice, f"Note {number}")

    page = as_alice.get("/today/").text

    assert page.count("From </span>Bob Birch") == 3
    assert "Note 0" not in page
    assert "More notes from your coaches" in page


def test_today_shortens_a_long_note(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    make_note(bob, alice, f"{'word ' * 200}last")

    page = as_alice.get("/today/").text

    assert "Read all of it" in page
    assert "last" not in page.partition("Read all of it")[0].rpartition("From </span>Bob Birch")[2]


CARD = re.compile(r'<details class="card note-today"([^>]*)>')


def is_whole(client: Client) -> list[bool]:
    """Of each card of a coach on Today, whether it stands open."""
    return [" open" in attributes for attributes in CARD.findall(client.get("/today/").text)]


def test_a_card_of_a_coach_is_a_line_once_it_was_seen(
    as_alice: Client, alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "Run easy.")
    suggestion = make_suggestion(bob, alice)

    # All the first day long, on each device; a page of yesterday puts nothing away.
    assert is_whole(as_alice) == [True, True]
    assert is_whole(as_alice) == [True, True]

    noon.shift(dt.timedelta(days=1))
    assert is_whole(as_alice) == [False, False]
    assert "Run easy." in as_alice.get("/today/").text

    # What came since is whole beside it, and so are other words.
    make_note(bob, alice, "And stretch.")
    assert is_whole(as_alice) == [True, False, False]
    notes.change_note(note, "Run very easy.", by=bob)
    assert is_whole(as_alice) == [True, True, False]
    note.refresh_from_db()
    suggestion.refresh_from_db()
    assert (note.shown_on, suggestion.shown_on) == (TODAY + dt.timedelta(days=1), TODAY)


def test_today_is_shown_where_it_cannot_be_noted_what_was_seen(
    as_alice: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_link(bob, alice)
    make_note(bob, alice, "Run easy.")
    standing.renew([alice])

    def locked(*_: object, **__: object) -> int:
        raise TooManyWait

    monkeypatch.setattr(NoteQuerySet, "update", locked)

    assert "Run easy." in words(as_alice, TODAY_PAGE)


def test_today_keeps_an_unread_note_of_a_former_coach_without_an_answer(
    as_alice: Client, alice: User, carol: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_note(carol, alice, "Good luck.")
    make_suggestion(carol, alice)

    page = as_alice.get("/today/").text

    assert "Good luck." in page
    assert "/answer/" not in page
    assert "suggests" not in page


# The plan of the day


def test_today_shows_what_is_on_with_its_dose(as_alice: Client, alice: User) -> None:
    plan = make_plan(alice, days_ago(3), items={"plank": "135", "cat_cow": "2", "ice": "1"})
    make_done(plan, TODAY)
    page = words(as_alice, TODAY_PAGE)
    assert "Today’s plan 1 of 2 done Plank 3 × 20–30 s, building to 60 s" in page
    assert "Ice 10–20 min" in page
    assert "Cat-cow" not in page


def test_today_says_what_comes_next(as_alice: Client, alice: User) -> None:
    make_plan(alice, items={"plank": "3"})
    assert "Nothing on today. Next: Wednesday 25 November." in words(as_alice, TODAY_PAGE)


def test_today_has_no_card_without_a_plan(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(9), ended_on=days_ago(2))
    assert "Today’s plan" not in words(as_alice, TODAY_PAGE)


@pytest.mark.parametrize("remedies", [1, 5])
def test_today_takes_nine_queries_with_a_plan(
    as_alice: Client,
    alice: User,
    remedies: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    plan = make_plan(
        alice, days_ago(9), items=dict.fromkeys([*SUGGESTED, "ice"][:remedies], EVERY_DAY)
    )
    for row in plan.items.all():
        Done.objects.bulk_create(Done(item=row, day=days_ago(ago)) for ago in range(9))
        make_run(alice)
    for ago in range(4):
        make_soreness(alice, days_ago(ago))
    standing.renew([alice])
    with django_assert_num_queries(9):
        as_alice.get(TODAY_PAGE)
