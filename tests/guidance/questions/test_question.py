"""One question: what is stored, and where an answer leads."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from guidance.questions.queries import asked_of, questions, slug_of
from guidance.saying import say
from runners.models import Consent, Standing, User
from tests.factories import TODAY
from tests.guidance.questions.answering import GUIDANCE, LIST, answer, at, stored

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
    is_list = question.answer == "several"
    for option in question.offered:
        as_alice.post(at(slug_of(question.id)), {"value": option.value})
    words = [option.value for option in question.offered]
    assert stored(alice) == ([[word] for word in words] if is_list else words)


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


def test_several_answers_are_one_row(as_alice: Client, alice: User) -> None:
    both = ["missed_periods", "under_eating"]
    as_alice.post(at("bone-risk"), {"value": both})
    assert stored(alice) == [both]
    assert "Periods that stay away; Eating less than I burn" in as_alice.get(LIST).text


def test_none_of_these_stands_alone(as_alice: Client, alice: User) -> None:
    response = as_alice.post(at("bone-risk"), {"value": ["none", "under_eating"]})
    assert response.status_code == 422
    assert "Either none of these, or the ones that are true." in response.text
    assert stored(alice) == []


def test_a_word_no_longer_offered_is_shown_and_asked_again(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "at_once", ago=3)
    assert "All at once, I can name the moment" in as_alice.get(LIST).text
    assert asked_of(alice, TODAY)[0].is_due
    page = as_alice.get(at("onset")).text
    assert "at_once" not in page
    assert as_alice.post(at("onset"), {"value": "at_once"}).status_code == 422


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

    as_alice.post(at("onset"), {"value": "one_stride"})

    assert stored(alice) == ["gradual", "one_stride"]
    assert say(asked_of(alice, TODAY)[0].said) == "In one stride or step: I could point to it"


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


def test_answer_that_has_faded_is_asked_afresh(as_alice: Client, alice: User) -> None:
    answer(alice, "onset", "gradual", ago=120)
    page = as_alice.get(at("onset")).text
    assert "Answered 4 months ago, ask again" in page
    assert "checked" not in page
