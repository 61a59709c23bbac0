"""The list of athletes as a table: who stands in it, with what, and what each of them reads."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners import standing
from runners.coaching.links import actions
from runners.models import AccessRecord, AthletePage, CoachLink, SharedStanding, User
from runners.models.standing import StandingLevel
from tests.factories import TODAY, days_ago, make_link, make_run, make_soreness, make_user
from tests.pages import folded
from tests.runners.coaching.roster.test_athletes import make_athlete, make_many

TABLE = "/athletes/table.csv"
PEAKS = [None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def table(client: Client, **asked: object) -> list[dict[str, str]]:
    response = client.get(f"{TABLE}?{urlencode(asked)}")
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def names(rows: list[dict[str, str]]) -> list[str]:
    return [row["athlete"] for row in rows]


# What stands in it


def test_a_row_has_what_the_line_shows(as_bob: Client, bob: User) -> None:
    figures: dict[str, Any] = {"distance_m": 38_240, "change": -12, "last_log": days_ago(1)}
    words = {"headline": "Left calf keeps coming back", "reason": "after hard runs"}
    make_athlete(bob, "Ada", StandingLevel.RECURRING, team="Track", peaks=PEAKS, **figures, **words)

    [row] = table(as_bob)

    peaks = {name: row.pop(name) for name in list(row) if name.startswith("peak_")}
    assert row == {
        "athlete": "Ada",
        "team": "Track",
        "day": "2026-11-23",
        "shared": "runs soreness guidance",
        "state": "recurring",
        "why": "Left calf keeps coming back · after hard runs",
        "week_distance_km": "38.24",
        "week_change_percent": "-12",
        "last_log": "2026-11-22",
    }
    assert [*peaks][:2] == ["peak_11_weeks_ago", "peak_10_weeks_ago"]
    assert [*peaks][-2:] == ["peak_1_weeks_ago", "peak_this_week"]
    assert list(peaks.values()) == ["", *map(str, range(11))]


def test_it_is_in_the_units_of_the_coach(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada", distance_m=16_093)
    User.objects.filter(pk=bob.pk).update(units="mi")

    assert table(as_bob)[0]["week_distance_mi"] == "10.00"


@pytest.mark.parametrize(
    ("switch", "emptied"),
    [
        ("runs", ["week_distance_km", "week_change_percent"]),
        ("soreness", ["peak_this_week", "peak_3_weeks_ago"]),
    ],
)
def test_switches_count_as_they_are_at_the_moment(
    as_bob: Client, alice: User, bob: User, switch: str, emptied: list[str]
) -> None:
    link = make_link(bob, alice)
    for ago in range(22):
        make_run(alice, days_ago(ago))
        make_soreness(alice, days_ago(ago))
    assert all(table(as_bob)[0][name] for name in emptied)
    CoachLink.objects.filter(pk=link.pk).update(**{switch: False})
    standing.renew_after_change(alice)

    [row] = table(as_bob)

    assert {row[name] for name in emptied} == {""}
    assert switch not in row["shared"].split()
    assert row["last_log"] == str(TODAY)


def test_an_old_line_tells_nothing_that_is_off_now(as_bob: Client, bob: User) -> None:
    """Written before, and not renewed: as where the database cannot write."""
    link = make_athlete(bob, "Ada", peaks=PEAKS, distance_m=38_240, headline="Left calf")
    CoachLink.objects.filter(pk=link.pk).update(runs=False, soreness=False, guidance=False)

    [row] = table(as_bob)

    assert (row["state"], row["shared"]) == ("not shared", "")
    assert not {row[name] for name in row} & {"38.24", "10", "Left calf"}


def test_who_ended_it_a_moment_ago_is_not_in_it(as_bob: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    make_athlete(bob, "Ada")
    assert names(table(as_bob)) == ["Ada", "Alice Ash"]
    AccessRecord.objects.all().delete()

    actions.end_link(link, by=alice)

    assert names(table(as_bob)) == ["Ada"]
    assert not AccessRecord.objects.filter(athlete=alice).exists()


@pytest.mark.parametrize(
    "changed", [{"ended_at": timezone.now()}, {"confirmed_at": None}, {"paused_at": timezone.now()}]
)
def test_links_that_are_not_open_are_not_in_it(
    as_bob: Client, alice: User, bob: User, carol: User, changed: dict[str, Any]
) -> None:
    make_link(bob, alice, **changed)
    make_link(carol, make_user("Dora Dune"))

    assert table(as_bob) == []


def test_it_holds_whom_the_list_is_asked_for_on_all_its_pages(as_bob: Client, bob: User) -> None:
    make_many(bob, 60)
    make_athlete(bob, "Ada", StandingLevel.URGENT, team="Track")
    make_athlete(bob, "Bo", team="Track")
    track = bob.teams.get().pk

    assert len(table(as_bob)) == 62
    assert table(as_bob)[0]["state"] == "get help now"
    assert names(table(as_bob, team=track)) == ["Ada", "Bo"]
    assert names(table(as_bob, team=track, level="look")) == ["Ada"]
    assert names(table(as_bob, q="bo", sort="name")) == ["Bo"]
    assert names(table(as_bob, sort="name"))[-1] == "Bo"


def test_what_cannot_be_asked_for_leads_to_the_list_that_says_so(as_bob: Client) -> None:
    response = as_bob.get(f"{TABLE}?team=77")

    assert response["Location"] == "/athletes/?team=77"
    assert as_bob.get(response["Location"]).status_code == 422


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_no_cell_is_a_formula(as_bob: Client, bob: User, start: str) -> None:
    link = make_athlete(bob, f'{start}HYPERLINK("https://elsewhere.example";"x")', team=f"{start}1")

    [row] = table(as_bob)

    assert row["athlete"] == f"'{link.athlete.name}"
    assert row["team"] == f"'{start}1"
    assert row["week_change_percent"] == ""


# How it comes


def test_it_is_a_file_that_no_browser_keeps_and_that_names_nobody(
    as_bob: Client, bob: User
) -> None:
    make_athlete(bob, "Ada", team="Track")

    response = as_bob.get(f"{TABLE}?team={bob.teams.get().pk}&q=ada")

    assert response.streaming
    assert response.getvalue().startswith(
        b"\xef\xbb\xbfathlete,"
    )  # so that Excel knows its letters
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"] == 'attachment; filename="limber-athletes-2026-11-23.csv"'
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("number", [3, 30])
def test_it_costs_the_same_for_many(
    as_bob: Client, bob: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(bob, number)
    as_bob.get(TABLE)  # counts the tries of today in a row that is there from now on
    # Who asks, the tries, the teams, what is stale, the list, the record.
    with django_assert_num_queries(2 + 3 + 1 + 1 + 2 + 1):
        assert len(table(as_bob)) == number


@pytest.mark.slow
def test_a_thousand_athletes_are_a_table(as_bob: Client, bob: User) -> None:
    make_many(bob, 1_000)

    assert len(table(as_bob)) == 1_000
    assert AccessRecord.objects.filter(page=AthletePage.LINE_DOWNLOADED).count() == 1_000


def test_it_is_given_a_few_times_a_minute(as_bob: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {"download_table": "2/m/user"}

    statuses = [as_bob.get(TABLE).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


# What athletes read of it


def test_each_in_it_reads_that_a_table_was_downloaded_and_when(
    as_bob: Client, bob: User, noon: time_machine.Traveller
) -> None:
    ada = make_athlete(bob, "Ada").athlete
    make_athlete(bob, "Bo", None, shares="")
    out_of_it = make_athlete(bob, "Cy").athlete

    table(as_bob, q="ada")
    noon.shift(3_600)
    table(as_bob, q="ada")
    table(as_bob, q="bo")

    looks = AccessRecord.objects.order_by("athlete__name")
    assert [(look.athlete.name, look.page) for look in looks] == [
        ("Ada", AthletePage.LINE_DOWNLOADED),
        ("Bo", AthletePage.LINE_DOWNLOADED),
    ]
    assert not looks.filter(athlete=out_of_it).exists()
    as_bob.force_login(ada)
    page = folded(as_bob.get("/settings/seen-by/").text)
    assert "<span>Your line, downloaded as a table</span>" in page
    assert ">13:00</time>" in page


def test_the_list_leads_to_it_as_it_is_asked_for(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada", team="Track")
    team = bob.teams.get().pk

    for headers in ({}, {"HX-Request": "true"}):
        shown = as_bob.get(f"/athletes/?team={team}&sort=name", headers=headers).text
        assert f'href="{TABLE}?team={team}&amp;sort=name" download' in shown
    assert TABLE not in as_bob.get("/athletes/?q=nobody").text
    SharedStanding.objects.all().delete()
    CoachLink.objects.all().delete()
    assert TABLE not in as_bob.get("/athletes/").text
