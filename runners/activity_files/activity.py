"""What a reader hands over, and how it says no."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Format = Literal["fit", "gpx", "tcx"]

# Why a run has to be confirmed by its runner before it is one.
Doubt = Literal["sport_not_said", "faster_than_anyone", "slower_than_a_stroll"]

# What a runner should know of a file before its run is saved.
Remark = Literal["cut_off", "indoors"]

Code = Literal[
    "empty",
    "damaged",
    "too_large",
    "too_many",
    "zip",
    "unknown_type",
    "wrong_name",
    "unsafe_xml",
    "no_activity",
    "not_a_run",
    "no_times",
    "too_short",
    "impossible",
]


class ActivityError(Exception):
    """No run can be taken from the file. `sentence` is meant for the runner, `code` for code."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Activity:
    """One run, read from a file.

    `started_at` is aware and in UTC, None where the file has no date: ask for the day.
    `utc_offset_s` is the offset where it was run. None means use the runner's own time zone.
    `duration_s` is the time with the watch running, or in motion where the file has no timer;
    `elapsed_s` is from start to end. `effort` is what the runner answered on the watch, 1 to 10.
    `fingerprint` is the SHA-256 of the unpacked bytes: run.gpx and run.gpx.gz share it. Where a
    file has several runs, each has one of its own.
    `doubt` is what the runner has to be asked, `remarks` are what there is to read, both before it
    is saved.
    """

    format: Format
    sport: Literal["running", "unknown"]
    started_at: dt.datetime | None
    utc_offset_s: int | None
    duration_s: int
    elapsed_s: int
    distance_m: float | None
    climb_m: int | None
    effort: int | None
    fingerprint: str
    doubt: Doubt | None = None
    remarks: tuple[Remark, ...] = ()


def damaged() -> ActivityError:
    return ActivityError(
        "damaged",
        "This file is damaged or was cut off on its way here. "
        "Try saving it from your watch or app again.",
    )


def no_activity() -> ActivityError:
    return ActivityError(
        "no_activity",
        "There is no finished activity in this file. It might be a planned route or workout.",
    )
