"""What a coach may know: the level of a warning sign, and never what was answered.

To show that something is hidden, it is there first: the athlete's own assessment is looked at too.
"""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.advice.advice import Advice
from guidance.advice.headline import stands
from guidance.advice.open_flags import asked_flags
from guidance.coaching.in_common import LIKELIHOODS, MORE_LOGS, SharedAdvice, shared_advice
from guidance.coaching.line import RosterLine, line_of
from guidance.coaching.page import page_about
from guidance.coaching.restriction import restricted
from guidance.findings.page import GuidancePage, page_of
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from guidance.rules.log.current_answers import screened_on
from guidance.rules.said import Said
from guidance.rules.types import History, PlanInForce
from guidance.saying import say
from runners.models import Shared
from runners.models.standing import StandingLevel
from tests.guidance.histories import histories, history_of
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    check,
    day,
    done,
    history,
    run,
    said,
    spots,
    steady_runs,
    yes,
)
from tests.guidance.rules.test_cases import CASES

FULLY_SHARED = Shared(runs=True, soreness=True, guidance=True)
LOGS = Shared(runs=True, soreness=True)
YOU = re.compile(r"\byou", re.IGNORECASE)
SIGNS = [sign.id.removeprefix("flag:") for sign in asked_flags()]
URGENT = [s.id.removeprefix("flag:") for s in asked_flags() if s.level == "escalate:urgent"]
SEEN_IN_A_WEEK = [name for name in SIGNS if name not in (*URGENT, "limp")]
CARE = [
    o.value for o in current_knowledge().questions["ask:care_first"].options if o.value != "none"
]
# The same examples each time: a suite that fails by chance is not read.
thorough = settings(max_examples=60, deadline=None, derandomize=True)
BONES = [
    o.value for o in current_knowledge().questions["ask:bone_risk"].options if o.value != "none"
]


def advice_of(of: History, *, unnamed: Any = None) -> Advice:
    return Advice(
        of,
        assess(of, current_knowledge()).assessment,
        unnamed,
        screened_on(of, current_knowledge()),
    )


def shared(of: History, what: Shared = FULLY_SHARED) -> SharedAdvice:
    return shared_advice(advice_of(of), what)


def line(of: History, what: Shared = FULLY_SHARED) -> RosterLine:
    return line_of(advice_of(of), what)


def words_of(line: RosterLine) -> tuple[StandingLevel | None, str, str]:
    """A line as the roster says it."""
    return line.level, say(line.headline, about=True), say(line.reason, about=True)


def words_on(page: GuidancePage) -> list[str]:
    """Every sentence of a coach's page."""
    evidence = [
        one.said for shown in page.causes for one in (*shown.ranked.supports, *shown.ranked.opposes)
    ]
    said = [
        page.headline,
        *(pattern.said for pattern in page.patterns),
        *(flag.said for flag in page.flags),
        *page.reasons,
        *(shown.cause.said for shown in page.causes),
        *evidence,
        *(one.said for one in page.left_out),
        *([page.outcome.said] if page.outcome else []),
        *([page.next_check.said] if page.next_check else []),
        *([MORE_LOGS[page.next_question.id]] if page.next_question else []),
    ]
    return [say(one, about=True) for one in said]


def with_causes(**more: Any) -> History:
    """A habit of the left hamstring for which weak glutes lead; all that is asked is answered."""
    flag_answers = tuple(more.pop("flag_answers", ()))
    told = [said("care_first", ("none",), 9), said("sitting_hours", 9, 3), *more.pop("answers", ())]
    return history(
        spots(WEEKLY, 4),
        clear=(27, 24, 20, 17, 13, 10, 7, 3, 0),
        runs=steady_runs(),
        run_before=60,
        logged=(50,),
        checks=[check("single_leg_bridge", 8, 14), check("straight_leg_raise", 78, 78)],
        answers=told,
        flag_answers=(
            *all_no(but=[sign.flag.removeprefix("flag:") for sign in flag_answers]),
            *flag_answers,
        ),
        **more,
    )


def with_pain_that_stays(**more: Any) -> History:
    """The log alone sends to a clinician: pain on eleven days of two weeks."""
    return history(spots(range(11), 4, kind="pain"), runs=steady_runs(), run_before=60, **more)


def settling_not(**more: Any) -> History:
    """The log alone says to ease off."""
    return history(spots(range(8), 3), runs=steady_runs(), run_before=60, **more)


# Warning signs: the level alone


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_told_by_its_level_alone(sign: str) -> None:
    flag = current_knowledge().flags[f"flag:{sign}"]
    own = advice_of(with_causes(flag_answers=[yes(sign, since=5)]))

    seen = shared_advice(own, FULLY_SHARED)

    assert flag.name in [say(found.said) for found in own.assessment.flags]
    level = current_knowledge().levels[own.assessment.escalation].name
    told_line = line_of(own, FULLY_SHARED)
    assert words_of(told_line)[1:] == (level, "")
    assert flag.id not in repr((told_line, seen.advice))
    assert seen.is_limited
    assert seen.advice.assessment.flags == ()
    assert seen.advice.history.flag_answers == ()
    told = " ".join(words_on(page_about(seen.advice)))
    assert flag.name not in told
    assert flag.question not in told


@pytest.mark.slow
@pytest.mark.parametrize("flag_answers", [URGENT, [*SEEN_IN_A_WEEK, "limp"]])
def test_signs_of_one_level_look_the_same(flag_answers: list[str]) -> None:
    seen = [shared(with_causes(flag_answers=[yes(sign, since=5)])) for sign in flag_answers]
    assert seen == [seen[0]] * len(flag_answers)


@pytest.mark.parametrize("sign", [*SEEN_IN_A_WEEK, "limp"])
def test_a_sign_changes_nothing_where_the_log_is_as_serious(sign: str) -> None:
    without = with_pain_that_stays(flag_answers=all_no(but=[sign]))
    having = with_pain_that_stays(flag_answers=(*all_no(but=[sign]), yes(sign, since=5)))

    assert shared(having) == shared(without)
    assert words_of(line(without))[2] == "Pain that stays, or keeps them from running"


def test_a_fresh_limp_is_not_told_apart_from_soreness_that_stays() -> None:
    limping = settling_not(flag_answers=(*all_no(but=["limp"]), yes("limp", since=1)))
    without = settling_not(flag_answers=all_no())

    assert "flag:limp" in [flag.id for flag in advice_of(limping).assessment.flags]
    assert line(limping) == line(without)
    assert line(limping).level == StandingLevel.EASE_OFF
    assert words_of(line(limping))[2] == "Not settling between runs"


def test_one_of_these_looks_like_any_sign_for_a_clinician() -> None:
    unnamed = shared_advice(advice_of(with_causes(), unnamed=object()), FULLY_SHARED)
    assert unnamed == shared(with_causes(flag_answers=[yes("night_pain", since=5)]))


@pytest.mark.parametrize(
    ("question", "value", "flag"),
    [
        ("onset", "sudden", "flag:sudden_onset"),
        ("stopped_running", "injury", "flag:pain_persists"),
        ("spot", "bony_point", "flag:bone_point_pain"),
    ],
)
def test_an_answer_that_raises_a_sign_is_told_by_its_level(
    question: str, value: str, flag: str
) -> None:
    own = advice_of(
        history(
            spots((5, 4, 2, 1), 4),
            runs=[run(ago) for ago in (30, 26, 20)] if question == "stopped_running" else (),
            answers=[said(question, value, 1)],
        )
    )
    seen = shared_advice(own, FULLY_SHARED)

    assert flag in [found.id for found in own.assessment.flags]
    told_line = line_of(own, FULLY_SHARED)
    assert told_line.reason is None
    assert seen.advice.assessment.flags == ()
    assert seen.is_limited
    assert value not in repr((seen, told_line))


def test_without_guidance_the_level_is_that_of_the_logs() -> None:
    having = with_causes(flag_answers=[yes("calf_swelling")])

    assert line(having).level == StandingLevel.URGENT
    assert line(having, LOGS).level == StandingLevel.RECURRING
    assert line(having, LOGS) == line(with_causes(), LOGS)


def test_guidance_alone_tells_the_level_and_nothing_else() -> None:
    only = Shared(guidance=True)

    assert words_of(line(with_causes(), only)) == (None, "Not shared", "")
    assert words_of(line(with_pain_that_stays(), only)) == (
        StandingLevel.SEE_CLINICIAN,
        "Be seen this week",
        "",
    )


# Care first, age and bones


@pytest.mark.parametrize("care", CARE)
def test_care_first_shows_in_no_word(care: str) -> None:
    own = advice_of(with_causes(answers=[said("care_first", (care,), 2)]))
    seen = shared_advice(own, FULLY_SHARED)

    assert own.needs_care_first
    assert [offer.remedy for offer in own.assessment.recommend] == [
        "remedy:load_reduction",
        "remedy:physical_therapy",
    ]
    assert seen == shared(with_causes(answers=[said("care_first", (CARE[0],), 2)]))
    told_line = line_of(own, FULLY_SHARED)
    assert told_line == line(with_causes())
    assert care not in repr((seen, told_line))


@pytest.mark.parametrize("care", CARE)
def test_care_first_leaves_a_page_as_before_a_plan_is_asked_for(care: str) -> None:
    """The patterns and the causes, and nothing offered: as where the question was not answered."""
    seen = shared(with_causes(answers=[said("care_first", (care,), 2)]))
    plain = shared(with_causes())

    assert not seen.is_limited
    assert seen.advice.assessment.patterns == plain.advice.assessment.patterns
    assert [cause.id for cause in seen.advice.assessment.causes] == [
        cause.id for cause in plain.advice.assessment.causes
    ]
    assert (seen.advice.assessment.recommend, seen.advice.assessment.blocked) == ((), ())


def test_below_18_looks_like_any_care_first() -> None:
    young = shared(with_causes(age=17))

    assert young == shared(with_causes(answers=[said("care_first", ("blood_thinner",), 2)]))
    assert young.advice.history.age is None


@pytest.mark.parametrize("bone", BONES)
def test_bone_risk_shows_in_no_word(bone: str) -> None:
    hop = yes("hop_pain", area="shin")
    own = advice_of(with_causes(flag_answers=[hop], answers=[said("bone_risk", bone, 1)]))

    assert Said("reason.bone_risk") in own.assessment.reasons
    assert shared_advice(own, FULLY_SHARED) == shared(with_causes(flag_answers=[hop]))
    assert line_of(own, FULLY_SHARED) == line(with_causes(flag_answers=[hop]))


def test_a_bony_point_looks_like_the_sign_itself() -> None:
    pointed = with_causes(answers=[said("spot", "bony_point", 1)])
    pointed = replace(
        pointed,
        flag_answers=tuple(s for s in pointed.flag_answers if s.flag != "flag:bone_point_pain"),
    )
    own = advice_of(pointed)

    assert own.assessment.escalation == "escalate:clinician_week"
    itself = with_causes(flag_answers=[yes("bone_point_pain")])
    assert shared_advice(own, FULLY_SHARED) == shared(itself)
    assert line_of(own, FULLY_SHARED) == line(itself)


# Never more than the athlete sees


def test_causes_and_offers_are_those_of_the_athlete() -> None:
    own = page_of(advice_of(with_causes()))
    page = page_about(shared(with_causes()).advice)

    assert [shown.cause.id for shown in page.causes] == [shown.cause.id for shown in own.causes]
    assert [shown.ranked.likelihood for shown in page.causes] == [
        s.ranked.likelihood for s in own.causes
    ]
    assert [offer.remedy for offer in page.offers] == [offer.remedy for offer in own.offers]
    assert page.offers
    assert all(offer.not_if == () for offer in page.offers)


def test_nothing_is_offered_before_the_questions_of_a_plan_are_answered() -> None:
    unasked = replace(with_causes(), flag_answers=())

    assert advice_of(unasked).assessment.recommend
    assert shared(unasked).advice.assessment.recommend == ()
    assert shared(unasked).advice.assessment.causes


def test_without_runs_no_line_rests_on_them() -> None:
    own = advice_of(with_causes())
    seen = shared_advice(own, Shared(soreness=True, guidance=True))
    told = repr(seen.advice)

    assert any(p.signal == "sig:load_up" for c in own.assessment.causes for p in evidence(c))
    assert "sig:load_up" not in told
    assert seen.advice.history.runs == ()
    assert "reason.no_runs" not in told
    assert page_about(seen.advice).runs == 0


def evidence(cause: Any) -> list[Any]:
    return [*cause.supports, *cause.opposes]


@pytest.mark.slow
@thorough
@given(
    histories, st.sampled_from([FULLY_SHARED, Shared(True, False, True), Shared(False, True, True)])
)
def test_a_coach_never_sees_more_than_the_athlete(of: History, what: Shared) -> None:
    own = advice_of(of)
    seen = shared_advice(own, what).advice
    mine, page = page_of(own), page_about(seen)
    words = {shown.cause.id: shown.ranked.likelihood for shown in mine.causes}
    offered = {offer.remedy.id for offer in mine.offers}
    left_out = {one.remedy for one in mine.left_out}

    for shown in page.causes:
        assert LIKELIHOODS.index(shown.ranked.likelihood) <= LIKELIHOODS.index(
            words[shown.cause.id]
        )
    assert {offer.remedy.id for offer in page.offers} <= offered
    assert {one.remedy for one in page.left_out} <= left_out
    assert {step.id for step in (page.next_check,) if step} <= {own.assessment.ask_next}
    assert seen.open_flags == []


@pytest.mark.slow
@thorough
@given(histories)
def test_the_level_is_the_athletes_own(of: History) -> None:
    own = advice_of(of)
    stand, told = stands(own), line_of(own, FULLY_SHARED)

    assert told.level == stand.level
    if stand.level >= StandingLevel.EASE_OFF:  # what to do could tell which sign it is
        assert told.headline == Said("standing.level", level=own.escalation)
    elif stand.level >= StandingLevel.LOAD_JUMP or stand.level == StandingLevel.QUIET:
        assert words_of(told)[1] == say(stand.headline, about=True)


@pytest.mark.parametrize("name", CASES)
def test_the_level_is_that_of_each_accepted_case(name: str) -> None:
    own = advice_of(CASES[name].history)
    assert line_of(own, FULLY_SHARED).level == stands(own).level


@pytest.mark.slow
@thorough
@given(histories, st.integers(0, 7).map(lambda bits: Shared(*(bool(bits & b) for b in (1, 2, 4)))))
def test_a_coach_is_never_addressed(of: History, what: Shared) -> None:
    own = advice_of(of)
    _, *told = words_of(line_of(own, what))
    page = page_about(shared_advice(own, what).advice)

    assert not [words for words in told if YOU.search(words)]
    assert not [words for words in words_on(page) if YOU.search(words)]


@pytest.mark.slow
@thorough
@given(histories)
def test_a_line_says_nothing_of_what_is_private(of: History) -> None:
    """The same level with another answer behind it is the same line."""
    plain = restricted(of, FULLY_SHARED)
    own, without = advice_of(of), advice_of(plain)
    if own.assessment.escalation == without.assessment.escalation:
        assert line_of(own, FULLY_SHARED) == line_of(without, FULLY_SHARED)


@pytest.mark.slow
@thorough
@given(histories)
def test_without_guidance_a_line_rests_on_the_logs(of: History) -> None:
    logs = History(
        of.today, of.soreness, of.check_in_days, of.runs, of.run_before, of.known_running
    )
    assert line(of, LOGS) == line(logs, LOGS)


# Each switch off


def test_history_without_runs() -> None:
    kept = restricted(with_causes(), Shared(soreness=True, guidance=True))
    assert (kept.runs, kept.run_before) == ((), None)
    assert kept.soreness


def test_history_without_soreness() -> None:
    kept = restricted(with_causes(), Shared(runs=True, guidance=True))
    assert (kept.soreness, kept.check_in_days) == ((), {})
    assert kept.runs


def test_history_without_guidance() -> None:
    whole = with_causes(
        remedies=done((3, 2), "plank"), plan=PlanInForce(day(20), ("remedy:plank",), 20, 2), age=17
    )
    kept = restricted(whole, LOGS)

    assert kept == replace(
        whole, answers=(), checks=(), flag_answers=(), plan=None, remedies_done=(), age=None
    )


@pytest.mark.parametrize(
    ("what", "headline"),
    [
        (LOGS, "Nothing logged for 9 days"),
        (Shared(soreness=True), "No check-in for 9 days"),
        (Shared(runs=True), "No run for 9 days"),
        (Shared(soreness=True, guidance=True), "No check-in for 9 days"),
    ],
)
def test_quiet_counts_what_is_shared(what: Shared, headline: str) -> None:
    silent = history(clear=(9,), runs=[run(9)])
    assert words_of(line(silent, what)) == (StandingLevel.QUIET, headline, "")


def test_quiet_looks_past_what_is_not_shared() -> None:
    runs_on = history(clear=(9,), runs=[run(0)])

    assert words_of(line(runs_on, Shared(soreness=True)))[1] == "No check-in for 9 days"
    assert line(runs_on, LOGS).level == StandingLevel.UNKNOWN


@pytest.mark.parametrize(
    ("what", "headline"),
    [
        (FULLY_SHARED, "Nothing logged yet"),
        (Shared(soreness=True), "No check-in yet"),
        (Shared(runs=True), "No run yet"),
    ],
)
def test_nothing_logged_yet_by_what_is_shared(what: Shared, headline: str) -> None:
    assert words_of(line(history(), what)) == (StandingLevel.UNKNOWN, headline, "")


@pytest.mark.parametrize("what", [Shared(), Shared(notes=True)])
def test_nothing_shared_says_so(what: Shared) -> None:
    assert words_of(line(with_pain_that_stays(), what)) == (None, "Not shared", "")


def test_runs_alone_tell_of_load_only() -> None:
    hurting = with_pain_that_stays()
    assert words_of(line(hurting, Shared(runs=True))) == (
        StandingLevel.UNKNOWN,
        "No jump in running",
        "Soreness is not shared.",
    )


def test_runs_alone_tell_of_no_jump_only_where_four_weeks_are_known() -> None:
    runs = [run(ago, 8) for ago in (27, 20, 10, 2)]
    shared = Shared(runs=True)

    known, unknown = history(runs=runs), history(runs=runs[1:], clear=(34,))
    assert words_of(line(known, shared))[1] == "No jump in running"
    assert words_of(line(unknown, shared))[1] == "Not enough to tell yet"


def test_soreness_alone_tells_of_no_run() -> None:
    jumped = history(
        clear=range(10),
        runs=[*(run(ago, 8) for ago in range(36, 7, -4)), run(2, 20)],
        run_before=36,
    )
    assert line(jumped).level == StandingLevel.LOAD_JUMP
    assert words_of(line(jumped, Shared(soreness=True))) == (
        StandingLevel.ON_TRACK,
        "Nothing keeps coming back",
        "",
    )


# Words


def test_a_recurring_line_says_what_else_the_log_shows() -> None:
    steady = replace(with_causes(), runs=steady_runs(60))
    _, headline, reason = words_of(line(steady))
    assert headline.startswith("Left hamstring, 8 mornings out of ")
    assert reason == "Left hamstring, the morning after 7 of 13 runs"


@pytest.mark.slow
def test_a_line_names_no_cause() -> None:
    causes = [cause for cause in current_knowledge().causes.values() if cause.kind != "outcome"]
    named = [cause.name.lower() for cause in causes]
    lines = [words_of(line(history_of(number))) for number in range(300)]
    assert not [one for one in lines for name in named if name in f"{one[1]} {one[2]}".lower()]


def test_no_words_of_the_knowledge_address_a_coach() -> None:
    told = current_knowledge().sentences.values()
    assert any(YOU.search(sentence.you) for sentence in told)
    assert not [sentence for sentence in told if YOU.search(sentence.about)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            Said("pattern:improving", area="calf", side="left", change=2),
            "Left calf: 2 points better than the week before",
        ),
        (
            Said("pattern:week_jump", distance_m=41_000, more_m=12_340),
            "41.0 km in seven days, 12.3 km above their three weeks before",
        ),
        (Said("flag:night_pain"), "Pain that wakes them or never lets up"),
        (Said("alt:proximal_hamstring_tendinopathy"), "An ache on the bone they sit on."),
        (
            Said("pattern:remedy_response", change=2, remedy=Said("plan.itself")),
            "2 points better since they started the plan",
        ),
    ],
)
def test_words_are_told_of_somebody_else(words: Said, told: str) -> None:
    assert say(words, about=True) == told
