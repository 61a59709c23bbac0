"""Signals from answers, alone or together with a check or a pattern (knowledge base 1.6)."""

import datetime as dt
from collections.abc import Iterator

from guidance.rules.facts import Facts, Observation
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
        ("ask:sitting_hours", "sig:long_sitting", LONG_SITTING_H),
        ("ask:stretch_habit", "sig:stretch_often", STRETCH_OFTEN_DAYS),
    ):
        value = known.number(question)
        if value is not None and value >= least:
            yield _answered(facts, signal, question, value=value)
    months = known.number("ask:past_strain_months")
    if months is not None and months <= PAST_STRAIN_MONTHS:
        yield _answered(facts, "sig:past_strain", "ask:past_strain_months")


def stretching(facts: Facts) -> Iterator[Observation]:
    question = "ask:stretch_effect"
    effect = facts.current.text(question)
    pattern = facts.pattern("pattern:stretch_no_help")
    if effect == "none":
        yield _answered(facts, "sig:stretch_no_help", question)
    elif pattern:
        yield Observation("sig:stretch_no_help", pattern.days, origin="log")
    elif effect == "eases_briefly":
        yield _answered(facts, "sig:stretch_no_help", question, variant="brief")
    if effect == "worse":
        yield _answered(facts, "sig:stretch_worse", question)
    if effect == "eases_lasting":
        yield _answered(facts, "sig:stretch_lasting", question)


def sudden(facts: Facts) -> Iterator[Observation]:
    pops = facts.current.open_flags.get("flag:sudden_pop", ())
    moment = hamstring_moment_now(facts.log, facts.history)
    if moment:
        yield Observation("sig:sudden_moment", (moment,))
    elif pops:
        yield Observation("sig:sudden_moment", _days_said(pops))


def sit_bone(facts: Facts) -> Iterator[Observation]:
    """The sit bone by answer or by thumb; what it changes in the meaning of other answers."""
    known = facts.current
    spot = known.text("ask:spot") == "sit_bone"
    pressed = sit_bone_pressed(facts)
    if pressed:
        day = known.checks["check:sit_bone"].day
        yield Observation("sig:sit_bone_spot", (day,), origin="check")
    elif spot:
        yield _answered(facts, "sig:sit_bone_spot", "ask:spot")
    at_sit_bone = spot or pressed
    if known.text("ask:sitting_effect") == "worse":
        variant = "with_sit_bone" if at_sit_bone else ""
        yield _answered(facts, "sig:sit_worse", "ask:sitting_effect", variant=variant)
    if at_sit_bone and known.text("ask:warm_up_effect") == "eases_then_returns":
        yield _answered(facts, "sig:warm_then_return", "ask:warm_up_effect")


def nerve_and_back(facts: Facts) -> Iterator[Observation]:
    known = facts.current
    tingling = known.open_flags.get("flag:numb_tingle", ())
    if known.text("ask:spot") == "spreads_below_knee":
        yield _answered(facts, "sig:below_knee", "ask:spot")
    elif tingling:
        yield Observation("sig:below_knee", _days_said(tingling))
    linked = known.text("ask:back_linked")
    if linked in ("yes", "no"):
        variant = "no" if linked == "no" else ""
        yield _answered(
            facts, "sig:back_linked", "ask:back_linked", variant, answer=Said(f"answer.{linked}")
        )


def _answered(
    facts: Facts, signal: str, question: str, variant: str = "", **fields: Value
) -> Observation:
    day = facts.current.given_on(question)
    return Observation(signal, (day,), fields, variant, origin="answer")


def _days_said(flag_answers: tuple[FlagAnswer, ...]) -> tuple[dt.date, ...]:
    return tuple(sorted({given.since or given.day for given in flag_answers}))
