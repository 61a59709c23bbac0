"""Signals from answers, alone or together with a check or a pattern (knowledge base 1.6)."""

from collections.abc import Iterator

from guidance.rules import ids
from guidance.rules.facts import Facts, Observation
from guidance.rules.flags.asked import began_on
from guidance.rules.log.sudden_onset import ONE_STRIDE, hamstring_moment_now
from guidance.rules.said import Said, Value
from guidance.rules.signals.from_checks import sit_bone_pressed
from guidance.rules.signals.from_log import sit_bone_marked

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
        (ids.ASK_SITTING_HOURS, ids.SIG_LONG_SITTING, LONG_SITTING_H),
        (ids.ASK_STRETCH_HABIT, ids.SIG_STRETCH_OFTEN, STRETCH_OFTEN_DAYS),
    ):
        value = known.number(question)
        if value is not None and value >= least:
            yield _answered(facts, signal, question, value=value)
    months = known.number(ids.ASK_PAST_STRAIN_MONTHS)
    if months is not None and months <= PAST_STRAIN_MONTHS:
        yield _answered(facts, ids.SIG_PAST_STRAIN, ids.ASK_PAST_STRAIN_MONTHS)


def stretching(facts: Facts) -> Iterator[Observation]:
    question = ids.ASK_STRETCH_EFFECT
    effect = facts.current.text(question)
    pattern = facts.pattern(ids.PATTERN_STRETCH_NO_HELP)
    if effect == "none":
        yield _answered(facts, ids.SIG_STRETCH_NO_HELP, question)
    elif pattern:
        yield Observation(ids.SIG_STRETCH_NO_HELP, pattern.days, origin="log")
    elif effect == "eases_briefly":
        yield _answered(facts, ids.SIG_STRETCH_NO_HELP, question, variant="brief")
    if effect == "worse":
        yield _answered(facts, ids.SIG_STRETCH_WORSE, question)
    if effect == "eases_lasting":
        yield _answered(facts, ids.SIG_STRETCH_LASTING, question)


def sudden(facts: Facts) -> Iterator[Observation]:
    """A pop, a single stride; with half as much of it, within one run: overuse begins so too."""
    pops = facts.current.open_flags.get(ids.FLAG_SUDDEN_POP, ())
    moment = hamstring_moment_now(facts.log, facts.history)
    if moment:
        said = Said(f"answer.{moment.onset}")
        is_weak = moment.onset != ONE_STRIDE and not pops
        variant = "within_a_run" if is_weak else ""
        yield Observation(ids.SIG_SUDDEN_MOMENT, (moment.day,), {"answer": said}, variant)
    elif pops:
        said = Said("answer.with_a_pop")
        yield Observation(ids.SIG_SUDDEN_MOMENT, began_on(pops), {"answer": said})


def sit_bone(facts: Facts) -> Iterator[Observation]:
    """The sit bone by thumb, answer or marks; what it changes in the meaning of other answers."""
    known = facts.current
    spot = known.text(ids.ASK_SPOT) == "sit_bone"
    pressed = sit_bone_pressed(facts)
    marked = sit_bone_marked(facts)
    if pressed:
        day = known.checks[ids.CHECK_SIT_BONE].day
        yield Observation(ids.SIG_SIT_BONE_SPOT, (day,), origin="check")
    elif spot:
        yield _answered(facts, ids.SIG_SIT_BONE_SPOT, ids.ASK_SPOT)
    elif marked:
        yield Observation(ids.SIG_SIT_BONE_SPOT, marked, origin="log")
    at_sit_bone = spot or pressed or bool(marked)
    if known.text(ids.ASK_SITTING_EFFECT) == "worse":
        variant = "with_sit_bone" if at_sit_bone else ""
        yield _answered(facts, ids.SIG_SIT_WORSE, ids.ASK_SITTING_EFFECT, variant=variant)
    if at_sit_bone and known.text(ids.ASK_WARM_UP_EFFECT) == "eases_then_returns":
        yield _answered(facts, ids.SIG_WARM_THEN_RETURN, ids.ASK_WARM_UP_EFFECT)


def nerve_and_back(facts: Facts) -> Iterator[Observation]:
    known = facts.current
    tingling = known.open_flags.get(ids.FLAG_NUMB_TINGLE, ())
    if known.text(ids.ASK_SPOT) == "spreads_below_knee":
        yield _answered(facts, ids.SIG_BELOW_KNEE, ids.ASK_SPOT)
    elif tingling:
        yield Observation(ids.SIG_BELOW_KNEE, began_on(tingling))
    linked = known.text(ids.ASK_BACK_LINKED)
    if linked in ("yes", "no"):
        variant = "no" if linked == "no" else ""
        yield _answered(
            facts,
            ids.SIG_BACK_LINKED,
            ids.ASK_BACK_LINKED,
            variant,
            answer=Said(f"answer.{linked}"),
        )


def _answered(
    facts: Facts, signal: str, question: str, variant: str = "", **fields: Value
) -> Observation:
    day = facts.current.given_on(question)
    return Observation(signal, (day,), fields, variant, origin="answer")
