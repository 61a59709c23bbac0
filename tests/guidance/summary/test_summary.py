"""The page for a physiotherapist: its figures, what is told and what is left out."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from guidance.advice.advice import advise
from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.models import Answer, CheckResult, Done, FlagAnswer, Plan, PlanItem, Screen
from guidance.rules.log.log import read_log
from guidance.rules.types import History
from guidance.summary.weeks import twelve_weeks
from runners import demo
from runners.formats import printed_day, printed_days
from runners.models import User
from runners.weeks import trends_of
from runners.weeks.week import MONDAY
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness
from tests.guidance.logs import day, run, spot, spots

PAGE = "/guidance/summary/"
QUERIES = 5
QUERIES_WITH_NOTES = 6
QUERIES_WITHOUT_WORDS = 4


def read(client: Client, query: str = "") -> str:
    """The words of the page, one space between them."""
    response = client.get(PAGE + query)
    assert response.status_code == 200
    apart = re.sub(r"</(li|div|p|th|td)>", " ", response.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", apart)).split())


def answer(runner: User, question: str, value: Any, ago: int = 1) -> Answer:
    return Answer.objects.create(
        runner=runner, question=f"ask:{question}", value=value, day=days_ago(ago)
    )


def check(runner: User, name: str, ago: int = 1, **result: Any) -> CheckResult:
    return CheckResult.objects.create(
        runner=runner, check_id=f"check:{name}", day=days_ago(ago), **result
    )


def sign(runner: User, flag: str, ago: int = 2, **fields: Any) -> FlagAnswer:
    screen = Screen.objects.create(
        runner=runner, result="some", day=days_ago(ago), named_at=timezone.now()
    )
    fields.setdefault("yes", True)
    return FlagAnswer.objects.create(screen=screen, flag=f"flag:{flag}", **fields)


def plan(runner: User, ago: int, remedies: tuple[str, ...] = ("plank",), **fields: Any) -> Plan:
    made = Plan.objects.create(
        runner=runner,
        cause="cause:weak_glutes",
        knowledge_version=1,
        started_on=days_ago(ago),
        **fields,
    )
    for position, remedy in enumerate(remedies):
        PlanItem.objects.create(
            plan=made, remedy=f"remedy:{remedy}", position=position, weekdays="135"
        )
    return made


def recurring(runner: User) -> None:
    """A left hamstring that keeps coming back: eight days in four weeks."""
    for ago in (26, 22, 19, 15, 12, 8, 5, 1):
        make_soreness(runner, days_ago(ago))
        make_run(runner, days_ago(ago + 1), effort=4)


# Who and when


def test_new_runner_sees_what_will_be_here_and_where_to_begin(as_alice: Client) -> None:
    page = as_alice.get(PAGE).text
    assert "The page for a physiotherapist will be here" in page
    assert 'href="/check-in/">Check in' in page
    assert "data-print" not in page


def test_head_says_who_when_and_how_much_is_known(as_alice: Client, alice: User) -> None:
    make_check_in(alice, days_ago(3))
    make_run(alice, days_ago(2), onset_min=40)
    make_run(alice, days_ago(1), distance_m=12_000, onset_min=55)
    page = read(as_alice)
    assert "Alice Ash 18 or older · 7 September 2026 to 23 November 2026, first log 20 Nov" in page
    assert "Checked in on 1 of 78 days · 2 runs, 22.0 km, 1 h 40" in page
    assert "longest 12.0 km on Sun 22 Nov · felt in 2 runs, first at minute 40 to 55" in page


def test_foot_of_each_page_says_who_when_and_what_it_is(as_alice: Client, alice: User) -> None:
    make_check_in(alice)
    words = (
        "Alice Ash, 23 November 2026. General information made from the runner’s own log. "
        "Not a diagnosis."
    )
    assert words in read(as_alice)


def test_logs_of_another_runner_are_not_on_the_page(
    as_alice: Client, alice: User, mallory: User
) -> None:
    make_check_in(alice)
    recurring(mallory)
    check(mallory, "plank", value=75)
    answer(mallory, "onset", "gradual")
    plan(mallory, 5)
    page = read(as_alice, "?notes=1")
    assert "0 runs" in page
    for words in ("hamstring", "75 s", "It crept in", "Since 18 Nov"):
        assert words not in page


# Warning signs


def test_open_sign_stands_first_with_its_days(as_alice: Client, alice: User) -> None:
    sign(alice, "night_pain", since=days_ago(6))
    page = read(as_alice)
    assert "Open: Pain that wakes them or never lets up, since 17 Nov; said on 21 Nov" in page
    assert page.index("Open: Pain") < page.index("The twelve weeks")


def test_closed_signs_say_how_they_were_closed(as_alice: Client, alice: User) -> None:
    sign(alice, "night_pain", 400, seen_on=days_ago(390))
    sign(alice, "limp", 9, mistaken_at=timezone.now())
    page = read(as_alice)
    assert "said on 14 Nov, taken back by the runner as a mistake" in page
    assert "said on 19 Oct 2025, seen by a clinician on 29 Oct 2025, by the runner’s word" in page
    assert "Open:" not in page


def test_urgent_sign_names_no_cause(as_alice: Client, alice: User) -> None:
    recurring(alice)
    sign(alice, "cannot_bear_weight")
    page = read(as_alice)
    assert "No cause is named while a warning sign has to be seen first." in page
    assert "Weak or tired glutes" not in page


def test_one_of_these_that_was_not_named_is_open(as_alice: Client, alice: User) -> None:
    Screen.objects.create(runner=alice, result="some", day=days_ago(1))
    page = read(as_alice)
    assert "Open: one of the signs, not named, said on 22 Nov" in page


def test_unanswered_signs_are_not_known(as_alice: Client, alice: User) -> None:
    make_check_in(alice)
    assert "Warning signs were not answered, so they are not known." in read(as_alice)


def test_each_sign_has_its_answer_and_day(as_alice: Client, alice: User) -> None:
    Screen.objects.create(runner=alice, result="none", day=days_ago(20))
    sign(alice, "limp", 3)
    sign(alice, "hop_pain", 3, yes=False)
    page = read(as_alice)
    assert "Open: Cannot walk or run normally; said on 20 Nov" in page
    assert "No on 20 Nov: pain on landing or on a one-leg hop." in page
    assert "No on 3 Nov, no longer counted: numb between the legs, or" in page
    assert page.count("cannot walk or run normally") == 0
    assert "Not answered" not in page


def test_sign_that_was_not_asked_is_not_known(as_alice: Client, alice: User) -> None:
    make_check_in(alice)
    sign(alice, "hop_pain", 3, yes=False)
    page = read(as_alice)
    assert "Not answered, so not known: numb between the legs, or" in page
    assert page.count("pain on landing or on a one-leg hop") == 1


# What keeps coming back, and what it might fit with


def test_what_returns_has_its_side_since_when_and_figures(as_alice: Client, alice: User) -> None:
    recurring(alice)
    page = read(as_alice)
    assert (
        "Left hamstring Marked on 8 of 8 days known; mean 5.0, highest 5 of 10 (22 Nov). "
        "At 3 or more since 28 Oct, on 8 days, never more than a week apart. "
        "Marked as tight 8×." in page
    )


def test_sit_bone_is_the_hamstring_and_told_besides(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(2), intensity=4, sit_bone=True, note="On the chair.")
    make_soreness(alice, days_ago(1), intensity=3)
    page = read(as_alice, "?notes=1")
    assert "Left hamstring Marked on 2 of 2 days known; mean 3.5" in page
    assert "At the sit bone on 1 of these days." in page
    assert "“On the chair.” 21 Nov" in page
    assert "left sit bone 4, left hamstring 3." in page


def test_patterns_have_their_days_in_print(as_alice: Client, alice: User) -> None:
    recurring(alice)
    page = as_alice.get(PAGE).text
    assert "Left hamstring, 8 mornings out of 8" in page
    assert '<span class="when">28 Oct, 1, 4, 8, 11, 15, 18, 22 Nov</span>' in page
    assert "<details" not in page


def test_causes_have_a_word_and_dated_lines(as_alice: Client, alice: User) -> None:
    recurring(alice)
    check(alice, "single_leg_bridge", left=6, right=14, felt_left="hamstring")
    page = read(as_alice)
    assert "Weak or tired glutes: likely" in page
    assert "For: Single-leg bridge low: 6 left, 14 right 22 Nov" in page


def test_place_that_was_never_at_3_is_named_in_one_line(as_alice: Client, alice: User) -> None:
    make_soreness(alice, area="calf", intensity=2)
    page = read(as_alice)
    assert "Never at 3 or more, but marked: left calf (on 1 of 1 days)." in page


# Self-checks, answers, plan


def test_check_shows_newest_earlier_and_usual_range(as_alice: Client, alice: User) -> None:
    check(alice, "single_leg_bridge", 60, left=6, right=12)
    check(alice, "single_leg_bridge", 5, left=8, right=13, felt_left="glutes")
    page = read(as_alice)
    assert "Single-leg bridge, reps 18 Nov Left 8 (low) · right 13 (fair)." in page
    assert "Felt left: in the seat." in page
    assert "Before: 24 Sep left 6, right 12 reps." in page
    assert "Usual: low under 10, fair 10 to 14, good 15 or more." in page


@pytest.mark.parametrize(
    ("name", "result", "words"),
    [
        ("plank", {"value": 75}, "Plank 22 Nov 75 s (fair)."),
        ("straight_leg_raise", {"left": 72, "right": 91}, "Left 72° (typical) · right 91° (long)"),
        ("single_leg_squat", {"left": "good", "right": "fair"}, "Left: steady · right: a little"),
        ("toe_touch", {"value": -6}, "−6 cm (long)."),
        ("pelvic_tilt_view", {"value": "mild"}, "A little lower in front."),
        (
            "sit_bone",
            {"left": {"press": 4, "sitting": 1}, "right": None},
            "Left pressing 4 (sore) · left sitting 1 (clear).",
        ),
    ],
)
def test_results_read_by_side(
    as_alice: Client, alice: User, name: str, result: dict[str, Any], words: str
) -> None:
    check(alice, name, **result)
    assert words in read(as_alice)


def test_old_result_says_that_it_no_longer_counts(as_alice: Client, alice: User) -> None:
    check(alice, "plank", 42, value=75)
    assert "Plank 12 Oct, older than 6 weeks" in read(as_alice)


def test_answers_have_a_topic_and_their_day(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "sudden", 9)
    answer(alice, "onset", "gradual", 2)
    answer(alice, "sitting_hours", 8, 2)
    answer(alice, "sitting_effect", "worse", 3)
    answer(alice, "warm_up_effect", "same", 3)
    answer(alice, "past_strain_months", 14, 90)
    page = read(as_alice)
    assert (
        "Better or worse with Sitting: It gets worse 20 Nov "
        "Warming up: It stays the same 20 Nov "
        "Past injuries Last hamstring strain: 14 months ago 25 Aug, older than 90 days "
        "Besides How it began: It crept in 21 Nov Sitting on a usual day: 8 hours a day 21 Nov"
    ) in page
    assert "Within one run" not in page


def test_page_speaks_of_the_runner_and_never_to(as_alice: Client, alice: User) -> None:
    recurring(alice)
    check(alice, "single_leg_bridge", left=6, right=14, felt_left="hamstring")
    check(alice, "straight_leg_raise", left=72, right=91)
    plan(alice, 21, ("plank", "cat_cow", "foam_rolling"))
    for question in current_knowledge().questions.values():
        if question.options:
            values = [option.value for option in question.offered]
            answer(alice, question.id[4:], values if question.answer == "several" else values[0])
    for flag in ("night_pain", "limp", "hop_pain"):
        sign(alice, flag, seen_on=days_ago(1))
    sign(alice, "leg_pain_stops_walking", 1)
    page = as_alice.get(PAGE).text
    sheet = page[page.index("<article") : page.index("</article>")]
    assert re.findall(r"\byou\w*", sheet, re.IGNORECASE) == []


def test_days_that_were_told_are_not_told_again(as_alice: Client, alice: User) -> None:
    for ago in (12, 10, 8, 5, 3, 1):
        make_soreness(alice, days_ago(ago))
        make_soreness(alice, days_ago(ago), area="hip_flexor")
    days = "11, 13, 15, 18, 20, 22 Nov"
    page = read(as_alice)
    assert "Hip flexor or quad of the same side marked on 6 of the 6 hamstring days" in page
    assert page.count(days) == 1


def test_plan_has_items_days_done_and_soreness_since(as_alice: Client, alice: User) -> None:
    made = plan(alice, 21, ("plank", "cat_cow"))
    for ago in (21, 19, 14):
        Done.objects.create(item=made.items.get(position=0), day=days_ago(ago))
    for ago, intensity in ((24, 6), (23, 6), (22, 6), (3, 3), (2, 3), (1, 3)):
        make_soreness(alice, days_ago(ago), intensity=intensity)
    page = read(as_alice)
    assert "Since 2 Nov Done 3 of 18 times planned until yesterday." in page
    assert "Plank, 3 × 20–30 s, building to 60 s, Mon, Wed, Fri: done on 3 days" in page
    assert "Cat-cow, 8–10 slow rounds, Mon, Wed, Fri: done on 0 days" in page
    assert "6.0 in the week before, 3.0 in the last 7 days" in page


def test_remedy_that_came_later_has_the_week_before_it(as_alice: Client, alice: User) -> None:
    made = plan(alice, 21)
    for remedy, added in (("cat_cow", 8), ("sit_break", 3)):
        PlanItem.objects.create(
            plan=made,
            remedy=f"remedy:{remedy}",
            position=1,
            weekdays="135",
            added_on=days_ago(added),
        )
    for ago, intensity in ((24, 6), (23, 6), (22, 6), (11, 5), (10, 5), (9, 4)):
        make_soreness(alice, days_ago(ago), intensity=intensity)
    page = read(as_alice)
    assert "building to 60 s, Mon, Wed, Fri: done on 0 days Cat-cow" in page
    assert "done on 0 days; added on 15 Nov, after a week at 4.7" in page
    assert "done on 0 days; added on 20 Nov " in page  # two days known are no mean


def test_other_days_of_a_remedy_are_no_other_remedy(as_alice: Client, alice: User) -> None:
    made = plan(alice, 21)
    made.items.update(removed_on=days_ago(5))
    PlanItem.objects.create(
        plan=made, remedy="remedy:plank", position=0, weekdays="246", added_on=days_ago(5)
    )
    page = read(as_alice)
    assert page.count("Plank,") == 1
    assert "added on" not in page


def test_young_plan_is_not_compared(as_alice: Client, alice: User) -> None:
    recurring(alice)
    plan(alice, 13)
    assert "Too early to compare before and since" in read(as_alice)


def test_plan_of_today_has_nothing_behind_it(as_alice: Client, alice: User) -> None:
    plan(alice, 0)
    assert "Since 23 Nov Nothing was planned before today." in read(as_alice)


def test_stopped_plan_of_these_weeks_is_told(as_alice: Client, alice: User) -> None:
    plan(alice, 60, ended_on=days_ago(40))
    plan(alice, 200, ended_on=days_ago(84))
    page = read(as_alice)
    assert "24 Sep to 14 Oct Plank" in page
    assert page.count("Plank,") == 1


# What the runner adds or leaves out


def add_notes(runner: User) -> None:
    make_check_in(runner, days_ago(27), note="Slept badly.")
    make_soreness(runner, days_ago(2), note="Only on the stairs.")
    make_run(runner, days_ago(1), note="New shoes.")
    make_run(runner, days_ago(28), note="Long ago.")


def test_notes_are_left_out_unless_asked_for(as_alice: Client, alice: User) -> None:
    add_notes(alice)
    page = read(as_alice)
    assert "Add my notes of the last 4 weeks" in page
    for words in ("Slept badly", "New shoes"):
        assert words not in page


def test_notes_of_four_weeks_come_with_their_day(as_alice: Client, alice: User) -> None:
    add_notes(alice)
    make_soreness(alice, days_ago(3), area="calf", intensity=1, note="The stairs too.")
    page = read(as_alice, "?notes=1")
    assert (
        "27 Oct, check-in: Slept badly. 20 Nov, left calf: The stairs too. "
        "22 Nov, run: New shoes." in page
    )
    assert page.count("Only on the stairs.") == 1
    assert "Long ago" not in page


def test_newest_words_at_the_sorest_place_stand_with_it(as_alice: Client, alice: User) -> None:
    for ago in (80, 40, 6, 4, 2):
        make_soreness(alice, days_ago(ago), intensity=6, note=f"{ago} days ago.")
    make_soreness(alice, days_ago(1), area="calf", intensity=2, note="Of the calf.")
    page = read(as_alice)
    assert (
        "Where, and in the runner’s words Left hamstring “2 days ago.” 21 Nov "
        "“4 days ago.” 19 Nov “6 days ago.” 17 Nov "
        "Highest of the last 4 weeks, as drawn: left hamstring 6, left calf 2." in page
    )
    for words in ("40 days ago", "80 days ago", "Of the calf"):
        assert words not in page


def test_own_words_can_be_left_out_and_put_back(as_alice: Client, alice: User) -> None:
    add_notes(alice)
    assert "Leave my own words out" in read(as_alice)
    page = read(as_alice, "?notes=0")
    assert "Left hamstring: notes left out by the runner." in page
    assert "Put my own words back" in page
    for words in ("Slept badly", "Only on the stairs", "New shoes"):
        assert words not in page


def test_body_map_has_the_highest_marks_of_four_weeks(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(40), area="calf", intensity=9)
    make_soreness(alice, days_ago(3), intensity=4)
    make_soreness(alice, days_ago(2), intensity=7)
    page = as_alice.get(PAGE).text
    assert re.findall(r'<path class="(s\d)"', page) == ["s4"]


def test_course_of_a_day_counts_days_by_time(as_alice: Client, alice: User) -> None:
    for ago, timing, intensity in ((3, "next_morning", 4), (2, "next_morning", 5), (2, "after", 3)):
        make_soreness(alice, days_ago(ago), timing=timing, intensity=intensity)
    page = read(as_alice)
    assert "Place Before run During After Next morning Left hamstring" in page
    assert "not marked not marked 1 day, mean 3.0 up to 3 2 days, mean 4.5 up to 5" in page


def test_health_is_there_and_the_runner_is_told(as_alice: Client, alice: User) -> None:
    answer(alice, "care_first", ["blood_thinner", "bone_weakness"], 300)
    make_check_in(alice)
    page = read(as_alice)
    assert (
        "Health to know about (27 Jan): Taking a blood thinner; Osteoporosis or another "
        "bone weakness" in page
    )
    assert "remove that before you share, if you like" in page


@pytest.mark.slow
def test_health_can_be_left_out_with_all_that_gives_it_away(as_alice: Client, alice: User) -> None:
    recurring(alice)
    answer(alice, "care_first", ["blood_thinner"])
    answer(alice, "bone_risk", "under_eating")
    sign(alice, "hop_pain", area="shin")
    assert "asks for extra care" in read(as_alice)

    page = read(as_alice, "?health=0")

    assert "left out by the runner" in page
    for words in ("blood thinner", "Eating less", "asks for extra care", "about your bones"):
        assert words not in page


@pytest.mark.parametrize("query", ["?notes=yes&health=no", "?notes=&health=", "?notes=1%00"])
def test_wrong_choice_means_the_usual_page(as_alice: Client, alice: User, query: str) -> None:
    add_notes(alice)
    answer(alice, "care_first", ["blood_thinner"])
    page = read(as_alice, query)
    assert "blood thinner" in page
    assert "New shoes" not in page


# The twelve weeks


def weeks_of(**logged: Any) -> Any:
    history = History(today=TODAY, **logged)
    history = replace(history, known_running=known_running(history))
    return twelve_weeks(read_log(history), MONDAY)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("days_into_the_week", [1, 3, 7])
def test_weeks_say_what_the_trends_page_says(days_into_the_week: int) -> None:
    today = TODAY + dt.timedelta(days=days_into_the_week - 1)
    ana = demo.load(today)
    trends = trends_of(ana, 12, today=today)

    weeks = twelve_weeks(read_log(advise(ana, today).history), ana.week_start)

    assert [line.week.week for line in weeks.lines] == [week.week for week in trends.weeks]
    assert [line.week.running for line in weeks.lines] == [week.running for week in trends.weeks]
    assert weeks.days_checked_in == trends.days_checked_in
    assert [place.trend for place in weeks.places] == trends.marked[:3]


def test_period_is_twelve_weeks_and_the_last_is_not_over() -> None:
    """Today is a Monday."""
    weeks = weeks_of(runs=(run(78), run(77), run(0)), check_in_days={day(78): False})
    assert (weeks.first_day, weeks.days) == (day(77), 78)
    assert (weeks.running.runs, weeks.days_checked_in) == (2, 0)
    assert [line.week.running and line.week.running.runs for line in weeks.lines] == [
        1,
        *[None] * 10,
        1,
    ]
    assert [line.week.is_over for line in weeks.lines] == [*[True] * 11, False]


def test_kinds_of_run_are_counted(as_alice: Client, alice: User) -> None:
    for ago, kind in ((1, "easy"), (2, "race"), (4, "easy"), (5, "")):
        make_run(alice, days_ago(ago), kind=kind)
    assert "kinds of run: easy 2, race 1, not noted 1" in read(as_alice)


def test_week_of_a_place_has_its_mean_and_its_highest(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=6)
    make_soreness(alice, days_ago(2), intensity=3)
    assert "4.5 up to 6 2 d" in read(as_alice)


def test_weeks_before_the_first_log_are_unknown() -> None:
    weeks = weeks_of(runs=(run(10),))
    assert [line.week.running is None for line in weeks.lines] == [True] * 9 + [False] * 3
    assert weeks.begun_later


def test_load_says_from_how_many_runs(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(1), effort=4)
    make_run(alice, days_ago(2), distance_m=None)
    make_check_in(alice, days_ago(7))
    page = read(as_alice)
    assert "16 Nov – 22 Nov 1 2 10.0 from 1 of 2 10.0 200 from 1 of 2" in page


def test_place_without_a_known_day_is_a_gap() -> None:
    weeks = weeks_of(
        soreness=(spot(1, 4), spot(9, 6)),
        check_in_days={day(9): True, day(1): False, day(0): False},
    )
    cells = [line.places[0] for line in weeks.lines]
    assert cells[:9] == [None] * 9
    assert [(cell.mean, cell.days_known) for cell in cells[9:]] == [(6, 1), (4, 1), (0, 1)]


def test_bout_begins_where_a_week_without_it_ends() -> None:
    weeks = weeks_of(soreness=spots((20, 12, 5, 1)))
    assert weeks.places[0].bout == (day(12), day(5), day(1))
    assert weeks.places[0].is_current


def test_at_most_three_places_the_sorest_first() -> None:
    areas = {"calf": 3, "shin": 5, "quad": 2, "foot": 4}
    weeks = weeks_of(soreness=tuple(spot(1, peak, area=area) for area, peak in areas.items()))
    assert [place.name for place in weeks.places] == ["Left shin", "Left foot", "Left calf"]


# Words


@pytest.mark.parametrize(
    ("agos", "words"),
    [
        ((), ""),
        ((0, 0), "23 Nov"),
        ((1, 0), "22, 23 Nov"),
        ((0, 2, 1), "21–23 Nov"),
        ((24, 23, 22, 21, 5), "30, 31 Oct, 1, 2, 18 Nov"),
    ],
)
def test_days_are_printed_in_order(agos: tuple[int, ...], words: str) -> None:
    assert printed_days([day(ago) for ago in agos]) == words


def test_day_of_another_year_has_its_year() -> None:
    assert printed_day(dt.date(2026, 1, 3), TODAY) == "3 Jan"
    assert printed_day(dt.date(2025, 12, 30), TODAY) == "30 Dec 2025"


# Cost


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", QUERIES), ("?notes=1", QUERIES_WITH_NOTES), ("?notes=0", QUERIES_WITHOUT_WORDS)],
)
def test_page_costs_the_same_with_little_and_with_much(
    client: Client,
    noon: object,
    alice: User,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
    query: str,
    queries: int,
) -> None:
    settings.DEBUG = True  # or the demo runner may not sign in
    ana = demo.load(TODAY)
    plan(ana, 60, ("cat_cow",), ended_on=days_ago(31))
    made = plan(ana, 30, ("plank", "cat_cow", "sit_break"))
    for item in made.items.all():
        Done.objects.bulk_create(Done(item=item, day=days_ago(ago)) for ago in range(1, 20))
    for ago in (1, 10, 20, 30):
        check(ana, "plank", ago, value=60 + ago)
        answer(ana, "stretch_habit", ago % 7, ago)
        sign(ana, "limp", ago, seen_on=days_ago(ago))
    make_check_in(alice)
    for runner in (alice, ana):
        client.force_login(runner)
        with django_assert_num_queries(queries):
            assert client.get(PAGE + query).status_code == 200
