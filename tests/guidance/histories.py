"""Hypothesis strategies for histories that are rich enough to lead somewhere.

Most are a habit of one area with whatever else may be known, so that causes do lead; the rest are
anything at all. A history is built from one drawn number: drawing each of its few hundred values
from Hypothesis took 30 ms a history, this takes one.
"""

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any, get_args

from hypothesis import strategies as st

from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Check, Question
from guidance.rules.types import (
    AREAS,
    Answer,
    CheckResult,
    FlagAnswer,
    History,
    Kind,
    PlanInForce,
    RemedyDone,
    Run,
    RunKind,
    Side,
    Soreness,
    Timing,
)
from tests.guidance.logs import TODAY

KNOWN = current_knowledge()
ASKED = [flag.id for flag in KNOWN.flags.values() if flag.asked]
REMEDIES = list(KNOWN.remedies)
ASKABLE = [q for q in KNOWN.questions.values() if q.answer != "data" and q.id != "ask:care_first"]
MAIN_AREAS = ("hamstring",) * 8 + AREAS
NEIGHBOURS = ("quad", "hip_flexor", "glute", "low_back", "calf")
HABITS = (
    (26, 22, 19, 15, 12, 8, 5, 1),
    (27, 20, 13, 8, 6, 2, 0),
    (23, 16, 9, 6, 2, 0),
    (5, 4, 3, 2, 1, 0),
    (1, 0),
    (),
)
# What speaks for one explanation, as answers and as checks (left or the only value, and right).
THEMES: tuple[tuple[dict[str, Any], dict[str, tuple[Any, Any]]], ...] = (
    ({"sitting_hours": 9}, {"heel_to_seat": (14, 5), "thomas_edge": ("above", "below")}),
    ({"stretch_effect": "none", "stretch_habit": 7}, {"toe_touch": (-10, None)}),
    ({"stretch_effect": "none"}, {"straight_leg_raise": (96, 80), "toe_touch": (-8, None)}),
    ({}, {"single_leg_bridge": (8, 14), "plank": (40, None), "single_leg_squat": ("poor", "good")}),
    ({"spot": "sit_bone", "sitting_effect": "worse"}, {"sit_bone": ({"press": 5}, {"press": 0})}),
    ({"spot": "spreads_below_knee"}, {"nerve_tension": ("changes_with_neck_or_ankle", None)}),
    ({"back_linked": "yes", "sitting_hours": 8}, {}),
    ({"onset": "one_stride"}, {"heel_dig": (5, 0)}),
)
TIMINGS: tuple[Timing, ...] = get_args(Timing)
KINDS: tuple[Kind, ...] = get_args(Kind)
RUN_KINDS: tuple[RunKind, ...] = get_args(RunKind)


def day(chance: Random, most: int) -> dt.date:
    return TODAY - dt.timedelta(chance.randint(0, most))


def side_of(chance: Random, area: str) -> Side:
    sides: tuple[Side, ...] = ("left", "left", "right")
    return chance.choice(("left", "right", "centre") if area == "low_back" else sides)


def habit(chance: Random, areas: tuple[str, ...]) -> list[Soreness]:
    """One area on the days of a habit, on one side or both, and perhaps a neighbour with it."""
    area = chance.choice(areas)
    kind = chance.choice(("tightness", "tightness", "tightness", *KINDS))
    side = side_of(chance, area)
    sides: tuple[Side, ...] = ("left", "right") if chance.random() < 0.25 else (side,)
    neighbour = chance.choice((*NEIGHBOURS, "", "", ""))
    sit_bone = chance.choice((0, 0, 0, 0, 0.8))
    found = []
    for ago in chance.choice(HABITS):
        on = TODAY - dt.timedelta(ago)
        at = chance.randint(3, 6)
        timing = chance.choice(("next_morning", "next_morning", *TIMINGS))
        there = area == "hamstring" and chance.random() < sit_bone
        found += [Soreness(on, area, one, kind, at, timing, sit_bone=there) for one in sides]
        if neighbour and chance.random() < 0.7:
            beside: Side = "centre" if neighbour == "low_back" else side
            found.append(Soreness(on, neighbour, beside, "tightness", at, timing))
    return found


def any_spot(chance: Random) -> Soreness:
    area = chance.choice(MAIN_AREAS)
    return Soreness(
        day(chance, 45),
        area,
        side_of(chance, area),
        chance.choice(KINDS),
        chance.randint(0, 10),
        chance.choice(TIMINGS),
        chance.choice((None, None, chance.randint(0, 120))),
        sit_bone=area == "hamstring" and chance.random() < 0.2,
    )


def any_run(chance: Random) -> Run:
    return Run(
        day(chance, 60),
        chance.choice((None, chance.randint(3_000, 25_000), 8_000, 8_000)),
        chance.randint(900, 9_000),
        chance.choice((None, chance.randint(1, 10), 3)),
        chance.choice((None, *RUN_KINDS)),
        chance.choice((None, None, chance.randint(0, 120))),
        chance.choice((6.0, 12.0, 21.5)),
    )


def number_for(chance: Random, check: Check) -> float:
    """Near the edges of the check's bands, where the rules decide."""
    edges = [edge for band in check.bands for edge in (band.low, band.high) if edge is not None]
    low, high = check.low or 0, check.high or 0
    return max(low, min(high, round(chance.choice(edges)) + chance.choice((-3, -1, 0, 1))))


def result_for(chance: Random, check: Check) -> Any:
    if check.options:
        return chance.choice(check.options).value
    if check.result == "press_and_sitting":
        return {"press": number_for(chance, check), "sitting": number_for(chance, check)}
    return number_for(chance, check)


def any_check(chance: Random) -> CheckResult:
    check = chance.choice(list(KNOWN.checks.values()))
    on = day(chance, 50)
    if not check.both_sides:
        return CheckResult(on, check.id, value=result_for(chance, check))
    left = result_for(chance, check) if chance.random() < 0.9 else None
    right = result_for(chance, check) if chance.random() < 0.9 else None
    felt = ("", "glutes", "hamstring") if check.felt else ("",)
    return CheckResult(on, check.id, left, right, None, chance.choice(felt), chance.choice(felt))


def value_for(chance: Random, question: Question) -> Any:
    if question.answer == "choice":
        return chance.choice(question.options).value
    if question.answer == "several":
        return tuple(option.value for option in chance.sample(question.options, 2))
    return chance.choice((None, chance.randint(0, 12)))


def any_answer(chance: Random) -> Answer:
    question = chance.choice(ASKABLE)
    return Answer(day(chance, 95), question.id, value_for(chance, question))


def any_sign(chance: Random) -> FlagAnswer:
    return FlagAnswer(
        day=day(chance, 400),
        flag=chance.choice(ASKED),
        yes=chance.random() < 0.5,
        since=chance.choice((None, day(chance, 400), day(chance, 3))),
        area=chance.choice(("", "", "groin", "shin", "hamstring")),
        seen_on=chance.choice((None, day(chance, 30))),
        mistaken=chance.random() < 0.2,
    )


def any_plan(chance: Random) -> PlanInForce:
    remedies = tuple(chance.sample(REMEDIES, chance.randint(0, 5)))
    return PlanInForce(day(chance, 60), remedies, chance.randint(0, 30), chance.randint(0, 30))


def theme(chance: Random) -> tuple[list[Answer], list[CheckResult]]:
    """Most of what speaks for one explanation, given and measured in the last weeks."""
    answers, checks = chance.choice(THEMES)
    told = [
        Answer(day(chance, 10), f"ask:{question}", value) for question, value in answers.items()
    ]
    measured = []
    for name, (left, right) in checks.items():
        found = CheckResult(day(chance, 30), f"check:{name}", left, right)
        if not KNOWN.checks[found.check].both_sides:
            found = CheckResult(found.day, found.check, value=left)
        measured += [found] if chance.random() < 0.9 else []
    return told, measured


def history_of(number: int) -> History:
    chance = Random(number)
    themed = chance.random() < 0.6
    areas = ("hamstring",) if themed else MAIN_AREAS
    soreness = [
        *habit(chance, areas),
        *(any_spot(chance) for _ in range(chance.choice((0, 0, 3, 8)))),
    ]
    logged = dict.fromkeys((spot.day for spot in soreness), False)
    clear = dict.fromkeys((day(chance, 28) for _ in range(chance.choice((0, 6, 15)))), False)
    partial = {d: True for d in (*logged, TODAY) if chance.random() < chance.choice((0, 0, 0.2))}
    told = [any_answer(chance) for _ in range(chance.choice((0, 3, 8)))]
    checks = [any_check(chance) for _ in range(chance.choice((0, 4, 10)))]
    if themed:
        told, checks = theme(chance)
    care = chance.choice((None, None, None, None, None, ("none",), ("blood_thinner",)))
    if care:
        told.append(Answer(TODAY, "ask:care_first", care))
    flag_answers = [any_sign(chance) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    if chance.random() < 0.5:
        flag_answers += [FlagAnswer(TODAY, flag, yes=False) for flag in ASKED]
    runs = [any_run(chance) for _ in range(chance.choice((0, 6, 12)))]
    if chance.random() < 0.5:
        runs += [Run(TODAY - dt.timedelta(n), 8_000, 2_900, 3, "easy") for n in range(1, 50, 2)]
    favourites = (*REMEDIES, *[chance.choice(REMEDIES)] * len(REMEDIES))
    done = [(day(chance, 45), chance.choice(favourites)) for _ in range(chance.choice((0, 5, 40)))]
    of = History(
        today=TODAY,
        soreness=tuple(soreness),
        check_in_days=clear | logged | partial,
        runs=tuple(runs),
        run_before=chance.choice((None, day(chance, 190))),
        checks=tuple(checks),
        remedies_done=tuple(RemedyDone(on, remedy) for on, remedy in done),
        answers=tuple(told),
        flag_answers=tuple(flag_answers),
        plan=chance.choice((None, any_plan(chance))),
        age=chance.choice((None, 16, 30, 30, 30, 30, 30)),
    )
    return replace(of, known_running=known_running(of))


numbers = st.integers(0, 2**32 - 1)
histories = numbers.map(history_of)
chances = numbers.map(Random)  # to choose a row, a day or an order by


def yes_of(number: int) -> FlagAnswer:
    """A plain yes that nobody has seen."""
    chance = Random(number)
    since = chance.choice((None, day(chance, 400)))
    area = chance.choice(("", "groin", "shin"))
    return FlagAnswer(day(chance, 400), chance.choice(ASKED), True, since, area)


yes_signs = numbers.map(yes_of)
