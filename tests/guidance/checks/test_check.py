"""Doing a self-check: what is asked first, what is stored, and when not."""

import uuid
from typing import Any

import pytest
from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.models import CheckResult, Screen, ScreenResult
from guidance.saying import say
from runners.models import Consent, Standing, User
from tests.factories import TODAY, days_ago, make_check_result, make_run, make_soreness
from tests.guidance.checks.sending import CHECKS, SLUGS, say_care_first, say_yes, send
from tests.guidance.stored import tight
from tests.pages import read

# What speaks against it is asked first


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_each_check_asks_first_and_then_shows_how(as_alice: Client, slug: str) -> None:
    check = next(
        c for c in current_knowledge().checks.values() if c.id.endswith(slug.replace("-", "_"))
    )
    first = read(as_alice, f"{CHECKS}{slug}/")
    if check.blocks:
        assert "is any of these true?" in first
        assert all(say(block.said)[1:] in first for block in check.blocks)
        assert "<form method=post" not in first
    page = read(as_alice, f"{CHECKS}{slug}/?first=none")
    assert all(step in page for step in check.steps)
    assert '<svg class="drawing"' in page
    assert "Save result" in page


def test_what_a_check_asks_first_is_asked_once(as_alice: Client) -> None:
    page = read(as_alice, f"{CHECKS}straight-leg-raise/").lower()
    assert (page.count("tingl"), page.count("numb"), page.count("a pop")) == (1, 1, 1)


def test_one_of_these_is_not_today(as_alice: Client) -> None:
    page = read(as_alice, f"{CHECKS}plank/?first=some")
    assert "Then leave it for today" in page
    assert "/guidance/warning-signs/" in page
    assert "Save result" not in page


def test_a_hard_run_of_yesterday_is_named(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(1), kind="race")
    assert "a hard run on Sunday 22 November" in read(as_alice, f"{CHECKS}plank/")


def test_a_result_needs_the_answer_first(as_alice: Client) -> None:
    page = send(as_alice, "plank", asked="", value="60", status=422)
    assert "is any of these true?" in page
    assert not CheckResult.objects.exists()


def test_a_photo_needs_no_answer_first(as_alice: Client) -> None:
    send(as_alice, "pelvic-tilt-view", asked="", value="mild", status=302)
    assert CheckResult.objects.get().value == "mild"


def test_the_worse_side_comes_first(as_alice: Client, alice: User) -> None:
    tight(alice, side="right")
    page = read(as_alice, f"{CHECKS}heel-to-seat/?first=none")
    assert page.index("Right side") < page.index("Left side")


@pytest.mark.parametrize(
    ("slug", "kind", "seconds"),
    [
        ("plank", "up", "0"),
        ("sit-bone", "down", "1200"),
        ("single-leg-bridge", "beat", "2.0"),
        ("single-leg-squat", "beat", "2.0"),
    ],
)
def test_timer(as_alice: Client, slug: str, kind: str, seconds: str) -> None:
    page = read(as_alice, f"{CHECKS}{slug}/?first=none")
    assert f'data-kind="{kind}" data-seconds="{seconds}" hidden' in page


def test_no_timer_where_none_is_needed(as_alice: Client) -> None:
    assert "data-kind" not in read(as_alice, f"{CHECKS}toe-touch/?first=none")


@pytest.mark.parametrize(
    ("slug", "sides"), [("straight-leg-raise", 2), ("thomas-edge", 2), ("toe-touch", 0)]
)
def test_the_phone_can_measure_each_side(as_alice: Client, slug: str, sides: int) -> None:
    page = read(as_alice, f"{CHECKS}{slug}/?first=none")
    assert page.count("Measure with the phone") == sides
    assert page.count("js/level") == bool(sides)


# Saving


@pytest.mark.parametrize(
    ("slug", "sent", "stored"),
    [
        ("plank", {"value": "75"}, {"value": 75}),
        ("plank", {"value": "1:15"}, {"value": 75}),
        ("toe-touch", {"value": "−4,5"}, {"value": -4.5}),
        ("straight-leg-raise", {"left": "72", "right": "68.25"}, {"left": 72, "right": 68.2}),
        ("thomas-edge", {"left": "below", "right": "above"}, {"left": "below", "right": "above"}),
        ("heel-dig", {"left": "0", "right": "5"}, {"left": 0, "right": 5}),
        (
            "single-leg-bridge",
            {"left": "12", "right": "9", "felt_left": "glutes", "felt_right": ""},
            {"left": 12, "right": 9, "felt_left": "glutes", "felt_right": ""},
        ),
        (
            "sit-bone",
            {"left_press": "0", "left_sitting": "1", "right_press": "4", "right_sitting": "3"},
            {"left": {"press": 0, "sitting": 1}, "right": {"press": 4, "sitting": 3}},
        ),
    ],
)
def test_result_is_stored(
    as_alice: Client, alice: User, slug: str, sent: dict[str, str], stored: dict[str, Any]
) -> None:
    send(as_alice, slug, status=302, **sent)
    result = CheckResult.objects.get()
    assert (result.runner, result.day) == (alice, TODAY)
    assert {name: getattr(result, name) for name in stored} == stored


def test_a_result_renews_the_standing(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send(as_alice, "plank", value="75", status=302)
    assert Standing.objects.get(runner=alice).as_of == TODAY


def test_the_same_form_twice_is_one_row(as_alice: Client) -> None:
    uid = str(uuid.uuid4())
    for _ in range(2):
        send(as_alice, "plank", uid=uid, value="75", status=302)
    assert CheckResult.objects.count() == 1


def test_a_slip_is_corrected_the_same_day(as_alice: Client, alice: User) -> None:
    slip = make_check_result(alice, "plank", value=750)
    page = read(as_alice, f"{CHECKS}plank/?correct={slip.uid}")
    assert 'value="750"' in page
    send(as_alice, "plank", uid=str(slip.uid), value="75", status=302)
    assert CheckResult.objects.get().value == 75


def test_an_earlier_day_is_not_corrected(as_alice: Client, alice: User) -> None:
    old = make_check_result(alice, "plank", days_ago(1), value=750)
    assert "Save result" not in read(as_alice, f"{CHECKS}plank/?correct={old.uid}")
    send(as_alice, "plank", uid=str(old.uid), value="75", status=302)
    assert CheckResult.objects.get().value == 750


def test_the_uid_of_somebody_else_names_nothing(as_alice: Client, mallory: User) -> None:
    theirs = make_check_result(mallory, "plank", value=4321)
    assert "4321" not in read(as_alice, f"{CHECKS}plank/?correct={theirs.uid}")
    send(as_alice, "plank", uid=str(theirs.uid), value="75", status=302)
    theirs.refresh_from_db()
    assert theirs.value == 4321


def test_the_uid_of_another_check_changes_nothing(as_alice: Client, alice: User) -> None:
    other = make_check_result(alice, "plank", value=75)
    send(as_alice, "toe-touch", uid=str(other.uid), value="3", status=302)
    assert CheckResult.objects.get().value == 75


@pytest.mark.parametrize(
    ("slug", "value", "words"),
    [
        ("plank", "7201", "This can only be 0 to 7200 seconds."),
        ("plank", "-1", "This can only be 0 to 7200 seconds."),
        ("toe-touch", "-41", "This can only be −40 to 100 cm."),
        ("toe-touch", "100.1", "This can only be −40 to 100 cm."),
        ("plank", "nan", "Write a number of seconds"),
        ("plank", "1e3", "Write a number of seconds"),
        ("plank", "٣", "Write a number of seconds"),
        ("plank", "9" * 500, "Write a number of seconds"),
        ("plank", "<b>", "Write a number of seconds"),
        ("plank", "\0", "Write a number of seconds"),
        ("plank", "", "What was the result?"),
        ("pelvic-tilt-view", "sideways", "Choose one of these."),
    ],
)
def test_a_wrong_result_is_refused_with_the_range(
    as_alice: Client, slug: str, value: str, words: str
) -> None:
    page = send(as_alice, slug, value=value, status=422)
    assert words in page or "Null characters" in page
    assert not CheckResult.objects.exists()


def test_a_wrong_result_stays_typed(as_alice: Client) -> None:
    uid = str(uuid.uuid4())
    page = send(as_alice, "straight-leg-raise", uid=uid, left="72", right="181", status=422)
    assert "This can only be 0 to 180 degrees." in page
    assert 'value="72"' in page
    assert 'value="181"' in page
    assert uid in page


def test_both_sides_are_needed(as_alice: Client) -> None:
    page = send(as_alice, "heel-to-seat", left="4", right="", status=422)
    assert "Both sides are needed: guidance compares them" in page
    assert not CheckResult.objects.exists()


@pytest.mark.parametrize("pain", ["11", "-1", "2.5", "much"])
def test_pain_is_a_number_of_the_scale(as_alice: Client, pain: str) -> None:
    send(as_alice, "heel-dig", left="0", right=pain, status=422)
    assert not CheckResult.objects.exists()


def test_a_hostile_uid_is_refused(as_alice: Client) -> None:
    send(as_alice, "plank", uid="1; drop table", value="75", status=422)
    assert not CheckResult.objects.exists()


def test_without_consent_nothing_is_stored(as_alice: Client, alice: User) -> None:
    Consent.objects.of(alice).delete()
    send(as_alice, "plank", value="75", status=302)
    assert not CheckResult.objects.exists()


# Not now


def refused(client: Client, slug: str, words: str, **values: str) -> None:
    """The page says why and has no form; what is sent all the same is refused, and not stored."""
    before = CheckResult.objects.count()
    for page in (
        read(client, f"{CHECKS}{slug}/?first=none"),
        send(client, slug, status=422, **values),
    ):
        assert words in page
        assert "Save result" not in page
    assert CheckResult.objects.count() == before


def test_not_twice_in_a_week(as_alice: Client, alice: User) -> None:
    make_check_result(alice, "plank", days_ago(6), value=40)
    refused(as_alice, "plank", "Again from Tuesday 24 November", value="75")


def test_again_after_a_week(as_alice: Client, alice: User) -> None:
    make_check_result(alice, "plank", days_ago(7), value=40)
    send(as_alice, "plank", value="75", status=302)
    assert CheckResult.objects.count() == 2


@pytest.mark.parametrize("flag", ["flag:chest_breathless", "flag:numb_tingle"])
def test_not_under_a_warning_sign(as_alice: Client, alice: User, flag: str) -> None:
    say_yes(alice, flag)
    words = current_knowledge().flags[flag].name
    refused(as_alice, "plank", f"A warning sign must be looked at first: {words}.", value="75")


def test_not_under_a_sign_that_was_not_named(as_alice: Client, alice: User) -> None:
    Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=days_ago(1))
    refused(as_alice, "plank", "on Sunday 22 November you said that one of them", value="75")


def test_not_with_care_first(as_alice: Client, alice: User) -> None:
    say_care_first(alice)
    refused(as_alice, "toe-touch", "asks for extra care", value="3")


def test_not_with_what_the_check_names(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(2), area="knee", intensity=6, kind="pain")
    refused(as_alice, "heel-to-seat", "the knee hurts at 4 or more", left="3", right="3")
