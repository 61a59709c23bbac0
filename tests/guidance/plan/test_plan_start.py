"""Starting a plan: what is asked, what refuses it, and the days it begins with."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guidance.advice.advice import advise
from guidance.knowledge import current_knowledge
from guidance.models import Answer, Plan, Screen, ScreenResult
from guidance.plan.offers import SPREAD, first_days, usual_run_days
from guidance.saying import say
from runners.models import Consent, User
from runners.models.people import AgeBand
from tests.factories import (
    TODAY,
    days_ago,
    make_done,
    make_plan,
    make_run,
    make_soreness,
)
from tests.guidance.plans import (
    EVERY_DAY,
    PLAN,
    START,
    SUGGESTED,
    answer_all,
    filled_in,
    items_of,
    pelvis_leads,
    plain,
    words,
)
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import carried, folded

# Starting


@pytest.mark.slow
def test_page_offers_what_is_suggested_with_its_days(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    page = words(as_alice)
    assert "For: pelvic misalignment." in page
    for slug in SUGGESTED:
        assert current_knowledge().remedies[f"remedy:{slug}"].name in page
    form = folded(as_alice.get(START).text)
    assert form.count('name="cat_cow-days"') == 7
    assert len(re.findall(r'name="plank-days" value="[135]" id="[\w-]+" checked', form)) == 3


def test_starting_stores_items_days_cause_and_version(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    response = as_alice.post(START, filled_in(alice, {"plank-days": ["7", "2"]}))
    assert response.status_code == 302
    plan = Plan.objects.get()
    assert (plan.cause, plan.knowledge_version) == (
        "cause:pelvic_misalignment",
        current_knowledge().version,
    )
    assert (plan.started_on, plan.ended_on) == (TODAY, None)
    assert items_of(alice) == {
        "standing_quad_stretch": EVERY_DAY,
        "cat_cow": EVERY_DAY,
        "single_leg_glute_bridge": "135",
        "plank": "27",
        "foam_rolling": "1246",
    }


def test_exactly_each_offers_lines_are_asked(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    page = unescape(folded(as_alice.get(START).text))
    for offer in advise(alice, TODAY).assessment.recommend:
        slug = offer.remedy.removeprefix("remedy:")
        card = page.partition(f'name="{slug}-take"')[2].partition("</section>")[0]
        lines = re.findall("<li>(.*?)</li>", card.partition("fit you?")[2].partition("</ul>")[0])
        assert [line.lower() for line in lines] == [say(line).lower() for line in offer.not_if]
        assert card.count(f'name="{slug}-fits"') == (2 if offer.not_if else 0)


def test_without_an_answer_nothing_is_started(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    response = as_alice.post(START, filled_in(alice, {"plank-fits": ""}))
    assert response.status_code == 422
    page = plain(response.text)
    assert page.count("Answer this, or leave it out.") == 1
    assert not Plan.objects.exists()


def test_what_fits_is_left_out_of_the_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    assert as_alice.post(START, filled_in(alice, {"plank-fits": "yes"})).status_code == 302
    assert set(items_of(alice)) == {*SUGGESTED} - {"plank"}


def test_lines_that_have_changed_since_are_asked_again(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    for asked in ("", "x", "left_out.something_else"):
        response = as_alice.post(START, filled_in(alice, {"plank-asked": asked}))
        assert response.status_code == 422
        assert "What has to be asked has changed. Look again." in response.text
        hidden = re.search(r'name="plank-asked" value="([^"]*)"', response.text)
        assert hidden
        assert hidden[1] == filled_in(alice)["plank-asked"]
    assert not Plan.objects.exists()


def test_what_was_typed_stays_in_a_refused_form(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice, {"plank-days": []}, without=("cat_cow",))
    form = as_alice.post(START, data).text
    assert "Choose at least one day." in form
    assert data["uid"] in form
    assert not re.search(r'name="cat_cow-take"[^>]*checked', form)
    assert not re.search(r'name="plank-days"[^>]*checked', form)


def test_item_left_out_needs_no_answer(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice, {"plank-fits": "", "plank-days": ["9"]}, without=("plank",))
    assert as_alice.post(START, data).status_code == 302
    assert set(items_of(alice)) == {*SUGGESTED} - {"plank"}


def test_nothing_ticked_starts_nothing(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    response = as_alice.post(START, filled_in(alice, without=tuple(SUGGESTED)))
    assert response.status_code == 422
    assert "Take on at least one." in response.text
    assert not Plan.objects.exists()


@pytest.mark.parametrize("days", [["8"], ["0"], ["mon"], ["1", "1\x00"], ["१"]])
def test_days_outside_the_week_start_nothing(
    as_alice: Client, alice: User, days: list[str]
) -> None:
    pelvis_leads(alice)
    response = as_alice.post(START, filled_in(alice, {"plank-days": days}))
    assert response.status_code == 422
    assert not Plan.objects.exists()


@pytest.mark.parametrize("remedy", ["eccentric_hamstring", "leeches", "remedy:ice"])
def test_what_is_not_offered_cannot_be_taken_on(as_alice: Client, alice: User, remedy: str) -> None:
    pelvis_leads(alice)
    response = as_alice.post(START, filled_in(alice, {f"{remedy}-take": "on"}))
    assert response.status_code == 422
    assert "What is suggested has changed" in response.text
    assert not Plan.objects.exists()


@pytest.mark.slow
def test_same_form_twice_is_one_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    statuses = [as_alice.post(START, data).status_code for _ in range(2)]
    assert statuses == [302, 302]
    assert Plan.objects.count() == 1


@pytest.mark.slow
def test_new_start_ends_the_old_plan_and_keeps_it(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    old = make_plan(alice, days_ago(20))
    make_done(old, days_ago(10))
    assert "It takes the place of your plan" in words(as_alice, START)
    as_alice.post(START, {**filled_in(alice), **carried(as_alice, START)})
    old.refresh_from_db()
    assert old.ended_on == TODAY
    assert Plan.objects.of(alice).in_force().count() == 1
    assert "3 Nov 2026 to 23 Nov 2026 Plank. Done 1 time." in words(as_alice)


def test_without_consent_nothing_is_started(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    Consent.objects.all().delete()
    assert as_alice.post(START, filled_in(alice))["Location"] == "/settings/consent/"
    assert not Plan.objects.exists()


def test_each_left_out_remedy_says_why(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_soreness(alice, days_ago(2), area="low_back", side="centre", kind="pain", intensity=5)
    page = words(as_alice)
    assert "Leave out for now: plank" in page
    assert "Plank: the low back hurts at 4 or more" in page


# What comes first, and what refuses


def test_warning_signs_come_first(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    Screen.objects.all().delete()
    assert "Before the plan: is any of these true?" in words(as_alice)
    assert as_alice.post(START, data).status_code == 422
    assert not Plan.objects.exists()


def test_stale_warning_signs_come_first_again(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    Screen.objects.update(day=days_ago(14))
    assert "Before the plan: is any of these true?" in words(as_alice)


def test_care_first_comes_first_and_leads_back(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    Answer.objects.filter(question="ask:care_first").delete()
    assert "Before the plan: health to know about" in words(as_alice)
    assert as_alice.post(START, data).status_code == 422
    assert not Plan.objects.exists()
    answered = as_alice.post("/guidance/care-first/?next=plan", {"values": ["none"]})
    assert answered["Location"] == PLAN


@pytest.mark.parametrize(
    ("flag", "says"),
    [("dark_urine", "calls for medical care today"), ("night_pain", "Stop and be seen.")],
)
def test_warning_sign_refuses_a_plan(as_alice: Client, alice: User, flag: str, says: str) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    open_sign(alice, flag)
    response = as_alice.post(START, data)
    assert response.status_code == 422
    assert says in response.text
    assert not Plan.objects.exists()


@pytest.mark.slow
def test_sign_that_was_never_named_refuses_a_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)
    response = as_alice.post(START, data)
    assert response.status_code == 422
    assert "Stop and be seen." in response.text
    assert not Plan.objects.exists()


@pytest.mark.slow
def test_extra_care_refuses_a_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    Answer.objects.create(
        runner=alice, question="ask:care_first", value=["blood_thinner"], day=TODAY
    )
    response = as_alice.post(START, data)
    assert response.status_code == 422
    assert "asks for extra care" in response.text
    assert not Plan.objects.exists()


@pytest.mark.slow
def test_somebody_below_18_gets_no_plan(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    data = filled_in(alice)
    User.objects.filter(pk=alice.pk).update(age_band=AgeBand.YOUTH)
    assert as_alice.post(START, data).status_code == 422
    assert not Plan.objects.exists()


def test_nothing_offered_refuses_a_plan(as_alice: Client, alice: User) -> None:
    answer_all(alice)
    response = as_alice.post(START, {"uid": str(uuid.uuid4()), "plank-take": "on"})
    assert response.status_code == 422
    assert "No plan to start now" in response.text
    assert not Plan.objects.exists()


# Days to begin with


@pytest.mark.parametrize(
    "remedy", current_knowledge().remedies.values(), ids=lambda remedy: remedy.id
)
def test_every_remedy_begins_with_as_many_days_as_it_asks(remedy: Any) -> None:
    weekdays, note = first_days(remedy, usual="")
    assert len(weekdays) == (remedy.per_week or len(weekdays))
    assert bool(note) == (remedy.per_week == 0)


def test_as_needed_begins_on_the_days_one_usually_runs(alice: User, noon: Any) -> None:
    for ago in (1, 8, 5, 12, 3):  # two Sundays, two Wednesdays, one Friday
        make_run(alice, days_ago(ago))
    usual = usual_run_days(advise(alice, TODAY).history)
    assert usual == "37"
    assert first_days(current_knowledge().remedies["remedy:ice"], usual)[0] == "37"


def test_as_needed_without_a_habit_begins_on_three_days() -> None:
    assert first_days(current_knowledge().remedies["remedy:ice"], "")[0] == SPREAD[3]


def test_a_visit_to_a_physiotherapist_is_one_reminder() -> None:
    assert len(first_days(current_knowledge().remedies["remedy:physical_therapy"], "1357")[0]) == 1
