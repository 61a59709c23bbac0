"""The plan: what is offered, what is left out and why (section 3 and step 7)."""

from collections.abc import Iterable

import pytest

from guidance.knowledge import current_knowledge
from guidance.rules.assessment import circumstances_of
from guidance.rules.catalogue import Block
from guidance.rules.plan.conditions import CONDITIONS, Circumstances, judge
from guidance.rules.said import Said
from guidance.rules.types import (
    Answer,
    Assessment,
    CheckResult,
    FlagAnswer,
    History,
    PlanInForce,
    Soreness,
)
from guidance.saying import say
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    both,
    check,
    day,
    done,
    facts,
    history,
    offers,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

HABIT = spots(WEEKLY)
CLEAR = (27, 24, 20, 17, 13, 10, 7, 3)
SHORT = check("straight_leg_raise", 65, 80)
FRONT = [check("heel_to_seat", 12, 5), check("thomas_edge", "above", "below")]
FRONT_TIGHT = spots(WEEKLY, 3, area="quad")
STRETCH = "gentle_supine_hamstring_stretch"


def pelvis(
    *answers: Answer,
    checks: Iterable[CheckResult] = FRONT,
    flag_answers: Iterable[FlagAnswer] = (),
    age: int | None = None,
) -> Assessment:
    """A tight front of the thigh with the hamstring, measured: the pelvis leads."""
    return assessed(
        history(
            [*HABIT, *FRONT_TIGHT],
            clear=CLEAR,
            runs=steady_runs(),
            checks=checks,
            answers=answers,
            flag_answers=flag_answers,
            age=age,
        )
    )


def left_out(of: Assessment) -> dict[str, tuple[str, ...]]:
    return {one.remedy.removeprefix("remedy:"): in_words(one.why) for one in of.blocked}


def in_words(said: tuple[Said, ...]) -> tuple[str, ...]:
    return tuple(say(one) for one in said)


def circumstances(of: History) -> Circumstances:
    return circumstances_of(facts(of))


def test_the_leaders_starter_plan_is_offered_in_its_order() -> None:
    expected = ["standing_quad_stretch", "cat_cow", "single_leg_glute_bridge", "plank"]

    assert offers(pelvis()) == [*expected, "foam_rolling"]
    assert offers(pelvis(said("sitting_hours", 8))) == [*expected, "sit_break"]  # five at most


@pytest.mark.parametrize(
    ("agos", "next_stage"),
    [
        (range(5, 23, 2), True),
        (range(5, 21, 2), False),  # on nine days
        (range(4, 21, 2), False),  # the first of them three weeks ago
        ([*range(5, 21, 2), 28], False),  # of the last 28
    ],
)
def test_a_tendon_goes_on_to_slow_loading_after_the_hold(
    agos: Iterable[int], next_stage: bool
) -> None:
    held = done(agos, "isometric_hamstring_hold")

    def offered(soreness: Iterable[Soreness]) -> list[str]:
        of = history(
            soreness,
            clear=CLEAR,
            runs=steady_runs(),
            answers=[said("spot", "sit_bone")],
            remedies=held,
        )
        return offers(assessed(of))

    loads, holds = "sit_bone_loading", "isometric_hamstring_hold"
    calm = spots(WEEKLY, 3)
    assert set(offered(calm)) & {loads, holds} == {loads if next_stage else holds}
    assert loads not in offered([*calm, spot(2, 4)])


def test_what_is_blocked_is_left_out_with_its_words() -> None:
    found = pelvis(said("care_first", ("none",)), flag_answers=all_no())
    knee = history(
        [*HABIT, *FRONT_TIGHT, spot(3, 4, area="knee", kind="pain")],
        clear=CLEAR,
        runs=steady_runs(),
        checks=FRONT,
    )

    assert "standing_quad_stretch" in offers(found)
    assert "standing_quad_stretch" not in offers(assessed(knee))
    assert left_out(assessed(knee))["standing_quad_stretch"] == ("a knee hurts at 4 or more",)


def test_unanswered_blocks_are_asked_first_and_remove_nothing() -> None:
    not_if = {offer.remedy: in_words(offer.not_if) for offer in pelvis().recommend}
    no_signs = pelvis(flag_answers=all_no())
    asked = {offer.remedy: in_words(offer.not_if) for offer in no_signs.recommend}

    tingling = "there is tingling or numbness in the leg"
    assert tingling in not_if["remedy:single_leg_glute_bridge"]
    assert asked["remedy:single_leg_glute_bridge"] == ("a bridge hurts at 4 or more",)


@pytest.mark.parametrize(("left", "blocked"), [(75, False), (76, True), (None, True)])
def test_the_hamstring_stretch_waits_for_a_short_raise(left: float | None, blocked: bool) -> None:
    found = pelvis(checks=[*FRONT, check("straight_leg_raise", left, 95)])

    assert (STRETCH in left_out(found)) == blocked


def test_both_symptomatic_sides_have_to_be_short() -> None:
    def verdict(left: float, right: float) -> bool:
        log = history(both(WEEKLY), checks=[check("straight_leg_raise", left, right)])
        blocks = current_knowledge().remedies[f"remedy:{STRETCH}"].blocks
        return any(judge(block, circumstances(log)) == "blocks" for block in blocks)

    assert not verdict(75, 60)
    assert verdict(75, 76)


def test_a_long_raise_blocks_stretching_whatever_leads() -> None:
    found = pelvis(checks=[*FRONT, check("straight_leg_raise", 80, 80)])

    assert found.top_cause == "cause:pelvic_misalignment"
    assert "a straight-leg raise of 80° or more shows enough length" in left_out(found)[STRETCH]


def tired(*soreness_agos: int) -> Assessment:
    """Long hamstrings that stretching does not help."""
    return assessed(
        history(
            spots(soreness_agos),
            clear=[ago for ago in (*CLEAR, 0, 1, 2) if ago not in soreness_agos],
            runs=steady_runs(),
            checks=[check("straight_leg_raise", 95, 80)],
            answers=[said("stretch_effect", "none")],
        )
    )


def test_slides_wait_until_the_hamstring_is_quiet_for_three_days() -> None:
    assert "eccentric_hamstring" in offers(tired(26, 19, 12, 5, 3))
    assert "eccentric_hamstring" not in offers(tired(26, 19, 12, 5, 2))


def test_nothing_is_offered_where_nothing_is_named() -> None:
    assert offers(assessed(history(HABIT, clear=CLEAR, runs=steady_runs()))) == []


def test_easing_off_comes_first_at_its_level() -> None:
    limping = pelvis(flag_answers=[yes("limp", since=0)])

    assert limping.escalation == "escalate:ease_watch"
    assert offers(limping)[0] == "load_reduction"
    assert len(offers(limping)) == 5


def test_a_clinicians_flag_leaves_little() -> None:
    found = pelvis(said("sitting_hours", 9), flag_answers=[yes("night_pain")])

    assert offers(found) == ["load_reduction", "physical_therapy", "sit_break"]
    assert left_out(found)["plank"] == ("a warning sign must be looked at first",)


def test_ice_stays_under_a_clinicians_flag_only_where_it_suits() -> None:
    assert "ice" not in offers(pelvis(flag_answers=[yes("night_pain")]))


def test_a_routine_flag_keeps_the_starter_plan() -> None:
    soreness = spots((22, 15, 11, 8, 5, 1))
    answers = [said("spot", "sit_bone"), said("stretch_effect", "worse")]

    found = assessed(history(soreness, clear=CLEAR, runs=steady_runs(), answers=answers))

    assert found.escalation == "escalate:clinician_week"
    assert offers(found) == [
        "load_reduction",
        "isometric_hamstring_hold",
        "sit_break",
        "physical_therapy",
    ]


def eased(*, plan: PlanInForce | None = None, done_on: tuple[int, ...] = ()) -> Assessment:
    """A tight front as before, falling from 6 to 3."""
    soreness = [
        *spots((26, 22, 19, 15, 12, 10, 8), 6),
        *spots((26, 22, 19, 15, 12), 3, area="quad"),
        *spots((5, 3, 1), 3),
    ]
    remedies = done(done_on, "cat_cow")
    return assessed(
        history(
            soreness,
            clear=(14,),
            runs=steady_runs(),
            checks=FRONT,
            plan=plan,
            remedies=remedies,
        )
    )


def test_improving_without_a_plan_adds_nothing() -> None:
    assert offers(eased()) == []
    assert not eased().keep_plan
    assert Said("reason.improving") in eased().reasons


@pytest.mark.parametrize(("ago", "kept"), [(13, ["cat_cow"]), (14, [])])
def test_improving_keeps_what_is_done(ago: int, kept: list[str]) -> None:
    found = eased(done_on=(ago,))

    assert (offers(found), found.keep_plan) == (kept, bool(kept))


def test_improving_keeps_a_plan_minus_what_is_blocked() -> None:
    plan = PlanInForce(day(20), ("remedy:plank", f"remedy:{STRETCH}"), 10, 4)

    found = eased(plan=plan)

    assert offers(found) == ["plank"]
    assert STRETCH in left_out(found)
    assert Said("reason.improving_with_plan") in found.reasons


def test_care_first_offers_no_plan() -> None:
    assert offers(pelvis(age=17)) == ["load_reduction", "physical_therapy"]
    pregnant = pelvis(said("care_first", ("pregnant_or_recent_birth",)))
    assert offers(pregnant) == ["load_reduction", "physical_therapy"]
    assert offers(pelvis(age=18)) != ["load_reduction", "physical_therapy"]


def test_an_area_of_its_own_gets_the_generic_plan() -> None:
    def plan(area: str) -> list[str]:
        soreness = spots(WEEKLY, 4, area=area)
        return offers(assessed(history(soreness, clear=CLEAR, runs=steady_runs())))

    generic = ["load_reduction", "swimming", "ice", "physical_therapy"]
    assert plan("calf") == generic
    assert plan("quad") == [*generic, "standing_quad_stretch"]


def test_a_bone_gets_no_running_and_a_clinician() -> None:
    log = history([spot(1, 3, area="shin")], flag_answers=[yes("hop_pain")])

    assert offers(assessed(log)) == ["load_reduction", "physical_therapy"]


@pytest.mark.parametrize(("first", "iced"), [(3, True), (4, False)])
def test_ice_is_for_the_first_72_hours_of_a_strain(first: int, iced: bool) -> None:
    """From the newest day on which it was at its highest."""
    soreness = [spot(first, 4), *spots(range(first - 1, -1, -1), 3)]
    log = history(
        soreness, clear=(9, 8, 7), runs=steady_runs(), answers=[said("onset", "one_stride")]
    )

    found = assessed(log)

    assert found.top_cause == "alt:acute_hamstring_strain"
    assert ("ice" in offers(found)) == iced


STRIDE_35 = said("onset", "one_stride", ago=35)

LATER = spots((36, 30, 24, 17, 10, 3), area="quad")

# A condition with its arguments, a history in which it blocks, and one in which it does not.
CONDITION_CASES: list[tuple[Block, History, History]] = [
    (
        Block("answer", "", question="ask:cold_sensitivity", values=("yes",)),
        history(answers=[said("cold_sensitivity", "yes")]),
        history(answers=[said("cold_sensitivity", "no")]),
    ),
    (
        Block("flag", "", flag="flag:limp"),
        history(flag_answers=[yes("limp", 90)]),
        history(flag_answers=all_no()),
    ),
    (
        Block("bone_flag", ""),
        history(flag_answers=[yes("hop_pain")]),
        history(flag_answers=all_no()),
    ),
    (
        Block("bone_flag", "", areas=("groin",)),
        history(flag_answers=[yes("hop_pain", area="groin")]),
        history(flag_answers=[*all_no(but=["hop_pain"]), yes("hop_pain", area="shin")]),
    ),
    (
        Block("bone_flag", "", areas=("groin",)),
        history(flag_answers=[yes("hop_pain")]),  # nobody knows where
        history(flag_answers=all_no()),
    ),
    (
        Block("cause_leads", "", causes=("alt:sciatic_neural",)),
        history(HABIT, answers=[said("spot", "spreads_below_knee")]),
        history(HABIT, answers=[said("back_linked", "yes")]),
    ),
    (
        Block("strain_suspected", ""),
        history(spots((41,), 5), answers=[said("onset", "one_stride", ago=41)]),
        history(spots((42,), 5), answers=[said("onset", "one_stride", ago=42)]),
    ),
    (
        Block("strain_suspected", ""),
        history(spots((41,), 5), answers=[said("onset", "at_once", ago=41)]),
        history(spots((42,), 5), answers=[said("onset", "at_once", ago=42)]),
    ),
    (
        Block("strain_suspected", ""),
        history(spots((13,), 5), answers=[said("onset", "sudden", ago=13)]),
        history(spots((14,), 5), answers=[said("onset", "sudden", ago=14)]),
    ),
    (
        Block("strain_suspected", ""),  # from the newest day on which it was at its highest
        history([spot(48, 4), spot(43, 4), spot(41, 4)], answers=[said("onset", "one_stride", 42)]),
        history([spot(48, 4), spot(43, 5), spot(41, 4)], answers=[said("onset", "one_stride", 42)]),
    ),
    (
        Block("strain_suspected", ""),
        history([spot(2), spot(2, 5, area="calf")], answers=[said("onset", "sudden")]),
        history([spot(2), spot(2, 5, area="calf")], answers=[said("onset", "gradual")]),
    ),
    (
        Block("strain_suspected", ""),
        history(spots((30,), 5), answers=[said("onset", "one_stride", ago=30)]),
        history(
            spots((30,), 5),
            answers=[said("onset", "one_stride", ago=30)],
            flag_answers=[FlagAnswer(day(30), "flag:sudden_pop", True, seen_on=day(20))],
        ),
    ),
    (
        Block("front_strain_suspected", ""),
        history(spots((2, 0), area="quad"), answers=[said("onset", "sudden")]),
        history(spots((2, 0), area="quad"), answers=[said("onset", "gradual")]),
    ),
    (
        Block("front_strain_suspected", ""),
        history(spots((9,), area="hip_flexor"), flag_answers=[yes("sudden_pop")]),
        history(spots((9,)), flag_answers=[yes("sudden_pop")]),
    ),
    (
        Block("front_strain_suspected", ""),
        history([spot(41, 5, area="quad"), *LATER], answers=[STRIDE_35]),
        history([spot(42, 5, area="quad"), *LATER], answers=[STRIDE_35]),
    ),
    (
        Block("strain_first", "", hours=48),
        history(flag_answers=[yes("sudden_pop", since=2)]),
        history(flag_answers=[yes("sudden_pop", since=3)]),
    ),
    (
        Block("strain_first", "", hours=48),
        history(flag_answers=[yes("sudden_pop", ago=9)]),  # since when is not known
        history(),
    ),
    (
        Block("strain_past", "", hours=72),
        history([spot(4, 6), spot(3, 5)], answers=[said("onset", "one_stride")]),
        history([spot(4, 5), spot(3, 6)], answers=[said("onset", "one_stride")]),
    ),
    (
        Block("doms_first", "", hours=72),
        history(both((3,)), runs=[run(10), run(4, kind="race")]),
        history(both((4,)), runs=[run(10), run(5, kind="race")]),
    ),
    (
        Block("pain", "", areas=("knee",), at_least=4, days=14),
        history([spot(13, 4, area="knee", kind="pain")]),
        history([spot(13, 9, area="knee"), spot(14, 4, area="knee", kind="pain")]),
    ),
    (
        Block("peak", "", areas=("hamstring",), at_least=3, days=3),
        history([spot(2, 3, side="right")]),
        history([spot(3, 9), spot(2, 2)]),
    ),
    (
        Block("raise_at_least", "", at_least=80),
        history(HABIT, checks=[check("straight_leg_raise", 80, 60)]),
        history(HABIT, checks=[check("straight_leg_raise", 79, 95)]),
    ),
    (
        Block("raise_above_or_unknown", "", at_least=75),
        history(HABIT),
        history(HABIT, checks=[check("straight_leg_raise", 75)]),
    ),
    (
        Block("care_first", "", values=("bone_weakness",)),
        history(answers=[said("care_first", ("blood_thinner", "bone_weakness"))]),
        history(answers=[said("care_first", ("blood_thinner",))]),
    ),
    (
        Block("check_result", "", question="check:sit_bone", at_least=3),
        history(checks=[check("sit_bone", {"press": 0, "sitting": 3}, {"press": 0})]),
        history(checks=[check("sit_bone", {"press": 2, "sitting": 2}, {"press": 0})]),
    ),
    (
        Block("improving", ""),
        history([*spots((11, 9, 8), 6), *spots((5, 3, 1), 3)]),
        history([*spots((11, 9, 8), 4), *spots((5, 3, 1), 3)]),
    ),
    (
        Block("load_steady_and_improving", ""),
        history([*spots((11, 9, 8), 6), *spots((5, 3, 1), 3)], runs=steady_runs()),
        history([*spots((11, 9, 8), 6), *spots((5, 3, 1), 3)]),
    ),
]


@pytest.mark.parametrize(
    ("block", "holds", "free"),
    CONDITION_CASES,
    ids=[f"{i}-{case[0].when}" for i, case in enumerate(CONDITION_CASES)],
)
def test_condition_blocks_up_to_its_edge(block: Block, holds: History, free: History) -> None:
    assert judge(block, circumstances(holds)) == "blocks"
    assert judge(block, circumstances(free)) == "free"


@pytest.mark.parametrize(
    "block",
    [
        Block("answer", "", question="ask:cold_sensitivity", values=("yes",)),
        Block("flag", "", flag="flag:limp"),
        Block("bone_flag", ""),
        Block("care_first", "", values=("bone_weakness",)),
        Block("check_result", "", question="check:sit_bone", at_least=3),
        Block("asked", ""),
    ],
    ids=lambda block: block.when,
)
def test_a_condition_without_an_answer_is_to_be_asked(block: Block) -> None:
    assert judge(block, circumstances(history())) == "ask"


def test_every_condition_of_the_knowledge_can_be_judged() -> None:
    knowledge = current_knowledge()
    used = {b.when for r in knowledge.remedies.values() for b in r.blocks}
    used |= {b.when for c in knowledge.checks.values() for b in c.blocks}
    covered = {case[0].when for case in CONDITION_CASES} | {"asked"}

    assert used <= set(CONDITIONS)
    assert set(CONDITIONS) == covered
