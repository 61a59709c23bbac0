"""The result of a self-check: both sides, the ranges, and what guidance makes of it."""

import pytest
from django.test import Client

from runners.models import User
from tests.factories import days_ago, make_check_result, make_run
from tests.guidance.checks.sending import CHECKS, say_yes
from tests.guidance.stored import tight
from tests.pages import read


def test_result_page_shows_both_sides_beside_the_ranges(as_alice: Client, alice: User) -> None:
    make_check_result(
        alice, "single_leg_bridge", left=9, right=15, felt_left="back", felt_right="glutes"
    )
    page = read(as_alice, f"{CHECKS}single-leg-bridge/result/")
    assert "Left <b>9</b>" in page
    assert "Right <b>15</b>" in page
    assert "Under 10" in page
    assert "Left: in the low back" in page
    assert "The left side stays 40\N{NO-BREAK SPACE}% behind the right." in page
    assert "Counts until Sunday 3 January." in page
    assert "again from Monday 30 November" in page


def test_result_page_leaves_out_a_difference_that_does_not_count(
    as_alice: Client, alice: User
) -> None:
    make_check_result(alice, "single_leg_bridge", left=19, right=20)
    assert "behind" not in read(as_alice, f"{CHECKS}single-leg-bridge/result/")


@pytest.mark.parametrize(
    ("check", "left", "right", "words"),
    [
        ("hamstring_bridge", 22, 25, "Look again next week"),
        ("straight_leg_raise", 80, 62.5, "The sides are 17.5° apart"),
        ("heel_to_seat", 4, 9, "The sides are 5 cm apart"),
    ],
)
def test_result_page_says_what_a_difference_is_worth(
    as_alice: Client, alice: User, check: str, left: float, right: float, words: str
) -> None:
    make_check_result(alice, check, left=left, right=right)
    assert words in read(as_alice, f"{CHECKS}{check.replace('_', '-')}/result/")


def test_result_page_says_what_guidance_makes_of_it(as_alice: Client, alice: User) -> None:
    tight(alice)
    make_run(alice, days_ago(2), effort=3)
    make_check_result(alice, "straight_leg_raise", left=95, right=94)
    page = read(as_alice, f"{CHECKS}straight-leg-raise/result/")
    assert "This fits with: overstretched hamstrings." in page


def test_result_page_shows_earlier_results_and_marks_old_ones(
    as_alice: Client, alice: User
) -> None:
    for ago, value in ((0, 75), (10, 60), (41, 50), (42, 45)):
        make_check_result(alice, "plank", days_ago(ago), value=value)
    page = read(as_alice, f"{CHECKS}plank/result/")
    assert "60 s" in page
    assert page.count("too old to count") == 1
    assert page.count('<circle class="value') == 4
    assert "12 October: 45. 13 October: 50. 13 November: 60. 23 November: 75" in page


def test_result_page_of_an_old_result(as_alice: Client, alice: User) -> None:
    make_check_result(alice, "plank", days_ago(400), value=45)
    page = read(as_alice, f"{CHECKS}plank/result/")
    assert "Too old to count" in page
    assert "Do it again" in page


def test_result_page_under_a_warning_sign_names_no_cause(as_alice: Client, alice: User) -> None:
    tight(alice)
    make_check_result(alice, "straight_leg_raise", left=95, right=94)
    say_yes(alice, "flag:cannot_bear_weight")
    page = read(as_alice, f"{CHECKS}straight-leg-raise/result/")
    assert "A warning sign comes first" in page
    assert "Overstretched hamstrings" not in page


def test_result_page_without_a_result_leads_to_the_check(as_alice: Client, mallory: User) -> None:
    make_check_result(mallory, "plank", value=75)
    response = as_alice.get(f"{CHECKS}plank/result/")
    assert (response.status_code, response["Location"]) == (302, f"{CHECKS}plank/")
