"""What a reader hands over, and how it says no."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from runners.activity_files.profile import Profile

Format = Literal["fit", "gpx", "tcx"]

# Why a run has to be confirmed by its runner before it is one.
Doubt = Literal["sport_not_said", "faster_than_anyone", "slower_than_a_stroll"]

# What a runner should know of a file before its run is saved.
Remark = Literal["cut_off", "indoors"]

# Why a file itself cannot be read.
Unreadable = Literal[
    "empty",
    "damaged",
    "too_large",
    "too_many",
    "zip",
    "packed_twice",
    "unknown_type",
    "unknown_characters",
    "other_xml",
    "web_page",
    "wrong_name",
    "unsafe_xml",
]

# Why no run can be taken from a file, as `_no_run.html` says it to the runner.
Code = Literal[
    Unreadable,
    "no_file",
    "no_activity",
    "empty_track",
    "not_a_run",
    "no_times",
    "hardly_timed",
    "too_short",
    "too_long",
    "too_far",
    "not_yet",
]


class ActivityError(Exception):
    """No run can be taken from the file. `fields` are what the sentence of the code says."""

    def __init__(self, code: Code, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields


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
    is saved. `profile` is pace and height along the way, None where the file does not tell them.
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
    profile: Profile | None = None
