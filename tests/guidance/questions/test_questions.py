"""The questions: what is stored, where an answer leads, and how it ages."""

import datetime as dt
from typing import Any

import pytest
from django.db import models
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from guidance.knowledge import current_knowledge
from guidance.models import Answer
from guidance.questions.queries import age_said, answer_said, asked_of, questions, slug_of
from guidance.rules.types import Answer as PlainAnswer
from guidance.saying import say
from runners.models import Consent, Standing, User
from tests.factories import TODAY, days_ago, make_run, make_soreness
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import folded

LIST = "/guidance/questions/"
GUIDANCE = "/guidance/"
NUMBERS = [question for question in questions() if question.answer == "number"]


def at(slug: str) -> str:
    return f"{LIST}{slug}/"


def answer(runner: User, question: str, value: Any, ago: int = 0) -> Answer:
    stored = models.Value(None, models.JSONField()) if value is None else value
    return Answer.objects.create(
        runner=runner, question=f"ask:{question}", value=stored, day=days_ago(ago)
    )


def stored(runner: User) -> list[Any]:
    return list(Answer.objects.of(runner).values_list("value", flat=True))


# One question


@pytest.mark.parametrize("question", questions(), ids=lambda question: slug_of(question.id))
def test_each_question_has_a_page(as_alice: Client, question: Any) -> None:
    page = as_alice.get(at(slug_of(question.id)))
    assert page.status_code == 200
    assert question.words in page.text.replace("&#x27;", "'")
    assert question.why in page.text.replace("&#x27;", "'")


@pytest.mark.parametrize("question", questions(), ids=lambda question: slug_of(question.id))
def test_each_word_is_stored_as_the_knowledge_has_it(
    as_alice: Client, alice: User, question: Any
) -> None:
    for option in question.options:
        as_alice.post(at(slug_of(question.id)), {"value": option.value})
    assert stored(alice) == [option.value for option in question.options]


@pytest.mark.parametrize(
    ("slug", "typed", "value"),
    [
        ("sitting-hours", "0", 0),
        ("sitting-hours", "24", 24),
        ("sitting-hours", "7.5", 7.5),
        ("stretch-habit", "7", 7),
        ("past-strain-months", "720", 720),
        ("past-strain-months", "", None),
    ],
)
def test_number_is_stored(
    as_alice: Client, alice: User, slug: str, typed: str, value: float | None
) -> None:
    assert as_alice.post(at(slug), {"value": typed}).status_code == 302
    assert stored(alice) == [value]


def test_button_empties_the_number_before_it(as_alice: Client, alice: User) -> None:
    as_alice.post(at("past-strain-months"), {"value": ["9", ""]})
    assert stored(alice) == [None]
    assert "Never had one" in as_alice.get(LIST).text


@pytest.mark.parametrize(
    ("slug", "typed", "words"),
    [
        ("sitting-hours", "24.1", "Between 0 and 24 hours a day"),
        ("sitting-hours", "-1", "Between 0 and 24 hours a day"),
        ("stretch-habit", "8", "Between 0 and 7 days a week"),
        ("past-strain-months", "721", "Between 0 and 720 months ago"),
        ("past-strain-months", "1e999999", "Between 0 and 720 months ago"),
        ("past-strain-months", "NaN", "Write a number."),
        ("sitting-hours", "1.23", "One decimal place"),
        ("sitting-hours", "many", "Write a number."),
        ("sitting-hours", "", "or skip the question"),
        ("onset", "", "or skip the question"),
        ("onset", "bony_point", "Choose one of these"),
        ("onset", "<script>alert(1)</script>", "Choose one of these"),
        ("onset", "x" * 100_000, "Choose one of these"),
    ],
)
def test_bad_answer_saves_nothing(
    as_alice: Client, alice: User, slug: str, typed: str, words: str
) -> None:
    response = as_alice.post(at(slug), {"value": typed})

    assert response.status_code == 422
    assert words in response.text
    assert "<script>alert" not in response.text
    assert stored(alice) == []


@pytest.mark.parametrize(
    "slug", ["care-first", "warning-screen", "run-log", "checkin-7days", "leeches", "past_strain"]
)
def test_what_is_no_question_has_no_page(as_alice: Client, slug: str) -> None:
    assert as_alice.get(at(slug)).status_code == 404
    assert as_alice.post(at(slug), {"value": "none"}).status_code == 404


def test_changed_answer_is_added_and_the_old_one_kept(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "gradual", ago=5)

    as_alice.post(at("onset"), {"value": "sudden"})

    assert stored(alice) == ["gradual", "sudden"]
    assert say(asked_of(alice, TODAY)[0].said) == "All at once, I can name the moment"


def test_the_same_answer_twice_is_one_row(as_alice: Client, alice: User) -> None:
    for _ in range(2):
        as_alice.post(at("sitting-hours"), {"value": "7"})
    assert stored(alice) == [7]


def test_answer_that_counts_is_filled_in(as_alice: Client, alice: User) -> None:
    answer(alice, "sitting_hours", 7.5, ago=3)
    assert 'value="7.5"' in as_alice.get(at("sitting-hours")).text


def test_without_consent_nothing_is_saved(as_alice: Client, alice: User) -> None:
    Consent.objects.all().delete()
    assert as_alice.post(at("onset"), {"value": "gradual"})["Location"] == "/settings/consent/"
    assert stored(alice) == []


# Where an answer leads


def test_answer_leads_to_the_next_one_that_is_open(as_alice: Client, alice: User) -> None:
    answer(alice, "spot", "mid_thigh")
    assert as_alice.post(at("onset"), {"value": "gradual"})["Location"] == at("sitting-hours")


def test_skip_leads_to_the_next_one_that_is_open(as_alice: Client, alice: User) -> None:
    answer(alice, "spot", "mid_thigh")
    assert f'href="{at("sitting-hours")}">Skip' in as_alice.get(at("onset")).text


def test_last_question_leads_back_to_guidance(as_alice: Client) -> None:
    assert as_alice.post(at("cold-sensitivity"), {"value": "no"})["Location"] == GUIDANCE
    assert f'href="{GUIDANCE}">Skip' in as_alice.get(at("stopped-running")).text


def test_single_question_of_guidance_leads_back_there(as_alice: Client) -> None:
    address = at("onset") + "?next=guidance"
    assert f'href="{GUIDANCE}">Skip' in as_alice.get(address).text
    assert as_alice.post(address, {"value": "gradual"})["Location"] == GUIDANCE


@pytest.mark.parametrize("hostile", ["//evil.example", "https://evil.example", "<b>"])
def test_next_leads_nowhere_else(as_alice: Client, hostile: str) -> None:
    response = as_alice.post(f"{at('onset')}?next={hostile}", {"value": "gradual"})
    assert response["Location"] == at("spot")


def test_answer_that_calls_for_care_is_told_at_once(
    as_alice: Client,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(at("spot"), {"value": "bony_point"})
    assert "a bone may be under too much stress" in as_alice.get(GUIDANCE).text
    assert say(Standing.objects.get(runner=alice).warning).startswith("Be seen this week")


def test_guidance_asks_its_question_with_a_button(as_alice: Client, alice: User) -> None:
    for ago in range(0, 28, 2):
        make_soreness(alice, days_ago(ago), intensity=4)
        make_run(alice, days_ago(ago + 16))
    assert f'href="{at("stopped-running")}?next=guidance"' in as_alice.get(GUIDANCE).text


def test_guidance_asks_for_the_warning_signs_with_a_button(as_alice: Client, alice: User) -> None:
    make_soreness(alice, kind="pain", intensity=5)
    page = as_alice.get(GUIDANCE).text
    assert '<a class="button small" href="/guidance/warning-signs/">Go through them</a>' in page


# All of them


def test_list_tells_answered_from_open(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "gradual", ago=12)

    page = folded(as_alice.get(LIST).text)

    assert "It crept in" in page
    assert "11 November 2026, 12 days ago" in page
    assert page.index("Where exactly do you feel it?") < page.index("It crept in")


@pytest.mark.parametrize(("ago", "faded"), [(89, False), (90, True), (400, True)])
def test_old_answer_is_asked_again(as_alice: Client, alice: User, ago: int, faded: bool) -> None:
    answer(alice, "onset", "gradual", ago=ago)
    assert ("ask again?" in as_alice.get(LIST).text) == faded
    assert asked_of(alice, TODAY)[0].is_due == faded


def test_answer_that_has_faded_is_asked_afresh(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "gradual", ago=120)
    page = as_alice.get(at("onset")).text
    assert "Answered 4 months ago, ask again" in page
    assert "checked" not in page


def due(runner: User) -> set[str]:
    return {one.slug for one in asked_of(runner, TODAY) if one.is_due}


def test_bone_question_is_asked_with_a_bone_sign_alone(alice: User) -> None:
    open_sign(alice, "limp")
    assert "bone-risk" not in due(alice)
    open_sign(alice, "hop_pain")
    assert "bone-risk" in due(alice)


@pytest.mark.parametrize(("ago", "asked"), [(13, False), (14, True)])
def test_stopped_running_is_asked_after_two_weeks(alice: User, ago: int, asked: bool) -> None:
    make_run(alice, days_ago(ago))
    assert ("stopped-running" in due(alice)) == asked


def test_runner_without_any_run_is_not_asked_why_they_stopped(alice: User) -> None:
    assert "stopped-running" not in due(alice)


def test_all_questions_are_the_knowledge_files(alice: User) -> None:
    data = {"warning_screen", "recheck_72h", "checkin_7days", "run_log", "front_hip_log"}
    left = {id_.partition(":")[2] for id_ in current_knowledge().questions} - data - {"care_first"}
    assert {one.question.id.partition(":")[2] for one in asked_of(alice, TODAY)} == left


def test_answers_are_the_runners_own(as_alice: Client, mallory: User) -> None:
    answer(mallory, "onset", "gradual")
    assert "It crept in" not in as_alice.get(LIST).text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (59, "8 weeks ago"),
        (60, "2 months ago"),
        (729, "24 months ago"),
        (730, "2 years ago"),
    ],
)
def test_age_in_words(days: int, words: str) -> None:
    assert say(age_said(days)) == words


@pytest.mark.parametrize("value", [0, 1, 7.5])
@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.id)
def test_every_number_is_said_with_its_unit(question: Any, value: float) -> None:
    unit = question.unit.replace("s ", " ", 1) if value == 1 else question.unit
    assert say(answer_said(question, PlainAnswer(TODAY, question.id, value))) == f"{value} {unit}"


@pytest.mark.parametrize("answers", [1, 4])
@pytest.mark.parametrize("address", [LIST, at("onset")])
def test_pages_take_six_queries(
    as_alice: Client,
    alice: User,
    address: str,
    answers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for ago in range(answers):
        answer(alice, "onset", "gradual", ago)
        open_sign(alice, "hop_pain", ago)
        make_run(alice, TODAY - dt.timedelta(days=ago))
    with django_assert_num_queries(6):
        as_alice.get(address)
