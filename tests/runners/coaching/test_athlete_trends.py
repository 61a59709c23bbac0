"""A coach at an athlete's weeks: the athlete's own page as far as it is shared."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.models import AccessRecord, CoachLink, User
from tests.factories import (
    TODAY,
    days_ago,
    make_link,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)
from tests.pages import folded

HTMX = {"HX-Request": "true"}
NB = "\u00a0"
OF_RUNS = ("runners_run",)
OF_SORENESS = ("runners_checkin", "runners_sorenessentry")


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(athlete: User, query: str = "") -> str:
    return f"/athletes/{athlete.pk}/trends/{query}"


def trends_page(client: Client, athlete: User, query: str = "") -> str:
    response = client.get(address(athlete, query))
    assert response.status_code == 200
    return folded(response.content.decode())


def log_weeks(athlete: User, weeks: int = 3) -> None:
    """On each Monday a run of 10 km with a load of 300, and a knee."""
    for ago in range(weeks):
        make_run(athlete, days_ago(7 * ago), effort=6, note="Past the harbour.")
        make_soreness(athlete, days_ago(7 * ago), area="knee", note="On the stairs.")


@pytest.mark.slow
def test_trends_show_what_the_athlete_sees(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_weeks(alice)
    own = Client()
    own.force_login(alice)

    html = trends_page(as_bob, alice)
    hers = own.get("/trends/?measure=highest").content.decode()

    def figures(page: str) -> list[str]:
        return re.findall(r"<td[^>]*>([^<]*)</td>|<dd>(.*?)</dd>", folded(page))

    assert figures(html) == figures(hers)
    for words in ("Alice Ash", "Distance and left knee", "Every area", "7 Sep – 23 Nov 2026"):
        assert words in html


def test_trends_can_only_be_read(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_weeks(alice)

    html = trends_page(as_bob, alice)

    content = html[html.index('id="weeks"') : html.index("</main>")]
    assert 'href="/trends/weeks.csv' not in content
    assert f'href="/athletes/{alice.pk}/weeks.csv?weeks=12"' in content
    assert "/check-in/" not in content
    assert "your" not in content.lower()


def test_trends_fragment_is_the_weeks_of_the_athlete(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice)
    log_weeks(alice)

    html = as_bob.get(address(alice, "?weeks=26"), headers=HTMX).content.decode()

    assert "<h1" not in html
    assert '<div id="weeks"' in html
    assert f'hx-get="{address(alice)}"' in html
    assert 'hx-get="?weeks=8"' in html
    assert "/trends/?" not in html


def test_trends_is_for_open_links_alone(
    as_bob: Client, bob: User, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(mallory, carol)
    log_weeks(alice)
    statuses = []
    for person in (bob, carol, mallory, alice):
        as_bob.force_login(person)
        for headers in ({}, HTMX):
            statuses.append(as_bob.get(address(alice), headers=headers).status_code)

    assert statuses == [404] * 8
    assert not AccessRecord.objects.exists()


def test_trends_asks_who_is_not_signed_in(client: Client, alice: User) -> None:
    response = client.get(address(alice))

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_trends_begin_with_the_highest(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_weeks(alice)

    html = trends_page(as_bob, alice)
    chosen = trends_page(as_bob, alice, "?measure=mean")

    assert re.search(r'id="measure-highest" [^>]*aria-current="true"', html)
    assert re.search(r'id="measure-mean" [^>]*aria-current="true"', chosen)


@pytest.mark.parametrize(
    ("shares", "told"), [("runs soreness guidance", True), ("runs soreness", False)]
)
def test_trends_mark_a_plan_where_guidance_is_shared(
    as_bob: Client, bob: User, alice: User, shares: str, told: bool
) -> None:
    make_link(bob, alice, shares)
    log_weeks(alice)
    make_plan(alice, days_ago(7))

    html = trends_page(as_bob, alice)

    content = html[html.index('id="weeks"') : html.index("</main>")]
    assert ("Plan, 16 Nov" in content) is told
    assert ("plan" in content.lower()) is told


# What is not shared


def tables_read(client: Client, athlete: User, *tables: str) -> list[str]:
    """What a page reads of the tables, once the line of the roster is fresh."""
    client.get(address(athlete))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address(athlete, "?bars=load&area=knee-left"))
    return [query["sql"] for query in queries if any(name in query["sql"] for name in tables)]


@pytest.mark.slow
def test_trends_without_runs_has_no_distance_or_load(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "soreness guidance notes")
    log_weeks(alice)

    html = trends_page(as_bob, alice)

    assert "Alice does not share runs." in html
    assert "Left knee" in html
    content = html[html.index('id="weeks"') :]
    for words in ("km", "istance", "Load", " load", "run", "Time", 'name="bars"', 'class="bar'):
        assert words not in content
    assert tables_read(as_bob, alice, *OF_RUNS) == []


@pytest.mark.slow
def test_trends_without_soreness_has_no_area_and_no_check_in(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "runs guidance notes")
    log_weeks(alice)

    html = trends_page(as_bob, alice)

    assert "Alice does not share soreness." in html
    assert f"10.0{NB}km" in html
    content = html[html.index('id="weeks"') :]
    for words in (
        "knee",
        "checked in",
        "Every area",
        "heat",
        "bodies",
        'class="trend"',
        'name="area"',
    ):
        assert words not in content
    assert tables_read(as_bob, alice, *OF_SORENESS) == []


def test_trends_with_neither_says_so(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice, "guidance notes")
    log_weeks(alice)

    html = trends_page(as_bob, alice)

    assert "does not share runs or soreness" in html
    assert 'id="weeks"' not in html
    assert as_bob.get(address(alice), headers=HTMX).content.strip() == b""
    assert tables_read(as_bob, alice, *OF_RUNS, *OF_SORENESS) == []


def test_trends_begin_with_the_first_log_that_is_shared(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "runs")
    make_soreness(alice, days_ago(300))
    make_run(alice, days_ago(7))

    html = trends_page(as_bob, alice)

    # Of twelve weeks; the check-in is not to be guessed.
    assert len(re.findall(r"</th><td>–</td><td>–</td>", html)) == 10


def test_trends_share_ends_after_the_last_day_of_the_athlete(
    bob: User, client: Client, db: None
) -> None:
    """At noon of Sunday in London it is Monday on Kiritimati: what was until Sunday is over."""
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati")
    make_run(kiri, dt.date(2026, 11, 20))
    make_link(bob, kiri, "runs", runs_until=dt.date(2026, 11, 22))
    client.force_login(bob)

    shown = []
    for hour in (9, 12):
        with time_machine.travel(dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC)):
            shown.append(f"10.0{NB}km" in trends_page(client, kiri))

    assert shown == [True, False]


# Whose units, days and weeks


def test_trends_are_in_the_units_of_the_coach(as_bob: Client, bob: User, alice: User) -> None:
    User.objects.filter(pk=bob.pk).update(units="mi")
    make_link(bob, alice)
    make_run(alice, distance_m=16_093)

    html = trends_page(as_bob, alice)

    assert f"10.0{NB}mi" in html
    assert f"{NB}km" not in html


def test_trends_are_by_the_weeks_of_the_athlete(as_bob: Client, bob: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(week_start=7)
    make_link(bob, alice)
    make_run(alice)

    assert "22–28 Nov 2026 <span>not over yet</span>" in trends_page(as_bob, alice)


def test_trends_turn_at_the_midnight_of_the_athlete(bob: User, client: Client) -> None:
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati")
    make_run(kiri, dt.date(2026, 11, 22))
    make_link(bob, kiri)
    client.force_login(bob)

    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)):
        html = trends_page(client, kiri)

    assert "No runs yet" in html
    assert "7 Sep – 23 Nov 2026" in html


# Odds and ends


def test_trends_of_an_athlete_without_logs_say_so(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    html = trends_page(as_bob, alice)

    assert "Nothing logged yet" in html
    assert "Alice’s weeks will be here" in html


def test_trends_escape_a_hostile_name(as_bob: Client, bob: User) -> None:
    athlete = make_user("<script>alert(1)</script> O'Neill", email="x@example.org")
    make_link(bob, athlete, "runs")

    html = trends_page(as_bob, athlete)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; does not share soreness." in html


@pytest.mark.slow
def test_trends_are_recorded_once_a_day(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)

    for query in ("", "?weeks=26"):
        trends_page(as_bob, alice, query)
    noon.shift(dt.timedelta(days=1))
    trends_page(as_bob, alice)

    records = AccessRecord.objects.order_by("day").values_list("coach", "athlete", "page", "day")
    assert list(records) == [
        (bob.pk, alice.pk, "trends", TODAY),
        (bob.pk, alice.pk, "trends", TODAY + dt.timedelta(days=1)),
    ]


def test_trends_are_not_kept_by_the_browser(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    response = as_bob.get(address(alice))

    assert "no-store" in response["Cache-Control"]
    assert 'hx-history="false"' in response.content.decode()


def test_trends_end_with_the_link(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    trends_page(as_bob, alice)

    CoachLink.objects.update(ended_at=timezone.now(), ended_by=alice)

    assert as_bob.get(address(alice)).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [1, 60])
def test_trends_of_an_athlete_take_seven_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    weeks: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_link(bob, alice)
    log_weeks(alice, weeks)
    as_bob.get(address(alice))  # renews the line of the roster

    # 2 for who asks, 3 for the look, 1 for the line of the roster, 8 for the weeks.
    with django_assert_num_queries(7):
        as_bob.get(address(alice, "?weeks=52"))
