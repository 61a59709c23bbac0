"""Health to know about: what is ticked is kept with its day."""

from django.test import Client

from guidance.models import Answer
from runners.models import User
from tests.factories import TODAY


def test_care_first_is_kept_with_its_day(as_alice: Client, alice: User) -> None:
    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    answer = Answer.objects.get(runner=alice)
    assert (answer.question, answer.value, answer.day) == (
        "ask:care_first",
        ["blood_thinner"],
        TODAY,
    )


def test_care_first_refuses_none_beside_something(as_alice: Client) -> None:
    response = as_alice.post("/guidance/care-first/", {"values": ["none", "blood_thinner"]})

    assert response.status_code == 422
    assert not Answer.objects.exists()


def test_care_first_can_be_skipped_until_it_is_answered(as_alice: Client) -> None:
    page = as_alice.get("/guidance/care-first/").text
    assert 'href="/today/">Skip for now</a>' in page
    assert "Last answered" not in page

    as_alice.post("/guidance/care-first/", {"values": ["blood_thinner"]})

    page = as_alice.get("/guidance/care-first/").text
    assert "Skip for now" not in page
    assert "Last answered Monday 23 November" in page
    assert page.count(" checked") == 1


def test_care_first_shows_nothing_of_others(as_alice: Client, mallory: User) -> None:
    Answer.objects.create(
        runner=mallory, question="ask:care_first", value=["blood_thinner"], day=TODAY
    )

    page = as_alice.get("/guidance/care-first/").text

    assert " checked" not in page
    assert "Last answered" not in page
