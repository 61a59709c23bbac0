"""What a row of an import keeps: a run that waits for its runner's answer, or a spot."""

import datetime as dt
import uuid
from typing import Any

from runners.models import Run, SorenessEntry, User

PLAIN = (
    "utc_offset_s",
    "duration_s",
    "elapsed_s",
    "distance_m",
    "climb_m",
    "effort",
    "note",
    "source",
    "written",
    "fingerprint",
    "profile",
)


def facts_of(run: Run) -> dict[str, Any]:
    return {
        "uid": str(run.uid),
        "day": run.day and str(run.day),
        "started_at": run.started_at and run.started_at.isoformat(),
        **{name: getattr(run, name) for name in PLAIN},
    }


def run_of(facts: dict[str, Any], runner: User) -> Run:
    """The same run each time: it has its uid already. Not stored."""
    day, started_at = facts["day"], facts["started_at"]
    return Run(
        runner=runner,
        uid=uuid.UUID(facts["uid"]),
        day=day and dt.date.fromisoformat(day),
        started_at=started_at and dt.datetime.fromisoformat(started_at),
        **{name: facts[name] for name in PLAIN if name in facts},
    )


SPOT = ("area", "side", "kind", "timing", "intensity")


def facts_of_spot(spot: SorenessEntry) -> dict[str, Any]:
    return {"day": str(spot.day), **{name: getattr(spot, name) for name in SPOT}}
