"""Stopping the daily reminder by the link in its mail."""

import pytest
from django.test import Client

from runners.models import Reminder, User


@pytest.fixture
def reminder(alice: User) -> Reminder:
    return Reminder.objects.create(runner=alice, at="07:00", way="mail")


def test_link_asks_before_it_stops(reminder: Reminder, client: Client) -> None:
    page = client.get(f"/reminder/{reminder.token}/stop/").text
    assert "Stop the daily reminder?" in page
    assert Reminder.objects.exists()


def test_mail_programs_stop_it_twice_and_no_other(reminder: Reminder, bob: User) -> None:
    """Without a cookie, without a token of ours."""
    other = Reminder.objects.create(runner=bob, at="07:00", way="mail")
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(
            f"/reminder/{reminder.token}/stop/", {"List-Unsubscribe": "One-Click"}
        )
        assert response.status_code == 200
        assert "<h1>Stopped</h1>" in response.text
    assert list(Reminder.objects.all()) == [other]


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["made-up", "x" * 500])
def test_made_up_link_stops_nothing(reminder: Reminder, client: Client, token: str) -> None:
    assert client.post(f"/reminder/{token}/stop/").status_code == 200
    assert Reminder.objects.exists()
