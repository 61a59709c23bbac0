"""What holds of every history, whatever it is."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules import HISTORY_DAYS, assess
from guidance.rules.assessment import circumstances_of
from guidance.rules.facts import Facts, read_facts
from guidance.rules.flags.asked import highest_level
from guidance.rules.flags.derived import derived_flags
from guidance.rules.log.log import read_log
from guidance.rules.plan.conditions import blocked_by
from guidance.rules.said import Said
from guidance.rules.signals.weighing import find_signals
from guidance.rules.types import Assessment, Evidence, FlagAnswer, History, RankedCause
from guidance.saying import say
from tests.guidance import logs
from tests.guidance.histories import any_run, chances, histories, yes_signs
from tests.guidance.logs import TODAY, run, spot, spots

pytestmark = pytest.mark.slow

KNOWN = current_knowledge()
ALWAYS_UNDER_A_CLINICIANS_FLAG = {"remedy:load_reduction", "remedy:physical_therapy"}
ASKABLE = {*KNOWN.checks, *KNOWN.questions}
URGENT_SIGNS = [
    flag.id for flag in KNOWN.flags.values() if flag.asked and flag.level == "escalate:urgent"
]
TENDON_OR_NERVE = {"alt:proximal_hamstring_tendinopathy", "alt:sciatic_neural"}
# What marks at the sit bone say besides, and what other answers say with them.
OF_THE_SIT_BONE = {"sig:sit_bone_spot", "sig:sit_worse", "sig:warm_then_return"}
OTHER_SIDE = {"left": "right", "felt_left": "felt_right", "answer.heel_left": "answer.heel_right"}
OTHER_SIDE |= {right: left for left, right in OTHER_SIDE.items()}

FRESH_LIMP = logs.yes("limp", since=0)  # the mildest yes: no other has less to add

# Days ago.
LATEST_WEEK, WEEK_BEFORE = range(7), range(7, 14)
THREE_WEEKS_BEFORE, SIX_WEEKS_AGO = range(21, 28), range(35, 42)

# The same examples each time: a suite that fails by chance is not read.
thorough = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
more_thorough = settings(thorough, max_examples=400)


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


# The same, told otherwise


def turned(value: Any, turn: Callable[[Any], Any]) -> Any:
    """`value` with each plain value, key and name of a field in it turned."""
    if isinstance(value, Said):
        return Said(turn(value.key), **turned(value.fields, turn))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **turned(parts, turn))
    if isinstance(value, Mapping):
        return {turn(key): turned(part, turn) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(turned(part, turn) for part in value)
    return turn(value)


def other_side(value: Any) -> Any:
    return OTHER_SIDE.get(value, value) if isinstance(value, str) else value


@more_thorough
@given(histories)
def test_mirrored_histories_give_the_same(history: History) -> None:
    # Of two results of a day the reader of the rows keeps the newest.
    one_a_day = {(result.check, result.day): result for result in history.checks}
    history = replace(history, checks=tuple(one_a_day.values()))

    here = assess(history, KNOWN).assessment
    there = turned(assess(turned(history, other_side), KNOWN).assessment, other_side)

    assert replace(there, patterns=()) == replace(here, patterns=())
    # Patterns of the left stand before those of the right.
    assert sorted(map(repr, there.patterns)) == sorted(map(repr, here.patterns))


@more_thorough
@given(histories, st.integers(-4000, 4000))
def test_shifted_histories_give_the_same(history: History, days: int) -> None:
    def later(value: Any) -> Any:
        return value + dt.timedelta(days) if isinstance(value, dt.date) else value

    there = assess(turned(history, later), KNOWN).assessment

    here = turned(assess(history, KNOWN).assessment, later)
    assert replace(there, patterns=()) == replace(here, patterns=())
    for one, other in zip(there.patterns, here.patterns, strict=True):
        # The hour of a run is counted on one line from day to day.
        hour = {name: hour + 24 * days for name, hour in other.fields.items() if name == "run_h"}
        assert one == replace(other, fields={**other.fields, **hour})


@more_thorough
@given(histories, chances)
def test_shuffled_histories_give_the_same(history: History, chance: random.Random) -> None:
    def mixed(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(chance.sample(rows, len(rows)))

    shuffled = replace(
        history,
        soreness=mixed(history.soreness),
        check_in_days=dict(mixed(sorted(history.check_in_days.items()))),
        runs=mixed(history.runs),
        known_running=mixed(history.known_running),
        checks=mixed(history.checks),
        remedies_done=mixed(history.remedies_done),
        answers=mixed(history.answers),
        flag_answers=mixed(history.flag_answers),
    )

    assert assess(shuffled, KNOWN).assessment == assess(history, KNOWN).assessment


@thorough
@given(histories, chances)
def test_marks_at_the_sit_bone_count_as_hamstring(history: History, chance: random.Random) -> None:
    def marked(share: float) -> Facts:
        soreness = (
            replace(spot, sit_bone=spot.area == "hamstring" and chance.random() < share)
            for spot in history.soreness
        )
        return read_facts(replace(history, soreness=tuple(soreness)), KNOWN)

    there, plain = marked(0.8), marked(0)

    assert (there.log.peaks, there.log.pain) == (plain.log.peaks, plain.log.pain)
    assert there.location == plain.location
    assert there.patterns == plain.patterns
    assert list(derived_flags(there)) == list(derived_flags(plain))
    assert [signal for signal in find_signals(there) if signal.id not in OF_THE_SIT_BONE] == [
        signal for signal in find_signals(plain) if signal.id not in OF_THE_SIT_BONE
    ]


# What is offered and asked


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
@given(histories, st.sampled_from(URGENT_SIGNS))
def test_nothing_at_urgent(history: History, flag: str) -> None:
    urgent = replace(history, flag_answers=(*history.flag_answers, FlagAnswer(TODAY, flag, True)))

    assert assess(urgent, KNOWN).assessment.escalation == "escalate:urgent"
    for found in (assess(history, KNOWN).assessment, assess(urgent, KNOWN).assessment):
        if found.escalation == "escalate:urgent":
            assert (found.top_cause, found.leads) == ("withheld", False)
            assert (found.causes, found.recommend, found.blocked) == ((), (), ())
            assert found.ask_next == ""
        else:
            assert found.top_cause != "withheld"


def asks_one_thing(history: History) -> bool:
    found = assess(history, KNOWN).assessment
    return found.top_cause != "insufficient_data" or found.ask_next in ASKABLE


@more_thorough
@given(histories)
def test_insufficient_data_always_asks_one_thing(history: History) -> None:
    assert asks_one_thing(history)


# What moves a level


@more_thorough
@given(histories, yes_signs | st.just(FRESH_LIMP))
def test_a_yes_never_lowers_a_level(history: History, sign: FlagAnswer) -> None:
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


@dataclass(frozen=True)
class Change:
    """A mark raised, or an all clear added, so many days ago, and what was said `before` it.

    `kind` of the mark, and whether it `became_symptom`.
    """

    ago: int
    before: Assessment
    after: Assessment
    kind: str = ""
    became_symptom: bool = False


Reasons = Mapping[str, Sequence[Callable[[Change], bool]]]  # by the flag that comes or goes


def explains(reasons: Reasons, change: Change) -> bool:
    """Is there a reason for each flag that one level has, and the other has not reached?"""
    lower, higher = sorted((change.before, change.after), key=level_rank)
    return all(
        any(holds(change) for holds in reasons.get(flag.id, ()))
        for flag in higher.flags
        if KNOWN.levels[flag.level].rank > level_rank(lower)
    )


def raised(history: History, before: Assessment, place: int, to: int) -> Change:
    marks = list(history.soreness)
    mark = marks[place]
    marks[place] = replace(mark, intensity=to)
    after = assess(replace(history, soreness=tuple(marks)), KNOWN).assessment
    ago = (TODAY - mark.day).days
    return Change(ago, before, after, mark.kind, became_symptom=mark.intensity < 3 <= to)


def dates_a_limp(change: Change) -> bool:
    """Without "since when" a limp is as young as its episode; without one it is old (4.1)."""
    return change.became_symptom and change.ago <= 1


def rises_less(change: Change) -> bool:
    """Worsening is a rise from the mean of the week before, or of three weeks before (5)."""
    return change.kind == "pain" and change.ago in (*WEEK_BEFORE, *THREE_WEEKS_BEFORE)


def falls_more(change: Change) -> bool:
    """Not responding is no fall from the mean of days 35 to 41 (4.2)."""
    return change.ago in SIX_WEEKS_AGO


def moves_the_main_area(change: Change) -> bool:
    """Not responding is judged of the main area and the focus (4.2)."""
    return change.after.main_area != change.before.main_area


def names_no_tendon_or_nerve(change: Change) -> bool:
    """Two weeks count where one of them leads (4.2), and now it has fewer points, or another more.

    Points rest on the main area, on the side that checks are read on, on what goes with half of
    the symptom days, on one side or both, on when an episode began (1.5, 1.6).
    """
    return change.after.top_cause not in TENDON_OR_NERVE


LOWERED_BY_MORE: Reasons = {
    "flag:limp": [dates_a_limp],
    "flag:worsening_pain": [rises_less],
    "flag:not_responding": [falls_more, moves_the_main_area],
    "flag:tendon_nerve_2wk": [names_no_tendon_or_nerve],
}


@more_thorough
@given(histories, chances)
def test_a_higher_intensity_never_lowers_a_level(history: History, chance: random.Random) -> None:
    if chance.random() < 0.5:
        pains = (replace(spot, kind="pain") for spot in history.soreness)
        history = replace(history, soreness=tuple(pains))
    before = assess(history, KNOWN).assessment
    places = [place for place, spot in enumerate(history.soreness) if spot.intensity < 10]

    for place in chance.sample(places, min(4, len(places))):
        to = chance.randint(history.soreness[place].intensity + 1, 10)
        change = raised(history, before, place, to)
        assert level_rank(change.after) >= level_rank(before) or explains(LOWERED_BY_MORE, change)


WORKED_ON_IT = logs.done(range(26), "plank")
SIX_WEEKS = range(42, -1, -6)


@pytest.mark.parametrize(
    ("holds", "history", "place", "to"),
    [
        (dates_a_limp, logs.history([spot(0, 2)], flag_answers=[logs.yes("limp")]), 0, 3),
        (
            rises_less,
            logs.history([*spots((5, 3, 1), 5, kind="pain"), *spots((12, 10, 8), 3, kind="pain")]),
            5,
            5,
        ),
        (falls_more, logs.history(spots(SIX_WEEKS), remedies=WORKED_ON_IT), 1, 6),
        (
            moves_the_main_area,
            logs.history(
                [*spots(SIX_WEEKS, area="calf"), *spots((10, 9, 8), 6, area="knee")],
                remedies=WORKED_ON_IT,
            ),
            -1,
            9,
        ),
        (
            names_no_tendon_or_nerve,
            logs.history(
                [*(spot(ago, sit_bone=True) for ago in (16, 9, 2)), *spots((15, 8, 1)), spot(3, 2)],
                runs=[run(4)],
            ),
            -1,
            3,
        ),
    ],
)
def test_a_higher_intensity_lowers_a_level_only_by_a_reason(
    holds: Callable[[Change], bool], history: History, place: int, to: int
) -> None:
    change = raised(history, assess(history, KNOWN).assessment, place, to)
    assert level_rank(change.after) < level_rank(change.before)
    assert holds(change)
    assert explains(LOWERED_BY_MORE, change)


def cleared(history: History, before: Assessment, ago: int) -> Change:
    more = replace(history, check_in_days={**history.check_in_days, logs.day(ago): False})
    more = replace(more, known_running=known_running(more))
    return Change(ago, before, assess(more, KNOWN).assessment)


def is_in_a_compared_week(change: Change) -> bool:
    """Three known days make a week, and a clear one lowers the mean that is risen from (5)."""
    return change.ago in (*LATEST_WEEK, *WEEK_BEFORE, *THREE_WEEKS_BEFORE)


def leaves_less_to_fall_from(change: Change) -> bool:
    """Known days make the weeks that are compared, and a clear one lowers the earlier (4.2)."""
    return change.ago in (*LATEST_WEEK, *SIX_WEEKS_AGO)


def is_enough_to_name_it(change: Change) -> bool:
    """Of a tendon or nerve two weeks count once it leads, and that takes check-ins (1.7 step 2)."""
    named = change.after.top_cause in TENDON_OR_NERVE
    return named and change.before.top_cause == "insufficient_data"


RAISED_BY_ALL_CLEAR: Reasons = {
    "flag:worsening_pain": [is_in_a_compared_week],
    "flag:not_responding": [leaves_less_to_fall_from],
    "flag:tendon_nerve_2wk": [is_enough_to_name_it],
}


@more_thorough
@given(histories, chances)
def test_an_all_clear_never_raises_a_level(history: History, chance: random.Random) -> None:
    before = assess(history, KNOWN).assessment
    free = [ago for ago in range(45) if logs.day(ago) not in history.check_in_days]

    for ago in chance.sample(free, min(3, len(free))):
        change = cleared(history, before, ago)
        assert level_rank(change.after) <= level_rank(before) or explains(
            RAISED_BY_ALL_CLEAR, change
        )


@pytest.mark.parametrize(
    ("holds", "history", "ago"),
    [
        (
            is_in_a_compared_week,
            logs.history([*spots((5, 3, 1), 5, kind="pain"), *spots((12, 8), 3, kind="pain")]),
            10,
        ),
        (
            leaves_less_to_fall_from,
            logs.history([*spots(SIX_WEEKS[1:]), spot(42, 6), spot(36, 6)], remedies=WORKED_ON_IT),
            38,
        ),
        (
            is_enough_to_name_it,
            logs.history(
                [spot(ago, sit_bone=True) for ago in (16, 9, 2)], clear=(3,), runs=[run(4)]
            ),
            1,
        ),
    ],
)
def test_an_all_clear_raises_a_level_only_by_a_reason(
    holds: Callable[[Change], bool], history: History, ago: int
) -> None:
    change = cleared(history, assess(history, KNOWN).assessment, ago)
    assert level_rank(change.after) > level_rank(change.before)
    assert holds(change)
    assert explains(RAISED_BY_ALL_CLEAR, change)


def begun(history: History, days: int) -> History:
    """The history of somebody who has logged and answered for so many days."""
    first = logs.day(days - 1)
    return replace(
        history,
        soreness=tuple(spot for spot in history.soreness if spot.day >= first),
        check_in_days={d: only for d, only in history.check_in_days.items() if d >= first},
        runs=tuple(run for run in history.runs if run.day >= first),
        run_before=None,
        answers=tuple(answer for answer in history.answers if answer.day >= first),
    )


def counts_across_a_silence(history: History) -> bool:
    """An exception of the text: a run of any age begins the 72 h of pattern:non_recovery (5)."""
    return not read_log(history).runs


@more_thorough
@given(histories, chances)
def test_an_added_old_run_makes_no_jump(history: History, chance: random.Random) -> None:
    """Nor another level: a run before everything that is logged, and a silence after it."""
    history = begun(history, chance.randint(10, 40))
    days = [*history.check_in_days, *(run.day for run in history.runs)]
    days += [answer.day for answer in history.answers]
    before = min(days, default=TODAY) - dt.timedelta(chance.randint(15, chance.choice((30, 180))))
    with_old_run = replace(history, runs=(*history.runs, replace(any_run(chance), day=before)))
    left_out = "non_recovery" if counts_across_a_silence(history) else ""

    def seen(of: History) -> tuple[object, ...]:
        found = assess(replace(of, known_running=known_running(of)), KNOWN)
        flags = [flag for flag in found.assessment.flags if flag.id != f"flag:{left_out}"]
        return (
            [one for one in found.assessment.patterns if one.id != f"pattern:{left_out}"],
            [one.days for one in found.circumstances.signals if one.id == "sig:load_up"],
            highest_level(flags, KNOWN),
        )

    assert seen(with_old_run) == seen(history)


def test_the_newest_run_begins_the_72_hours_however_old_it_is() -> None:
    assert logs.patterns(logs.history([spot(0)], runs=[run(15)]), "non_recovery")


# What is said


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
