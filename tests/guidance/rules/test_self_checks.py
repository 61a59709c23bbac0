"""Which self-checks are not for today, and how a result reads."""

from pathlib import Path

import pytest

from guidance.cases import read_cases
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from guidance.rules.plan.next_step import is_check_open
from guidance.rules.plan.not_now import NotNow, again_on
from guidance.rules.self_checks import (
    band_of,
    checks_not_allowed,
    counts_until,
    hard_run_lately,
    side_gap,
    signals_of_check,
    still_counts,
)
from guidance.rules.types import History
from guidance.saying import say
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    check,
    day,
    history,
    run,
    said,
    spot,
    spots,
    yes,
)

CHECKS = {id_: one for id_, one in current_knowledge().checks.items() if not one.retired}
RETIRED = set(current_knowledge().checks) - set(CHECKS)
TEXT = (Path(__file__).parents[2] / "data" / "vignettes.json").read_text(encoding="utf-8")
CASES = {case.id: case.history for case in read_cases(TEXT, current_knowledge())}


def not_allowed(of: History) -> dict[str, NotNow]:
    """Of those that are offered at all."""
    found = checks_not_allowed(assess(of, current_knowledge()))
    assert found.keys() >= RETIRED
    return {id_.removeprefix("check:"): found[id_] for id_ in CHECKS if id_ in found}


def why(of: History, name: str) -> str:
    return " ".join(say(one) for one in not_allowed(of)[name].why)


def test_nothing_stands_against_a_check_of_a_plain_history() -> None:
    assert not_allowed(history(spots(WEEKLY))) == {}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_what_may_be_asked_next(name: str) -> None:
    of = CASES[name]
    found = assess(of, current_knowledge())
    flags = found.assessment.flags
    asked = {id_ for id_ in CHECKS if is_check_open(id_, found.circumstances, flags)}

    assert asked == set(CHECKS) - set(checks_not_allowed(found)) - set(found.facts.current.checks)


def test_a_retired_check_is_for_no_day() -> None:
    found = checks_not_allowed(assess(history(), current_knowledge()))["check:single_leg_stand"]
    assert [say(one) for one in found.why] == [
        "It says too little and is no longer offered. What was measured stays here to be read."
    ]


@pytest.mark.parametrize(("ago", "held_back"), [(0, True), (6, True), (7, False)])
def test_once_a_week(ago: int, held_back: bool) -> None:
    found = not_allowed(history(checks=[check("plank", value=70, ago=ago)]))
    assert ("plank" in found) == held_back
    assert set(found) <= {"plank"}


def test_once_a_week_says_when_again() -> None:
    found = not_allowed(history(checks=[check("plank", value=70, ago=2)]))["plank"]
    assert found.again == day(-5)
    assert [say(one) for one in found.why] == [
        "Done on Saturday 21 November. Once a week is enough."
    ]


@pytest.mark.parametrize("flag", ["cannot_bear_weight", "night_pain"])
def test_a_sign_that_must_be_seen_stops_every_check(flag: str) -> None:
    found = not_allowed(history(spots(WEEKLY), flag_answers=[yes(flag)]))
    assert len(found) == len(CHECKS)
    name = current_knowledge().flags[f"flag:{flag}"].name
    first = say(found["pelvic_tilt_view"].why[0])
    assert first == f"A warning sign must be looked at first: {name}."
    assert found["pelvic_tilt_view"].again is None


def test_a_sign_to_watch_stops_only_the_checks_it_is_named_at() -> None:
    found = not_allowed(history([spot(0)], flag_answers=[yes("limp", since=0)]))
    assert {"single_leg_squat", "heel_dig"} <= set(found)
    assert "toe_touch" not in found


def test_a_sign_that_was_seen_stops_nothing() -> None:
    assert not_allowed(history(spots(WEEKLY), flag_answers=all_no())) == {}


def test_care_first_stops_every_check() -> None:
    of = history(answers=[said("care_first", ("blood_thinner",), ago=150)])
    assert len(not_allowed(of)) == len(CHECKS)
    assert "extra care" in why(of, "toe_touch")


def test_youth_stops_every_check() -> None:
    assert len(not_allowed(history(age=17))) == len(CHECKS)


def test_a_warning_sign_is_told_before_care_first() -> None:
    of = history(flag_answers=[yes("night_pain")], answers=[said("care_first", ("blood_thinner",))])
    assert "warning sign" in why(of, "plank")


@pytest.mark.parametrize(
    ("ago", "pain", "held_back"), [(13, 4, True), (14, 4, False), (0, 3, False)]
)
def test_pain_of_the_back_stops_the_plank(ago: int, pain: int, held_back: bool) -> None:
    of = history([spot(ago, pain, area="low_back", side="centre", kind="pain")])
    assert ("plank" in not_allowed(of)) == held_back


def test_a_block_is_told_in_its_words() -> None:
    of = history([spot(3, 5, area="knee", kind="pain")])
    assert why(of, "heel_to_seat") == "Not now, because the knee hurts at 4 or more."


@pytest.mark.parametrize(("press", "held_back"), [(3, True), (2, False)])
def test_a_sore_sit_bone_stops_the_hamstring_bridge(press: int, held_back: bool) -> None:
    side = {"press": press, "sitting": 0}
    of = history(checks=[check("sit_bone", side, {"press": 0, "sitting": 0}, ago=10)])
    assert ("hamstring_bridge" in not_allowed(of)) == held_back


def test_dates_of_a_result() -> None:
    assert again_on(day(7)) == day(0)
    assert counts_until(day(41)) == day(0)
    assert still_counts(day(41), day(0))
    assert not still_counts(day(42), day(0))


@pytest.mark.parametrize(
    ("ago", "effort", "found"), [(0, 7, 0), (1, 7, 1), (2, 7, None), (0, 6, None), (1, None, None)]
)
def test_hard_run_lately(ago: int, effort: int | None, found: int | None) -> None:
    of = history(runs=[run(ago, effort=effort)])
    assert hard_run_lately(of) == (None if found is None else day(found))


@pytest.mark.parametrize(
    ("name", "result", "word"),
    [
        ("single_leg_bridge", 9.9, "low"),
        ("single_leg_bridge", 10, "fair"),
        ("single_leg_bridge", 14.9, "fair"),
        ("single_leg_bridge", 15, "good"),
        ("straight_leg_raise", 60, "short"),
        ("straight_leg_raise", 60.1, "limited"),
        ("straight_leg_raise", 90, "long"),
        ("toe_touch", -40, "long"),
        ("toe_touch", 0, "between"),
        ("single_leg_squat", "poor", "poor"),
        ("single_leg_stand", "no", "level"),
    ],
)
def test_band_of(name: str, result: float | str, word: str) -> None:
    band = band_of(current_knowledge().checks[f"check:{name}"], result)
    assert band is not None
    assert band.word == word


@pytest.mark.parametrize("name", CHECKS)
def test_every_result_that_can_be_typed_has_one_range(name: str) -> None:
    """In steps of a tenth, which is what the form lets through."""
    entry = CHECKS[name]
    results: list[float | str] = [option.value for option in entry.options]
    if entry.low is not None and entry.high is not None:
        results += [tenths / 10 for tenths in range(int(entry.low * 10), int(entry.high * 10) + 1)]
    assert all(band_of(entry, result) for result in results)


@pytest.mark.parametrize(
    ("name", "left", "right", "gap"),
    [
        ("single_leg_bridge", 20, 17, "counts"),
        ("single_leg_bridge", 20, 17.1, "again"),
        ("single_leg_bridge", 10, 8, "again"),  # a fifth, but fewer than 3 repetitions
        ("single_leg_bridge", 20, 18, "again"),
        ("single_leg_bridge", 20, 18.1, ""),
        ("single_leg_bridge", 0, 0, ""),
        ("hamstring_bridge", 8, 10, "counts"),
        ("straight_leg_raise", 80, 70, "counts"),
        ("straight_leg_raise", 80, 71, ""),
        ("heel_to_seat", 1, 5, "counts"),
        ("heel_to_seat", 0, 3.9, ""),
        ("heel_dig", 0, 9, ""),
    ],
)
def test_side_gap(name: str, left: float, right: float, gap: str) -> None:
    assert side_gap(CHECKS[f"check:{name}"], left, right) == gap
    assert side_gap(CHECKS[f"check:{name}"], right, left) == gap


def test_signals_of_a_check_are_its_own() -> None:
    of = history(
        spots(WEEKLY),
        checks=[check("plank", value=30), check("straight_leg_raise", 95, 92)],
    )
    found = assess(of, current_knowledge())
    assert signals_of_check(found, "check:plank") == {"sig:plank_low"}
    assert signals_of_check(found, "check:straight_leg_raise") == {"sig:slr_long"}
    assert signals_of_check(found, "check:heel_to_seat") == set()


def test_signals_of_the_sit_bone() -> None:
    sore, clear = {"press": 5, "sitting": 4}, {"press": 0, "sitting": 0}
    of = history(spots(WEEKLY), checks=[check("sit_bone", sore, clear)])
    found = assess(of, current_knowledge())
    assert signals_of_check(found, "check:sit_bone") == {"sig:sit_bone_spot"}
