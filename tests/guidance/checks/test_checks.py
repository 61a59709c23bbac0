"""The list of the self-checks, and what its pages cost."""

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.models import User
from tests.factories import days_ago, make_check_result, make_run, make_soreness
from tests.guidance.checks.sending import CHECKS, OFFERED, SLUGS, say_yes
from tests.guidance.stored import tight
from tests.pages import read


def test_list_names_every_check_with_its_minutes(as_alice: Client) -> None:
    page = read(as_alice, CHECKS)
    for slug, check in zip(SLUGS, OFFERED.values(), strict=True):
        assert f'<a href="{CHECKS}{slug}/">{check.name}</a>' in page
        assert f"{check.minutes} min" in page


def test_list_shows_results_and_when_again(as_alice: Client, alice: User) -> None:
    make_check_result(alice, "straight_leg_raise", days_ago(3), left=64, right=71.5)
    make_check_result(alice, "plank", days_ago(50), value=40)
    page = read(as_alice, CHECKS)
    assert "Left 64, right 71.5°" in page
    assert "Again from Friday 27 November." in page
    assert "40 s" in page
    assert page.count("too old to count") == 1


def test_list_keeps_a_retired_check_that_was_done(as_alice: Client, alice: User) -> None:
    page = read(as_alice, CHECKS)
    assert "Single-leg stand" not in page
    make_check_result(alice, "single_leg_stand", days_ago(3), left="no", right="yes")
    page = read(as_alice, CHECKS)
    assert "Left level, right drops" in page
    assert "It says too little and is no longer offered." in page
    address = f"{CHECKS}single-leg-stand/"
    assert "<form" not in read(as_alice, address).partition("<main")[2].partition("</main>")[0]
    sent = {"left": "no", "right": "no", "asked": "none", "uid": str(uuid.uuid4())}
    assert as_alice.post(address, sent).status_code == 422
    assert "Left level, right drops" in read(as_alice, CHECKS)


def test_list_puts_first_what_guidance_asks(as_alice: Client, alice: User) -> None:
    tight(alice)
    make_run(alice, days_ago(2), effort=3)
    page = read(as_alice, CHECKS)
    asked = page.index("What guidance would like to know most")
    assert page.index('href="/guidance/checks/straight-leg-raise/"') < asked
    assert asked < page.index('href="/guidance/checks/single-leg-bridge/"')


def test_list_under_a_warning_sign_keeps_results_and_offers_nothing(
    as_alice: Client, alice: User
) -> None:
    make_check_result(alice, "plank", days_ago(20), value=40)
    say_yes(alice, "flag:night_pain")
    page = read(as_alice, CHECKS)
    assert "A warning sign must be looked at first" in page
    assert "40 s" in page
    assert f'href="{CHECKS}plank/"' not in page


def test_list_shows_nothing_of_others(as_alice: Client, mallory: User) -> None:
    make_check_result(mallory, "plank", value=4321)
    assert "4321" not in read(as_alice, CHECKS)


# What it costs


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [(CHECKS, 4), (f"{CHECKS}plank/", 4), (f"{CHECKS}plank/result/", 5)],
)
def test_pages_cost_the_same_with_many_results(
    as_alice: Client,
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
    rows: int,
) -> None:
    for row in range(rows):
        make_check_result(alice, "plank", days_ago(7 * (row + 1)), value=row)
        make_soreness(alice, days_ago(row))
    with django_assert_num_queries(queries):
        as_alice.get(address)
