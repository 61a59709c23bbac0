"""Warning signs, asked and derived, with their levels (section 4), and the age of answers."""

import pytest

from guidance.knowledge import current_knowledge
from guidance.rules.types import Answer, FlagAnswer, History, Kind, PlanInForce, Side, Soreness
from tests.guidance.logs import (
    WEEKLY,
    all_no,
    assessed,
    day,
    done,
    facts,
    history,
    run,
    said,
    spot,
    spots,
    steady_runs,
    yes,
)

NONE = "escalate:none"
EASE = "escalate:ease_watch"
SEEN = "escalate:clinician_week"
URGENT = "escalate:urgent"

RAISED = {"sudden_pop", "limp", "hop_pain"}
PLAIN = [
    flag.id.removeprefix("flag:")
    for flag in current_knowledge().flags.values()
    if flag.asked and flag.id.removeprefix("flag:") not in RAISED
]


def levels(of: History) -> dict[str, str]:
    return {flag.id.removeprefix("flag:"): flag.level for flag in assessed(of).flags}


def pains(*agos_and_intensities: tuple[int, int], area: str = "hamstring") -> list[Soreness]:
    return [spot(ago, n, kind="pain", area=area) for ago, n in agos_and_intensities]


@pytest.mark.parametrize("flag", PLAIN)
def test_a_yes_has_the_level_of_the_knowledge(flag: str) -> None:
    found = assessed(history(flag_answers=[yes(flag)]))

    assert found.escalation == current_knowledge().flags[f"flag:{flag}"].level
    assert found.flags[0].days == (day(0),)


@pytest.mark.parametrize("flag", ["bruising_swelling", "limp", "cannot_bear_weight"])
def test_a_pop_is_urgent_with_what_may_be_an_avulsion(flag: str) -> None:
    alone = history(flag_answers=[yes("sudden_pop")])
    together = history(flag_answers=[yes("sudden_pop"), yes(flag)])

    assert levels(alone)["sudden_pop"] == SEEN
    assert levels(together)["sudden_pop"] == URGENT


@pytest.mark.parametrize(
    ("ago", "pain", "level"), [(6, 7, URGENT), (7, 7, SEEN), (6, 6, SEEN), (20, 7, URGENT)]
)
def test_a_pop_is_urgent_with_strong_pain_that_day_or_this_week(
    ago: int, pain: int, level: str
) -> None:
    log = history(pains((ago, pain)), flag_answers=[yes("sudden_pop", since=20)])

    assert levels(log)["sudden_pop"] == level


@pytest.mark.parametrize(("since", "level"), [(0, EASE), (1, EASE), (2, SEEN)])
def test_a_limp_is_young_for_48_hours(since: int, level: str) -> None:
    assert levels(history(flag_answers=[yes("limp", since=since)]))["limp"] == level


@pytest.mark.parametrize(("first", "level"), [(1, EASE), (2, SEEN)])
def test_a_limp_without_since_is_as_old_as_its_episode(first: int, level: str) -> None:
    log = history(spots((first, 0)), flag_answers=[yes("limp")])

    assert levels(log)["limp"] == level


def test_a_limp_that_nothing_dates_is_not_called_young() -> None:
    assert levels(history(flag_answers=[yes("limp")]))["limp"] == SEEN
    assert levels(history(spots((0,)), flag_answers=[yes("limp", ago=2)]))["limp"] == SEEN


@pytest.mark.parametrize(
    ("care", "level"), [((), SEEN), (("surgery_3_months",), SEEN), (("blood_thinner",), URGENT)]
)
def test_a_bruise_is_urgent_with_a_blood_thinner(care: tuple[str, ...], level: str) -> None:
    bruise = history(flag_answers=[yes("bruising_swelling")], answers=[said("care_first", care)])

    assert levels(bruise)["bruising_swelling"] == level


@pytest.mark.parametrize(
    ("area", "with_limp"),
    [
        ("groin", URGENT),
        ("hip_flexor", URGENT),
        ("quad", URGENT),
        ("outer_thigh", URGENT),
        ("hamstring", URGENT),
        ("glute", URGENT),
        ("shin", SEEN),
    ],
)
def test_a_hop_that_hurts_is_urgent_near_the_hip_with_a_limp(area: str, with_limp: str) -> None:
    hop = yes("hop_pain", area=area)

    assert levels(history(flag_answers=[hop]))["hop_pain"] == SEEN
    assert levels(history(flag_answers=[hop, yes("night_pain")]))["hop_pain"] == with_limp


def test_a_hop_without_an_area_takes_the_most_serious_one() -> None:
    flag_answers = [yes("hop_pain"), yes("night_pain")]
    shin = spots((5,), area="shin")

    assert levels(history(shin, flag_answers=flag_answers))["hop_pain"] == SEEN
    groin = [*shin, spot(27, 3, area="groin")]
    assert levels(history(groin, flag_answers=flag_answers))["hop_pain"] == URGENT


def test_a_bony_point_counts_as_yes_until_it_is_a_no() -> None:
    spot_on_bone = [said("spot", "bony_point")]

    assert levels(history(answers=spot_on_bone)) == {"bone_point_pain": SEEN}
    assert levels(history(answers=spot_on_bone, flag_answers=all_no())) == {}
    old = history(answers=[said("spot", "bony_point", ago=120)])
    assert levels(old) == {"bone_point_pain": SEEN}


def test_a_yes_still_counts_after_a_year_and_after_a_no() -> None:
    assert levels(history(flag_answers=[yes("night_pain", 400), *all_no(3)])) == {
        "night_pain": SEEN
    }


@pytest.mark.parametrize(
    ("ended", "level"),
    [({"seen_on": day(1)}, NONE), ({"mistaken": True}, NONE), ({"seen_on": day(-1)}, SEEN)],
)
def test_a_yes_ends_by_a_clinician_or_as_a_mistake(ended: dict[str, object], level: str) -> None:
    sign = FlagAnswer(day(30), "flag:night_pain", True, **ended)  # type: ignore[arg-type]

    assert assessed(history(flag_answers=[sign])).escalation == level


@pytest.mark.parametrize(("ago", "counts"), [(13, True), (14, False)])
def test_a_no_counts_for_14_days(ago: int, counts: bool) -> None:
    known = facts(history(flag_answers=all_no(ago))).current

    assert (known.unanswered_flags() == []) == counts


@pytest.mark.parametrize(
    ("pain", "kind", "counts"), [(6, "pain", False), (5, "pain", True), (9, "tightness", True)]
)
def test_a_no_counts_until_the_next_pain_of_six(pain: int, kind: Kind, counts: bool) -> None:
    log = history([spot(3, pain, kind=kind)], flag_answers=all_no(5))

    assert (facts(log).current.unanswered_flags() == []) == counts


def test_what_was_not_asked_is_not_known() -> None:
    known = facts(history(flag_answers=all_no(but=["limp"]))).current

    assert known.unanswered_flags() == ["flag:limp"]


@pytest.mark.parametrize(
    ("pain", "level"),
    [
        ([(13, 6)], EASE),
        ([(14, 6)], None),
        ([(13, 5)], None),
        ([(13, 6), (2, 6)], SEEN),
        ([(13, 9)], SEEN),
        ([(6, 6), (2, 4)], SEEN),  # 96 h later
        ([(6, 6), (3, 4)], EASE),  # 72 h later and no more
        ([(6, 6), (4, 3), (2, 4)], EASE),  # a day below 4 in between
    ],
)
def test_pain_over_5(pain: list[tuple[int, int]], level: str | None) -> None:
    assert levels(history(pains(*pain), runs=[run(0)])).get("pain_over_5") == level


def test_tightness_of_ten_is_no_pain() -> None:
    assert "pain_over_5" not in levels(history([spot(1, 10)]))


@pytest.mark.parametrize(
    ("soreness", "answer", "level"),
    [
        (spots((2, 0)), said("onset", "sudden"), EASE),
        (spots((2, 0)), said("onset", "unsure"), None),
        (spots((9, 7)), said("onset", "sudden", ago=7), None),  # no longer current
        (pains((4, 5), (0, 4)), said("onset", "sudden"), SEEN),
        (pains((4, 5), (1, 4)), said("onset", "sudden"), EASE),  # 72 h and no more
    ],
)
def test_sudden_onset(soreness: list[Soreness], answer: Answer, level: str | None) -> None:
    assert levels(history(soreness, answers=[answer])).get("sudden_onset") == level


def test_sudden_onset_is_serious_with_a_limp_and_gives_way_to_a_pop() -> None:
    def with_sign(sign: FlagAnswer) -> dict[str, str]:
        return levels(
            history(spots((1, 0)), answers=[said("onset", "sudden")], flag_answers=[sign])
        )

    limping = with_sign(yes("limp", since=0))
    popped = with_sign(yes("sudden_pop"))

    assert limping["sudden_onset"] == SEEN
    assert set(popped) == {"sudden_pop"}


def test_sudden_onset_is_serious_where_pain_stays_in_an_area_that_came_later() -> None:
    answer = said("onset", "sudden", ago=5)
    calf = pains((4, 5), (0, 4), area="calf")

    assert levels(history(spots((6, 0)), answers=[answer]))["sudden_onset"] == EASE
    assert levels(history([*spots((6, 0)), *calf], answers=[answer]))["sudden_onset"] == SEEN


def test_pain_persists_on_ten_of_14_days() -> None:
    ten = [(ago, 3) for ago in range(13, 3, -1)]

    assert levels(history(pains(*ten)))["pain_persists"] == SEEN
    assert "pain_persists" not in levels(history(pains(*ten[1:])))


def test_pain_persists_where_an_injury_stopped_the_running() -> None:
    def up(*runs_since: int) -> bool:
        stopped = [said("stopped_running", "injury", ago=20)]
        return "pain_persists" in levels(
            history(answers=stopped, runs=[run(ago) for ago in (40, *runs_since)])
        )

    assert up()
    assert up(9, 6)
    assert not up(9, 6, 3)  # runs again


@pytest.mark.parametrize(("latest", "level"), [(5, SEEN), (4, EASE), (3, None)])
def test_worsening_pain_goes_by_the_latest_mean(latest: int, level: str | None) -> None:
    before = [(11, 3), (9, 3), (8, 0)] if latest < 5 else [(11, 3), (9, 3), (8, 3)]
    now = [(4, latest), (2, latest), (0, latest)]

    log = history(pains(*before, *now), runs=[run(0)])

    assert levels(log).get("worsening_pain") == level


def test_worsening_pain_that_changes_sides_is_judged_by_both() -> None:
    def log(*sides: Side) -> History:
        now = zip((4, 2, 0), sides, strict=True)
        latest = [spot(ago, 6, kind="pain", side=side) for ago, side in now]
        return history([*pains((11, 3), (9, 3), (8, 3)), *latest], runs=[run(0)])

    assert levels(log("left", "right", "left"))["worsening_pain"] == SEEN


def test_worsening_tightness_is_no_worsening_pain() -> None:
    tight = [*spots((11, 9, 8), 3), *spots((4, 2, 0), 7)]

    assert "worsening_pain" not in levels(history(tight, runs=[run(0)]))


def test_non_recovery_eases() -> None:
    assert levels(history([spot(0)], runs=[run(5)])) == {"non_recovery": EASE}


TENDON = [said("spot", "sit_bone"), said("stretch_effect", "worse")]
CLEAR = (27, 24, 20, 17, 13, 10, 7, 3)


@pytest.mark.parametrize(("first", "up"), [(15, True), (14, False)])
def test_tendon_signs_for_two_weeks_are_routine(first: int, up: bool) -> None:
    soreness = spots((first, 11, 8, 5, 1))

    found = assessed(history(soreness, clear=CLEAR, runs=steady_runs(), answers=TENDON))

    assert found.top_cause == "alt:proximal_hamstring_tendinopathy"
    assert [flag.routine for flag in found.flags if flag.id == "flag:tendon_nerve_2wk"] == (
        [True] if up else []
    )


def test_tendon_signs_count_in_the_main_area_too() -> None:
    """The glute is the sorest, alongside a hamstring that feeds the signals."""
    hamstring = spots((12, 11, 8, 5, 1))
    glute = spots(WEEKLY, 9, area="glute")

    def up(*soreness: Soreness) -> bool:
        found = assessed(history(soreness, clear=CLEAR, runs=steady_runs(), answers=TENDON))
        assert found.top_cause == "alt:proximal_hamstring_tendinopathy"
        return "flag:tendon_nerve_2wk" in {flag.id for flag in found.flags}

    assert not up(*hamstring)
    assert up(*hamstring, *glute)


def six_weeks(last: int, *, worked: int = 26, first: int = 44) -> History:
    """A hamstring marked every four days for over six weeks, with work on most of them."""
    soreness = [*spots(range(first, 7, -2), 5), *spots((6, 4, 2), last)]
    return history(
        soreness, runs=steady_runs(60), remedies=done(range(worked), "plank"), flag_answers=all_no()
    )


def test_not_responding_after_six_weeks_of_work() -> None:
    assert levels(six_weeks(last=4)).get("not_responding") == SEEN
    assert "not_responding" not in levels(six_weeks(last=3))  # a fall of two points
    assert "not_responding" not in levels(six_weeks(last=4, worked=25))
    assert "not_responding" not in levels(six_weeks(last=4, first=41))


@pytest.mark.parametrize(
    ("symptom_days", "up"),
    [
        ((44, 38, 31, 24, 17, 10, 3), True),  # one episode: a known day in each week is enough
        ((44, 38, 30, 24, 17, 10, 3), False),  # quiet for eight days: three would be needed
    ],
)
def test_not_responding_needs_fewer_days_within_one_episode(
    symptom_days: tuple[int, ...], up: bool
) -> None:
    log = history(
        spots(symptom_days, 5),
        runs=steady_runs(60),
        remedies=done(range(26), "plank"),
        flag_answers=all_no(),
    )

    assert ("not_responding" in levels(log)) == up


@pytest.mark.parametrize(("done_days", "up"), [(12, True), (11, False)])
def test_not_responding_counts_the_days_of_a_plan(done_days: int, up: bool) -> None:
    log = six_weeks(last=4, worked=0)
    plan = PlanInForce(day(42), ("remedy:plank",), 20, done_days)
    with_plan = history(log.soreness, runs=log.runs, flag_answers=log.flag_answers, plan=plan)

    assert ("not_responding" in levels(with_plan)) == up


def test_the_highest_level_wins_and_stands_first() -> None:
    found = assessed(
        history(spots(WEEKLY), flag_answers=[yes("limp", since=0), yes("fever_unwell")])
    )

    assert found.escalation == URGENT
    assert next(flag.id for flag in found.flags) == "flag:fever_unwell"
