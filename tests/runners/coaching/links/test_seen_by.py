"""The athlete reads which coach looked at what, and on which day."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.coaching.links import actions
from runners.models import AccessRecord, AthletePage, CoachLink, SharingChange, User
from runners.models.coaching import SWITCHES
from tests.factories import TODAY, days_ago, make_link, make_user
from tests.pages import folded

PAGE = "/settings/seen-by/"


def make_look(
    coach: User,
    athlete: User,
    page: AthletePage = AthletePage.TRENDS,
    day: dt.date = TODAY,
    at: str = "09:12",
) -> AccessRecord:
    """At an hour of UTC."""
    last_at = dt.datetime.combine(day, dt.time.fromisoformat(at), tzinfo=dt.UTC)
    return AccessRecord.objects.create(
        coach=coach, athlete=athlete, page=page, day=day, last_at=last_at
    )


def days_of(page: str) -> list[str]:
    return re.findall(r'id="day-([\d-]+)"', page)


def test_nobody_looked_yet(as_alice: Client) -> None:
    assert "Nobody has looked yet." in as_alice.get(PAGE).text


def test_looks_are_told_by_day_in_words_and_in_the_athletes_time(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_look(bob, alice, AthletePage.TRENDS, days_ago(1), at="20:30")
    make_look(bob, alice, AthletePage.ROSTER, at="08:00")
    make_look(bob, alice, AthletePage.GUIDANCE, at="09:12")

    page = folded(as_alice.get(PAGE).text)

    assert days_of(page) == ["2026-11-23", "2026-11-22"]
    looks = re.findall(r"<li><span>([^<]*)</span> <time[^>]*>([^<]*)<", page)
    assert looks == [
        ("Your guidance and plan", "10:12"),
        ("Your line in the list of athletes", "09:00"),
        ("Your weekly trends", "21:30"),
    ]
    assert page.count("<h3>Bob Birch</h3>") == 2


def test_former_coaches_stay_in_it(as_alice: Client, alice: User, carol: User) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_look(carol, alice)

    assert "Carol Cedar" in as_alice.get(PAGE).text


def test_only_looks_at_oneself_are_told(
    as_alice: Client, alice: User, bob: User, mallory: User
) -> None:
    make_look(bob, mallory)
    make_look(alice, mallory)

    assert "Nobody has looked yet." in as_alice.get(PAGE).text


OFF = {name: [False, None] for name in SWITCHES}


def make_change(link: CoachLink, day: dt.date = TODAY, **after: object) -> SharingChange:
    """From nothing, to the switches named."""
    return SharingChange.objects.create(
        link=link, by=link.athlete, day=day, before=OFF, after={**OFF, **after}
    )


def changes_on(page: str) -> list[str]:
    return [" ".join(line.split()) for line in re.findall(r"<li>(Bob[^<]*)</li>", page)]


def test_what_was_shared_since_when_is_told_in_a_line_each(
    as_alice: Client, alice: User, bob: User
) -> None:
    link = make_link(bob, alice, "runs soreness")
    make_change(link, days_ago(40), runs=[True, None], soreness=[True, None])
    on, until = [True, None], [True, "2026-12-03"]
    actions.change_switches(link, {**OFF, "runs": on, "soreness": until}, by=alice)
    more = {**OFF, "runs": on, "soreness": on, "guidance": [True, "2026-11-30"]}
    actions.change_switches(link, more, by=alice, password_given=True)
    actions.end_link(link, by=bob)

    page = folded(as_alice.get(PAGE).text)

    assert days_of(page) == ["2026-11-23", "2026-10-14"]
    assert changes_on(page) == [
        "Bob Birch: runs, soreness and guidance and plan no longer shared from 23 November",
        "Bob Birch: soreness shared without a last day;"
        " guidance and plan shared from 23 November until 30 November 2026",
        "Bob Birch: soreness shared until 3 December 2026",
        "Bob Birch: runs and soreness shared from 14 October",
    ]


def test_changes_of_others_and_of_long_ago_are_not_told(
    as_alice: Client, alice: User, bob: User, mallory: User
) -> None:
    make_change(make_link(bob, mallory), runs=[True, None])
    make_change(make_link(bob, alice), days_ago(366), runs=[True, None])

    assert "Nobody has looked yet." in as_alice.get(PAGE).text


def test_days_with_a_change_have_pages_too(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice)
    for days in range(20):
        make_look(bob, alice, day=days_ago(2 * days))
        make_change(link, days_ago(2 * days + 1), runs=[True, None])

    first = folded(as_alice.get(PAGE).text)
    second = folded(as_alice.get(f"{PAGE}?before={days_ago(29)}").text)

    assert days_of(first) == [str(days_ago(days)) for days in range(30)]
    assert days_of(second) == [str(days_ago(days)) for days in range(30, 40)]
    assert (len(changes_on(first)), len(changes_on(second))) == (15, 5)


def test_twelve_months_are_told(as_alice: Client, alice: User, bob: User) -> None:
    make_look(bob, alice, day=days_ago(365))
    make_look(bob, alice, day=days_ago(366))

    assert days_of(as_alice.get(PAGE).text) == [str(days_ago(365))]


def test_a_long_list_has_pages(as_alice: Client, alice: User, bob: User) -> None:
    for days in range(31):
        make_look(bob, alice, day=days_ago(days))

    first = folded(as_alice.get(PAGE).text)
    second = folded(as_alice.get(f"{PAGE}?before={days_ago(29)}").text)

    assert days_of(first) == [str(days_ago(days)) for days in range(30)]
    assert f'href="?before={days_ago(29)}"' in first
    assert days_of(second) == [str(days_ago(30))]
    assert "Earlier" not in second


@pytest.mark.parametrize("before", ["soon", "9999-99-99", "<script>", "\0"])
def test_an_address_that_asks_for_no_day_gets_the_newest(
    as_alice: Client, alice: User, bob: User, before: str
) -> None:
    make_look(bob, alice)

    response = as_alice.get(PAGE, {"before": before})

    assert response.status_code == 200
    assert days_of(response.text) == [str(TODAY)]


def test_before_all_looks_says_so(as_alice: Client, alice: User, bob: User) -> None:
    make_look(bob, alice)

    assert "Nobody looked before Monday 23 November." in as_alice.get(f"{PAGE}?before={TODAY}").text


def test_a_coachs_name_is_shown_as_it_is(as_alice: Client, alice: User) -> None:
    make_look(make_user("<b>Eve</b>"[:80], email="eve@example.org"), alice)

    assert "<h3>&lt;b&gt;Eve&lt;/b&gt;</h3>" in as_alice.get(PAGE).text


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 25])
def test_seen_by_costs_the_same_with_many_looks(
    as_alice: Client,
    alice: User,
    bob: User,
    carol: User,
    days: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    link = make_link(bob, alice)
    for day in range(days):
        for page in AthletePage:
            make_look(bob, alice, page, days_ago(day))
            make_look(carol, alice, page, days_ago(day))
        make_change(link, days_ago(day), runs=[True, None])

    with django_assert_num_queries(6):
        as_alice.get(PAGE)
