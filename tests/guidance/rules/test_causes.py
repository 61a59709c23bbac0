"""The order of decisions, the words for how sure, and abstaining (sections 1.7 and 7)."""

import pytest

from guidance.knowledge import current_knowledge
from guidance.rules.causes.ranking import order
from guidance.rules.said import Said
from guidance.rules.types import (
    Answer,
    Assessment,
    CheckResult,
    FlagAnswer,
    History,
    RankedCause,
    Run,
    Soreness,
)
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    both,
    check,
    history,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

HABIT = spots(WEEKLY)
CLEAR = (27, 24, 20, 17, 13, 10, 7, 3)
PM = "cause:pelvic_misalignment"
OL = "cause:overlengthened_hamstrings"
WG = "cause:weak_glutes"
TENDON = "alt:proximal_hamstring_tendinopathy"
NERVE = "alt:sciatic_neural"
BACK = "alt:low_back_referred"
DOMS = "alt:doms"
LOAD = "alt:load_spike"
STRAIN = "alt:acute_hamstring_strain"


def habit(
    *known: CheckResult | Answer, soreness: tuple[Soreness, ...] = HABIT, age: int | None = None
) -> Assessment:
    """A left hamstring of four weeks with steady runs, and what is known besides."""
    checks = [one for one in known if isinstance(one, CheckResult)]
    answers = [one for one in known if isinstance(one, Answer)]
    log = history(
        soreness, clear=CLEAR, runs=steady_runs(), checks=checks, answers=answers, age=age
    )
    return assessed(log)


def cause(of: Assessment, name: str) -> RankedCause:
    return next(found for found in of.causes if found.id == name)


LONG = check("straight_leg_raise", 95, 80)
WEAK = check("single_leg_bridge", 9, 17, felt=("hamstring", "glutes"))
NO_HELP = said("stretch_effect", "none")


def test_likely_needs_three_points_from_two_signals_one_of_them_measured() -> None:
    assert cause(habit(LONG, said("stretch_habit", 7)), OL).likelihood == "likely"
    assert cause(habit(LONG), OL).likelihood == "possible"  # one signal


def test_sitting_hours_make_nothing_likely() -> None:
    front = spots(WEEKLY, 3, area="quad")
    back = spots(WEEKLY[:3], 3, area="low_back", side="centre")
    soreness = (*HABIT, *front, *back)

    by_log = habit(said("sitting_hours", 9), soreness=soreness)
    measured = habit(said("sitting_hours", 9), check("heel_to_seat", 17, 16), soreness=soreness)

    assert (cause(by_log, PM).total, cause(by_log, PM).likelihood) == (4, "possible")
    assert cause(measured, PM).likelihood == "likely"


def test_long_hamstrings_are_never_likely_without_a_straight_leg_raise() -> None:
    without = habit(NO_HELP, said("stretch_habit", 7), check("toe_touch", value=-10))

    assert (cause(without, OL).total, cause(without, OL).likelihood) == (4, "possible")
    assert Said("reason.needs_raise") in without.reasons


def test_equal_totals_are_both_possible_at_most() -> None:
    found = habit(LONG, WEAK, said("stretch_habit", 7))

    assert cause(found, OL).total == cause(found, WG).total == 4
    assert {cause(found, OL).likelihood, cause(found, WG).likelihood} == {"possible"}
    assert found.top_cause == OL  # ties go down the article's list


def test_two_strong_causes_within_a_point_soften_the_leader() -> None:
    found = habit(LONG, WEAK, said("stretch_habit", 7), check("toe_touch", value=-10))

    assert (cause(found, OL).total, cause(found, WG).total) == (5, 4)
    assert cause(found, OL).likelihood == "possible"
    assert Said("reason.close") in found.reasons


def test_a_leader_pulled_both_ways_is_softened() -> None:
    pulled = habit(
        LONG,
        said("stretch_effect", "eases_lasting"),
        said("stretch_habit", 7),
        check("toe_touch", value=-10),
    )

    assert cause(pulled, OL).total == 3
    assert cause(pulled, OL).likelihood == "possible"
    assert Said("reason.contradiction") in pulled.reasons


def test_unlikely_needs_a_check_or_an_answer_against_it() -> None:
    by_log = habit(NO_HELP)
    measured = habit(NO_HELP, check("heel_to_seat", 2, 2))

    assert (cause(by_log, PM).total, cause(by_log, PM).likelihood) == (-2, "unclear")
    assert cause(measured, PM).likelihood == "unlikely"


def test_an_alternative_of_three_goes_before_an_equal_article_cause() -> None:
    knowing = current_knowledge()
    some = [knowing.causes[name] for name in (OL, NERVE, WG)]

    def first(*totals: int) -> str:
        return order(some, dict(zip((OL, NERVE, WG), totals, strict=True)))[0].id

    assert first(3, 3, 0) == NERVE
    assert first(2, 2, 0) == OL
    assert first(1, 2, 1) == NERVE
    assert first(4, 3, 4) == OL


def test_nobody_leads_below_two_points() -> None:
    found = habit()

    assert (found.top_cause, found.leads) == ("insufficient_data", False)
    assert all(one.likelihood == "unclear" for one in found.causes)


def test_a_single_bout_names_no_article_cause() -> None:
    bout = history(
        spots((6, 4, 2, 0)), clear=CLEAR, runs=steady_runs(), checks=[LONG], answers=[NO_HELP]
    )

    found = assessed(bout)

    assert not [one for one in found.causes if one.id.startswith("cause:")]
    assert found.top_cause == "insufficient_data"


def test_a_single_bout_may_name_the_tendon_where_it_is_strong_and_asked() -> None:
    bout = spots((6, 4, 2, 0))
    runs = steady_runs()
    answers = [said("spot", "sit_bone")]

    found = assessed(history(bout, clear=CLEAR, runs=runs, answers=answers))

    assert (found.top_cause, cause(found, TENDON).total) == (TENDON, 4)


def test_soreness_is_named_from_a_single_day_after_an_unusual_run() -> None:
    runs = [*steady_runs()[:19], run(1, kind="race", effort=9)]

    found = assessed(history(both((0,)), clear=(5,), runs=runs))

    assert (found.top_cause, found.leads) == (DOMS, True)


def test_soreness_may_be_named_for_a_muscle_that_the_article_leaves_out() -> None:
    runs = [*steady_runs()[:19], run(1, kind="race", effort=9)]

    def top(area: str) -> str:
        return assessed(history([spot(0, area=area)], clear=(5,), runs=runs)).top_cause

    assert top("calf") == DOMS
    assert top("shin") == "alt:non_hamstring_area"


def test_a_nerve_with_as_much_keeps_soreness_from_being_called_ordinary() -> None:
    """Outside the hamstring it is not named itself."""
    runs = [*steady_runs()[:19], run(1, kind="race", effort=9)]

    def top(*answers: Answer) -> str:
        calf = history([spot(0, area="calf")], clear=(5,), runs=runs, answers=answers)
        return assessed(calf).top_cause

    assert top(said("sitting_effect", "worse")) == DOMS
    assert top(said("spot", "spreads_below_knee")) == "alt:non_hamstring_area"


def test_marks_at_the_sit_bone_alone_make_nothing_likely() -> None:
    """They count as the hamstring, and are no answer."""
    marks = [spot(ago, sit_bone=True) for ago in WEEKLY]

    found = assessed(history(marks, clear=(6, 3), runs=steady_runs()))

    assert (found.main_area, found.top_cause) == (
        "hamstring",
        "alt:proximal_hamstring_tendinopathy",
    )
    assert found.causes[0].likelihood == "possible"


def test_a_sudden_moment_is_named_from_a_single_day() -> None:
    def top(onset: str) -> str:
        log = history([spot(0, 5, kind="pain")], answers=[said("onset", onset)])
        return assessed(log).top_cause

    assert top("one_stride") == STRAIN
    assert top("sudden") == "insufficient_data"  # overuse too begins within one run


def test_sparse_logs_abstain_whatever_was_measured() -> None:
    few = history(HABIT[-3:], runs=steady_runs(), checks=[LONG, WEAK], answers=[NO_HELP])

    found = assessed(few)

    assert found.top_cause == "insufficient_data"
    assert {one.likelihood for one in found.causes} <= {"unclear", "unlikely"}


@pytest.mark.parametrize(
    ("last_run", "stopped", "top"),
    [
        (13, "", OL),
        (14, "", "insufficient_data"),
        (14, "injury", OL),
        (14, "other", "insufficient_data"),
    ],
)
def test_no_run_in_14_days_abstains_unless_an_injury_stopped_it(
    last_run: int, stopped: str, top: str
) -> None:
    answers = [NO_HELP, said("stretch_habit", 6)]
    answers += [said("stopped_running", stopped)] if stopped else []
    runs = [run(ago) for ago in (40, 30, last_run)]

    assert assessed(history(HABIT, clear=CLEAR, runs=runs, answers=answers)).top_cause == top


def test_no_pattern_needs_seven_full_check_ins() -> None:
    def top(clear: range, partial: tuple[int, ...] = ()) -> str:
        return assessed(history(clear=clear, partial=partial, runs=steady_runs())).top_cause

    assert top(range(7)) == "no_pattern"
    assert top(range(6)) == "insufficient_data"
    assert top(range(7), partial=(3,)) == "insufficient_data"


@pytest.mark.parametrize(
    ("runs", "flag_answers", "top"),
    [
        ([run(13)], [], "no_pattern"),
        ([run(14)], [], "insufficient_data"),  # why not since then, nobody knows
        ([], [], "insufficient_data"),
        ([run(13)], [yes("limp", since=0)], "insufficient_data"),
    ],
)
def test_no_pattern_needs_a_run_and_no_warning_sign(
    runs: list[Run], flag_answers: list[FlagAnswer], top: str
) -> None:
    clear = history(clear=range(7), runs=runs, run_before=40, flag_answers=flag_answers)

    assert assessed(clear).top_cause == top


def test_no_pattern_is_not_said_of_three_symptom_days_this_week() -> None:
    def top(agos: tuple[int, ...]) -> str:
        clear = [ago for ago in range(12) if ago not in agos]
        return assessed(history(spots(agos), clear=clear, runs=steady_runs())).top_cause

    assert top((6, 3)) == "no_pattern"
    assert top((6, 3, 1)) == "insufficient_data"


def test_no_pattern_shows_no_cause() -> None:
    log = history(spots((6,)), clear=range(6), runs=steady_runs(), checks=[LONG, WEAK])

    found = assessed(log)

    assert (found.top_cause, found.causes) == ("no_pattern", ())


def outside(area: str, *answers: Answer, side: str = "left") -> Assessment:
    soreness = spots(WEEKLY, 4, area=area, side="centre" if side == "centre" else "left")
    return assessed(history(soreness, clear=CLEAR, runs=steady_runs(), answers=answers))


@pytest.mark.parametrize("area", ["calf", "achilles", "shin", "foot", "groin", "knee", "quad"])
def test_an_area_of_its_own_gets_no_article_cause(area: str) -> None:
    found = outside(area, said("stretch_effect", "worse"), said("spot", "sit_bone"))

    assert found.top_cause == "alt:non_hamstring_area"
    assert not [one for one in found.causes if one.id.startswith("cause:")]
    assert Said(f"outside.{area}") in found.reasons


def test_a_low_back_alone_is_named_only_with_three_points() -> None:
    linked = outside("low_back", said("back_linked", "yes"), side="centre")
    not_asked = outside("low_back", said("sitting_effect", "worse"), side="centre")

    assert linked.top_cause == BACK
    assert {offer.remedy for offer in linked.recommend} <= set(current_knowledge().generic_plan)
    nerve = outside(
        "low_back", said("back_linked", "yes"), said("spot", "spreads_below_knee"), side="centre"
    )
    assert nerve.top_cause == BACK  # whatever ties with it
    assert not_asked.top_cause == "alt:non_hamstring_area"


@pytest.mark.parametrize(("hamstring", "covered"), [((22, 12, 1), True), ((12, 1), False)])
def test_a_glute_is_covered_alongside_three_hamstring_days(
    hamstring: tuple[int, ...], covered: bool
) -> None:
    soreness = (*spots(WEEKLY, 6, area="glute"), *spots(hamstring, 3))

    found = habit(LONG, NO_HELP, soreness=soreness)

    assert found.main_area == "glute"
    assert (found.top_cause == OL) == covered


def test_the_hamstring_stays_main_with_half_of_the_highest_sum() -> None:
    def main(intensity: int) -> str:
        soreness = (*spots(WEEKLY, 8, area="calf"), *spots(WEEKLY, intensity))
        return assessed(history(soreness)).main_area

    assert main(4) == "hamstring"
    assert main(3) == "calf"


def test_ties_between_areas_go_down_the_body_map() -> None:
    log = history([*spots((5,), area="knee"), *spots((5,), area="calf")])

    assert assessed(log).main_area == "calf"


def test_a_bone_sign_outside_the_hamstring_is_named_whatever_follows() -> None:
    shin = history([spot(1, 3, area="shin")], flag_answers=[yes("hop_pain")])
    hamstring = history(HABIT, clear=CLEAR, runs=steady_runs(), flag_answers=[yes("hop_pain")])

    assert assessed(shin).top_cause == "alt:bone_stress_injury"
    assert assessed(hamstring).top_cause == "insufficient_data"


def test_urgent_withholds_everything() -> None:
    log = history(
        HABIT, clear=CLEAR, runs=steady_runs(), checks=[LONG], flag_answers=[yes("dark_urine")]
    )

    found = assessed(log)

    assert (found.top_cause, found.escalation) == ("withheld", "escalate:urgent")
    assert (found.causes, found.recommend, found.ask_next) == ((), (), "")


@pytest.mark.parametrize("first", ["age", "answer"])
def test_care_first_says_nothing_above_possible(first: str) -> None:
    known: list[CheckResult | Answer] = [LONG, said("stretch_habit", 7)]
    if first == "answer":
        known.append(said("care_first", ("blood_thinner",), ago=300))

    found = habit(*known, age=17 if first == "age" else 40)

    assert cause(found, OL).likelihood == "possible"


def test_what_is_not_known_yet_is_named() -> None:
    found = habit(LONG, said("stretch_habit", 7))

    assert cause(found, OL).unknown == ("check:sit_bone", "check:nerve_tension")


def test_the_order_of_rows_changes_nothing() -> None:
    log = history(
        HABIT, clear=CLEAR, runs=steady_runs(), checks=[LONG, WEAK], flag_answers=all_no()
    )
    turned = History(
        log.today,
        log.soreness[::-1],
        dict(sorted(log.check_in_days.items())),
        log.runs[::-1],
        log.run_before,
        log.known_running[::-1],
        log.checks[::-1],
        flag_answers=log.flag_answers[::-1],
    )

    assert assessed(turned) == assessed(log)
