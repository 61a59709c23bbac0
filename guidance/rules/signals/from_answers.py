"""Signals from answers, alone or together with a check or a pattern (knowledge base 1.6)."""

import datetime as dt
from collections.abc import Iterator

from guidance.rules.facts import Picture, Seen
from guidance.rules.log.sudden_onset import hamstring_moment_now
from guidance.rules.signals.from_checks import sit_bone_pressed
from guidance.rules.types import SignAnswer
from guidance.rules.wording import number

LONG_SITTING_H = 7
STRETCH_OFTEN_DAYS = 5
PAST_STRAIN_MONTHS = 12


def answer_signals(picture: Picture) -> Iterator[Seen]:
    yield from habits(picture)
    yield from stretching(picture)
    yield from sudden(picture)
    yield from sit_bone(picture)
    yield from nerve_and_back(picture)


def habits(picture: Picture) -> Iterator[Seen]:
    known = picture.known
    for question, signal, least in (
        ("ask:sitting_hours", "sig:long_sitting", LONG_SITTING_H),
        ("ask:stretch_habit", "sig:stretch_often", STRETCH_OFTEN_DAYS),
    ):
        value = known.number(question)
        if value is not None and value >= least:
            yield _answered(picture, signal, question, value=number(value))
    months = known.number("ask:past_strain_months")
    if months is not None and months <= PAST_STRAIN_MONTHS:
        yield _answered(picture, "sig:past_strain", "ask:past_strain_months")


def stretching(picture: Picture) -> Iterator[Seen]:
    question = "ask:stretch_effect"
    effect = picture.known.text(question)
    pattern = picture.pattern("pattern:stretch_no_help")
    if effect == "none":
        yield _answered(picture, "sig:stretch_no_help", question)
    elif pattern:
        yield Seen("sig:stretch_no_help", pattern.days, origin="log")
    elif effect == "eases_briefly":
        yield _answered(picture, "sig:stretch_no_help", question, variant="brief")
    if effect == "worse":
        yield _answered(picture, "sig:stretch_worse", question)
    if effect == "eases_lasting":
        yield _answered(picture, "sig:stretch_lasting", question)


def sudden(picture: Picture) -> Iterator[Seen]:
    pops = picture.known.open_signs.get("flag:sudden_pop", ())
    moment = hamstring_moment_now(picture.log, picture.history)
    if moment:
        yield Seen("sig:sudden_moment", (moment,))
    elif pops:
        yield Seen("sig:sudden_moment", _sign_days(pops))


def sit_bone(picture: Picture) -> Iterator[Seen]:
    """The sit bone by answer or by thumb; what it changes in the meaning of other answers."""
    known = picture.known
    spot = known.text("ask:spot") == "sit_bone"
    pressed = sit_bone_pressed(picture)
    if pressed:
        day = known.checks["check:sit_bone"].day
        yield Seen("sig:sit_bone_spot", (day,), origin="check")
    elif spot:
        yield _answered(picture, "sig:sit_bone_spot", "ask:spot")
    at_sit_bone = spot or pressed
    if known.text("ask:sitting_effect") == "worse":
        variant = "with_sit_bone" if at_sit_bone else ""
        yield _answered(picture, "sig:sit_worse", "ask:sitting_effect", variant=variant)
    if at_sit_bone and known.text("ask:warm_up_effect") == "eases_then_returns":
        yield _answered(picture, "sig:warm_then_return", "ask:warm_up_effect")


def nerve_and_back(picture: Picture) -> Iterator[Seen]:
    known = picture.known
    tingling = known.open_signs.get("flag:numb_tingle", ())
    if known.text("ask:spot") == "spreads_below_knee":
        yield _answered(picture, "sig:below_knee", "ask:spot")
    elif tingling:
        yield Seen("sig:below_knee", _sign_days(tingling))
    linked = known.text("ask:back_linked")
    if linked in ("yes", "no"):
        variant = "no" if linked == "no" else ""
        yield _answered(picture, "sig:back_linked", "ask:back_linked", variant, answer=linked)


def _answered(
    picture: Picture, signal: str, question: str, variant: str = "", **fields: object
) -> Seen:
    day = picture.known.given_on(question)
    return Seen(signal, (day,), fields, variant, origin="answer")


def _sign_days(signs: tuple[SignAnswer, ...]) -> tuple[dt.date, ...]:
    return tuple(sorted({sign.since or sign.day for sign in signs}))
