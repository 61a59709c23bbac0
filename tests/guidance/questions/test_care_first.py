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
