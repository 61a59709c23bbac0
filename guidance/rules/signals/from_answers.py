"""Signals from answers, alone or together with a check or a pattern (knowledge base 1.6)."""

import datetime as dt
from collections.abc import Iterator

from guidance.rules.facts import Facts, Observation
from guidance.rules.ids import (
    ASK_BACK_LINKED,
    ASK_PAST_STRAIN_MONTHS,
    ASK_SITTING_EFFECT,
    ASK_SITTING_HOURS,
    ASK_SPOT,
    ASK_STRETCH_EFFECT,
    ASK_STRETCH_HABIT,
    ASK_WARM_UP_EFFECT,
    CHECK_SIT_BONE,
    FLAG_NUMB_TINGLE,
    FLAG_SUDDEN_POP,
    PATTERN_STRETCH_NO_HELP,
    SIG_BACK_LINKED,
    SIG_BELOW_KNEE,
    SIG_LONG_SITTING,
    SIG_PAST_STRAIN,
    SIG_SIT_BONE_SPOT,
    SIG_SIT_WORSE,
    SIG_STRETCH_LASTING,
    SIG_STRETCH_NO_HELP,
    SIG_STRETCH_OFTEN,
    SIG_STRETCH_WORSE,
    SIG_SUDDEN_MOMENT,
    SIG_WARM_THEN_RETURN,
)
from guidance.rules.log.sudden_onset import hamstring_moment_now
from guidance.rules.said import Said, Value
from guidance.rules.signals.from_checks import sit_bone_pressed
from guidance.rules.types import FlagAnswer

LONG_SITTING_H = 7
STRETCH_OFTEN_DAYS = 5
PAST_STRAIN_MONTHS = 12


def answer_signals(facts: Facts) -> Iterator[Observation]:
    yield from habits(facts)
    yield from stretching(facts)
    yield from sudden(facts)
    yield from sit_bone(facts)
    yield from nerve_and_back(facts)


def habits(facts: Facts) -> Iterator[Observation]:
    known = facts.current
    for question, signal, least in (
        (ASK_SITTING_HOURS, SIG_LONG_SITTING, LONG_SITTING_H),
        (ASK_STRETCH_HABIT, SIG_STRETCH_OFTEN, STRETCH_OFTEN_DAYS),
    ):
        value = known.number(question)
        if value is not None and value >= least:
            yield _answered(facts, signal, question, value=value)
    months = known.number(ASK_PAST_STRAIN_MONTHS)
    if months is not None and months <= PAST_STRAIN_MONTHS:
        yield _answered(facts, SIG_PAST_STRAIN, ASK_PAST_STRAIN_MONTHS)


def stretching(facts: Facts) -> Iterator[Observation]:
    question = ASK_STRETCH_EFFECT
    effect = facts.current.text(question)
    pattern = facts.pattern(PATTERN_STRETCH_NO_HELP)
    if effect == "none":
        yield _answered(facts, SIG_STRETCH_NO_HELP, question)
    elif pattern:
        yield Observation(SIG_STRETCH_NO_HELP, pattern.days, origin="log")
    elif effect == "eases_briefly":
        yield _answered(facts, SIG_STRETCH_NO_HELP, question, variant="brief")
    if effect == "worse":
        yield _answered(facts, SIG_STRETCH_WORSE, question)
    if effect == "eases_lasting":
        yield _answered(facts, SIG_STRETCH_LASTING, question)


def sudden(facts: Facts) -> Iterator[Observation]:
    pops = facts.current.open_flags.get(FLAG_SUDDEN_POP, ())
    moment = hamstring_moment_now(facts.log, facts.history)
    if moment:
        yield Observation(SIG_SUDDEN_MOMENT, (moment,))
    elif pops:
        yield Observation(SIG_SUDDEN_MOMENT, _days_said(pops))


def sit_bone(facts: Facts) -> Iterator[Observation]:
    """The sit bone by answer or by thumb; what it changes in the meaning of other answers."""
    known = facts.current
    spot = known.text(ASK_SPOT) == "sit_bone"
    pressed = sit_bone_pressed(facts)
    if pressed:
        day = known.checks[CHECK_SIT_BONE].day
        yield Observation(SIG_SIT_BONE_SPOT, (day,), origin="check")
    elif spot:
        yield _answered(facts, SIG_SIT_BONE_SPOT, ASK_SPOT)
    at_sit_bone = spot or pressed
    if known.text(ASK_SITTING_EFFECT) == "worse":
        variant = "with_sit_bone" if at_sit_bone else ""
        yield _answered(facts, SIG_SIT_WORSE, ASK_SITTING_EFFECT, variant=variant)
    if at_sit_bone and known.text(ASK_WARM_UP_EFFECT) == "eases_then_returns":
        yield _answered(facts, SIG_WARM_THEN_RETURN, ASK_WARM_UP_EFFECT)


def nerve_and_back(facts: Facts) -> Iterator[Observation]:
    known = facts.current
    tingling = known.open_flags.get(FLAG_NUMB_TINGLE, ())
    if known.text(ASK_SPOT) == "spreads_below_knee":
        yield _answered(facts, SIG_BELOW_KNEE, ASK_SPOT)
    elif tingling:
        yield Observation(SIG_BELOW_KNEE, _days_said(tingling))
    linked = known.text(ASK_BACK_LINKED)
    if linked in ("yes", "no"):
        variant = "no" if linked == "no" else ""
        yield _answered(
            facts, SIG_BACK_LINKED, ASK_BACK_LINKED, variant, answer=Said(f"answer.{linked}")
        )


def _answered(
    facts: Facts, signal: str, question: str, variant: str = "", **fields: Value
) -> Observation:
    day = facts.current.given_on(question)
    return Observation(signal, (day,), fields, variant, origin="answer")


def _days_said(flag_answers: tuple[FlagAnswer, ...]) -> tuple[dt.date, ...]:
    return tuple(sorted({given.since or given.day for given in flag_answers}))
