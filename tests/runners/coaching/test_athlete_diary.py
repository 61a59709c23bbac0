"""A coach at an athlete's diary: read-only, as far as shared, with what is new marked."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.models import AccessRecord, User
from runners.runs import actions
from runners.runs.run_state import state_of
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_link,
    make_run,
    make_soreness,
    make_user,
)
from tests.pages import folded, without_tokens

HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(athlete: User, query: str = "") -> str:
    return f"/athletes/{athlete.pk}/diary/{query}"


def diary_page(client: Client, athlete: User, query: str = "") -> str:
    response = client.get(address(athlete, query))
    assert response.status_code == 200
    return folded(response.content.decode())


def days(response: Any) -> list[dt.date]:
    return [day.day for day in response.context["page"].days]


def log_day(athlete: User, day: dt.date = TODAY) -> None:
    make_run(athlete, day, effort=6, kind="tempo", onset_min=40, note="Past the harbour.")
    make_check_in(athlete, day, note="Slept badly.")
    make_soreness(athlete, day, area="knee", intensity=7, note="On the stairs.")


def test_diary_shows_runs_spots_and_notes(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_day(alice)

    html = diary_page(as_bob, alice)

    for shown in (
        'id="day-2026-11-23"', "10.0 km", "50:00 · 5:00 /km", "effort&nbsp;6", "load&nbsp;300",
        "minute&nbsp;40", "tempo", "Left knee", '7<span class="word"> severe</span>',
        "Past the harbour.", "Slept badly.", "On the stairs.",
    ):  # fmt: skip
        assert shown in html


def test_diary_can_only_be_read(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_day(alice)
    actions.delete_run(make_run(alice), by=alice)

    html = diary_page(as_bob, alice)

    content = html[html.index('id="days"') : html.index("</main>")]
    for leads in ('"/runs/', "/check-in/", "Undo", "<form", "your"):
        assert leads not in content
    assert "Deleted a moment ago" not in html


def test_diary_fragment_is_the_days_alone(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_day(alice)

    html = as_bob.get(address(alice), headers=HTMX).content.decode()

    assert "<h1" not in html
    assert 'id="day-2026-11-23"' in html


def test_diary_is_for_open_links_alone(
    as_bob: Client, bob: User, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(mallory, carol)
    log_day(alice)
    statuses = []
    for person in (bob, carol, mallory, alice):
        as_bob.force_login(person)
        for headers in ({}, HTMX):
            statuses.append(as_bob.get(address(alice), headers=headers).status_code)

    assert statuses == [404] * 8
    assert not AccessRecord.objects.exists()


def test_diary_asks_who_is_not_signed_in(client: Client, alice: User) -> None:
    response = client.get(address(alice))

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


# What is not shared


def read_of(client: Client, athlete: User) -> list[str]:
    """What the page reads, once the line of the roster is fresh."""
    client.get(address(athlete))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(athlete, "?area=knee&run=tempo"))
        client.get(address(athlete))
    return [query["sql"] for query in queries]


def test_diary_without_runs_shows_check_ins_alone(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice, "soreness notes")
    log_day(alice)
    make_run(alice, days_ago(1))

    response = as_bob.get(address(alice))

    html = folded(response.content.decode())
    assert "Alice does not share runs." in html
    assert "Left knee" in html
    assert "km" not in without_tokens(html)
    for words in ("50:00", "tempo", "harbour", "effort", 'name="run"'):
        assert words not in html
    assert days(response) == [TODAY]
    assert not any("runners_run" in sql for sql in read_of(as_bob, alice))


def test_diary_without_soreness_shows_runs_alone(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice, "runs notes")
    log_day(alice)
    make_check_in(alice, days_ago(1))

    response = as_bob.get(address(alice))

    html = response.content.decode()
    assert "Alice does not share soreness." in html
    assert "10.0 km" in html
    for words in ("knee", "Knee", "stairs", "Slept", "symptoms", "all clear", 'name="area"'):
        assert words not in html
    assert days(response) == [TODAY]
    read = read_of(as_bob, alice)
    assert not any("runners_checkin" in sql or "runners_soreness" in sql for sql in read)
    assert not any("onset_min" in sql for sql in read)


@pytest.mark.slow
def test_diary_without_notes_reads_none(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice, "runs soreness")
    log_day(alice)

    html = diary_page(as_bob, alice)

    assert "Alice does not share the notes in the diary." in html
    assert "Left knee" in html
    for words in ("harbour", "Slept", "stairs"):
        assert words not in html
    assert not any('"note"' in sql for sql in read_of(as_bob, alice))


def test_diary_with_neither_says_so(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice, "guidance notes")
    log_day(alice)

    html = diary_page(as_bob, alice)

    assert "does not share runs or soreness" in html
    for words in ("km", "knee", "harbour", "Slept", "day-2026"):
        assert words not in without_tokens(html)
    assert as_bob.get(address(alice), headers=HTMX).content.strip() == b""
    assert not any("runners_run" in sql for sql in read_of(as_bob, alice))


def test_diary_does_not_answer_a_filter_for_what_is_not_shared(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "runs")
    make_run(alice)
    make_run(alice, days_ago(1))
    make_soreness(alice, days_ago(1), area="knee")

    response = as_bob.get(address(alice, "?area=knee&side=left&felt=tightness"))

    assert days(response) == [TODAY, days_ago(1)]
    assert "Only days with" not in response.content.decode()


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        ("runs soreness notes", [0, 1, 2]),
        ("runs notes", [0]),
        ("soreness notes", [1, 2]),
        ("runs soreness", [0, 1, 2, 3]),  # there is no search, so nothing is looked for
    ],
)
def test_search_looks_only_into_notes_that_are_shared(
    as_bob: Client, bob: User, alice: User, shares: str, found: list[int]
) -> None:
    make_link(bob, alice, shares)
    make_run(alice, TODAY, note="Past the harbour.")
    make_check_in(alice, days_ago(1), note="Past the harbour.")
    make_soreness(alice, days_ago(2), note="Past the harbour.")
    make_run(alice, days_ago(3), note="Stairs.")

    with CaptureQueriesContext(connection) as queries:
        response = as_bob.get(address(alice, "?notes=harbour"))

    assert days(response) == [days_ago(ago) for ago in found]
    shows_notes = "notes" in shares
    assert ('name="notes"' in response.text) is shows_notes
    assert any('"note"' in query["sql"] for query in queries) is shows_notes


@pytest.mark.parametrize(
    ("shares", "shown"),
    [("runs soreness", (6, 1)), ("runs", (None, 1)), ("soreness", (6, 0))],
)
def test_month_shows_only_what_is_shared(
    as_bob: Client, bob: User, alice: User, shares: str, shown: tuple[int | None, int]
) -> None:
    make_link(bob, alice, shares)
    make_run(alice)
    make_soreness(alice, intensity=6)

    response = as_bob.get(address(alice))

    today = response.context["month"].days[TODAY.day - 1]
    assert (today.peak, today.runs) == shown
    assert ("not checked in" in response.text) is ("soreness" in shares)
    assert f'href="?day={TODAY}#day-{TODAY}"' in response.text


@pytest.mark.parametrize(
    ("shares", "gap"), [("runs soreness", True), ("runs", False), ("soreness", False)]
)
def test_diary_tells_gaps_only_where_it_knows_of_all_logs(
    as_bob: Client, bob: User, alice: User, shares: str, gap: bool
) -> None:
    make_link(bob, alice, shares)
    log_day(alice, days_ago(8))
    log_day(alice)

    assert ("7 days not logged" in diary_page(as_bob, alice)) is gap


def test_diary_of_a_partial_check_in_without_its_note(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "soreness")
    make_check_in(alice, partial=True, note="Ran fine.")

    html = diary_page(as_bob, alice)

    assert "A check-in that names no spot" in html
    assert "all clear" not in html
    assert "Ran fine" not in html


# What is new


@pytest.mark.slow
def test_diary_marks_what_came_since_the_last_visit(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)
    first = make_run(alice, days_ago(1))
    make_soreness(alice, days_ago(1))

    def marks() -> list[tuple[list[str], str]]:
        page = as_bob.get(address(alice)).context["page"]
        return [([run.news for run in day.runs], day.news) for day in page.days]

    at_first = marks()
    noon.shift(dt.timedelta(hours=1))
    make_run(alice)
    actions.change_run(first, {**state_of(first), "effort": 7}, by=alice)
    noon.shift(dt.timedelta(hours=1))
    at_second, within_the_visit = marks(), marks()
    noon.shift(dt.timedelta(hours=1))
    make_check_in(alice)
    at_third = marks()

    assert at_first == [([""], "")]
    assert at_second == within_the_visit == [(["new"], ""), (["changed"], "")]
    assert at_third == [([""], "new"), ([""], "")]


def test_diary_tells_of_no_change_while_something_is_not_shared(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    """What was changed may be just that."""
    make_link(bob, alice, "runs soreness")
    run = make_run(alice)
    as_bob.get(address(alice))
    noon.shift(dt.timedelta(hours=1))
    actions.change_run(run, {**state_of(run), "note": "Left hamstring again."}, by=alice)

    page = as_bob.get(address(alice)).context["page"]

    assert [[shown.news for shown in day.runs] for day in page.days] == [[""]]


def test_diary_says_new_in_words(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice, looked_at=timezone.now())
    noon.shift(dt.timedelta(days=1))
    log_day(alice)
    make_check_in(alice, days_ago(1))

    html = diary_page(as_bob, alice)

    assert html.count('<span class="news">new</span>') == 3  # run, spot and all clear


def test_own_diary_marks_nothing(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice, looked_at=timezone.now() - dt.timedelta(days=9))
    log_day(alice)

    html = as_alice.get("/diary/").content.decode()

    assert 'class="news"' not in html
    assert "Past the harbour." in html


# Paging, days, filters


def test_diary_pages_lose_no_day(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    for ago in range(30):
        make_run(alice, days_ago(ago))

    first = as_bob.get(address(alice))
    earlier = first.context["page"].earlier
    second = as_bob.get(
        address(alice, f"?before={earlier}"), headers={**HTMX, "HX-Target": "earlier"}
    )

    assert days(first) + days(second) == [days_ago(ago) for ago in range(28)]
    assert f'hx-get="{address(alice)}?before={earlier}"' in first.content.decode()
    assert b"Later days" not in second.content


def test_diary_opens_at_a_day(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    for ago in range(20):
        make_run(alice, days_ago(ago))

    response = as_bob.get(address(alice, f"?day={days_ago(5)}"))

    assert days(response)[0] == days_ago(5)
    assert "Later days" in response.content.decode()


def test_diary_filter_stays_with_the_athlete(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    make_soreness(alice, area="calf")
    make_soreness(alice, days_ago(1), area="knee")

    response = as_bob.get(address(alice, "?area=calf"))

    html = response.content.decode()
    assert days(response) == [TODAY]
    assert f'action="{address(alice)}"' in html
    assert f'href="{address(alice)}">Clear' in html
    assert 'href="/diary/"' not in html


@pytest.mark.parametrize("asked", ["?before=yesterday", "?day=%00", "?area=nose", "?run=easy,long"])
def test_diary_refuses_a_question_that_makes_no_sense(
    as_bob: Client, bob: User, alice: User, asked: str
) -> None:
    make_link(bob, alice)
    log_day(alice)

    page, fragment = (as_bob.get(address(alice, asked), headers=headers) for headers in ({}, HTMX))

    assert (page.status_code, fragment.status_code) == (422, 422)
    assert "Show the whole diary" in page.content.decode()
    assert "km" not in without_tokens(page.content.decode())


def test_empty_diary_of_an_athlete_says_so(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    html = diary_page(as_bob, alice)

    assert "Nothing logged yet" in html
    assert 'href="/runs/add/">Log a run</a>' not in html[html.index("<main") :]


# Whose units and days; names; records; queries


def test_diary_is_in_the_units_of_the_coach(as_bob: Client, bob: User, alice: User) -> None:
    User.objects.filter(pk=bob.pk).update(units="mi")
    make_link(bob, alice)
    make_run(alice)

    html = diary_page(as_bob, alice)

    assert "6.21 mi" in html
    assert "km" not in without_tokens(html)


@pytest.mark.slow
def test_diary_counts_gaps_to_the_day_of_the_athlete(bob: User, client: Client) -> None:
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati")
    make_run(kiri, dt.date(2026, 11, 19))
    make_link(bob, kiri)
    client.force_login(bob)

    gaps = []
    for hour in (9, 12):  # Sunday evening and then Monday, on Kiritimati
        with time_machine.travel(dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC)):
            gaps.append(client.get(address(kiri)).context["page"].days[0].gap_days)

    assert gaps == [0, 3]


def test_diary_escapes_what_people_typed(as_bob: Client, bob: User) -> None:
    athlete = make_user("<script>alert(1)</script> O'Neill", email="x@example.org")
    make_link(bob, athlete)
    make_run(athlete, note="<img src=x>")
    make_soreness(athlete, note="<b>knee</b>")

    html = diary_page(as_bob, athlete)

    for raw in ("<script>alert", "<img src=x>", "<b>knee</b>"):
        assert raw not in html
    assert "&lt;img src=x&gt;" in html


def test_diary_is_recorded_once_a_day(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    diary_page(as_bob, alice)
    diary_page(as_bob, alice, "?area=knee")

    records = AccessRecord.objects.values_list("coach", "athlete", "page", "day")
    assert list(records) == [(bob.pk, alice.pk, "diary", TODAY)]


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("shares", "queries"),
    # 2 for who asks, 3 for the look, 1 for the line of the roster, 2 for the days, 1 for the month.
    [("runs soreness notes", 8), ("runs soreness", 8), ("runs", 8), ("soreness", 8), ("", 5)],
)
def test_diary_of_an_athlete_takes_the_same_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    count: int,
    shares: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_link(bob, alice, shares)
    for ago in range(count):
        log_day(alice, days_ago(ago))
    as_bob.get(address(alice))  # renews the line of the roster

    with django_assert_num_queries(queries):
        as_bob.get(address(alice))
