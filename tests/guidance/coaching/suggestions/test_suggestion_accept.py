"""Taking a suggestion on goes through guidance's own door."""

import re

import pytest
from django.test import Client

from guidance.advice.open_flags import asked_flags
from guidance.models import Answer, Plan, Screen, ScreenResult, Suggestion
from runners.models import User
from runners.models.people import AgeBand
from tests.factories import (
    TODAY,
    days_ago,
    make_check_result,
    make_link,
    make_plan,
    make_soreness,
    make_suggestion,
)
from tests.guidance.coaching.suggestions.sending import (
    DECLINED,
    OPEN,
    TAKEN,
    of,
    page_of,
    refused,
    state,
    taken,
)
from tests.guidance.plans import answer_all, items_of, pelvis_leads, plain
from tests.guidance.warning_signs.test_warning_signs import open_sign

FIVE = ("cat_cow", "ice", "massage", "sit_break", "swimming")


@pytest.mark.slow
def test_accepting_adds_to_the_plan_on_the_days_chosen(
    as_alice: Client, alice: User, bob: User
) -> None:
    pelvis_leads(alice)
    make_link(bob, alice)
    row = make_suggestion(bob, alice)
    make_plan(alice, days_ago(3), items={"cat_cow": "1234567"})

    response = as_alice.post(of(row, "accept"), taken(as_alice, row, days=["2", "6"]))

    assert response["Location"] == "/guidance/plan/"
    assert items_of(alice) == {"cat_cow": "1234567", "plank": "26"}
    assert state(row) == TAKEN
    assert "suggests" not in as_alice.get("/today/").text


def test_accepting_without_a_plan_starts_one_with_this_item(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)

    as_alice.post(of(suggested, "accept"), taken(as_alice, suggested))

    plan = Plan.objects.get()
    assert (plan.cause, plan.started_on) == ("cause:pelvic_misalignment", TODAY)
    assert items_of(alice) == {"plank": "135"}


def test_accepting_twice_is_one_plan_with_one_item(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)

    answers = [as_alice.post(of(suggested, "accept"), sent)["Location"] for _ in range(2)]

    assert answers == ["/guidance/plan/"] * 2
    assert Plan.objects.count() == 1
    assert items_of(alice) == {"plank": "135"}


@pytest.mark.parametrize(
    "changed", [{"days": []}, {"days": ["8"]}, {"fits": ""}, {"fits": "yes"}, {"asked": ""}]
)
def test_days_and_lines_are_asked_as_in_a_plan(
    as_alice: Client, alice: User, suggested: Suggestion, changed: dict[str, object]
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)
    assert sent["plank-asked"]

    response = as_alice.post(of(suggested, "accept"), sent | {
        f"plank-{name}": value for name, value in changed.items()
    })  # fmt: skip

    assert response.status_code == 422
    assert not Plan.objects.exists()
    assert state(suggested) == OPEN


def test_warning_signs_and_health_are_asked_first(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    for model, words in ((Answer, "health to know about"), (Screen, "is any of these true?")):
        model.objects.all().delete()
        response = as_alice.post(of(suggested, "accept"), {"plank-take": "on"})
        assert response.status_code == 422
        assert words in plain(response.text)

    assert all(flag.question in plain(response.text) for flag in asked_flags())
    assert not Plan.objects.exists()
    assert state(suggested) == OPEN


def test_open_warning_sign_holds_it_back(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items={"cat_cow": "1234567"})
    open_sign(alice, "limp")

    assert "Stop and be seen." in refused(as_alice, suggested)
    assert items_of(alice) == {"cat_cow": "1234567"}


def test_one_of_these_holds_it_back(as_alice: Client, alice: User, suggested: Suggestion) -> None:
    pelvis_leads(alice)
    Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)

    refused(as_alice, suggested)


def test_answer_that_asks_for_care_holds_it_back_and_the_coach_is_not_told(
    as_alice: Client, alice: User, bob: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    assert "asks for extra care" in refused(as_alice, suggested)

    as_alice.force_login(bob)
    page = plain(as_alice.get(page_of(alice)).text)
    assert "not taken on yet" in page
    assert not re.search(r"extra care|blood|clinician", page)


def test_below_eighteen_guidance_holds_it_back(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    User.objects.filter(pk=alice.pk).update(age_band=AgeBand.YOUTH)

    refused(as_alice, suggested)


def test_block_of_the_remedy_itself_holds_it_back(as_alice: Client, alice: User, bob: User) -> None:
    """A long hamstring is not stretched (knowledge base 3), whoever suggests it."""
    pelvis_leads(alice)
    make_check_result(alice, "straight_leg_raise", days_ago(2), left=95, right=95)
    make_link(bob, alice)
    row = make_suggestion(bob, alice, "remedy:gentle_supine_hamstring_stretch")

    refused(as_alice, row)


def test_where_guidance_starts_no_plan_it_says_why(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    answer_all(alice)
    make_soreness(alice, intensity=1)

    refused(as_alice, suggested)


def test_full_plan_says_so_and_the_suggestion_waits(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items=dict.fromkeys(FIVE, "1"))

    response = as_alice.post(of(suggested, "accept"), {"plank-take": "on", "plank-days": ["1"]})

    assert response.status_code == 422
    assert "Take one out first" in response.text
    assert len(items_of(alice)) == 5
    assert state(suggested) == OPEN


def test_what_is_in_the_plan_already_is_just_accepted(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items={"plank": "7"})

    assert "in your plan already" in as_alice.get(of(suggested, "accept")).text
    as_alice.post(of(suggested, "accept"))

    assert items_of(alice) == {"plank": "7"}
    assert state(suggested) == TAKEN


def test_check_is_accepted_and_opened(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    row = make_suggestion(bob, alice, "check:heel_to_seat")

    assert "Do this check" in as_alice.get(of(row, "accept")).text
    response = as_alice.post(of(row, "accept"))

    assert response["Location"] == "/guidance/checks/heel-to-seat/"
    assert state(row) == TAKEN


def test_check_that_is_not_for_now_waits_with_its_reason(
    as_alice: Client, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    make_check_result(alice, "plank", days_ago(2))
    row = make_suggestion(bob, alice, "check:plank")

    response = as_alice.post(of(row, "accept"))

    assert response.status_code == 422
    assert "Once a week is enough." in response.text
    assert state(row) == OPEN


def test_declined_is_not_accepted_afterwards(
    as_alice: Client, alice: User, suggested: Suggestion
) -> None:
    pelvis_leads(alice)
    sent = taken(as_alice, suggested)
    as_alice.post(of(suggested, "decline"))

    as_alice.post(of(suggested, "accept"), sent)

    assert state(suggested) == DECLINED
    assert not Plan.objects.exists()
