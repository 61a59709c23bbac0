"""A coach's page of one athlete's guidance: read-only, and no more than is shared."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from guidance.advice.open_flags import asked_flags
from guidance.models import Answer, PlanItem, Screen
from runners.models import AccessRecord, User
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_done,
    make_link,
    make_plan,
    make_run,
    make_soreness,
)
from tests.guidance.plans import answer_all, pelvis_leads, plain
from tests.guidance.warning_signs.test_warning_signs import open_sign

pytestmark = pytest.mark.slow

ENDED = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DONE_BY_THE_ATHLETE = (
    "/guidance/checks/",
    "/guidance/questions/",
    "/guidance/warning-signs/",
    "/guidance/care-first/",
    "/guidance/plan/",
    "/check-in/",
    "/runs/add/",
    'href="/diary/',
    "<form",
)


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def page(client: Client, athlete: User) -> str:
    response = client.get(f"/athletes/{athlete.pk}/guidance/")
    assert response.status_code == 200
    return str(response.text)


def words(client: Client, athlete: User) -> str:
    return plain(page(client, athlete))


def test_page_shows_the_guidance_of_the_athlete(as_bob: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)

    html = page(as_bob, alice)
    shown = plain(html)

    assert "<title>Alice Ash: guidance · Limber</title>" in html
    assert "Left hamstring, 8 mornings out of" in shown
    assert "Pelvic misalignment likely" in shown
    assert "Front of the thigh measures short" in shown
    assert "mornings out of" in shown
    assert not [words for words in ("Your left", "your left", "you checked in") if words in shown]
    assert "Suggested by guidance Standing quad stretch" in shown
    assert f'href="/athletes/{alice.pk}/diary/?day=2026-11-22"' in html
    assert AccessRecord.objects.get(athlete=alice).page == "guidance"


@pytest.mark.parametrize("soreness", [True, False])
def test_a_louder_place_is_told_where_soreness_is_shared(
    as_bob: Client, alice: User, bob: User, soreness: bool
) -> None:
    make_link(bob, alice, "runs soreness guidance" if soreness else "runs guidance")
    for ago in (20, 16, 13, 9, 6, 2):
        make_soreness(alice, days_ago(ago), intensity=5)
    make_soreness(alice, days_ago(1), area="calf", side="right", intensity=9)

    assert ("Right calf was louder: 9 on Sunday" in words(as_bob, alice)) is soreness


def test_nothing_on_the_page_is_for_the_athlete_to_do(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    Screen.objects.all().delete()

    html = page(as_bob, alice)
    main = html[html.index('id="main"') :]

    assert [address for address in DONE_BY_THE_ATHLETE if address in main] == []


def test_page_without_guidance_says_so_and_shows_nothing(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice, "runs soreness notes")
    pelvis_leads(alice)

    shown = words(as_bob, alice)

    assert "Alice does not share guidance or the plan." in shown
    assert "mornings out of" not in shown
    assert "Pelvic" not in shown


def test_without_runs_no_word_rests_on_them(as_bob: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs soreness guidance")
    pelvis_leads(alice)
    make_run(alice, TODAY, distance_m=30_000)
    assert "14 runs" in words(as_bob, alice)
    assert "longer than any run" in words(as_bob, alice)

    link.runs = False
    link.save(update_fields=["runs"])

    shown = words(as_bob, alice)
    assert "Alice does not share runs" in shown
    assert " runs." not in shown
    assert "longer than any run" not in shown


def test_without_soreness_no_day_rests_on_it(as_bob: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs soreness guidance")
    pelvis_leads(alice)
    assert "Left hamstring, 8 mornings out of" in words(as_bob, alice)

    link.soreness = False
    link.save(update_fields=["soreness"])

    html = page(as_bob, alice)
    assert "Alice does not share soreness" in plain(html)
    assert "check-ins" not in plain(html)
    assert "hamstring keeps" not in html
    assert "?day=2026-11-22" not in html  # a day of soreness without a run or a check


# Plans


def test_plan_shows_what_was_done(as_bob: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    plan = make_plan(alice, days_ago(10), items={"plank": "1234567", "cat_cow": "14"})
    for ago in (0, 1, 3, 5):
        make_done(plan, days_ago(ago))

    shown = words(as_bob, alice)

    assert "3 of 12 times done since Friday 13 November, until yesterday." in shown
    assert "This week Plank 1 of 7" in shown
    assert "done 4 times in all" in shown
    assert "Cat-cow 0 of 2" in shown


def test_paused_plan_says_so(as_bob: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    make_plan(alice, days_ago(10), paused_on=days_ago(2))
    assert "Paused since Saturday 21 November." in words(as_bob, alice)


def test_plan_under_an_urgent_sign_is_on_hold_and_shows_no_item(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    make_plan(alice, days_ago(10))
    assert "Plank" in words(as_bob, alice)

    open_sign(alice, "calf_swelling")

    shown = words(as_bob, alice)
    assert "On hold. Nothing of it is shown for now." in shown
    assert "Plank" not in shown


def test_why_an_item_is_on_hold_is_told_where_the_log_says_it(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    make_plan(alice, days_ago(10), items={"gentle_supine_hamstring_stretch": "135"})
    own = alice_page(alice)
    assert "Paused: " in own
    why = own.partition("Paused: ")[2].split(" Leave out for now")[0]

    assert f"On hold: {why}" in words(as_bob, alice)


def alice_page(alice: User) -> str:
    client = Client()
    client.force_login(alice)
    return plain(client.get("/guidance/").text)


@pytest.mark.parametrize("care", ["pregnant_or_recent_birth", "blood_thinner", "bone_weakness"])
def test_that_an_item_is_on_hold_for_care_first_is_not_told(
    as_bob: Client, alice: User, bob: User, care: str
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    make_plan(alice, days_ago(10), items={"cat_cow": "135"})
    Answer.objects.create(runner=alice, question="ask:care_first", value=[care], day=TODAY)
    assert "Paused: " in alice_page(alice)

    shown = words(as_bob, alice)

    assert "extra care" not in shown
    assert "may be weak" not in shown
    assert "Nothing more to show here." not in shown
    assert "On hold" not in shown
    assert PlanItem.objects.get().blocked  # the athlete's own row has the reason


# What is private


@pytest.mark.parametrize("sign", asked_flags(), ids=lambda sign: sign.id)
def test_no_word_of_a_warning_sign_is_told(
    as_bob: Client, alice: User, bob: User, sign: Any
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    open_sign(alice, sign.id.removeprefix("flag:"), since="2026-11-10")
    assert sign.name in alice_page(alice)

    shown = words(as_bob, alice)

    assert sign.name not in shown
    assert [sentence for sentence in sign.do if sentence in shown] == []
    assert "10 Nov" not in shown
    assert "Answers to warning signs are not shown to coaches, only the level." in shown
    assert "Nothing more to show here." in shown
    assert "Pelvic misalignment" not in shown


def test_pages_under_signs_of_one_level_are_the_same(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    seen = set()
    for name in ("night_pain", "bone_point_pain", "numb_tingle", "cancer_weight_loss", "hop_pain"):
        screen = open_sign(alice, name, since="2026-11-10").screen
        seen.add(words(as_bob, alice))
        screen.delete()
    unnamed = Screen.objects.create(runner=alice, result="some", day=TODAY)
    seen.add(words(as_bob, alice))
    unnamed.delete()
    Answer.objects.create(runner=alice, question="ask:spot", value="bony_point", day=TODAY)
    Screen.objects.all().delete()
    seen.add(words(as_bob, alice))

    assert len(seen) == 1


def test_page_of_care_first_and_of_youth_is_the_same(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    pelvis_leads(alice)
    seen = set()
    for care in ("under_18", "surgery_3_months", "inflammatory_disease", "blood_thinner"):
        answer = Answer.objects.create(
            runner=alice, question="ask:care_first", value=[care], day=TODAY
        )
        seen.add(words(as_bob, alice))
        answer.delete()
    alice.age_band = "16_17"
    alice.save()
    seen.add(words(as_bob, alice))

    assert len(seen) == 1


def test_a_sign_that_the_log_shows_is_named_with_its_days(
    as_bob: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    for ago in range(11):
        make_soreness(alice, days_ago(ago), kind="pain")

    html = page(as_bob, alice)

    assert "Be seen this week" in plain(html)
    assert "Pain that stays, or keeps them from running" in plain(html)
    assert f'href="/athletes/{alice.pk}/diary/?day=2026-11-20"' in html


# Who may look


def test_stranger_and_former_coach_get_404(
    client: Client, noon: time_machine.Traveller, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=ENDED)
    for person in (carol, mallory, alice):
        client.force_login(person)
        assert client.get(f"/athletes/{alice.pk}/guidance/").status_code == 404
    assert not AccessRecord.objects.exists()


def test_a_coach_does_not_reach_an_athlete_of_another_coach(
    as_bob: Client, alice: User, bob: User, carol: User, mallory: User
) -> None:
    make_link(bob, alice)
    make_link(carol, mallory)
    assert as_bob.get(f"/athletes/{mallory.pk}/guidance/").status_code == 404


# Queries


@pytest.mark.parametrize("many", [False, True])
def test_page_takes_the_same_queries_with_many_rows(
    as_bob: Client,
    alice: User,
    bob: User,
    many: bool,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_link(bob, alice)
    make_plan(alice, days_ago(10))
    make_check_in(alice)
    if many:
        pelvis_leads(alice)
        answer_all(alice)
    page(as_bob, alice)  # renews the line of the roster

    with django_assert_num_queries(7):
        page(as_bob, alice)


def test_page_without_guidance_reads_none_of_it(
    as_bob: Client, alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_link(bob, alice, "runs soreness")
    pelvis_leads(alice)
    page(as_bob, alice)

    with django_assert_num_queries(5):
        page(as_bob, alice)


LOGGED = {"runs": "runners_run", "soreness": "runners_sorenessentry"}


@pytest.mark.parametrize(
    ("shares", "headline"),
    [
        ("soreness", "Left hamstring, 8 mornings out of"),
        ("runs", "No jump in running"),
        ("runs soreness", "Left hamstring, 8 mornings out of"),
        ("notes", "stands is not shared"),
    ],
)
def test_what_is_not_shared_is_not_read(
    as_bob: Client, alice: User, bob: User, shares: str, headline: str
) -> None:
    make_link(bob, alice, shares)
    pelvis_leads(alice)
    overview = f"/athletes/{alice.pk}/"
    as_bob.get(overview)  # renews the line of the roster

    with CaptureQueriesContext(connection) as read:
        shown = as_bob.get(overview)

    assert headline in shown.content.decode()
    asked = " ".join(query["sql"] for query in read.captured_queries)
    tables = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', asked))
    hidden = {LOGGED[name] for name in LOGGED if name not in shares}
    assert "runners_coachlink" in tables
    assert [table for table in tables if table in hidden or table.startswith("guidance_")] == []
