"""The plan from day to day: ticking it, changing it, and what guidance holds back."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.models import Answer, Done, FlagAnswer, Plan, PlanItem, Screen, ScreenResult
from guidance.plan import actions
from guidance.plan.queries import PAST_SHOWN, plans_of
from guidance.saying import say
from runners import standing
from runners.models import Consent, User
from tests.factories import TODAY, days_ago, make_done, make_plan, make_soreness, make_user
from tests.guidance.plans import (
    EVERY_DAY,
    GUIDANCE,
    HTMX,
    PLAN,
    START,
    SUGGESTED,
    TODAY_PAGE,
    UNTICK,
    filled_in,
    item,
    items_of,
    pelvis_leads,
    plain,
    read_plan,
    tick,
    words,
)
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import carried, folded

# Ticking


def test_tick_and_untick(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(3))
    assert tick(as_alice, item(alice))["Location"] == "/today/#plan"
    assert list(Done.objects.values_list("item__remedy", "day")) == [("remedy:plank", TODAY)]
    tick(as_alice, item(alice), changed=UNTICK)
    assert not Done.objects.exists()


def test_same_tick_twice_is_one_row(as_alice: Client, alice: User) -> None:
    make_plan(alice)
    for _ in range(2):
        tick(as_alice, item(alice))
    assert Done.objects.count() == 1
    for _ in range(2):
        assert tick(as_alice, item(alice), changed=UNTICK).status_code == 302
    assert not Done.objects.exists()


def test_tick_gives_htmx_the_card(as_alice: Client, alice: User) -> None:
    make_plan(alice, items={"plank": EVERY_DAY, "cat_cow": EVERY_DAY})
    card = tick(as_alice, item(alice), headers=HTMX).text
    assert card.lstrip().startswith('<section class="card" id="plan"')
    assert "<h1" not in card
    assert "1 of 2 done" in card
    assert 'aria-pressed="true"' in card


def test_tick_on_the_plan_page_gives_htmx_the_plan(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(1))
    plan = tick(as_alice, item(alice), days_ago(1), {"back": "plan"}, HTMX).text
    assert "<h1" not in plan
    assert "Yesterday, Sunday" in plan
    assert "<b>1 of 1</b> times done" in plan


@pytest.mark.parametrize(("ago", "status"), [(-1, 422), (0, 302), (1, 302), (2, 422)])
def test_today_and_yesterday_can_be_ticked(
    as_alice: Client, alice: User, ago: int, status: int
) -> None:
    make_plan(alice, days_ago(5))
    assert tick(as_alice, item(alice), days_ago(ago)).status_code == status
    assert Done.objects.count() == (status == 302)


def test_day_before_the_start_cannot_be_ticked(as_alice: Client, alice: User) -> None:
    make_plan(alice)
    assert tick(as_alice, item(alice), days_ago(1)).status_code == 422
    assert not Done.objects.exists()


def test_day_that_is_none_of_the_items_cannot_be_ticked(as_alice: Client, alice: User) -> None:
    make_plan(alice, items={"plank": "2"})
    assert tick(as_alice, item(alice)).status_code == 422


@pytest.mark.parametrize(
    "data", [{"day": "soon"}, {"day": ""}, {"done": "2"}, {"item": "x"}, {"back": "/elsewhere"}]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_tick_stores_nothing(
    as_alice: Client, alice: User, data: dict[str, str], headers: dict[str, str]
) -> None:
    make_plan(alice)
    response = tick(as_alice, item(alice), TODAY, data, headers)
    assert response.status_code == 422
    assert "cannot be ticked" in response.text
    assert not Done.objects.exists()


def test_nobody_elses_item_can_be_ticked(as_alice: Client, alice: User, mallory: User) -> None:
    make_plan(alice)
    make_plan(mallory)
    assert tick(as_alice, item(mallory)).status_code == 404
    assert not Done.objects.exists()


def test_tick_changes_the_standing(as_alice: Client, alice: User) -> None:
    make_plan(alice)
    standing.renew([alice])
    tick(as_alice, item(alice))
    alice.refresh_from_db()
    assert alice.standing.valid_until is None


# Changing it


@pytest.mark.slow
def test_new_days_hold_from_today_and_leave_the_past(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(7), items={"plank": EVERY_DAY})
    row = item(alice)
    Done.objects.create(item=row, day=days_ago(2))
    Done.objects.create(item=row, day=TODAY)
    action = f"{PLAN}items/{row.pk}/days/"
    as_alice.post(action, {f"{row.pk}-days": ["1", "4"], **carried(as_alice, PLAN, action)})
    assert items_of(alice) == {"plank": "14"}
    assert read_plan(alice) == (7, 1)
    assert Done.objects.get(day=TODAY).item == item(alice)
    assert "Today’s plan 1 of 1 done" in words(as_alice, TODAY_PAGE)


def test_new_days_twice_are_one_change(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(7))
    row = item(alice)
    action = f"{PLAN}items/{row.pk}/days/"
    sent = {f"{row.pk}-days": ["1", "4"], **carried(as_alice, PLAN, action)}
    for _ in range(2):
        as_alice.post(action, sent)
    assert PlanItem.objects.count() == 2


def test_yesterdays_tick_goes_to_what_was_on_then(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(7), items={"plank": "7"})
    row = item(alice)
    actions.change_days(row, "1", by=alice)
    assert tick(as_alice, item(alice), days_ago(1)).status_code == 302
    assert Done.objects.get().item == row


@pytest.mark.parametrize("days", [[], ["8"]])
def test_bad_days_change_nothing(as_alice: Client, alice: User, days: list[str]) -> None:
    make_plan(alice, items={"plank": "135"})
    row = item(alice)
    response = as_alice.post(f"{PLAN}items/{row.pk}/days/", {f"{row.pk}-days": days})
    assert response.status_code == 422
    assert f'aria-describedby="{row.pk}-days-error"' in response.text
    assert items_of(alice) == {"plank": "135"}


@pytest.mark.slow
def test_easier_form_is_shown_with_its_words(as_alice: Client, alice: User) -> None:
    make_plan(alice)
    action = f"{PLAN}items/{item(alice).pk}/variant/"
    as_alice.post(action, {"variant": "easier", **carried(as_alice, PLAN, action)})
    assert "Easier: On your knees." in words(as_alice, TODAY_PAGE)
    as_alice.post(action, {"variant": "", **carried(as_alice, PLAN, action)})
    assert "On your knees" not in words(as_alice, TODAY_PAGE)


@pytest.mark.parametrize("variant", ["harder", "other"])
def test_form_without_words_is_refused(as_alice: Client, alice: User, variant: str) -> None:
    make_plan(alice, items={"swimming": "3"})
    row = item(alice, "swimming")
    assert as_alice.post(f"{PLAN}items/{row.pk}/variant/", {"variant": variant}).status_code == 422
    assert item(alice, "swimming").variant == ""


def test_item_taken_out_is_kept_and_can_come_back(as_alice: Client, alice: User) -> None:
    plan = make_plan(alice, days_ago(3), items={"plank": EVERY_DAY, "ice": "1"})
    make_done(plan, days_ago(1))
    row = item(alice)
    page = plain(as_alice.post(f"{PLAN}items/{row.pk}/remove/", follow=True).text)
    assert "“Plank” is out of the plan. Undo" in page
    assert list(items_of(alice)) == ["ice"]
    assert Done.objects.count() == 1
    as_alice.post(f"{PLAN}items/{row.pk}/restore/")
    assert items_of(alice)["plank"] == EVERY_DAY


@pytest.mark.slow
def test_another_suggestion_can_be_added(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3))
    assert "Suggested as well" in words(as_alice)
    data = filled_in(alice, {"remedy": "cat_cow"})
    statuses = [as_alice.post(f"{PLAN}items/add/", data).status_code for _ in range(2)]
    assert statuses == [302, 302]
    assert items_of(alice) == {"plank": EVERY_DAY, "cat_cow": EVERY_DAY}
    assert item(alice, "cat_cow").added_on == TODAY


@pytest.mark.parametrize(
    "changed",
    [{"cat_cow-fits": ""}, {"cat_cow-fits": "yes"}, {"cat_cow-asked": ""}, {"cat_cow-days": []}],
)
def test_adding_asks_as_the_start_does(
    as_alice: Client, alice: User, changed: dict[str, object]
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3))
    data = filled_in(alice, {"remedy": "cat_cow", **changed})
    assert as_alice.post(f"{PLAN}items/add/", data).status_code == 422
    assert list(items_of(alice)) == ["plank"]


@pytest.mark.parametrize("remedy", ["eccentric_hamstring", "leeches", ""])
def test_only_a_suggestion_can_be_added(as_alice: Client, alice: User, remedy: str) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3))
    response = as_alice.post(f"{PLAN}items/add/", {"remedy": remedy, f"{remedy}-take": "on"})
    assert response.status_code == 422
    assert "That is not suggested now." in response.text


def test_a_sixth_item_is_refused(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    five = ("plank", "ice", "swimming", "massage", "sit_break")
    make_plan(alice, days_ago(3), items=dict.fromkeys(five, "1"))
    response = as_alice.post(f"{PLAN}items/add/", filled_in(alice, {"remedy": "cat_cow"}))
    assert response.status_code == 422
    assert "Take one out first." in response.text
    assert len(items_of(alice)) == 5


@pytest.mark.parametrize("action", ["days", "variant", "remove", "restore"])
def test_nobody_elses_item_can_be_changed(
    as_alice: Client, alice: User, mallory: User, action: str
) -> None:
    make_plan(mallory)
    response = as_alice.post(f"{PLAN}items/{item(mallory).pk}/{action}/", {"variant": "easier"})
    assert response.status_code == 404
    assert items_of(mallory) == {"plank": EVERY_DAY}


# Pausing and stopping


@pytest.mark.slow
def test_paused_plan_is_not_on_today_and_its_days_do_not_count(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    make_plan(alice, days_ago(10))
    as_alice.post(f"{PLAN}pause/")
    assert "Today’s plan Paused since Monday 23 November." in words(as_alice, TODAY_PAGE)
    assert tick(as_alice, item(alice)).status_code == 422
    noon.shift(dt.timedelta(days=5))
    as_alice.post(f"{PLAN}resume/")
    plan = Plan.objects.get()
    assert (plan.paused_on, plan.paused_days) == (None, 5)
    assert read_plan(alice, days_ago(-5)) == (10, 0)
    assert "0 of 1 done" in words(as_alice, TODAY_PAGE)


def test_pause_and_resume_twice_change_nothing_more(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(10), paused_on=days_ago(4))
    as_alice.post(f"{PLAN}pause/")
    assert Plan.objects.get().paused_on == days_ago(4)
    for _ in range(2):
        as_alice.post(f"{PLAN}resume/")
    assert Plan.objects.get().paused_days == 4


def test_stopped_plan_is_kept_and_can_come_back(as_alice: Client, alice: User) -> None:
    plan = make_plan(alice, days_ago(10))
    page = plain(as_alice.post(f"{PLAN}stop/", follow=True).text)
    assert "Stopped. What you did is kept. Undo" in page
    assert Plan.objects.get().ended_on == TODAY
    as_alice.post(f"{PLAN}{plan.uid}/restore/")
    assert Plan.objects.get().ended_on is None


def test_stop_cannot_be_undone_over_a_newer_plan(as_alice: Client, alice: User) -> None:
    plan = make_plan(alice, days_ago(10), ended_on=TODAY)
    make_plan(alice)
    page = as_alice.post(f"{PLAN}{plan.uid}/restore/", follow=True).text
    assert "Too late to bring it back" in page
    assert Plan.objects.of(alice).in_force().count() == 1


@pytest.mark.parametrize("action", ["pause", "resume", "stop", "feed/renew"])
def test_without_a_plan_there_is_nothing_to_change(as_alice: Client, action: str) -> None:
    page = as_alice.post(f"{PLAN}{action}/", follow=True).text
    assert "There is no plan to change any more." in page


def test_plan_can_be_stopped_without_consent(as_alice: Client, alice: User) -> None:
    make_plan(alice)
    Consent.objects.all().delete()
    as_alice.post(f"{PLAN}stop/")
    assert Plan.objects.get().ended_on == TODAY


def test_day_turned_back_by_another_zone_breaks_nothing(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(-1))
    row = item(alice)
    for action in (f"items/{row.pk}/remove", "pause", "resume", "stop"):
        assert as_alice.post(f"{PLAN}{action}/").status_code == 302
    assert Plan.objects.get().ended_on == days_ago(-1)


# What guidance holds back


@pytest.mark.slow
def test_remedy_blocked_later_is_paused_and_not_on_today(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_plan(alice, items={"plank": EVERY_DAY, "cat_cow": EVERY_DAY})
    make_soreness(alice, days_ago(2), area="low_back", side="centre", kind="pain", intensity=5)
    assert "Paused: the low back hurts at 4 or more" in words(as_alice)
    today = words(as_alice, TODAY_PAGE)
    assert "0 of 1 done Cat-cow" in today
    assert "Plank" not in today
    assert tick(as_alice, item(alice)).status_code == 422


def test_hold_ends_with_its_reason(alice: User, noon: Any) -> None:
    pelvis_leads(alice)
    make_plan(alice)
    spot = make_soreness(alice, area="low_back", side="centre", kind="pain", intensity=5)
    standing.renew([alice])
    assert say(item(alice).blocked) == "the low back hurts at 4 or more"
    spot.check_in.delete()
    standing.renew([alice])
    assert item(alice).blocked is None


def test_item_that_nothing_suggests_any_more_is_held_too(alice: User, noon: Any) -> None:
    """The plan was for glutes; what leads now neither offers nor suits a plank."""
    make_plan(alice, days_ago(30))
    make_soreness(alice, area="low_back", side="centre", kind="pain", intensity=5)
    standing.renew([alice])
    assert say(item(alice).blocked) == "the low back hurts at 4 or more"


def test_clinicians_sign_leaves_what_is_always_offered(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_plan(alice, items={"plank": EVERY_DAY, "load_reduction": EVERY_DAY})
    open_sign(alice, "night_pain")
    page = words(as_alice)
    assert "Paused: a warning sign must be looked at first" in page
    today = words(as_alice, TODAY_PAGE)
    assert "0 of 1 done With a possible strain: no running" in today
    assert "no running at all. Run less for a while" in today


def test_extra_care_pauses_exercises(alice: User, noon: Any) -> None:
    pelvis_leads(alice)
    make_plan(alice)
    Answer.objects.create(
        runner=alice, question="ask:care_first", value=["blood_thinner"], day=TODAY
    )
    standing.renew([alice])
    assert say(item(alice).blocked) == (
        "one of your answers asks for extra care: ask a clinician who knows you"
    )


@pytest.mark.slow
@pytest.mark.parametrize("flag", ["dark_urine", ""])
def test_whole_plan_is_hidden(as_alice: Client, alice: User, flag: str) -> None:
    pelvis_leads(alice)
    make_plan(alice)
    if flag:
        open_sign(alice, flag)
    else:
        Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)
    for address in (PLAN, TODAY_PAGE, GUIDANCE):
        assert "Plank" not in words(as_alice, address)
    assert "On hold" in words(as_alice)


def test_seen_by_a_clinician_brings_the_plan_back(as_alice: Client, alice: User) -> None:
    pelvis_leads(alice)
    make_plan(alice)
    open_sign(alice, "dark_urine")
    as_alice.get(TODAY_PAGE)
    FlagAnswer.objects.update(seen_on=TODAY)
    standing.renew([alice])
    assert "0 of 1 done Plank" in words(as_alice, TODAY_PAGE)


# Queries and other people


@pytest.mark.parametrize("rows", [1, 5])
def test_plan_takes_five_queries(
    as_alice: Client,
    alice: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        old = make_plan(alice, days_ago(90 - number), ended_on=days_ago(80 - number))
        make_done(old, days_ago(80))
    plan = make_plan(alice, days_ago(9), items=dict.fromkeys([*SUGGESTED, "ice"][:rows], EVERY_DAY))
    for row in plan.items.all():
        Done.objects.create(item=row, day=TODAY)
        make_soreness(alice, days_ago(row.position))
    with django_assert_num_queries(5):
        as_alice.get(PLAN)
    with django_assert_num_queries(5):
        as_alice.get(START)


@pytest.mark.parametrize("is_in_force", [True, False])
@pytest.mark.parametrize(("plans", "shown"), [(PAST_SHOWN, PAST_SHOWN), (12, PAST_SHOWN)])
def test_the_newest_earlier_plans_stand_there_and_the_rest_where_they_are_asked_for(
    as_alice: Client, alice: User, plans: int, shown: int, is_in_force: bool
) -> None:
    for number in range(plans):
        began = days_ago(30 * (number + 1))
        make_plan(alice, began, ended_on=began + dt.timedelta(days=9))
    if is_in_force:
        make_plan(alice, days_ago(400))  # older than all of them, as one that was taken back may be

    page = as_alice.get(PLAN).text
    assert page.count("Done 0 times.") == shown
    assert ('href="/guidance/plan/?earlier=all#past"' in page) == (plans > shown)
    assert ('action="/guidance/plan/pause/"' in page) == is_in_force

    whole = as_alice.get(f"{PLAN}?earlier=all").text
    assert whole.count("Done 0 times.") == plans
    assert "earlier=all" not in whole


@pytest.mark.parametrize("people", [1, 3])
def test_renewing_holds_takes_one_query_more(
    db: None, noon: Any, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    runners = [make_user(f"Runner{number} Name") for number in range(people)]
    for runner in runners:
        make_plan(runner)
        open_sign(runner, "dark_urine")
    with django_assert_num_queries(4 + 2):  # with a savepoint
        standing.renew(runners)
    with django_assert_num_queries(3 + 2):
        standing.renew(runners)


def test_nobody_sees_anothers_plan(as_alice: Client, alice: User, mallory: User) -> None:
    make_plan(mallory)
    assert plans_of(alice, TODAY).plan is None
    for address in (PLAN, TODAY_PAGE, GUIDANCE):
        assert "Plank" not in words(as_alice, address)


# What it says of the week


def test_an_item_that_is_not_on_this_week_says_from_when(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    noon.shift(dt.timedelta(days=6))  # the last day of the week, a Sunday
    make_plan(alice, TODAY + dt.timedelta(days=6), items={"plank": "135", "cat_cow": EVERY_DAY})
    page = words(as_alice)
    assert "Plank Mon, Wed, Fri · 3 × 20–30 s, building to 60 s from Monday" in page
    assert "Cat-cow daily · 8–10 slow rounds 0 of 1" in page
    assert "0 of 0" not in page


def test_week_counts_days_on_which_all_of_it_was_done(as_alice: Client, alice: User) -> None:
    day = days_ago(0).weekday()  # days of this week before today
    plan = make_plan(alice, days_ago(7), items={"plank": EVERY_DAY, "cat_cow": EVERY_DAY})
    assert day == 0
    assert "All of it done" not in words(as_alice)
    for remedy in ("plank", "cat_cow"):
        make_done(plan, TODAY, remedy)
    assert "All of it done on 1 of 1 day." in words(as_alice)


def test_a_day_on_which_something_was_left_is_not_kept(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    plan = make_plan(alice, items={"plank": EVERY_DAY, "cat_cow": EVERY_DAY})
    make_done(plan, TODAY, "plank")
    noon.shift(dt.timedelta(days=1))
    for remedy in ("plank", "cat_cow"):
        make_done(plan, TODAY + dt.timedelta(days=1), remedy)
    assert "All of it done on 1 of 2 days." in words(as_alice)


@pytest.mark.parametrize(("remedy", "seconds"), [("plank", "30"), ("cat_cow", None)])
def test_what_is_held_has_a_clock(as_alice: Client, alice: User, remedy: str, seconds: str) -> None:
    make_plan(alice, items={remedy: EVERY_DAY})
    slug = remedy.replace("_", "-")
    for page in (as_alice.get(PLAN), as_alice.get(f"/guidance/library/remedies/{slug}/")):
        clocks = re.findall(r'class="timer"[^>]* data-seconds="(\d+)"', folded(page.text))
        assert clocks == ([seconds] if seconds else [])
