"""The list of the questions: what is answered and open, and how an answer ages."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.knowledge import current_knowledge
from guidance.questions.queries import age_said, answer_said, asked_of, questions
from guidance.rules.types import Answer as PlainAnswer
from guidance.saying import say
from runners.models import User
from tests.factories import TODAY, days_ago, make_run
from tests.guidance.questions.answering import LIST, answer, at
from tests.guidance.warning_signs.test_warning_signs import open_sign
from tests.pages import folded

NUMBERS = [question for question in questions() if question.answer == "number"]


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
