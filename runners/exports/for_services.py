"""Runs as other services take them: a TCX file each, and a list as intervals.icu writes its own.

Neither Strava nor intervals.icu takes a list of runs; both take files, without a track too, as long
as each point has its time. So a file has three points: the start, the end of what was run, and the
end of the run with its pauses. Notes stay here: on those services others may read them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template, render_to_string

from runners.clock import local_start
from runners.exports.cells import lines
from runners.exports.parts import Rows, Values

FOLDER = "for-other-services"
NOON = dt.time(12)
# As intervals.icu has them: by these our own importer, and other programs, know its list.
COLUMNS = {
    "id": "uid",
    "start_date_local": "",
    "name": "",
    "type": "",
    "moving_time": "duration_s",
    "distance": "distance_m",
    "elapsed_time": "elapsed_s",
    "total_elevation_gain": "climb_m",
    "icu_training_load": "",  # of its own reckoning
    "icu_rpe": "effort",
}
RUN = "Run"  # what it is, and what it is called where nobody gave it a name


@dataclass(frozen=True, slots=True)
class Started:
    """A row of `runs`, and when it began: at noon and later where only the day is known."""

    run: Values
    at: dt.datetime
    is_known: bool


def files(runs: Rows, home: dt.tzinfo) -> Iterator[tuple[str, str | bytes]]:
    """Names and contents. `home` is the zone of the runner."""
    started = list(_started(runs, home))
    yield f"{FOLDER}/read-me.txt", render_to_string("runners/exports/read-me.txt")
    yield f"{FOLDER}/activities.csv", _list(started, home)
    number: dict[dt.date, int] = {}
    template = get_template("runners/exports/run.tcx")
    for one in started:
        day = one.run["day"]
        number[day] = number.get(day, 0) + 1
        yield f"{FOLDER}/tcx/{day}-{number[day]:02}.tcx", _tcx(one, template)


def _started(runs: Iterable[Values], home: dt.tzinfo) -> Iterator[Started]:
    """Oldest day first. Of several runs of a day without a time each begins after the other."""
    free_at: dict[dt.date, dt.datetime] = {}
    for run in sorted(runs, key=lambda run: run["day"]):
        if run["started_at"]:
            yield Started(run, run["started_at"], is_known=True)
            continue
        at = free_at.get(run["day"]) or dt.datetime.combine(run["day"], NOON, home)
        free_at[run["day"]] = at + dt.timedelta(seconds=run["elapsed_s"] or run["duration_s"])
        yield Started(run, at, is_known=False)


def _list(started: Iterable[Started], home: dt.tzinfo) -> bytes:
    rows: list[list[Any]] = [list(COLUMNS)]
    for one in started:
        said = {**one.run, "start_date_local": _local(one, home), "name": RUN, "type": RUN}
        rows.append([said.get(field or name) for name, field in COLUMNS.items()])
    return b"".join(lines(rows))


def _local(one: Started, home: dt.tzinfo) -> str:
    """On the clock of the place where it was run; a day alone where no more is known."""
    start = local_start(one.run["started_at"], one.run["utc_offset_s"], home=home)
    return f"{start:%Y-%m-%dT%H:%M:%S}" if start else str(one.run["day"])


def _tcx(one: Started, template: Any) -> str:
    run = one.run
    after_s = sorted({0, run["duration_s"], run["elapsed_s"] or 0})
    points = [
        (_utc(one.at + dt.timedelta(seconds=seconds)), run["distance_m"] if seconds else 0)
        for seconds in after_s
    ]
    said = {"start": _utc(one.at), "seconds": run["duration_s"], "metres": run["distance_m"]}
    written: str = template.render({**said, "points": points})
    return written


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
