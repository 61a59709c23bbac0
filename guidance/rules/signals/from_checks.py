"""Signals from self-checks (knowledge base 1.6). Thresholds are those of the check's ranges."""

from collections.abc import Iterator, Sequence

from guidance.rules import ids
from guidance.rules.facts import Facts, Observation
from guidance.rules.said import Said, Value

BOTH = ("left", "right")

HEEL_SHORT_CM = 15  # more than this is short
HEEL_GAP_CM = 4
HEEL_FREE_CM = 5
RAISE_LONG = 90  # degrees
RAISE_AMPLE = 80
RAISE_LIMITED = 70
RAISE_SHORT = 60
REACH_LONG_CM = -5
REACH_SHORT_CM = 10
BRIDGE_LOW = 10  # repetitions; fewer is low
BRIDGE_GOOD = 15
BRIDGE_GOOD_GAP = 0.10
ASYMMETRY = 0.15  # of the better side
ASYMMETRY_REPS = 3
HAM_BRIDGE_LOW = 20
PLANK_LOW_S = 60
DIG_PAIN = 3
SIT_BONE_SORE = 3
SIT_BONE_CLEAR = 1
NERVE_CHANGES = "changes_with_neck_or_ankle"
NERVE_OTHER = "other_feeling"  # healthy people feel something too: it weighs nothing


def check_signals(facts: Facts) -> Iterator[Observation]:
    for read in (
        front,
        straight_leg_raise,
        toe_touch,
        bridge,
        hamstring_bridge,
        hip_control,
        plank,
        tilt,
        heel_dig,
        sit_bone,
        nerve_tension,
    ):
        yield from read(facts)


def front(facts: Facts) -> Iterator[Observation]:
    """Heel to seat and the thigh over the bed's edge: short, or free."""
    known = facts.current
    sides = facts.location.worse_sides
    gaps = known.sides(ids.CHECK_HEEL_TO_SEAT, sides)
    thigh = known.words(ids.CHECK_THOMAS_EDGE, BOTH)
    above = "above" in known.words(ids.CHECK_THOMAS_EDGE, sides)
    other = _other_sides(facts, ids.CHECK_HEEL_TO_SEAT)
    short_gap = any(gap > HEEL_SHORT_CM for gap in gaps)
    uneven = bool(gaps and other) and max(gaps) - min(other) >= HEEL_GAP_CM
    if short_gap or uneven or above:
        measured = [_heels(facts)] if short_gap or uneven else []
        measured += [Said("answer.thigh_above")] if above else []
        check = ids.CHECK_HEEL_TO_SEAT if short_gap or uneven else ids.CHECK_THOMAS_EDGE
        yield _seen(facts, ids.SIG_FRONT_SHORT, check, answer=tuple(measured))
    both = known.sides(ids.CHECK_HEEL_TO_SEAT, BOTH)
    free = len(both) == 2 and max(both) <= HEEL_FREE_CM and max(both) - min(both) < HEEL_GAP_CM
    if free and "above" not in thigh:
        yield _seen(facts, ids.SIG_FRONT_FREE, ids.CHECK_HEEL_TO_SEAT)


def straight_leg_raise(facts: Facts) -> Iterator[Observation]:
    check = ids.CHECK_STRAIGHT_LEG_RAISE
    angles = facts.current.sides(check, facts.location.worse_sides)
    if not angles:
        return
    angle = max(angles)
    if angle >= RAISE_LONG:
        yield _seen(facts, ids.SIG_SLR_LONG, check)
    elif angle >= RAISE_AMPLE:
        yield _seen(facts, ids.SIG_SLR_AMPLE, check)
    elif angle <= RAISE_LIMITED:
        variant = "short" if angle <= RAISE_SHORT else ""
        yield _seen(facts, ids.SIG_SLR_LIMITED, check, variant)


def toe_touch(facts: Facts) -> Iterator[Observation]:
    reach = facts.current.value(ids.CHECK_TOE_TOUCH)
    if isinstance(reach, (int, float)):
        if reach <= REACH_LONG_CM:
            yield _seen(facts, ids.SIG_REACH_LONG, ids.CHECK_TOE_TOUCH)
        elif reach >= REACH_SHORT_CM:
            yield _seen(facts, ids.SIG_REACH_SHORT, ids.CHECK_TOE_TOUCH)


def bridge(facts: Facts) -> Iterator[Observation]:
    check = ids.CHECK_SINGLE_LEG_BRIDGE
    sides = facts.location.worse_sides
    reps = facts.current.sides(check, sides)
    if reps:
        if min(reps) < BRIDGE_LOW:
            yield _seen(facts, ids.SIG_BRIDGE_LOW, check)
        behind = _behind(min(reps), _other_sides(facts, check))
        if behind >= ASYMMETRY and max(_other_sides(facts, check)) - min(reps) >= ASYMMETRY_REPS:
            yield _seen(facts, ids.SIG_BRIDGE_ASYM, check)
    if "hamstring" in facts.current.felt(check, sides):
        yield _seen(facts, ids.SIG_BRIDGE_FELT_HAM, check)
    both = facts.current.sides(check, BOTH)
    in_glutes = set(facts.current.felt(check, BOTH)) == {"glutes"}
    if len(both) == 2 and min(both) >= BRIDGE_GOOD and in_glutes:
        gap = (max(both) - min(both)) / max(both)
        if gap < BRIDGE_GOOD_GAP:
            yield _seen(facts, ids.SIG_BRIDGE_GOOD, check)


def hamstring_bridge(facts: Facts) -> Iterator[Observation]:
    check = ids.CHECK_HAMSTRING_BRIDGE
    reps = facts.current.sides(check, facts.location.worse_sides)
    if not reps:
        return
    behind = _behind(min(reps), _other_sides(facts, check))
    if min(reps) < HAM_BRIDGE_LOW or behind >= ASYMMETRY:
        yield _seen(facts, ids.SIG_HAM_BRIDGE_LOW, check)


def hip_control(facts: Facts) -> Iterator[Observation]:
    """A poor squat on the worse side."""
    check = ids.CHECK_SINGLE_LEG_SQUAT
    if "poor" in facts.current.words(check, facts.location.worse_sides):
        yield _seen(facts, ids.SIG_HIP_CONTROL_POOR, check)


def plank(facts: Facts) -> Iterator[Observation]:
    held_s = facts.current.value(ids.CHECK_PLANK)
    if isinstance(held_s, (int, float)) and held_s < PLANK_LOW_S:
        yield _seen(facts, ids.SIG_PLANK_LOW, ids.CHECK_PLANK)


def tilt(facts: Facts) -> Iterator[Observation]:
    if facts.current.value(ids.CHECK_PELVIC_TILT_VIEW) == "marked":
        yield _seen(facts, ids.SIG_TILT_MARKED, ids.CHECK_PELVIC_TILT_VIEW)


def heel_dig(facts: Facts) -> Iterator[Observation]:
    """Pain on one side only: a side that was not tried is no clear side."""
    pains = facts.current.sides(ids.CHECK_HEEL_DIG, BOTH)
    if len(pains) == 2 and sum(pain >= DIG_PAIN for pain in pains) == 1:
        yield _seen(facts, ids.SIG_PULL_PAIN, ids.CHECK_HEEL_DIG)


def sit_bone(facts: Facts) -> Iterator[Observation]:
    """Clear needs both parts on the worse side; a sore spot is read with `ask:spot`."""
    check, sides = ids.CHECK_SIT_BONE, facts.location.worse_sides
    press = facts.current.parts(check, "press", sides)
    sitting = facts.current.parts(check, "sitting", sides)
    complete = len(press) == len(sitting) == len(sides)
    if complete and max(*press, *sitting) <= SIT_BONE_CLEAR:
        yield _seen(facts, ids.SIG_SIT_BONE_CLEAR, check)


def sit_bone_pressed(facts: Facts) -> bool:
    press = facts.current.parts(ids.CHECK_SIT_BONE, "press", facts.location.worse_sides)
    return any(pain >= SIT_BONE_SORE for pain in press)


def nerve_tension(facts: Facts) -> Iterator[Observation]:
    check, sides = ids.CHECK_NERVE_TENSION, facts.location.worse_sides
    found = facts.current.words(check, sides)
    if NERVE_CHANGES in found:
        variant = "with_below_knee" if goes_below_knee(facts) else ""
        yield _seen(facts, ids.SIG_NERVE_POS, check, variant)
    elif NERVE_OTHER not in found and len(found) == len(sides):
        yield _seen(facts, ids.SIG_NERVE_NEG, check)


def goes_below_knee(facts: Facts) -> bool:
    """By the answer where it is, or by an open sign of tingling."""
    known = facts.current
    return known.text(ids.ASK_SPOT) == "spreads_below_knee" or known.any_open(ids.FLAG_NUMB_TINGLE)


def _seen(
    facts: Facts, signal: str, check: str, variant: str = "", answer: Value = None
) -> Observation:
    result = facts.current.checks[check]
    sides = (("left", result.left), ("right", result.right), ("value", result.value))
    fields: dict[str, Value] = {
        name: value for name, value in sides if isinstance(value, int | float)
    }
    if answer:
        fields["answer"] = answer
    return Observation(signal, (result.day,), fields, variant, origin="check")


def _heels(facts: Facts) -> Said:
    result = facts.current.checks[ids.CHECK_HEEL_TO_SEAT]
    left, right = result.left, result.right
    if not isinstance(right, int | float):
        return Said("answer.heel_left", left=left if isinstance(left, int | float) else None)
    if not isinstance(left, int | float):
        return Said("answer.heel_right", right=right)
    return Said("answer.heels", left=left, right=right)


def _other_sides(facts: Facts, check: str) -> list[float]:
    """What the worse side is compared with: the other side, or both where both are as bad."""
    worse = facts.location.worse_sides
    others = [side for side in BOTH if side not in worse] or list(BOTH)
    return facts.current.sides(check, others)


def _behind(worse: float, others: Sequence[float]) -> float:
    """How far the worse side stays behind the better one, as a share of the better."""
    better = max(others, default=0.0)
    return (better - worse) / better if better > 0 else 0.0
