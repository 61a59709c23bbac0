"""A coach's overview of one athlete: every part as far as it is shared."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guidance.models import Answer, FlagAnswer, Screen
from guidance.saying import say
from runners.models import AccessRecord, SharedStanding, User
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
    make_user,
)
from tests.pages import folded, without_tokens


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def overview(client: Client, athlete: User) -> str:
    response = client.get(f"/athletes/{athlete.pk}/")
    assert response.status_code == 200
    return folded(response.content.decode())


def log_weeks(athlete: User, weeks: int = 6) -> None:
    """A hamstring that keeps coming back, on the mornings after runs."""
    for ago in range(7 * weeks):
        if ago % 7 in (0, 3):
            make_run(athlete, days_ago(ago + 1), effort=6, note="Past the harbour.", kind="long")
            make_soreness(athlete, days_ago(ago), intensity=6, note="On the stairs.")
        else:
            make_check_in(athlete, days_ago(ago), note="Slept badly.")


def log_plan(athlete: User) -> None:
    plan = make_plan(athlete, days_ago(10))
    for ago in (1, 2, 4):
        make_done(plan, days_ago(ago))


# Where everything is shared


@pytest.mark.slow
def test_overview_tells_the_whole_story(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    log_weeks(alice)
    log_plan(alice)
    make_note(bob, alice, "Easy week, please.")

    html = overview(as_bob, alice)

    for words in (
        "Alice Ash", "mornings out of", "What guidance says", "3 of 10", "Plank",
        "Distance and left hamstring", "Last logged days", "10.0 km", "left hamstring 6",
        "Easy week, please.", "What Alice shares", "You have coached Alice since 23 November.",
        f'href="/athletes/{alice.pk}/suggest/"', f'href="/athletes/{alice.pk}/end/"',
        f'action="/athletes/{alice.pk}/notes/', 'name="uid"', 'name="is_private"',
    ):  # fmt: skip
        assert words in html


@pytest.mark.slow
def test_overview_says_what_the_roster_says(as_bob: Client, bob: User, alice: User) -> None:
    link = make_link(bob, alice)
    log_weeks(alice)

    html = overview(as_bob, alice)

    row = SharedStanding.objects.get(link=link)
    assert f'<h2 id="stands">{say(row.headline, about=True)}</h2>' in html
    assert f'<span class="pill need-{row.level}">' in html


@pytest.mark.slow
def test_overview_is_renewed_on_a_later_day(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)
    make_check_in(alice)
    before = overview(as_bob, alice)

    noon.shift(dt.timedelta(days=9))

    assert "Nothing logged for 9 days" not in before
    assert "Nothing logged for 9 days" in overview(as_bob, alice)


@pytest.mark.slow
def test_overview_speaks_of_the_athlete_not_of_the_coach(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice)
    log_weeks(alice)

    html = overview(as_bob, alice)

    content = html[html.index('class="cols overview"') : html.index('id="notes"')]
    assert not re.search(r"\byours?\b|\bdoctor\b|/check-in/|/runs/", content, re.IGNORECASE)


def test_overview_is_for_open_links_alone(
    as_bob: Client, bob: User, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(mallory, carol)
    statuses = []
    for person in (bob, carol, mallory, alice):
        as_bob.force_login(person)
        statuses.append(as_bob.get(f"/athletes/{alice.pk}/").status_code)

    assert statuses == [404] * 4
    assert not AccessRecord.objects.exists()


def test_overview_asks_who_is_not_signed_in(client: Client, alice: User) -> None:
    response = client.get(f"/athletes/{alice.pk}/")

    assert response["Location"].startswith("/accounts/login/")


# What is not shared


def read_by_overview(client: Client, athlete: User) -> list[str]:
    """What the page reads, once the line of the roster is fresh."""
    overview(client, athlete)
    with CaptureQueriesContext(connection) as queries:
        overview(client, athlete)
    return [query["sql"] for query in queries]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("off", "said", "hidden", "tables"),
    [
        (
            "runs",
            "Alice does not share runs.",
            ["10.0 km", "Distance", "effort", "long"],
            [],  # guidance reads runs and leaves out what they alone say
        ),
        (
            "soreness",
            "Alice does not share soreness.",
            ["amstring", "all clear", "mornings out of"],
            [],
        ),
        (
            "guidance",
            "Alice does not share guidance or the plan.",
            ["What guidance says", "Plank", "3 of 10", "/suggest/"],
            ["guidance_plan", "guidance_answer", "guidance_checkresult", "guidance_screen"],
        ),
    ],
)
def test_overview_leaves_out_what_is_not_shared(
    as_bob: Client,
    bob: User,
    alice: User,
    off: str,
    said: str,
    hidden: list[str],
    tables: list[str],
) -> None:
    shares = "runs soreness guidance notes".replace(off, "")
    make_link(bob, alice, shares)
    log_weeks(alice)
    log_plan(alice)

    html = overview(as_bob, alice)

    content = html[html.index("<main") :]
    assert said in content
    assert [words for words in hidden if words in content] == []
    read = read_by_overview(as_bob, alice)
    assert [table for table in tables if any(table in sql for sql in read)] == []


@pytest.mark.slow
def test_overview_reads_no_log_without_guidance_and_logs(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice, "notes")
    log_weeks(alice)
    log_plan(alice)

    html = overview(as_bob, alice)

    assert "Where Alice stands is not shared" in html
    assert "Alice does not share runs or soreness." in html
    for words in ("km", "amstring", "Plank", "harbour", "Slept", "stairs"):
        assert words not in without_tokens(html[html.index("<main") :])
    read = read_by_overview(as_bob, alice)
    logs = ("runners_run", "runners_checkin", "runners_sorenessentry", "guidance_")
    assert not [sql for sql in read for table in logs if f'FROM "{table}' in sql]


@pytest.mark.slow
@pytest.mark.parametrize("shares", ["runs soreness guidance", "runs soreness guidance notes"])
def test_overview_shows_no_note_of_the_diary(
    as_bob: Client, bob: User, alice: User, shares: str
) -> None:
    make_link(bob, alice, shares)
    log_weeks(alice)

    html = overview(as_bob, alice)

    for words in ("harbour", "Slept", "stairs"):
        assert words not in html


@pytest.mark.slow
def test_overview_shows_of_a_warning_sign_the_level_alone(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice)
    log_weeks(alice)
    screen = Screen.objects.create(runner=alice, day=TODAY)
    FlagAnswer.objects.create(screen=screen, flag="flag:calf_swelling", yes=True)
    Answer.objects.create(runner=alice, question="ask:care_first", value="pregnant", day=TODAY)

    html = overview(as_bob, alice)

    content = html[html.index("<main") :].lower()
    assert "get help now" in content
    for words in ("swelling", "swollen", "clot", "pregnan", "possible", "likely"):
        assert words not in content


def test_overview_says_until_when_what_is_shared(as_bob: Client, bob: User, alice: User) -> None:
    make_link(
        bob,
        alice,
        "runs soreness guidance",
        runs_until=dt.date(2026, 12, 3),
        soreness_until=dt.date(2027, 1, 3),
        guidance_until=days_ago(1),
        started_at=dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC),
    )

    html = overview(as_bob, alice)

    found = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html)
    assert found == [
        ("Runs", "until 3 December"),
        ("Soreness", "until 3 January 2027"),
        ("Guidance and plan", "not shared"),
        ("Notes of the diary", "not shared"),
    ]
    assert "You have coached Alice since 1 May 2025." in html


# Since you last looked


@pytest.mark.slow
def test_overview_counts_what_is_new_over_three_visits(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice)
    make_run(alice, days_ago(1))

    def since() -> str:
        found = re.search(r'<p class="since">(.*?)</p>', overview(as_bob, alice), re.DOTALL)
        return re.sub(r"<a .*|<[^>]*>", "", found[1]).strip() if found else ""

    at_first = since()
    noon.shift(dt.timedelta(days=3))
    make_run(alice)
    make_run(alice)
    make_check_in(alice)
    at_second, again = since(), since()
    noon.shift(dt.timedelta(days=1))
    at_third = since()
    noon.shift(dt.timedelta(days=20))

    assert at_first == ""
    assert at_second == again == "New since Monday: 2 runs, 1 check-in."
    assert at_third == "Nothing new since you last looked, yesterday."
    assert since() == "Nothing new since you last looked, 27 November."


def test_overview_marks_news_of_the_last_days(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_run(alice, days_ago(1))
    make_link(bob, alice, looked_at=timezone.now())
    noon.shift(dt.timedelta(hours=2))
    make_run(alice)

    html = overview(as_bob, alice)

    assert "New since earlier today:" in html
    assert html.count('<span class="news">new</span>') == 1


def test_overview_counts_nothing_new_that_is_not_shared(
    as_bob: Client, bob: User, alice: User, noon: time_machine.Traveller
) -> None:
    make_link(bob, alice, "soreness", looked_at=timezone.now())
    noon.shift(dt.timedelta(days=1))
    make_run(alice)

    assert "Nothing new since you last looked, yesterday." in overview(as_bob, alice)


# Units, days, names, records, queries


def test_overview_is_in_the_units_of_the_coach(as_bob: Client, bob: User, alice: User) -> None:
    User.objects.filter(pk=bob.pk).update(units="mi")
    make_link(bob, alice)
    make_run(alice)

    html = overview(as_bob, alice)

    assert "6.21 mi" in html
    assert not re.search(r"\bkm\b", html[html.index("<main") :])


def test_overview_is_by_the_day_and_week_of_the_athlete(bob: User, client: Client) -> None:
    """At noon of a Sunday in London it is Monday on Kiritimati, whose weeks here start Sundays."""
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati", week_start=7)
    make_run(kiri, dt.date(2026, 11, 23))
    make_link(bob, kiri, started_at=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    client.force_login(bob)

    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)):
        html = overview(client, kiri)

    assert "22–28 Nov 2026 <span>not over yet</span>" in html
    assert "Mon 23 Nov" in html
    assert "since 22 November." in html


def test_overview_escapes_what_people_typed(as_bob: Client, bob: User) -> None:
    athlete = make_user("<script>alert(1)</script> O'Neill", email="x@example.org")
    make_link(bob, athlete, "runs")
    make_note(bob, athlete, "<img src=x>")

    html = overview(as_bob, athlete)

    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "What &lt;script&gt;alert(1)&lt;/script&gt; shares" in html


@pytest.mark.slow
def test_overview_is_recorded_once_a_day(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    overview(as_bob, alice)
    overview(as_bob, alice)

    records = AccessRecord.objects.values_list("coach", "athlete", "page", "day")
    assert list(records) == [(bob.pk, alice.pk, "overview", TODAY)]


def test_overview_of_an_athlete_without_logs(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)

    html = overview(as_bob, alice)

    assert "Nothing logged yet" in html
    assert "No plan in force." in html
    assert '<svg class="chart' not in html


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [1, 20])
@pytest.mark.parametrize("athletes", [1, 5])
def test_overview_takes_the_same_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    weeks: int,
    athletes: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for other in range(1, athletes):
        make_link(bob, make_user(f"Other{other}"))
    make_link(bob, alice, looked_at=timezone.now() - dt.timedelta(days=1))
    log_weeks(alice, weeks)
    log_plan(alice)
    make_note(bob, alice)
    overview(as_bob, alice)  # renews the line of the roster

    # 2 for who asks, 3 for the look, 1 for what is new, 2 for guidance and the plan, 2 for the
    # days, 1 for the notes and 1 for the chart.
    with django_assert_num_queries(12):
        overview(as_bob, alice)
