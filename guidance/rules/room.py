"""How much longer a run may be and still be near what is usual (knowledge base 5, "Room left").

The other side of `pattern:session_spike`: up to it, a run of today is none.
"""

import datetime as dt

from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.log.current_answers import named_in
from guidance.rules.patterns.load_jumps import (
    ROOM_PERCENT,
    SPIKE_LOOK_BACK_DAYS,
    SPIKE_MIN_RUNS,
)
from guidance.rules.plan.conditions import (
    Circumstances,
    is_front_strain_suspected,
    is_strain_suspected,
)


def room_left(circumstances: Circumstances, level: LevelName) -> int | None:
    """In metres; None wherever somebody may have to run less, or those 30 days are not known."""
    facts = circumstances.facts
    log, known = facts.log, facts.current
    if (
        level != ids.CALM
        or known.care_first
        or known.open_flags
        or named_in(known.answers.get(ids.ASK_BONE_RISK))
        or circumstances.suspects(ids.ALT_BONE_STRESS_INJURY)
        or is_strain_suspected(circumstances)
        or is_front_strain_suspected(circumstances)
    ):
        return None
    since = log.today - dt.timedelta(SPIKE_LOOK_BACK_DAYS)
    runs = [run.distance_m for run in log.runs_between(since, log.today) if run.distance_m]
    if len(runs) < SPIKE_MIN_RUNS or not log.is_running_known(since, log.today):
        return None
    return max(runs) * (100 + ROOM_PERCENT) // 100
