"""The plan in a calendar: what it says, to whom, and when it ends."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries

from guidance.knowledge import current_knowledge
from guidance.models import Done, Plan, PlanItem, Screen, ScreenResult, Variant
from guidance.plan import actions
from runners import standing
from runners.models import User
from tests.factories import TODAY, days_ago, make_plan, make_soreness
from tests.guidance.warning_signs.test_warning_signs import open_sign

pytestmark = pytest.mark.usefixtures("noon")

RENEW = "/guidance/plan/feed/renew/"


def fetch(plan: Plan) -> Any:
    """As a calendar app does: without a session."""
    return Client().get(f"/plan/{plan.feed_token}.ics")


def events(plan: Plan) -> list[Event]:
    response = fetch(plan)
    assert response.status_code == 200
    calendar = Calendar.from_ical(response.content)
    assert isinstance(calendar, Calendar)
    return list(calendar.events)


def rules(plan: Plan) -> dict[str, dict[str, Any]]:
    """Repeat rules by the events' names."""
    return {str(event["summary"]): dict(event.rrules[0]) for event in events(plan)}


def test_each_item_is_a_weekly_event_on_its_own_days(alice: User) -> None:
    plan = make_plan(alice, days_ago(3), items={"plank": "135", "cat_cow": "7"})
    assert rules(plan) == {
        "Plank": {"FREQ": ["WEEKLY"], "BYDAY": ["MO", "WE", "FR"]},
        "Cat-cow": {"FREQ": ["WEEKLY"], "BYDAY": ["SU"]},
    }


def test_event_lasts_all_day_from_the_first_of_its_days(alice: User) -> None:
    plan = make_plan(alice, days_ago(3), items={"plank": "13"})  # started on a Friday
    (event,) = events(plan)
    assert (event.start, event.end) == (TODAY, TODAY + dt.timedelta(days=1))
    assert event["transp"] == "TRANSPARENT"


def test_description_is_the_dose_and_the_form(alice: User) -> None:
    plan = make_plan(alice)
    actions.change_variant(plan.items.get(), Variant.EASIER, by=alice)
    (event,) = events(plan)
    assert event["summary"] == "Plank"
    assert event["description"] == "3 × 20–30 s, building to 60 s\nEasier: On your knees."


def test_nothing_else_about_the_runner_is_in_it(alice: User) -> None:
    for ago in range(10):
        make_soreness(alice, days_ago(ago))
    text = fetch(make_plan(alice, days_ago(9))).content.decode().lower()
    for word in ("alice", "hamstring", "glute", "sore", "pain", "weak"):
        assert word not in text


def test_events_keep_their_names_from_one_fetch_to_the_next(alice: User) -> None:
    plan = make_plan(alice, items={"plank": "1", "cat_cow": "2"})
    first = [str(event["uid"]) for event in events(plan)]
    Done.objects.create(item=plan.items.get(remedy="remedy:plank"), day=TODAY)
    assert [str(event["uid"]) for event in events(plan)] == first
    assert len(set(first)) == 2


def test_calendar_is_served_as_one_and_never_kept(alice: User) -> None:
    response = fetch(make_plan(alice))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_head_is_answered_too(alice: User) -> None:
    assert Client().head(f"/plan/{make_plan(alice).feed_token}.ics").status_code == 200


@pytest.mark.parametrize("token", ["made-up", "A" * 43, "x" * 3000, "%00", "é"])
def test_unknown_address_is_not_found(alice: User, token: str) -> None:
    make_plan(alice)
    assert Client().get(f"/plan/{token}.ics").status_code == 404


def test_address_cannot_be_guessed(alice: User, bob: User) -> None:
    tokens = {make_plan(runner).feed_token for runner in (alice, bob)}
    assert len(tokens) == 2
    assert min(len(token) for token in tokens) >= 43


def test_renewed_address_ends_the_old_one_at_once(as_alice: Client, alice: User) -> None:
    old = make_plan(alice)
    as_alice.post(RENEW)
    new = Plan.objects.get()
    assert new.feed_token != old.feed_token
    assert fetch(old).status_code == 404
    assert len(events(new)) == 1
    assert f"/plan/{new.feed_token}.ics" in as_alice.get("/guidance/plan/").text


def test_renewing_leaves_the_address_of_others(as_alice: Client, mallory: User) -> None:
    plan = make_plan(mallory)
    as_alice.post(RENEW)
    assert fetch(plan).status_code == 200


def test_paused_plan_has_no_events(alice: User) -> None:
    assert events(make_plan(alice, days_ago(5), paused_on=TODAY)) == []


def test_stopped_plan_ends_the_day_before(alice: User) -> None:
    plan = make_plan(alice, days_ago(7))
    actions.stop_plan(by=alice)
    assert rules(plan)["Plank"]["UNTIL"] == [days_ago(1)]


def test_plan_stopped_on_its_first_day_has_no_events(alice: User) -> None:
    assert events(make_plan(alice, ended_on=TODAY)) == []


def test_item_taken_out_ends_and_new_days_begin(alice: User) -> None:
    plan = make_plan(alice, days_ago(7), items={"plank": "1", "ice": "1"})
    actions.remove_item(plan.items.get(remedy="remedy:ice"), by=alice)
    actions.change_days(plan.items.get(remedy="remedy:plank"), "3", by=alice)
    found = [(str(e["summary"]), e.start, e.rrules[0].get("UNTIL")) for e in events(plan)]
    assert found == [
        ("Plank", days_ago(7), [days_ago(1)]),
        ("Plank", days_ago(-2), None),
        ("Ice", days_ago(7), [days_ago(1)]),
    ]


def test_address_goes_on_with_the_next_plan(alice: User) -> None:
    old = make_plan(alice, days_ago(7))
    new = actions.start_plan(
        [actions.NewItem("remedy:cat_cow", "1")],
        uid=uuid.UUID(int=7),
        cause="cause:pelvic_misalignment",
        knowledge_version=current_knowledge().version,
        by=alice,
    )
    assert new.feed_token == old.feed_token
    assert list(rules(new)) == ["Cat-cow"]


def test_what_guidance_holds_is_left_out(alice: User) -> None:
    plan = make_plan(alice, items={"plank": "1", "cat_cow": "1"})
    make_soreness(alice, area="low_back", side="centre", kind="pain", intensity=5)
    assert list(rules(plan)) == ["Cat-cow"]


@pytest.mark.parametrize("named", [True, False])
def test_warning_sign_empties_the_calendar(alice: User, named: bool) -> None:
    plan = make_plan(alice)
    if named:
        open_sign(alice, "dark_urine")
    else:
        Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)
    assert events(plan) == []


def test_hold_is_looked_at_anew_each_day(alice: User, noon: time_machine.Traveller) -> None:
    plan = make_plan(alice, days_ago(3))
    make_soreness(alice, area="low_back", side="centre", kind="pain", intensity=5)
    assert events(plan) == []
    noon.shift(dt.timedelta(days=15))
    assert list(rules(plan)) == ["Plank"]


def test_closed_account_has_no_calendar(alice: User) -> None:
    plan = make_plan(alice)
    User.objects.update(is_active=False)
    assert fetch(plan).status_code == 404


@pytest.mark.parametrize("remedies", [("plank",), ("plank", "ice", "cat_cow", "massage")])
def test_calendar_takes_three_queries(
    alice: User, remedies: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = make_plan(alice, days_ago(5), items=dict.fromkeys(remedies, "1234567"))
    for row in PlanItem.objects.all():
        Done.objects.bulk_create(Done(item=row, day=days_ago(ago)) for ago in range(5))
    standing.renew([alice])
    with django_assert_num_queries(3):
        fetch(plan)
