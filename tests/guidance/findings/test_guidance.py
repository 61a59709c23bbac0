"""The guidance page: what it says, where it leads, and what it costs."""

import uuid

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from guidance.knowledge import current_knowledge
from guidance.library.entries import url_of
from guidance.models import Answer
from runners import demo
from runners.models import Run, User
from tests.factories import TODAY, days_ago, make_done, make_plan, make_run, make_soreness
from tests.guidance.checks.sending import CHECKS
from tests.guidance.plans import EVERY_DAY, GUIDANCE, START, SUGGESTED, pelvis_leads, words
from tests.guidance.questions.answering import at
from tests.guidance.stored import log, tight
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import folded, read

PAGE = "/guidance/summary/"


def test_guidance_leads_to_the_check_it_asks_for(as_alice: Client, alice: User) -> None:
    tight(alice)
    make_run(alice, days_ago(2), effort=3)
    page = read(as_alice, "/guidance/")
    assert f'href="{CHECKS}straight-leg-raise/">Do it now</a>' in page
    assert f'href="{CHECKS}heel-to-seat/">heel to seat, 3 min</a>' in page


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 40])
def test_guidance_takes_three_queries_with_few_and_many_rows(
    as_alice: Client,
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    days: int,
) -> None:
    log(alice, days)

    with django_assert_num_queries(3):
        as_alice.get("/guidance/")


def test_guidance_of_a_newcomer_abstains_and_asks_for_a_week(as_alice: Client) -> None:
    page = as_alice.get("/guidance/").text

    assert "Not a diagnosis" in page
    assert "Check in" in page
    assert 'class="causes"' not in page


def test_the_way_back_to_running_is_information_and_no_plan(as_alice: Client, alice: User) -> None:
    tight(alice)
    assert "Ask your clinician where you stand" not in words(as_alice, GUIDANCE)
    open_sign(alice, "bone_point_pain", area="shin")
    page = words(as_alice, GUIDANCE)
    assert "Ask your clinician where you stand" in page
    assert "First a bone that is not tender, and walking without pain." in page
    open_sign(alice, "cannot_bear_weight")
    assert "Ask your clinician where you stand" not in words(as_alice, GUIDANCE)


def test_running_less_begins_with_strain_and_bone(as_alice: Client, alice: User) -> None:
    first = "With a possible strain: no running until walking is painless and a clinician agrees."
    make_plan(alice, items={"load_reduction": EVERY_DAY})
    pages = [GUIDANCE + "plan/", "/today/", url_of("remedy:load_reduction")]
    for address in pages:
        page = words(as_alice, address)
        assert first in page, address
        assert page.index(first) < page.index("less distance for 7–10 days"), address


def test_a_first_bout_is_not_told_as_a_finding(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=4)
    page = words(as_alice, GUIDANCE)
    assert "Your left hamstring" in page
    assert "What helps until then While you run, watch the number" in page
    assert "so far" not in page
    assert "One bout" not in page

    make_soreness(alice, days_ago(4), intensity=3)
    page = words(as_alice, GUIDANCE)
    assert "Left hamstring, 2 days so far" in page
    assert "What helps until then" not in page


def test_a_louder_place_is_not_passed_over(as_alice: Client, alice: User) -> None:
    for ago in (20, 16, 13, 9, 6, 2):
        make_soreness(alice, days_ago(ago), intensity=5)
    make_soreness(alice, days_ago(1), area="calf", side="right", intensity=9)

    assert "Right calf was louder: 9 on Sunday" in words(as_alice, GUIDANCE)


@pytest.mark.slow
def test_guidance_links_evidence_to_the_days(
    client: Client, db: None, noon: time_machine.Traveller, settings: Settings
) -> None:
    settings.DEBUG = True  # demo accounts work only then
    client.force_login(demo.load(TODAY))

    page = folded(client.get("/guidance/").text)

    assert f'href="/diary/?day={days_ago(1)}"' in page
    assert "Pelvic misalignment" in page
    assert ">paragraphs 3, 9<" in page


@pytest.mark.slow
def test_guidance_names_no_cause_and_no_plan_for_who_needs_care_first(
    as_alice: Client, alice: User
) -> None:
    log(alice, 28)
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    page = as_alice.get("/guidance/").text

    assert "likely" not in page.replace("unlikely", "")
    assert "Do it now" not in page
    assert "Start this plan" not in page


def test_guidance_leads_to_the_start(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    page = as_alice.get(GUIDANCE).text
    assert f'href="{START}">Start this plan' in page


def test_guidance_says_what_was_found_for_a_cause_and_where(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    page = read(as_alice, GUIDANCE)
    found = current_knowledge().causes["cause:pelvic_misalignment"].found
    assert [line.words for line in found if line.words not in page] == []
    assert f'href="{url_of(found[0].sources[0])}"' in page


def test_guidance_does_not_lead_to_a_start_that_is_refused(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    open_sign(alice, "night_pain")
    page = as_alice.get(GUIDANCE).text
    assert "Start this plan" not in page
    assert "No plan starts here until a clinician has looked at it." in page


def test_guidance_shows_the_week_of_the_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_done(make_plan(alice, days_ago(9), items={"plank": "135"}))
    page = words(as_alice, GUIDANCE)
    assert "What to do this week Run on, and keep the plan" in page
    assert "Plank 1 of 3 Mon, Wed, Fri · 3 × 20–30 s, building to 60 s" in page
    assert "Suggested as well: standing quad stretch" in page


def test_guidance_answers_first_and_opens_to_the_evidence(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(9), items={"plank": "135"})
    page = words(as_alice, GUIDANCE)
    order = ["What to do this week", "Why Left hamstring, 8 mornings", "What may be behind it"]
    order += ["Pelvic misalignment", "Speaks for it", "Something new or worse?", "Find out more"]
    assert [page.index(one) for one in order] == sorted(page.index(one) for one in order)
    html = as_alice.get(GUIDANCE).text
    first = html.partition('class="causes"')[2].partition("</summary>")[0]
    assert "Hip flexor or quad of the same side" in first  # the strongest reason stands outside
    assert "Other things it could be" not in page


def test_what_is_no_cause_of_the_article_stands_behind(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    Answer.objects.create(runner=alice, question="ask:stretch_effect", value="worse", day=TODAY)
    page = words(as_alice, GUIDANCE)
    order = [
        "Irritated nerve",
        "Pelvic misalignment",
        "Other things it could be (1)",
        "Sit-bone tendon",
    ]
    assert [page.index(one) for one in order] == sorted(page.index(one) for one in order)


@pytest.mark.parametrize("rows", [1, 5])
def test_guidance_with_a_plan_takes_four_queries(
    as_alice: Client,
    alice: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_plan(alice, items=dict.fromkeys([*SUGGESTED, "ice"][:rows], EVERY_DAY))
    with django_assert_num_queries(4):
        as_alice.get(GUIDANCE)


def test_guidance_links_to_the_page(as_alice: Client) -> None:
    assert f'href="{PAGE}">One page for a physiotherapist' in as_alice.get("/guidance/").text


@pytest.mark.parametrize("flag_answers", [1, 3])
def test_guidance_takes_three_queries(
    as_alice: Client,
    alice: User,
    flag_answers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for flag in ("limp", "dark_urine", "night_pain")[:flag_answers]:
        open_sign(alice, flag)
        Run.objects.create(runner=alice, day=TODAY, duration_s=60, uid=uuid.uuid4())
    with django_assert_num_queries(3):
        as_alice.get(GUIDANCE)


# Where an answer leads


def test_guidance_asks_its_question_with_a_button(as_alice: Client, alice: User) -> None:
    for ago in range(0, 28, 2):
        make_soreness(alice, days_ago(ago), intensity=4)
        make_run(alice, days_ago(ago + 16))
    assert f'href="{at("stopped-running")}?next=guidance"' in as_alice.get(GUIDANCE).text


def test_guidance_asks_for_the_warning_signs_with_a_button(as_alice: Client, alice: User) -> None:
    make_soreness(alice, kind="pain", intensity=5)
    page = as_alice.get(GUIDANCE).text
    assert '<a class="button small" href="/guidance/warning-signs/">Go through them</a>' in page
