"""Each signal of the knowledge base, section 1.6: a case for it, and one at its edge."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from guidance.knowledge import current_knowledge
from guidance.rules.signals.weighing import totals
from guidance.rules.types import Answer, CheckResult, History, Run, Side, Soreness, Timing
from guidance.saying import say
from tests.guidance.logs import (
    WEEKLY,
    both,
    check,
    day,
    done,
    history,
    run,
    said,
    signals,
    spot,
    spots,
    steady_runs,
    yes,
)

HABIT = spots(WEEKLY)
BOTH_SIDES = both(WEEKLY)
STRETCHED = done((13, 11, 9, 7), "gentle_supine_hamstring_stretch")


def marked(area: str, agos: tuple[int, ...], intensity: int = 2) -> History:
    """The habit on the left, with another area marked on some days."""
    side: Side = "centre" if area == "low_back" else "left"
    return history([*HABIT, *spots(agos, intensity, area=area, side=side)])


def checked(*results: CheckResult) -> History:
    return history(HABIT, checks=results)


def answered(*answers: Answer) -> History:
    return history(HABIT, answers=answers)


def bout(*soreness: Soreness, clear: tuple[int, ...] = (), extra: tuple[Run, ...] = ()) -> History:
    """A race five days ago after quiet weeks, and what was felt since."""
    runs = (*steady_runs()[:17], run(5, 8, kind="race", effort=9), *extra)
    return history(soreness, clear=clear, runs=runs)


def at_sit_bone(agos: Iterable[int], intensity: int = 3, side: Side = "left") -> History:
    """Marked there beside the habit of the left hamstring."""
    marks = [spot(ago, intensity, side=side, sit_bone=True) for ago in agos]
    return history([*HABIT, *marks])


def onsets(*minutes: int, minutes_run: float = 90) -> History:
    during = [
        spot(ago, timing="during", onset_min=minute)
        for ago, minute in zip((15, 8, 1), minutes, strict=False)
    ]
    runs = [run(ago, 14, minutes=minutes_run) for ago in (15, 8, 1)]
    return history(during, runs=runs)


def hill_hits(kind: str) -> History:
    hard = [20, 14, 8]
    runs = [*(run(a, kind="hills" if kind == "hills" else "tempo", effort=8) for a in hard)]
    runs += [run(ago) for ago in (22, 18, 16, 12, 10)]
    return history(spots(hard, timing="after"), clear=range(23), runs=runs)


def long_run_hits(onset_min: int | None = None) -> History:
    runs = [run(ago, 14, kind="long") for ago in (20, 14, 8)]
    runs += [run(ago) for ago in (22, 18, 16, 12, 10)]
    felt = [
        spot(ago, timing="during", onset_min=onset_min if ago == 8 else None) for ago in (20, 14, 8)
    ]
    return history(felt, clear=range(23), runs=runs)


def spiked(ago: int, km: float = 12) -> History:
    """A bout that began 6 days ago, and a long run somewhere before."""
    runs = [run(a, 10) for a in (40, 38, 34, 30, 27, 24) if a != ago]
    return history(spots((6, 4, 2)), runs=[*runs, run(ago, km)], logged=(54, 15))


def bridges(left: float, right: float, felt: tuple[str, str] = ("", "")) -> History:
    return checked(check("single_leg_bridge", left, right, felt=felt))


def sit_bone(press: float, sitting: float) -> CheckResult:
    parts = {"press": press, "sitting": sitting}
    return check("sit_bone", parts, {"press": 0, "sitting": 0})


IN_GLUTES = ("glutes", "glutes")
HALF = (26, 22, 19, 15)
SIT_BONE = said("spot", "sit_bone")

# Signal, a history that shows it, and one just short of it.
EDGES: list[tuple[str, Callable[[], History], Callable[[], History]]] = [
    ("front_co_tight", lambda: marked("quad", HALF), lambda: marked("quad", HALF[:3])),
    ("front_co_tight", lambda: marked("hip_flexor", HALF), lambda: marked("quad", HALF, 1)),
    ("front_clear", lambda: marked("quad", (26,)), lambda: marked("quad", (26, 22))),
    (
        "front_short",
        lambda: checked(check("heel_to_seat", 15.5, 14)),
        lambda: checked(check("heel_to_seat", 15, 14)),
    ),
    (
        "front_short",
        lambda: checked(check("heel_to_seat", 8, 4)),
        lambda: checked(check("heel_to_seat", 4, 8)),
    ),
    (
        "front_short",
        lambda: checked(check("thomas_edge", "above", "below")),
        lambda: checked(check("thomas_edge", "level", "above")),
    ),
    (
        "front_free",
        lambda: checked(check("heel_to_seat", 5, 2)),
        lambda: checked(check("heel_to_seat", 5, 1)),
    ),
    (
        "front_free",
        lambda: checked(check("heel_to_seat", 3, 2), check("thomas_edge", "level", "below")),
        lambda: checked(check("heel_to_seat", 3, 2), check("thomas_edge", "level", "above")),
    ),
    ("low_back_co", lambda: marked("low_back", HALF[:3]), lambda: marked("low_back", HALF[:2])),
    ("low_back_clear", lambda: marked("calf", HALF), lambda: marked("low_back", (26,), 1)),
    (
        "tilt_marked",
        lambda: checked(check("pelvic_tilt_view", value="marked")),
        lambda: checked(check("pelvic_tilt_view", value="mild")),
    ),
    (
        "long_sitting",
        lambda: answered(said("sitting_hours", 7)),
        lambda: answered(said("sitting_hours", 6.5)),
    ),
    (
        "slr_long",
        lambda: checked(check("straight_leg_raise", 90, 70)),
        lambda: checked(check("straight_leg_raise", 89, 95)),
    ),
    (
        "slr_ample",
        lambda: checked(check("straight_leg_raise", 80, 70)),
        lambda: checked(check("straight_leg_raise", 79, 85)),
    ),
    (
        "slr_limited",
        lambda: checked(check("straight_leg_raise", 70, 85)),
        lambda: checked(check("straight_leg_raise", 71, 60)),
    ),
    (
        "reach_long",
        lambda: checked(check("toe_touch", value=-5)),
        lambda: checked(check("toe_touch", value=-4)),
    ),
    (
        "reach_short",
        lambda: checked(check("toe_touch", value=10)),
        lambda: checked(check("toe_touch", value=9)),
    ),
    (
        "stretch_no_help",
        lambda: answered(said("stretch_effect", "eases_briefly")),
        lambda: answered(said("stretch_effect", "eases_lasting")),
    ),
    (
        "stretch_no_help",
        lambda: history([*spots((12, 10, 8)), *spots((5, 3, 1))], remedies=STRETCHED),
        lambda: history([*spots((12, 10, 8)), *spots((5, 3, 1))], remedies=STRETCHED[1:]),
    ),
    (
        "stretch_worse",
        lambda: answered(said("stretch_effect", "worse")),
        lambda: answered(said("stretch_effect", "none")),
    ),
    (
        "stretch_lasting",
        lambda: answered(said("stretch_effect", "eases_lasting")),
        lambda: answered(said("stretch_effect", "eases_briefly")),
    ),
    (
        "stretch_often",
        lambda: answered(said("stretch_habit", 5)),
        lambda: answered(said("stretch_habit", 4)),
    ),
    ("late_onset", lambda: onsets(60, 60), lambda: onsets(60, 59)),
    ("late_onset", lambda: onsets(30, 30, minutes_run=45), lambda: onsets(29, 30, minutes_run=45)),
    ("late_onset", lambda: hill_hits("hills"), lambda: hill_hits("tempo")),
    ("long_run_link", long_run_hits, lambda: long_run_hits(onset_min=10)),
    ("bridge_low", lambda: bridges(9, 11), lambda: bridges(10, 9)),
    ("bridge_asym", lambda: bridges(17, 20), lambda: bridges(18, 20)),
    ("bridge_asym", lambda: bridges(9, 12), lambda: bridges(10, 12)),
    (
        "bridge_felt_ham",
        lambda: bridges(14, 14, ("hamstring", "glutes")),
        lambda: bridges(14, 14, ("glutes", "hamstring")),
    ),
    ("bridge_good", lambda: bridges(16, 15, IN_GLUTES), lambda: bridges(16, 14, IN_GLUTES)),
    ("bridge_good", lambda: bridges(20, 19, IN_GLUTES), lambda: bridges(20, 18, IN_GLUTES)),
    ("bridge_good", lambda: bridges(20, 20, IN_GLUTES), lambda: bridges(20, 20, ("glutes", ""))),
    (
        "ham_bridge_low",
        lambda: checked(check("hamstring_bridge", 19, 21)),
        lambda: checked(check("hamstring_bridge", 20, 19)),
    ),
    (
        "ham_bridge_low",
        lambda: checked(check("hamstring_bridge", 34, 40)),
        lambda: checked(check("hamstring_bridge", 35, 40)),
    ),
    (
        "hip_control_poor",
        lambda: checked(check("single_leg_squat", "poor", "good")),
        lambda: checked(check("single_leg_squat", "fair", "poor")),
    ),
    (
        "plank_low",
        lambda: checked(check("plank", value=59)),
        lambda: checked(check("plank", value=60)),
    ),
    ("glute_co", lambda: marked("glute", HALF), lambda: marked("glute", HALF[:3])),
    ("one_sided", lambda: history(spots((6, 4, 2, 0))), lambda: history(spots((6, 4, 2)))),
    ("both_sides", lambda: history(BOTH_SIDES), lambda: history(both(WEEKLY, 5, 3))),
    ("unusual_load", lambda: bout(spot(4)), lambda: bout(spot(2))),
    ("fast_fade", lambda: bout(spot(4), spot(2, 2)), lambda: bout(spot(4), spot(2, 3))),
    (
        "fast_fade",
        lambda: bout(spot(4), clear=(2,)),
        lambda: bout(spot(4), clear=(1,)),
    ),
    (
        "slow_fade",  # 128 hours after the race, and 115
        lambda: bout(spot(4), spot(0, timing="after")),
        lambda: bout(spot(4), spot(0, timing="next_morning")),
    ),
    (
        "slow_fade",
        lambda: bout(spot(4), spot(0, 3, timing="after")),
        lambda: bout(spot(4), spot(0, 2, timing="after")),
    ),
    (
        "slow_fade",
        lambda: bout(spot(4), spot(0, timing="after")),
        lambda: bout(spot(4), spot(0, timing="after"), extra=(run(2, kind="tempo", effort=7),)),
    ),
    ("load_up", lambda: spiked(20), lambda: spiked(21)),
    ("load_up", lambda: spiked(7), lambda: spiked(6)),
    (
        "load_steady",
        lambda: history(HABIT, runs=[run(21), run(1)], logged=(40,)),
        lambda: history(HABIT, runs=[run(20), run(1)], logged=(40,)),
    ),
    (
        "load_steady",  # 14 days before the habit of 26 days
        lambda: history(HABIT, runs=[run(21), run(1)], logged=(40,)),
        lambda: history(HABIT, runs=[run(21), run(1)], logged=(39,)),
    ),
    (
        "load_steady",  # and four weeks, however young the bout is
        lambda: history(spots((6, 4)), runs=[run(22), run(12), run(1)], logged=(27,)),
        lambda: history(spots((6, 4)), runs=[run(22), run(12), run(1)], logged=(26,)),
    ),
    (
        "sudden_moment",
        lambda: history(spots((5, 3)), answers=[said("onset", "sudden")]),
        lambda: history(
            [*spots((5, 3)), spot(5, 6, area="calf")], answers=[said("onset", "sudden")]
        ),
    ),
    (
        "sudden_moment",
        lambda: history(spots((5, 3)), answers=[said("onset", "one_stride")]),
        lambda: history(spots((5, 3)), answers=[said("onset", "unsure")]),
    ),
    (
        "sudden_moment",
        lambda: history(spots((5, 3)), answers=[said("onset", "sudden", ago=5)]),
        lambda: history(spots((5, 3)), answers=[said("onset", "sudden", ago=6)]),
    ),
    (
        "sudden_moment",
        lambda: history(HABIT, flag_answers=[yes("sudden_pop", 300)]),
        lambda: history(HABIT, flag_answers=[yes("numb_tingle", 300)]),
    ),
    (
        "pull_pain",
        lambda: checked(check("heel_dig", 3, 2)),
        lambda: checked(check("heel_dig", 3, 3)),
    ),
    (
        "past_strain",
        lambda: answered(said("past_strain_months", 12)),
        lambda: answered(said("past_strain_months", None)),
    ),
    ("sit_bone_spot", lambda: answered(SIT_BONE), lambda: answered(said("spot", "vague"))),
    (
        "sit_bone_spot",
        lambda: checked(sit_bone(3, 0)),
        lambda: checked(sit_bone(2, 5)),
    ),
    ("sit_bone_spot", lambda: at_sit_bone(HALF), lambda: at_sit_bone(HALF[:3])),
    ("sit_bone_spot", lambda: at_sit_bone(HALF), lambda: at_sit_bone(HALF, side="right")),
    ("sit_bone_spot", lambda: at_sit_bone(HALF, 3), lambda: at_sit_bone(HALF, 2)),
    (
        "sit_worse",
        lambda: answered(said("sitting_effect", "worse")),
        lambda: answered(said("sitting_effect", "eases")),
    ),
    (
        "warm_then_return",
        lambda: answered(SIT_BONE, said("warm_up_effect", "eases_then_returns")),
        lambda: answered(said("warm_up_effect", "eases_then_returns")),
    ),
    ("sit_bone_clear", lambda: checked(sit_bone(1, 1)), lambda: checked(sit_bone(1, 2))),
    (
        "below_knee",
        lambda: answered(said("spot", "spreads_below_knee")),
        lambda: answered(said("spot", "behind_knee")),
    ),
    (
        "below_knee",
        lambda: history(HABIT, flag_answers=[yes("numb_tingle", 400)]),
        lambda: history(HABIT, flag_answers=[yes("night_pain", 400)]),
    ),
    (
        "nerve_pos",
        lambda: checked(check("nerve_tension", "changes_with_neck_or_ankle", "no_change")),
        lambda: checked(check("nerve_tension", "no_change", "changes_with_neck_or_ankle")),
    ),
    (
        "nerve_neg",
        lambda: checked(check("nerve_tension", "thigh_only", None)),
        lambda: checked(check("nerve_tension", None, "no_change")),
    ),
    (
        "nerve_neg",
        lambda: checked(check("nerve_tension", "no_change", "other_feeling")),
        lambda: checked(check("nerve_tension", "other_feeling", "no_change")),
    ),
    (
        "back_linked",
        lambda: answered(said("back_linked", "no")),
        lambda: answered(said("back_linked", "yes", ago=90)),
    ),
]


@pytest.mark.parametrize(
    ("signal", "shown", "short"), EDGES, ids=[f"{i}-{edge[0]}" for i, edge in enumerate(EDGES)]
)
def test_signal_holds_up_to_its_edge(
    signal: str, shown: Callable[[], History], short: Callable[[], History]
) -> None:
    assert signal in signals(shown())
    assert signal not in signals(short())


def test_every_signal_of_the_knowledge_has_its_edge() -> None:
    assert {f"sig:{edge[0]}" for edge in EDGES} == set(current_knowledge().signals)


@pytest.mark.slow
def test_every_signal_carries_a_day_and_points_of_the_knowledge() -> None:
    for name, shown, _ in EDGES:
        found = signals(shown())[name]
        signal = current_knowledge().signals[found.id]
        assert found.days
        assert set(found.points) in [set(signal.weights), *map(set, signal.variants.values())]


def points(of: History, signal: str, cause: str) -> int:
    return signals(of)[signal].points[cause]


OL = "cause:overlengthened_hamstrings"
WG = "cause:weak_glutes"


@pytest.mark.parametrize(("angle", "worth"), [(70, -2), (61, -2), (60, -3)])
def test_a_short_raise_counts_more_than_a_limited_one(angle: float, worth: int) -> None:
    log = checked(check("straight_leg_raise", angle, 90))

    assert points(log, "slr_limited", OL) == worth


NERVE = "alt:sciatic_neural"
NERVE_CHANGES = check("nerve_tension", "changes_with_neck_or_ankle", "no_change")


@pytest.mark.parametrize(
    ("known", "worth"),
    [
        ({}, 1),
        ({"answers": [said("spot", "behind_knee")]}, 1),
        ({"answers": [said("spot", "spreads_below_knee")]}, 3),
        ({"flag_answers": [yes("numb_tingle")]}, 3),
    ],
)
def test_a_nerve_test_counts_little_unless_it_runs_below_the_knee(
    known: dict[str, Any], worth: int
) -> None:
    """Most healthy people feel something."""
    log = history(HABIT, checks=[NERVE_CHANGES], **known)

    assert points(log, "nerve_pos", NERVE) == worth


def test_brief_easing_counts_less_than_no_effect() -> None:
    assert points(answered(said("stretch_effect", "none")), "stretch_no_help", OL) == 2
    assert points(answered(said("stretch_effect", "eases_briefly")), "stretch_no_help", OL) == 1


def test_low_and_uneven_bridges_add_three_at_most() -> None:
    found = signals(bridges(8, 14))

    assert found["bridge_low"].points[WG] + found["bridge_asym"].points[WG] == 3


def test_of_worse_and_no_help_only_the_higher_counts() -> None:
    soreness = [*spots((12, 10, 8)), *spots((5, 3, 1))]
    worse = [said("stretch_effect", "worse")]

    sums = totals(
        signals(history(soreness, remedies=STRETCHED, answers=worse)).values(), current_knowledge()
    )
    alone = totals(signals(history(soreness, answers=worse)).values(), current_knowledge())

    assert sums[OL] == alone[OL]
    assert sums["alt:sciatic_neural"] == alone["alt:sciatic_neural"]


def test_sitting_points_to_the_tendon_only_at_the_sit_bone() -> None:
    sitting = said("sitting_effect", "worse")

    assert signals(answered(sitting))["sit_worse"].points == {
        "alt:sciatic_neural": 1,
        "alt:low_back_referred": 1,
    }
    assert signals(answered(sitting, SIT_BONE))["sit_worse"].points == {
        "alt:proximal_hamstring_tendinopathy": 2
    }


def test_marks_at_the_sit_bone_give_other_answers_their_meaning() -> None:
    of = at_sit_bone(HALF)
    warm = said("warm_up_effect", "eases_then_returns")
    told = replace(of, answers=(said("sitting_effect", "worse"), warm))

    assert signals(of)["sit_bone_spot"].origin == "log"
    assert signals(told)["sit_worse"].points == {"alt:proximal_hamstring_tendinopathy": 2}
    assert "warm_then_return" in signals(told)


def test_a_back_that_is_not_linked_speaks_against_it() -> None:
    back = "alt:low_back_referred"

    assert points(answered(said("back_linked", "yes")), "back_linked", back) == 3
    assert points(answered(said("back_linked", "no")), "back_linked", back) == -2


@pytest.mark.parametrize(("timing", "up"), [("during", True), ("before", False)])
def test_load_up_holds_the_run_in_which_it_began(timing: Timing, up: bool) -> None:
    base = [run(ago, 5) for ago in (22, 19, 16, 13)]
    log = history(spots((3,), timing=timing), runs=[*base, run(3, 26)], logged=(36, 24))

    assert ("load_up" in signals(log)) == up


def test_load_up_counts_three_with_a_spike_response() -> None:
    runs = [run(a, 10) for a in (38, 36, 34, 32)]
    weekly = [*spots((16, 13, 9))]

    once = history(weekly, runs=[*runs, run(17, 12)], logged=(47, 25))
    twice = history(weekly, runs=[*runs, run(17, 12), run(10, 14)], logged=(47, 25))

    assert points(once, "load_up", "alt:load_spike") == 2
    assert points(twice, "load_up", "alt:load_spike") == 3


def test_load_before_an_old_episode_is_read_in_42_days() -> None:
    old = spots((40, 34, 28, 22, 16, 10, 4))
    base = [run(a, 10) for a in (60, 58, 56, 54)]

    assert "load_up" in signals(history(old, runs=[*base, run(41, 12)], logged=(72,)))
    assert "load_up" not in signals(history(old, runs=[*base, run(42, 12)], logged=(72,)))


def test_a_check_is_read_on_both_sides_when_they_tie_and_the_worse_counts() -> None:
    log = history(BOTH_SIDES, checks=[check("straight_leg_raise", 62, 93)])

    assert "slr_long" in signals(log)


def test_a_check_counts_42_days_and_an_answer_90() -> None:
    def at(check_ago: int, answer_ago: int) -> set[str]:
        log = history(
            HABIT,
            checks=[check("plank", value=30, ago=check_ago)],
            answers=[said("stretch_effect", "none", ago=answer_ago)],
        )
        return set(signals(log)) & {"plank_low", "stretch_no_help"}

    assert at(41, 89) == {"plank_low", "stretch_no_help"}
    assert at(42, 90) == set()


def test_the_newest_check_and_answer_stand() -> None:
    log = history(
        HABIT,
        checks=[check("plank", value=90, ago=3), check("plank", value=30, ago=20)],
        answers=[said("spot", "vague", ago=1), said("spot", "sit_bone", ago=9)],
    )

    assert not {"plank_low", "sit_bone_spot"} & set(signals(log))


def test_a_side_that_was_not_measured_is_not_known() -> None:
    assert "bridge_low" not in signals(checked(check("single_leg_bridge", None, 3)))


def test_unknown_days_do_not_make_the_front_clear() -> None:
    agos = WEEKLY[:4]

    assert "front_clear" in signals(history(spots(agos)))
    assert "front_clear" not in signals(history(spots(agos), partial=agos[:1]))


@pytest.mark.parametrize(
    ("onset", "pop", "points", "words"),
    [
        ("one_stride", False, 3, "in one stride, at a moment you can name"),
        ("sudden", False, 1, "within one run, at no single step"),
        ("at_once", False, 1, "all at once, at a moment you can name"),
        ("sudden", True, 3, "within one run, at no single step"),
        ("gradual", True, 3, "with a pop or a sudden pull"),
    ],
)
def test_a_moment_counts_by_how_it_began(onset: str, pop: bool, points: int, words: str) -> None:
    answers, signs = [said("onset", onset)], [yes("sudden_pop")] if pop else []

    found = signals(history(spots((5, 3)), answers=answers, flag_answers=signs))["sudden_moment"]

    assert found.points["alt:acute_hamstring_strain"] == points
    assert say(found.said) == f"It began {words}"


def test_a_check_that_is_retired_weighs_nothing() -> None:
    assert signals(checked(check("single_leg_stand", "yes", "yes"))) == signals(checked())


def test_a_pop_that_a_clinician_has_seen_is_no_moment_any_more() -> None:
    pop = yes("sudden_pop", 20)
    seen = type(pop)(pop.day, pop.flag, True, seen_on=day(10))

    assert "sudden_moment" in signals(history(HABIT, flag_answers=[pop]))
    assert "sudden_moment" not in signals(history(HABIT, flag_answers=[seen]))
