"""An athlete's weeks as a table for a coach, and what the athlete reads of it."""

import csv
import io

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.coaching.links import actions
from runners.models import AccessRecord, AthletePage, User
from tests.factories import days_ago, make_check_in, make_link, make_run, make_soreness
from tests.pages import folded


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(athlete: User, query: str = "") -> str:
    return f"/athletes/{athlete.pk}/weeks.csv{query}"


def table(client: Client, athlete: User, query: str = "") -> list[dict[str, str]]:
    response = client.get(address(athlete, query))
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def log_weeks(athlete: User) -> None:
    for ago in range(3):
        make_run(athlete, days_ago(7 * ago), effort=6, note="Past the harbour.")
        make_soreness(athlete, days_ago(7 * ago), area="knee", note="On the stairs.")
        make_check_in(athlete, days_ago(7 * ago + 2))


def test_it_has_the_figures_of_the_athletes_own(as_bob: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    log_weeks(alice)
    own = Client()
    own.force_login(alice)

    rows = table(as_bob, alice, "?weeks=8")

    hers = csv.DictReader(io.StringIO(own.get("/trends/weeks.csv?weeks=8").text))
    assert rows == [{"athlete": "Alice Ash", **row} for row in hers]
    last = [row for row in rows if row["week_start"] == "2026-11-23"]
    assert [(row["row"], row["area"], row["runs"], row["highest_peak"]) for row in last] == [
        ("week", "", "1", ""),
        ("area", "knee", "", "5"),
    ]


@pytest.mark.parametrize(
    ("shares", "kinds", "known", "unknown"),
    [
        ("runs", {"week"}, {"runs", "load", "distance_km"}, {"days_checked_in", "highest_peak"}),
        ("soreness notes", {"week", "area"}, {"days_checked_in", "highest_peak"}, {"runs", "load"}),
        ("guidance notes", set(), set(), set()),
    ],
)
def test_switches_count_as_they_are_at_the_moment(
    as_bob: Client,
    alice: User,
    bob: User,
    shares: str,
    kinds: set[str],
    known: set[str],
    unknown: set[str],
) -> None:
    make_link(bob, alice, shares)
    log_weeks(alice)

    rows = table(as_bob, alice)

    assert {row["row"] for row in rows} == kinds
    for name in known:
        assert any(row[name] for row in rows), name
    for name in unknown:
        assert not any(row[name] for row in rows), name  # an empty cell, and never a 0
    assert not [row for row in rows if "harbour" in str(row) or "stairs" in str(row)]


def test_it_ends_with_the_link(as_bob: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    log_weeks(alice)
    assert table(as_bob, alice)
    AccessRecord.objects.all().delete()

    actions.end_link(link, by=alice)

    assert as_bob.get(address(alice)).status_code == 404
    assert not AccessRecord.objects.exists()


def test_it_is_for_open_links_alone(
    as_bob: Client, alice: User, bob: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(mallory, carol)
    for person in (bob, carol, mallory, alice):
        as_bob.force_login(person)
        assert as_bob.get(address(alice)).status_code == 404
    assert not AccessRecord.objects.exists()


def test_no_cell_is_a_formula(as_bob: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="=1+1")
    make_link(bob, alice)
    log_weeks(alice)

    assert {row["athlete"] for row in table(as_bob, alice)} == {"'=1+1"}


def test_it_is_a_file_that_no_browser_keeps_and_that_names_nobody(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)

    response = as_bob.get(address(alice))

    assert response["Content-Disposition"] == (
        'attachment; filename="limber-athlete-2026-09-07-to-2026-11-23.csv"'
    )
    assert "no-store" in response["Cache-Control"]
    assert response.getvalue().startswith(b"\xef\xbb\xbfathlete,row,")


def test_the_athlete_reads_that_it_was_downloaded_and_when(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)

    table(as_bob, alice)

    assert AccessRecord.objects.get().page == AthletePage.WEEKS_DOWNLOADED
    as_bob.force_login(alice)
    page = folded(as_bob.get("/settings/seen-by/").text)
    assert "<span>Your weeks, downloaded as a table</span>" in page
    assert ">12:00</time>" in page


@pytest.mark.parametrize("weeks", [8, 52])
def test_it_costs_the_same_for_many_weeks(
    as_bob: Client,
    alice: User,
    bob: User,
    weeks: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_link(bob, alice)
    log_weeks(alice)
    table(as_bob, alice)
    # Who asks, the tries, the link with its visit and record, the weeks.
    with django_assert_num_queries(2 + 3 + 3 + 1):
        table(as_bob, alice, f"?weeks={weeks}")
