"""What is told after a first sore spot, and what to do in one clause (knowledge base 5a and 7a)."""

import pytest

from guidance.rules.types import FlagAnswer, History
from guidance.saying import say
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    check,
    history,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

PAIN_RULE, EASY, AGAIN, SEEN = (
    "While running, 0 to 2",
    "Keep it easy for three days",
    "Look again on",
    "Be seen today if",
)
ALL = [PAIN_RULE, EASY, AGAIN, SEEN]


def told(of: History) -> list[str]:
    """How each line begins."""
    words = [say(one) for one in assessed(of).first_days]
    return [start for one in words for start in ALL if one.startswith(start)]


def test_a_first_sore_spot_is_told_what_helps() -> None:
    assert told(history([spot(0, 4)])) == ALL


def test_below_3_nothing_has_to_be_easy() -> None:
    assert told(history([spot(0, 2)])) == [PAIN_RULE, AGAIN, SEEN]
    assert told(history([spot(0, 0)])) == []


@pytest.mark.parametrize(
    ("earlier", "says"),
    [(3, True), (4, False), (27, False), (28, True)],
)
def test_a_mark_of_days_4_to_27_makes_it_no_first_bout(earlier: int, says: bool) -> None:
    assert bool(told(history([spot(0, 4), spot(earlier, 1)]))) is says


def test_unknown_days_neither_help_nor_hinder() -> None:
    assert told(history([spot(0, 4)], clear=range(1, 20))) == ALL
    assert told(history([spot(0, 4)], partial=(9, 8))) == ALL


def test_the_highest_area_of_the_last_days_is_the_one() -> None:
    knee = [spot(9, 2, area="knee"), spot(0, 4, area="knee")]
    assert told(history([*knee, spot(0, 5)])) == ALL
    assert told(history([*knee, spot(0, 3)])) == []
    assert told(history([*knee, spot(0, 4)])) == ALL  # of equal ones the first on the map


@pytest.mark.parametrize(
    "of",
    [
        history([spot(0, 4), *spots(WEEKLY, area="calf")]),  # something keeps coming back
        history([spot(1, 4)], runs=[*steady_runs()[:20], run(2, kind="race", effort=9)]),  # named
        history([spot(0, 6, kind="pain")]),  # a sign of the log
        history([spot(0, 4)], flag_answers=[yes("numb_tingle")]),
        history([spot(0, 4)], answers=[said("care_first", ("blood_thinner",))]),
        history([spot(0, 4)], age=16),
    ],
    ids=["recurring", "leads", "derived", "asked", "care", "young"],
)
def test_where_more_is_known_it_says_nothing(of: History) -> None:
    assert told(of) == []


def test_it_says_so_while_care_first_is_open_or_none() -> None:
    assert told(history([spot(0, 4)], answers=[said("care_first", ("none",))])) == ALL
    assert told(history([spot(0, 4)], age=18)) == ALL


def test_the_warning_signs_come_before_the_pain_rule() -> None:
    strong = [spot(0, 4, kind="pain")]
    assert assessed(history(strong)).ask_next == "ask:warning_screen"
    assert told(history(strong)) == [EASY, AGAIN, SEEN]
    assert told(history(strong, flag_answers=all_no())) == ALL


@pytest.mark.parametrize(
    ("first", "day"), [(0, "Thursday 26"), (2, "Tuesday 24"), (3, "Monday 23")]
)
def test_look_again_is_the_third_day_after_the_first_mark(first: int, day: str) -> None:
    of = history(spots(range(first, -1, -1), 2))
    assert f"Look again on {day} November." in [say(one) for one in assessed(of).first_days]


# What to do, in one clause


def clause(of: History) -> str:
    return say(assessed(of).to_do)


def signed(*signs: FlagAnswer) -> History:
    return history([spot(0, 3)], flag_answers=signs)


def test_urgent_says_to_stop_and_be_seen_today() -> None:
    assert clause(signed(yes("cannot_bear_weight"))) == "Stop running and be seen today"


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        (yes("night_pain"), "Leave out the run that hurts and be seen by Monday"),
        (yes("night_pain", 5), "Leave out the run that hurts and be seen by Wednesday"),
        (yes("night_pain", 7), "Leave out the run that hurts and be seen today"),
        (yes("night_pain", 90), "Leave out the run that hurts and be seen today"),
        (yes("bruising_swelling"), "Leave out the run that hurts and be seen by Thursday"),
        (yes("hop_pain"), "No running, and be seen by Monday"),
    ],
)
def test_a_sign_says_by_when_to_be_seen(sign: FlagAnswer, words: str) -> None:
    assert clause(signed(sign)) == words


def test_the_first_of_several_days_counts() -> None:
    both = signed(yes("night_pain", 1), yes("bruising_swelling", 1))
    assert clause(both) == "Leave out the run that hurts and be seen by Wednesday"


def test_a_routine_sign_keeps_the_plan() -> None:
    tendon = history(
        spots(WEEKLY),
        clear=(6, 3),
        runs=steady_runs(),
        checks=[check("sit_bone", {"press": 5.0}, {"press": 0.0})],
        flag_answers=all_no(),
    )
    assert clause(tendon) == "Keep the plan and have it looked at"


def test_ease_says_when_to_look_again() -> None:
    eased = history([spot(1, 6, kind="pain")], flag_answers=all_no())
    assert clause(eased) == "Ease off: easy runs only, look again on Wednesday"


def test_a_strain_waits_for_painless_walking() -> None:
    strained = history([spot(0, 4)], answers=[said("onset", "one_stride")], flag_answers=all_no())
    assert clause(strained) == "No running until walking is painless, look again on Thursday"


def test_calm_says_to_run_on() -> None:
    assert clause(history()) == "Run on, and keep checking in"
