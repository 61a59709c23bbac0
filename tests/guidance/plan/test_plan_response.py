"""Whether a plan helps: what is compared, what is said of it, and how its days are counted."""

from typing import Any

import pytest
from django.test import Client

from guidance.advice.advice import advise
from guidance.plan import actions
from guidance.plan.response import response_of
from guidance.saying import say
from runners.models import User
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_done,
    make_plan,
    make_soreness,
)
from tests.guidance.plans import EVERY_DAY, item, read_plan, words

# Whether it helps


def sore(runner: User, agos: range, intensity: int) -> None:
    for ago in agos:
        make_soreness(runner, days_ago(ago), intensity=intensity)


def helps(runner: User) -> str:
    response = response_of(advise(runner, TODAY))
    assert response is not None
    return say(response.said)


def test_below_two_weeks_it_says_from_when(as_alice: Client, alice: User) -> None:
    make_plan(alice, days_ago(13))
    assert "There will be something to see from Tuesday 24 November" in words(as_alice)


def test_from_two_weeks_on_both_weeks_are_shown(as_alice: Client, alice: User) -> None:
    sore(alice, range(15, 20), 6)
    sore(alice, range(0, 4), 3)
    plan = make_plan(alice, days_ago(14))
    for ago in range(1, 10):
        make_done(plan, days_ago(ago))
    page = words(as_alice)
    assert "Since you started the plan, your left hamstring is down by 3.0 points." in page
    assert "7 days before 6.0 5 Latest 7 days 3.0 4" in page
    assert "9 of 14 times done, until yesterday." in page
    assert "Since you started, which is not the same as because of it." in page


@pytest.mark.parametrize(
    ("now", "done", "says"),
    [
        (6, 14, "is about the same."),
        (8, 14, "is up by 2.0 points."),
        (5, 14, "A clear change is 2 points, or about a third."),
        (3, 2, "With so little of it done, that says little about the plan."),
    ],
)
def test_change_is_said_with_care(alice: User, noon: Any, now: int, done: int, says: str) -> None:
    sore(alice, range(15, 20), 6)
    sore(alice, range(0, 4), now)
    plan = make_plan(alice, days_ago(14))
    for ago in range(1, done + 1):
        make_done(plan, days_ago(ago))
    assert says in helps(alice)
    assert "because" not in helps(alice)


def test_too_few_check_ins_are_not_compared(alice: User, noon: Any) -> None:
    sore(alice, range(15, 20), 6)
    make_plan(alice, days_ago(14))
    assert helps(alice) == "Too few check-ins in the last 7 days to compare: it takes three."


def test_what_went_away_is_still_compared(alice: User, noon: Any) -> None:
    sore(alice, range(43, 48), 6)
    for ago in range(7):
        make_check_in(alice, days_ago(ago))
    make_plan(alice, days_ago(42))
    assert "left hamstring is down by 6.0 points" in helps(alice)


@pytest.mark.slow
def test_no_answer_to_the_plan_sends_to_a_clinician(as_alice: Client, alice: User) -> None:
    sore(alice, range(0, 60), 5)
    plan = make_plan(alice, days_ago(42))
    for ago in range(1, 40):
        make_done(plan, days_ago(ago))
    page = words(as_alice)
    assert "See a physiotherapist with your log" in page


def test_planned_times_leave_out_what_was_not_in_the_plan(alice: User, noon: Any) -> None:
    plan = make_plan(alice, days_ago(10), items={"plank": EVERY_DAY, "ice": EVERY_DAY})
    plan.items.filter(remedy="remedy:ice").update(added_on=days_ago(6), removed_on=days_ago(2))
    assert read_plan(alice) == (10 + 4, 0)


def test_days_of_pauses_are_not_planned(alice: User, noon: Any) -> None:
    make_plan(alice, days_ago(20), paused_days=5)
    assert read_plan(alice) == (15, 0)


def test_old_plan_counts_only_days_that_are_read(alice: User, noon: Any) -> None:
    make_plan(alice, days_ago(400))
    assert read_plan(alice) == (200, 0)


def test_page_for_a_physiotherapist_tells_changed_days_once(as_alice: Client, alice: User) -> None:
    make_check_in(alice)
    make_done(make_plan(alice, days_ago(7)), days_ago(3))
    actions.change_days(item(alice), "14", by=alice)
    page = words(as_alice, "/guidance/summary/")
    assert "Plank, 3 × 20–30 s, building to 60 s, Mon, Thu: done on 1 day" in page
    assert page.count("Plank") == 1


def test_plan_page_and_summary_say_the_same(as_alice: Client, alice: User) -> None:
    """Of where it was sorest when the plan started, also where something else hurts more now."""
    sore(alice, range(15, 20), 6)
    sore(alice, range(0, 4), 3)
    for ago in range(0, 4):
        make_soreness(alice, days_ago(ago), area="shin", side="left", intensity=6)
    make_plan(alice, days_ago(14))

    assert "7 days before 6.0 5 Latest 7 days 3.0 4" in words(as_alice)
    summary = words(as_alice, "/guidance/summary/")
    assert "Left hamstring, mean of each day’s highest: 6.0 in the week before" in summary
    assert "in the week before, 3.0 in the last 7 days." in summary


@pytest.mark.parametrize(
    ("now", "done", "heading"),
    [
        (3, 14, "Easier than two weeks ago"),
        (5, 14, "Does it help?"),  # not clear
        (3, 2, "Does it help?"),  # hardly any of it done
        (8, 14, "Does it help?"),
    ],
)
def test_a_clear_fall_is_the_heading(
    as_alice: Client, alice: User, now: int, done: int, heading: str
) -> None:
    sore(alice, range(15, 20), 6)
    sore(alice, range(0, 4), now)
    plan = make_plan(alice, days_ago(14))
    for ago in range(1, done + 1):
        make_done(plan, days_ago(ago))
    card = words(as_alice).partition("Since you started")[0]
    assert card.rstrip().endswith(heading)
