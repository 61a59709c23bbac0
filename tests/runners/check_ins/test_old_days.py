"""A check-in more than a year back asks once whether the date is right."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from runners.models import CheckIn, User
from tests import pages
from tests.factories import TODAY, make_check_in, make_soreness

HTMX = {"HX-Request": "true"}
OLD = dt.date(2023, 11, 20)
CARRIED = re.compile(r'name="really" value="([^"]*)"')
QUESTION = "That is 3 years ago. Is the date right?"


def spot() -> dict[str, str]:
    return {
        "spot-0-place": "hamstring-left",
        "spot-0-kind": "tightness",
        "spot-0-intensity": "6",
        "spot-0-timing": "after",
        "spot-0-note": "",
        "note": "Stays.",
    }


def carried(response: Any) -> list[str]:
    return CARRIED.findall(response.content.decode())


@pytest.mark.parametrize("verb", ["", "all-clear/"])
@pytest.mark.parametrize("headers", [None, HTMX])
def test_old_day_asks_once_and_the_button_again_saves(
    as_alice: Client, alice: User, verb: str, headers: dict[str, str] | None
) -> None:
    address = f"/check-in/{OLD}/{verb}"
    sent = {"note": "Stays."} if verb else spot()

    first = as_alice.post(address, sent, headers=headers)
    page = first.content.decode()
    assert (first.status_code, carried(first)) == (422, [f"day {OLD}"])
    assert QUESTION in page
    assert "Stays." in page
    assert not CheckIn.objects.exists()
    second = as_alice.post(address, {**sent, "really": carried(first)}, headers=headers)

    assert second.status_code in (302, 200)
    check_in = CheckIn.objects.of(alice).get()
    assert (check_in.day, check_in.note) == (OLD, "Stays.")
    assert check_in.entries.count() == (0 if verb else 1)


def test_answer_is_not_for_another_day(as_alice: Client) -> None:
    response = as_alice.post("/check-in/2016-11-20/", {**spot(), "really": f"day {OLD}"})

    assert response.status_code == 422
    assert "That is 10 years ago." in response.content.decode()


def test_a_year_back_to_the_day_is_not_asked_about(as_alice: Client) -> None:
    year_back = TODAY.replace(year=2025)

    assert as_alice.post(f"/check-in/{year_back}/", spot()).status_code == 302
    before = year_back - dt.timedelta(days=1)
    assert as_alice.post(f"/check-in/{before}/", spot()).status_code == 422


def test_day_that_has_a_check_in_is_not_asked_about(as_alice: Client, alice: User) -> None:
    make_check_in(alice, OLD)

    seen = pages.carried(as_alice, f"/check-in/{OLD}/")
    assert as_alice.post(f"/check-in/{OLD}/", {**spot(), **seen}).status_code == 302


@pytest.mark.slow
def test_answer_outlives_mistakes_and_steps(as_alice: Client) -> None:
    """Without JavaScript each tap on the map is a request."""
    sent = {**spot(), "really": f"day {OLD}"}

    for button in ({"spot-0-intensity": ""}, {"add": "calf-right"}, {"take_out": "0"}):
        response = as_alice.post(f"/check-in/{OLD}/", {**sent, **button})
        assert carried(response) == [f"day {OLD}"]


def test_all_clear_of_an_old_day_with_spots_marked_asks_of_both(
    as_alice: Client, alice: User
) -> None:
    address = f"/check-in/{OLD}/all-clear/"
    first = as_alice.post(address, spot())
    sent = {**spot(), "really": carried(first)}

    second = as_alice.post(address, sent)
    assert "Yes, all clear" in second.content.decode()
    assert carried(second) == [f"day {OLD}"]
    as_alice.post(address, {**sent, "confirmed": "yes"})

    assert not CheckIn.objects.of(alice).get().entries.exists()


def test_stored_spots_of_an_old_day_ask_of_them_alone(as_alice: Client, alice: User) -> None:
    make_soreness(alice, OLD)

    seen = pages.carried(as_alice, f"/check-in/{OLD}/")
    response = as_alice.post(f"/check-in/{OLD}/all-clear/", seen)

    assert response.status_code == 200
    assert "Yes, all clear" in response.content.decode()
