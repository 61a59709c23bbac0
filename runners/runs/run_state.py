"""A run as a state to merge: what the runner can change, by the names of the form's fields."""

import datetime as dt
from typing import Any

from runners.models import Run
from runners.web.merging import State, changed

COLUMNS = {
    "day": "day",
    "distance": "distance_m",
    "duration": "duration_s",
    "effort": "effort",
    "kind": "kind",
    "onset_min": "onset_min",
    "note": "note",
}
TEXTS = ("kind", "note")  # empty where there is none
DELETED = "deleted"  # a field beside them: was the run deleted?


def state_of(run: Run) -> dict[str, Any]:
    return as_state({field: getattr(run, column) for field, column in COLUMNS.items()})


def as_state(values: State) -> dict[str, Any]:
    """Values of the form's fields as a state holds them: no empty text, the day in ISO."""
    state = {field: values[field] for field in COLUMNS}
    return {
        **state,
        "day": state["day"].isoformat(),
        **{field: state[field] or None for field in TEXTS},
    }


def write_state(run: Run, merged: State) -> list[str]:
    """Set on the run what differs, note that the runner wrote it, and return the columns."""
    columns = []
    for field in changed(state_of(run), merged):
        setattr(run, COLUMNS[field], _column_value(field, merged.get(field)))
        columns.append(COLUMNS[field])
    if columns:
        run.written = sorted({*(run.written or ()), *columns})
        columns.append("written")
    if "day" in columns and run.started_at is not None:
        run.started_at = run.utc_offset_s = None  # the clock was wrong, and so the hour
        columns += ["started_at", "utc_offset_s"]
    if run.elapsed_s is not None and run.elapsed_s < run.duration_s:
        run.elapsed_s = None  # it took longer than the watch was on
        columns.append("elapsed_s")
    return columns


def _column_value(field: str, value: Any) -> Any:
    if field == "day":
        return dt.date.fromisoformat(value)
    return value or "" if field in TEXTS else value
