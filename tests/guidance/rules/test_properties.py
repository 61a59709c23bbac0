"""What holds of every history, whatever it is."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules import HISTORY_DAYS, assess
from guidance.rules.assessment import circumstances_of
from guidance.rules.facts import read_facts
from guidance.rules.plan.conditions import blocked_by
from guidance.rules.signals.weighing import find_signals
from guidance.rules.types import Assessment, Evidence, FlagAnswer, History, RankedCause
from guidance.saying import say
from tests.guidance.histories import histories, yes_signs
from tests.guidance.logs import TODAY

pytestmark = pytest.mark.slow

KNOWN = current_knowledge()
ALWAYS_UNDER_A_CLINICIANS_FLAG = {"remedy:load_reduction", "remedy:physical_therapy"}

# The same examples each time: a suite that fails by chance is not read.
thorough = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def level_rank(of: Assessment) -> int:
    return KNOWN.levels[of.escalation].rank


def asked_or_measured(lines: Sequence[Evidence]) -> bool:
    """Is one of them a self-check, or an answer about the symptom?"""
    for line in lines:
        question = KNOWN.questions.get(KNOWN.signals[line.signal].question)
        about_symptom = question is not None and question.about_symptom
        if line.origin == "check" or (line.origin == "answer" and about_symptom):
            return True
    return False


def recent_peak(history: History, area: str, days: int) -> int:
    since = TODAY - dt.timedelta(days)
    return max(
        (s.intensity for s in history.soreness if s.area == area and s.day > since), default=0
    )


def is_open(sign: FlagAnswer) -> bool:
    return sign.yes and not sign.mistaken and (sign.seen_on is None or sign.seen_on > TODAY)


@thorough
@given(histories, st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_answer(history: History, chance: random.Random) -> None:
    def mixed(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(chance.sample(rows, len(rows)))

    turned = replace(
        history,
        soreness=mixed(history.soreness),
        check_in_days=dict(mixed(sorted(history.check_in_days.items()))),
        runs=mixed(history.runs),
        checks=mixed(history.checks),
        remedies_done=mixed(history.remedies_done),
        answers=mixed(history.answers),
        flag_answers=mixed(history.flag_answers),
    )

    assert assess(turned, KNOWN).assessment == assess(history, KNOWN).assessment


@thorough
@given(histories)
def test_nothing_blocked_is_recommended(history: History) -> None:
    found = assess(history, KNOWN).assessment
    circumstances = circumstances_of(read_facts(history, KNOWN))

    offered = {offer.remedy for offer in found.recommend}
    assert not offered & {one.remedy for one in found.blocked}
    if found.escalation == "escalate:clinician_week":
        offered -= ALWAYS_UNDER_A_CLINICIANS_FLAG
    for remedy in offered:
        assert not blocked_by(KNOWN.remedies[remedy].blocks, circumstances)


@thorough
@given(histories)
def test_the_blocks_that_matter_most_hold_by_themselves(history: History) -> None:
    """Written out once more from the rows, without the code of the blocks."""
    offered = {offer.remedy for offer in assess(history, KNOWN).assessment.recommend}
    open_flags = {sign.flag for sign in history.flag_answers if is_open(sign)}

    if recent_peak(history, "hamstring", 3) >= 3:
        assert "remedy:eccentric_hamstring" not in offered
    if open_flags & {"flag:bone_point_pain", "flag:hop_pain"}:
        assert not offered & {"remedy:stair_climber", "remedy:swimming"}
    if "flag:numb_tingle" in open_flags:
        assert offered <= ALWAYS_UNDER_A_CLINICIANS_FLAG | {"remedy:sit_break"}
    if "remedy:gentle_supine_hamstring_stretch" in offered:
        raises = [c for c in history.checks if c.check == "check:straight_leg_raise"]
        assert any(isinstance(c.left, (int, float)) and c.left <= 75 for c in raises) or any(
            isinstance(c.right, (int, float)) and c.right <= 75 for c in raises
        )


@thorough
@given(histories)
def test_urgent_shows_no_cause_no_plan_and_no_check(history: History) -> None:
    found = assess(history, KNOWN).assessment

    if found.escalation == "escalate:urgent":
        assert (found.top_cause, found.leads) == ("withheld", False)
        assert (found.causes, found.recommend, found.blocked) == ((), (), ())
        assert found.ask_next == ""
    else:
        assert found.top_cause != "withheld"


@thorough
@given(histories, yes_signs)
def test_a_yes_to_a_warning_sign_never_lowers_the_level(history: History, sign: FlagAnswer) -> None:
    with_yes = replace(history, flag_answers=(*history.flag_answers, sign))

    found = assess(with_yes, KNOWN).assessment

    assert level_rank(found) >= level_rank(assess(history, KNOWN).assessment)
    assert level_rank(found) >= KNOWN.levels[KNOWN.flags[sign.flag].level].rank
    assert sign.flag in {flag.id for flag in found.flags}


@thorough
@given(histories, yes_signs, st.integers(366, 5000))
def test_a_yes_still_counts_after_a_year(history: History, sign: FlagAnswer, ago: int) -> None:
    old = replace(sign, day=TODAY - dt.timedelta(ago), since=None)
    later_no = replace(old, day=TODAY, yes=False)

    found = assess(
        replace(history, flag_answers=(*history.flag_answers, old, later_no)), KNOWN
    ).assessment

    assert old.flag in {flag.id for flag in found.flags}
    assert level_rank(found) >= KNOWN.levels[KNOWN.flags[old.flag].level].rank


@thorough
@given(histories)
def test_an_unanswered_question_never_counts_as_no(history: History) -> None:
    """Taking every no away leaves the level, and asks more before a remedy, never less."""
    without = replace(
        history, flag_answers=tuple(sign for sign in history.flag_answers if sign.yes)
    )

    answered, open_ = assess(history, KNOWN).assessment, assess(without, KNOWN).assessment

    assert level_rank(open_) >= level_rank(answered)
    asked = {offer.remedy: set(offer.not_if) for offer in answered.recommend}
    for offer in open_.recommend:
        assert set(offer.not_if) >= asked.get(offer.remedy, set())


@thorough
@given(histories)
def test_what_was_not_answered_gives_no_signal(history: History) -> None:
    """Without answers and checks nothing may count as asked or measured."""
    silent = replace(history, answers=(), checks=(), flag_answers=())

    signals = find_signals(read_facts(silent, KNOWN))

    assert {signal.origin for signal in signals} <= {"log"}
    assert not [
        cause for cause in assess(silent, KNOWN).assessment.causes if cause.likelihood == "likely"
    ]
    assert not [
        cause for cause in assess(silent, KNOWN).assessment.causes if cause.likelihood == "unlikely"
    ]


@thorough
@given(histories)
def test_every_cause_has_a_line_of_evidence_with_a_day(history: History) -> None:
    for cause in assess(history, KNOWN).assessment.causes:
        lines = (*cause.supports, *cause.opposes)
        assert lines
        assert all(line.days and say(line.said) for line in lines)
        assert all(KNOWN.signals[line.signal].sources for line in lines)
        assert cause.total == sum(line.points for line in lines)


@thorough
@given(histories)
def test_abstaining_never_comes_with_likely(history: History) -> None:
    found = assess(history, KNOWN).assessment

    if found.top_cause in {"insufficient_data", "no_pattern", "withheld"}:
        assert not {cause.likelihood for cause in found.causes} & {"likely", "possible"}
        assert not found.leads


@thorough
@given(histories)
def test_never_more_than_five_items_or_one_step(history: History) -> None:
    found = assess(history, KNOWN).assessment

    offered = [offer.remedy for offer in found.recommend]
    assert len(offered) <= 5
    assert len(offered) == len(set(offered))
    assert found.ask_next in {"", *KNOWN.checks, *KNOWN.questions}


@thorough
@given(histories)
def test_likely_and_unlikely_only_as_the_wording_rules_say(history: History) -> None:
    found = assess(history, KNOWN).assessment

    for place, cause in enumerate(found.causes):
        others = [other.total for other in found.causes if other.id != cause.id]
        if cause.likelihood == "likely":
            assert place == 0
            assert may_be_likely(cause, others, history)
        if cause.likelihood == "unlikely":
            assert cause.total <= -2
            assert asked_or_measured(cause.opposes)
        if cause.likelihood == "possible":
            assert cause.total >= 2


def may_be_likely(cause: RankedCause, others: Sequence[int], history: History) -> bool:
    since = TODAY - dt.timedelta(42)
    raised = any(c.check == "check:straight_leg_raise" and c.day > since for c in history.checks)
    return (
        cause.total >= 3
        and len({line.signal for line in cause.supports}) >= 2
        and asked_or_measured(cause.supports)
        and cause.total - max(others, default=0) >= 1
        and (raised or cause.id != "cause:overlengthened_hamstrings")
        and not (history.age is not None and history.age < 18)
    )


@thorough
@given(histories)
def test_care_first_and_clinicians_flags_allow_no_check(history: History) -> None:
    found = assess(history, KNOWN).assessment
    care = history.age == 16 or any(
        answer.question == "ask:care_first" and answer.value != ("none",)
        for answer in history.answers
    )
    seen_first = any(
        flag.level == "escalate:clinician_week" and not flag.routine for flag in found.flags
    )

    if care or seen_first:
        assert not found.ask_next.startswith("check:")
    if care:
        assert {o.remedy for o in found.recommend} <= ALWAYS_UNDER_A_CLINICIANS_FLAG


@thorough
@given(histories)
def test_older_rows_than_the_rules_need_change_nothing(history: History) -> None:
    ago = dt.timedelta(250)
    older = replace(
        history,
        soreness=(
            *history.soreness,
            *(replace(spot, day=spot.day - ago) for spot in history.soreness),
        ),
        runs=(*history.runs, *(replace(run, day=run.day - ago) for run in history.runs)),
    )
    known = known_running(older)
    too_old = TODAY - dt.timedelta(HISTORY_DAYS)
    before = [run.day for run in older.runs if run.day < too_old]
    before += [history.run_before] if history.run_before else []
    bounded = replace(history, run_before=max(before, default=None), known_running=known)

    assert (
        assess(replace(older, known_running=known), KNOWN).assessment
        == assess(bounded, KNOWN).assessment
    )
