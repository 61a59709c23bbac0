"""A page of the plan that was open while the plan was changed elsewhere."""

import pytest
from django.test import Client

from guidance.models import Plan
from runners.models import User
from tests.factories import days_ago, make_plan
from tests.guidance.plans import PLAN, START, filled_in, item, items_of, pelvis_leads, plain
from tests.pages import base_in, carried, folded


@pytest.mark.slow
def test_days_changed_in_two_tabs_are_asked(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(7), items={"plank": "135"})
    key = item(alice).pk
    action = f"{PLAN}items/{key}/days/"
    seen = carried(as_alice, PLAN, action)
    as_alice.post(action, {f"{key}-days": ["2"], **seen})

    response = as_alice.post(action, {f"{key}-days": ["7"], **seen})

    assert response.status_code == 409
    assert "“Plank” was moved to Tue in another window meanwhile." in plain(response.text)
    assert items_of(alice) == {"plank": "2"}


@pytest.mark.slow
def test_the_days_asked_about_can_be_saved(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(7), items={"plank": "135"})
    key = item(alice).pk
    action = f"{PLAN}items/{key}/days/"
    seen = carried(as_alice, PLAN, action)
    as_alice.post(action, {f"{key}-days": ["2"], **seen})
    asked = folded(as_alice.post(action, {f"{key}-days": ["7"], **seen}).text)

    now = item(alice).pk  # other days make another row
    form = asked.partition(f'action="{PLAN}items/{now}/days/"')[2]
    as_alice.post(f"{PLAN}items/{now}/days/", {f"{now}-days": ["7"], **base_in(form)})

    assert items_of(alice) == {"plank": "7"}
    assert f'value="7" id="id_{now}-days_6" checked' in asked


def test_a_form_chosen_in_two_tabs_is_asked(as_alice: Client, alice: User) -> None:
    make_plan(alice, items={"plank": "135"})
    action = f"{PLAN}items/{item(alice).pk}/variant/"
    seen = carried(as_alice, PLAN, action)
    as_alice.post(action, {"variant": "harder", **seen})

    response = as_alice.post(action, {"variant": "easier", **seen})

    assert response.status_code == 409
    assert "“Plank” was set to “harder” in another window meanwhile." in plain(response.text)
    assert item(alice).variant == "harder"


@pytest.mark.slow
def test_other_days_and_another_form_in_two_tabs_both_hold(as_alice: Client, alice: User) -> None:
    make_plan(alice, items={"plank": "135"})
    key = item(alice).pk
    days, variant = (f"{PLAN}items/{key}/{what}/" for what in ("days", "variant"))
    of_days, of_variant = carried(as_alice, PLAN, days), carried(as_alice, PLAN, variant)

    as_alice.post(variant, {"variant": "easier", **of_variant})
    as_alice.post(days, {f"{key}-days": ["2"], **of_days})

    assert (item(alice).variant, item(alice).weekdays) == ("easier", "2")


@pytest.mark.slow
def test_a_start_does_not_end_a_plan_that_began_meanwhile(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    seen = carried(as_alice, START)
    other = make_plan(alice)

    response = as_alice.post(START, {**filled_in(alice), **seen})

    assert response.status_code == 409
    assert "changed in another window meanwhile" in response.text
    assert Plan.objects.of(alice).in_force().get() == other


@pytest.mark.slow
def test_a_start_asked_about_can_be_sent_again(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    seen = carried(as_alice, START)
    other = make_plan(alice)
    fields = filled_in(alice)
    asked = as_alice.post(START, {**fields, **seen})

    as_alice.post(START, {**fields, **base_in(asked.text)})

    other.refresh_from_db()
    assert other.ended_on is not None
    assert Plan.objects.of(alice).in_force().count() == 1
