"""Today and the guidance page: what they say, and what they cost."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners import demo, standing
from runners.models import User
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_link,
    make_note,
    make_run,
    make_soreness,
    make_suggestion,
)
from tests.pages import folded


def log(runner: User, days: int) -> None:
    """A run and two spots a day, and today as well."""
    for ago in range(days):
        make_run(runner, days_ago(ago), effort=4)
        make_soreness(runner, days_ago(ago), intensity=4)
        make_soreness(runner, days_ago(ago), area="quad", intensity=3)
    standing.renew([runner])


@pytest.mark.parametrize("days", [1, 40])
def test_today_takes_ten_queries_with_few_and_many_rows(
    as_alice: Client,
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    days: int,
) -> None:
    log(alice, days)

    with django_assert_num_queries(10):
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

    with django_assert_num_queries(12):
        as_alice.get("/today/")


@pytest.mark.parametrize("days", [1, 40])
def test_guidance_takes_eight_queries_with_few_and_many_rows(
    as_alice: Client,
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    days: int,
) -> None:
    log(alice, days)

    with django_assert_num_queries(8):
        as_alice.get("/guidance/")


def test_today_of_a_newcomer_says_what_will_be_there(as_alice: Client) -> None:
    page = as_alice.get("/today/").text

    assert "Nothing logged yet" in page
    assert "Log soreness" in page
    assert "Good afternoon, Alice" in page


def test_today_shows_the_spots_of_today(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)

    page = as_alice.get("/today/").text

    assert "Left hamstring" in page
    assert "6 tight" in page
    assert "Nothing logged today yet." not in page


def test_today_says_all_clear(as_alice: Client, alice: User) -> None:
    make_check_in(alice)

    assert "All clear today." in as_alice.get("/today/").text


def test_today_says_nothing_of_notes_to_whom_never_had_a_coach(as_alice: Client) -> None:
    assert "/notes/" not in as_alice.get("/today/").text


def test_today_shows_three_unread_notes_and_where_the_rest_is(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    for number in range(4):
        make_note(bob, alice, f"Note {number}")

    page = as_alice.get("/today/").text

    assert page.count("From Bob Birch") == 3
    assert "Note 0" not in page
    assert "More notes from your coaches" in page


def test_today_shortens_a_long_note(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    make_note(bob, alice, f"{'word ' * 200}last")

    page = as_alice.get("/today/").text

    assert "Read all of it" in page
    assert "last" not in page.partition("Read all of it")[0].rpartition("From Bob Birch")[2]


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


def test_guidance_of_a_newcomer_abstains_and_asks_for_a_week(as_alice: Client) -> None:
    page = as_alice.get("/guidance/").text

    assert "Not a diagnosis" in page
    assert "Check in" in page
    assert 'class="causes"' not in page


def test_guidance_links_evidence_to_the_days(
    client: Client, db: None, noon: time_machine.Traveller, settings: Settings
) -> None:
    settings.DEBUG = True  # demo accounts work only then
    client.force_login(demo.load(TODAY))

    page = folded(client.get("/guidance/").text)

    assert f'href="/diary/?day={days_ago(1)}"' in page
    assert "Pelvis pulled out of line" in page
    assert ">paragraphs 3, 9<" in page


def test_guidance_names_no_cause_and_no_plan_for_who_needs_care_first(
    as_alice: Client, alice: User
) -> None:
    log(alice, 28)
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    page = as_alice.get("/guidance/").text

    assert "likely" not in page.replace("unlikely", "")
    assert "Do it now" not in page
    assert "Start this plan" not in page
