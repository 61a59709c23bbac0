"""Self-checks: which are not for today, and how a result reads (knowledge base 2)."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from guidance.rules.assessment import Assessed
from guidance.rules.catalogue import Band, Check
from guidance.rules.ids import CHECK_SINGLE_LEG_BRIDGE
from guidance.rules.log.current_answers import CHECK_DAYS
from guidance.rules.log.log import is_hard
from guidance.rules.plan.not_now import NotNow, not_now
from guidance.rules.signals.from_checks import ASYMMETRY, ASYMMETRY_REPS, HEEL_GAP_CM
from guidance.rules.types import History

AGAIN_FROM = 0.10  # of the better side: from here on, look again next week
RAISE_GAP_DEG = 10  # healthy sides differ by 5, and seldom by twice as much (boyd2012)


# What a difference between the sides means: it counts, it is worth a second look, or neither.
Gap = Literal["counts", "again", ""]


def checks_not_allowed(assessed: Assessed) -> Mapping[str, NotNow]:
    """Checks that may not be done on the day it was assessed, by id. What is missing is allowed."""
    circumstances, flags = assessed.circumstances, assessed.assessment.flags
    checks = assessed.facts.knowledge.checks
    found = ((check, not_now(check, circumstances, flags)) for check in checks)
    return {check: why for check, why in found if why is not None}


def still_counts(done: dt.date, today: dt.date) -> bool:
    return (today - done).days < CHECK_DAYS


def counts_until(done: dt.date) -> dt.date:
    """The last day on which a result counts."""
    return done + dt.timedelta(days=CHECK_DAYS - 1)


def hard_run_lately(history: History) -> dt.date | None:
    """The day of a hard run that may lie within 24 h: today or yesterday, whatever the hour."""
    yesterday = history.today - dt.timedelta(days=1)
    days = [
        run.day for run in history.runs if is_hard(run) and yesterday <= run.day <= history.today
    ]
    return max(days, default=None)


def band_of(check: Check, result: float | str) -> Band | None:
    """The usual range that a number or a word of a result falls in."""
    if isinstance(result, str):
        return next((band for band in check.bands if band.value == result), None)
    return next(
        (
            band
            for band in check.bands
            if (band.low is None or result >= band.low)
            and (band.high is None or result <= band.high)
        ),
        None,
    )


def side_gap(check: Check, left: float, right: float) -> Gap:
    """Whether the difference between two sides counts.

    The share of the better side is for repetitions. Degrees and centimetres have limits of their
    own: between heels 1 and 2 cm from the seat a share would be a half, and mean nothing.
    """
    gap = abs(left - right)
    if check.result == "degrees":
        return "counts" if gap >= RAISE_GAP_DEG else ""
    if check.result == "cm":
        return "counts" if gap >= HEEL_GAP_CM else ""
    if check.result != "reps":
        return ""
    share = share_behind(left, right)
    least = ASYMMETRY_REPS if check.id == CHECK_SINGLE_LEG_BRIDGE else 0
    if share >= ASYMMETRY and gap >= least:
        return "counts"
    return "again" if share >= AGAIN_FROM else ""


def share_behind(left: float, right: float) -> float:
    """(better - worse) / better, where more is better."""
    better = max(left, right)
    return abs(left - right) / better if better > 0 else 0.0


def signals_of_check(assessed: Assessed, check: str) -> frozenset[str]:
    """The signals that the newest counting result of this check gives."""
    signals = assessed.facts.knowledge.signals
    return frozenset(
        found.id
        for found in assessed.circumstances.signals
        if found.origin == "check" and signals[found.id].check == check
    )
