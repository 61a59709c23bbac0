"""The one thing asked next: step 8 of section 1.7, a to h."""

import pytest

from guidance.rules.types import FlagAnswer, History, Kind
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    both,
    check,
    day,
    history,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

HABIT = spots(WEEKLY)
CLEAR = (27, 24, 20, 17, 13, 10, 7, 3)
SCREEN = "ask:warning_screen"


def asks(of: History) -> str:
    return assessed(of).ask_next


def habit(*known: object, runs: bool = True) -> History:
    """A left hamstring of four weeks, with checks, answers and signs sorted out."""
    names = [type(one).__name__ for one in known]

    def of(kind: str) -> list[object]:
        return [one for one, name in zip(known, names, strict=True) if name == kind]

    return history(
        HABIT,
        clear=CLEAR,
        runs=steady_runs() if runs else (),
        checks=of("CheckResult"),  # type: ignore[arg-type]
        answers=of("Answer"),  # type: ignore[arg-type]
        flag_answers=of("FlagAnswer"),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("ago", "intensity", "kind", "asked"),
    [
        (6, 4, "pain", True),
        (6, 3, "pain", False),
        (7, 4, "pain", False),
        (6, 7, "tightness", True),
        (6, 6, "soreness", False),
    ],
)
def test_the_screen_comes_first_after_something_strong(
    ago: int, intensity: int, kind: Kind, asked: bool
) -> None:
    soreness = [*spots((26, 22, 19, 15, 12, 9)), spot(ago, intensity, kind=kind)]
    log = history(soreness, clear=CLEAR, runs=steady_runs())

    assert (asks(log) == SCREEN) == asked


def test_the_screen_is_asked_of_an_area_that_is_not_the_hamstring() -> None:
    calf = spots(WEEKLY, 3, area="calf")

    assert asks(history(calf, clear=CLEAR, runs=steady_runs())) == SCREEN
    assert asks(history(calf, clear=CLEAR, runs=steady_runs(), flag_answers=all_no())) == ""


def test_the_screen_is_not_asked_when_every_sign_is_answered() -> None:
    pain = [*HABIT, spot(0, 5, kind="pain")]
    clear = history(pain, clear=CLEAR, runs=steady_runs(), flag_answers=all_no())
    one_open = history(pain, clear=CLEAR, runs=steady_runs(), flag_answers=all_no(but=["limp"]))

    assert asks(clear) != SCREEN
    assert asks(one_open) == SCREEN


def test_a_week_of_check_ins_is_asked_of_a_sparse_log() -> None:
    assert asks(history(spots((9, 5, 1)), runs=steady_runs())) == "ask:checkin_7days"
    assert asks(history(spots((9, 5, 1)), clear=(3,), runs=steady_runs())) != "ask:checkin_7days"


def test_no_check_in_is_asked_of_what_is_named_from_a_single_day() -> None:
    runs = [*steady_runs()[:19], run(1, kind="race", effort=9)]

    assert asks(history(both((0,)), runs=runs)) == "ask:recheck_72h"


def test_runs_are_asked_for_where_none_was_ever_logged() -> None:
    assert asks(habit(runs=False)) == "ask:run_log"


@pytest.mark.parametrize(
    ("answer", "step"),
    [("", "ask:stopped_running"), ("no", "ask:run_log"), ("other", "check:straight_leg_raise")],
)
def test_a_pause_in_running_is_asked_about(answer: str, step: str) -> None:
    answers = [said("stopped_running", answer)] if answer else []
    log = history(HABIT, clear=CLEAR, runs=[run(30)], answers=answers)

    assert asks(log) == step


def test_an_answer_about_an_earlier_pause_does_not_count() -> None:
    answers = [said("stopped_running", "other", ago=40)]

    assert asks(history(HABIT, clear=CLEAR, runs=[run(30)], answers=answers)) == (
        "ask:stopped_running"
    )


@pytest.mark.parametrize(("worst", "step"), [(2, "ask:recheck_72h"), (3, "check:heel_dig")])
def test_a_recheck_is_asked_until_72_hours_past_the_worst_day(worst: int, step: str) -> None:
    soreness = [spot(ago, 6 if ago == worst else 4) for ago in range(worst, -1, -1)]
    answers = [said("onset", "one_stride")]

    log = history(
        soreness, clear=(9, 8), runs=steady_runs(), answers=answers, flag_answers=all_no()
    )

    found = assessed(log)
    assert (found.top_cause, found.ask_next) == ("alt:acute_hamstring_strain", step)


def test_where_nothing_separates_the_checks_come_in_order() -> None:
    raised = check("straight_leg_raise", 75, 75)
    bent = check("heel_to_seat", 8, 8)
    lifted = check("single_leg_bridge", 14, 14)

    assert asks(habit()) == "check:straight_leg_raise"
    assert asks(habit(raised)) == "check:heel_to_seat"
    assert asks(habit(raised, bent)) == "check:single_leg_bridge"
    assert asks(habit(raised, bent, lifted)) == "ask:spot"
    assert asks(habit(raised, bent, lifted, said("spot", "vague"))) == "ask:onset"


@pytest.mark.parametrize("first", [yes("night_pain"), said("care_first", ("surgery_3_months",))])
def test_questions_take_the_place_of_checks_that_are_not_allowed(first: object) -> None:
    assert asks(habit(first)) == "ask:spot"


def test_a_blocked_check_is_passed_over() -> None:
    sore_back = spot(20, 7, area="low_back", side="centre", kind="pain")
    bad_back = spot(12, 7, area="low_back", side="centre", kind="pain")

    def first(back: object) -> str:
        soreness = [*HABIT, back]
        return asks(history(soreness, clear=CLEAR, runs=steady_runs()))  # type: ignore[arg-type]

    assert first(sore_back) == "check:straight_leg_raise"
    assert first(bad_back) == "check:heel_to_seat"


def test_a_check_counts_as_answered_for_42_days() -> None:
    def step(ago: int) -> str:
        return asks(habit(check("straight_leg_raise", 75, 75, ago=ago)))

    assert step(41) == "check:heel_to_seat"
    assert step(42) == "check:straight_leg_raise"


def test_two_close_causes_ask_for_the_check_that_splits_them() -> None:
    nerve = [said("stretch_effect", "worse"), said("sitting_effect", "worse")]

    assert asks(habit(*nerve)) == "check:nerve_tension"


def test_the_leader_asks_for_its_own_best_next() -> None:
    long_raise = check("straight_leg_raise", 95, 80)

    assert asks(habit(long_raise)) == "check:sit_bone"
    with_sit_bone = check("sit_bone", {"press": 2, "sitting": 2}, {"press": 0, "sitting": 0})
    assert asks(habit(long_raise, with_sit_bone)) == "check:nerve_tension"


def test_nothing_is_asked_when_all_is_known() -> None:
    checks = [
        check("straight_leg_raise", 95, 80),
        check("sit_bone", {"press": 2, "sitting": 2}, {"press": 0, "sitting": 0}),
        check("nerve_tension", "no_change", "no_change"),
    ]

    assert asks(habit(*checks)) == ""


def test_nothing_is_asked_under_urgent_or_without_a_pattern() -> None:
    pain = [*HABIT, spot(0, 8, kind="pain")]

    assert (
        asks(history(pain, clear=CLEAR, runs=steady_runs(), flag_answers=[yes("fever_unwell")]))
        == ""
    )
    assert asks(history(clear=range(8), runs=steady_runs())) == ""


def test_without_anything_that_hurts_logging_is_asked_and_no_check() -> None:
    assert asks(history(clear=range(5), runs=steady_runs())) == "ask:checkin_7days"


def test_what_a_clinician_has_seen_is_not_asked_again_for_two_weeks() -> None:
    def screen(seen_ago: int) -> bool:
        seen = FlagAnswer(day(60), "flag:limp", True, seen_on=day(seen_ago))
        pain = [*HABIT, spot(0, 5, kind="pain")]
        flag_answers = [*all_no(but=["limp"]), seen]
        return (
            asks(history(pain, clear=CLEAR, runs=steady_runs(), flag_answers=flag_answers))
            == SCREEN
        )

    assert not screen(13)
    assert screen(14)
