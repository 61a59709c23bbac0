"""The log of one runner as days and hours: peaks, symptom days, episodes, runs in order.

Knowledge base 0: what a check-in day is, what an unmarked area means, and at what hour things
count where no clock time is known. Hours are counted on one line, 24 for each local day.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from guidance.rules.types import AREAS, History, Kind, Run, Soreness

# No rule looks further back than this, except for a yes to a warning sign and what asks for
# care first: those never fade.
HISTORY_DAYS = 200
WINDOW_DAYS = 28  # a rule without a window of its own
WEEK_DAYS = 7
TWO_WEEKS = 14
FEW_KNOWN_DAYS = 3  # a mean over fewer known days is not a mean

SYMPTOM = 3  # a day peak from here on makes a symptom day
EPISODE_GAP_DAYS = 7  # symptom days further apart belong to different episodes
CURRENT_DAYS = 7  # an episode with a symptom day in the last week is current

HARD_KINDS = frozenset({"tempo", "intervals", "hills", "race"})
HARD_EFFORT = 7

# Hours of a local day, where no clock time is known.
MORNING_H = 7.0
NOON_H = 12.0
EVENING_H = 20.0
MINUTE_H = 1 / 60

Place = tuple[str, str]  # area and side
PLACE_OF_AREA = {area: place for place, area in enumerate(AREAS)}


@dataclass(frozen=True, slots=True)
class Episode:
    """Symptom days of one area, sides pooled, none more than a week after the one before."""

    area: str
    days: tuple[dt.date, ...]

    @property
    def first(self) -> dt.date:
        return self.days[0]

    @property
    def last(self) -> dt.date:
        return self.days[-1]


NOT_YET: Any = object()
Found = TypeVar("Found")
Asked = ParamSpec("Asked")


def once(
    find: Callable[Concatenate["Log", Asked], Found],
) -> Callable[Concatenate["Log", Asked], Found]:
    """What was found in a log is not looked for again. Nobody changes what they are given."""

    @wraps(find)
    def remembered(log: "Log", /, *asked: Asked.args, **named: Asked.kwargs) -> Found:
        key = (find, asked, *named.items()) if named else (find, asked)
        found: Found = log.found.get(key, NOT_YET)
        if found is NOT_YET:
            found = log.found[key] = find(log, *asked, **named)
        return found

    return remembered


@dataclass(frozen=True, slots=True)
class Log:
    """Spots, check-ins and runs up to `today`, oldest first.

    `peaks` holds what was marked: day peaks by area and side, and by area and "" the higher of the
    sides; `pain` the same of pain alone. `partial` maps each check-in day to True where only the
    places named on it are known. `starts` are those of `runs`, as hours on one line; `runs_on` has
    the days with a run, `run_days` also older ones. `known_running` as in `History`. `found`: see
    `once`.
    """

    today: dt.date
    spots: tuple[Soreness, ...]
    peaks: Mapping[Place, Mapping[dt.date, int]]
    pain: Mapping[Place, Mapping[dt.date, int]]
    partial: Mapping[dt.date, bool]
    runs: tuple[Run, ...]
    starts: tuple[float, ...]
    runs_on: Mapping[dt.date, list[Run]]
    run_days: tuple[dt.date, ...]
    known_running: tuple[tuple[dt.date, dt.date], ...]
    found: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def ago(self, day: dt.date) -> int:
        return (self.today - day).days

    @once
    def last_days(self, days: int, skip: int = 0) -> list[dt.date]:
        """`days` days, oldest first, that end `skip` days before today."""
        return [self.today - dt.timedelta(ago) for ago in range(skip + days - 1, skip - 1, -1)]

    def check_ins(self, days: int) -> list[dt.date]:
        return [day for day in self.last_days(days) if day in self.partial]

    def peak(self, area: str, side: str, day: dt.date) -> int | None:
        """The day peak of one side; None where it is not known."""
        marked = self.peaks.get((area, side))
        if marked and day in marked:
            return marked[day]
        return 0 if self.partial.get(day) is False else None

    def pain_peak(self, area: str, side: str, day: dt.date) -> int | None:
        """The highest pain of one side; 0 where the side is known and pain was not marked."""
        if self.peak(area, side, day) is None:
            return None
        return self.pain.get((area, side), {}).get(day, 0)

    def area_peak(self, area: str, day: dt.date) -> int | None:
        """The higher of the sides. On a partial day an area counts as known once it is named."""
        return self.peak(area, "", day)

    def area_pain(self, area: str, day: dt.date) -> int | None:
        return self.pain_peak(area, "", day)

    def sides(self, area: str) -> tuple[str, ...]:
        return ("left", "right", "centre") if area == "low_back" else ("left", "right")

    def marked_areas(self) -> list[str]:
        """Areas with a spot, down the body map: of any other there is nothing to find."""
        marked = {area for area, _ in self.peaks}
        return [area for area in AREAS if area in marked]

    @once
    def symptom_days(self, area: str, days: int = WINDOW_DAYS, side: str = "") -> list[dt.date]:
        """Days of the window with a day peak of 3 or more, oldest first."""
        peaks, first = self.peaks.get((area, side), {}), self.today - dt.timedelta(days - 1)
        return sorted(day for day, peak in peaks.items() if peak >= SYMPTOM and day >= first)

    def pain_days(self, at_least: int, days: int) -> list[dt.date]:
        """Days of the window with as much pain anywhere, oldest first."""
        return sorted(
            {
                day
                for peaks in self.pain.values()
                for day, pain in peaks.items()
                if pain >= at_least and self.ago(day) < days
            }
        )

    @once
    def episodes(self, area: str) -> list[Episode]:
        return [Episode(area, days) for days in bouts(self.symptom_days(area, HISTORY_DAYS))]

    def current_episode(self, area: str) -> Episode | None:
        """The episode with a symptom day in days 0 to 6."""
        return next((one for one in self.episodes(area) if self.ago(one.last) < CURRENT_DAYS), None)

    def current_episodes(self) -> list[Episode]:
        """Of all areas."""
        return [one for area in self.marked_areas() if (one := self.current_episode(area))]

    def mean_peak(self, area: str, days: Iterable[dt.date], side: str = "") -> float | None:
        """The mean day peak over the known days; None where fewer than three are known."""
        look = [self.peak(area, side, day) if side else self.area_peak(area, day) for day in days]
        return mean_known(look)

    def mean_pain(self, area: str, side: str, days: Iterable[dt.date]) -> float | None:
        """Of one side, or without one of the area: the higher side of each day."""
        look = [
            self.pain_peak(area, side, day) if side else self.area_pain(area, day) for day in days
        ]
        return mean_known(look)

    def runs_between(self, first: dt.date, last: dt.date) -> tuple[Run, ...]:
        """Runs from one day to another, both included."""
        return self._started(on_line(first, 0), on_line(last, 24))

    def runs_before(self, run: Run, days: int) -> tuple[Run, ...]:
        """Runs that started earlier, up to `days` days before."""
        return self._started(on_line(run.day, 0) - 24 * days, start_of(run))

    def next_start(self, hour: float) -> float:
        """When the first run after an hour started; infinite without one."""
        place = bisect_right(self.starts, hour)
        return self.starts[place] if place < len(self.starts) else float("inf")

    def last_runs(self, days: int) -> tuple[Run, ...]:
        return self.runs_between(self.today - dt.timedelta(days - 1), self.today)

    def last_run_at(self) -> float:
        """When the newest run started, as hours on one line; of an older one than read at noon."""
        return start_of(self.runs[-1]) if self.runs else on_line(self.run_days[-1], NOON_H)

    def is_running_known(self, first: dt.date, last: dt.date) -> bool:
        """Is every day from one to another a known running day, with or without a run?"""
        return any(start <= first and last <= end for start, end in self.known_running)

    def runs_logged_for(self, days: int, before: dt.date) -> bool:
        """Does a run lie `days` days or more before the day judged, all days since then known?"""
        old = bisect_right(self.run_days, before - dt.timedelta(days))
        return old > 0 and self.is_running_known(self.run_days[old - 1], before)

    def hour_of(self, spot: Soreness) -> float:
        """When a spot counts: 07:00, 20:00, or the run itself."""
        return self._hour_of(spot.day, spot.timing)

    @once
    def _hour_of(self, day: dt.date, timing: str) -> float:
        runs = self.runs_on.get(day, ())
        if timing == "during":
            # With several runs on a day, the longest is the likeliest to have brought it on.
            hour = max(runs, key=lambda run: run.duration_s).hour if runs else NOON_H
        elif timing == "after":
            # A run that ends later than 20:00 still comes before what was felt after it.
            hour = max([EVENING_H, *(run.hour + run.duration_s / 3600 for run in runs)])
        else:
            # And what was felt before a run at six was felt before six.
            hour = min([MORNING_H, *(run.hour - MINUTE_H for run in runs)])
        return on_line(day, hour)

    def first_hour(self, area: str, day: dt.date) -> float:
        """When the first symptom of a symptom day counts."""
        return min(self.hour_of(spot) for spot in self.symptoms(area) if spot.day == day)

    @once
    def symptoms(self, area: str, days: int = HISTORY_DAYS + 1) -> list[Soreness]:
        """Spots of an area at 3 or more, of the last `days` days."""
        first = self.today - dt.timedelta(days - 1)
        return [
            spot
            for spot in self.spots
            if spot.area == area and spot.intensity >= SYMPTOM and spot.day >= first
        ]

    def place_of(self, hour: float, until: float | None = None) -> int:
        """How many runs started before an hour, and not after `until`."""
        place = bisect_left(self.starts, hour)
        return place if until is None else min(place, bisect_right(self.starts, until))

    def _started(self, first: float, before: float) -> tuple[Run, ...]:
        return self.runs[self.place_of(first) : self.place_of(before)]


def read_log(history: History) -> Log:
    """Order and index a history. Rows after today, and rows too old to matter, are left out."""
    first_kept = history.today - dt.timedelta(HISTORY_DAYS)

    def kept(day: dt.date) -> bool:
        return first_kept <= day <= history.today

    spots = tuple(sorted((s for s in history.soreness if kept(s.day)), key=_spot_order))
    runs = tuple(sorted((r for r in history.runs if kept(r.day)), key=_run_order))
    partial = {spot.day: False for spot in spots}
    partial |= {day: only for day, only in history.check_in_days.items() if kept(day)}
    run_days = [run.day for run in history.runs if run.day <= history.today]
    run_days += [history.run_before] if history.run_before else []
    return Log(
        today=history.today,
        spots=spots,
        peaks=_peaks(spots),
        pain=_peaks([spot for spot in spots if spot.kind == "pain"]),
        partial=partial,
        runs=runs,
        starts=tuple(map(start_of, runs)),
        runs_on=_by_day(runs),
        run_days=tuple(sorted(run_days)),
        known_running=history.known_running,
    )


def bouts(days: Sequence[dt.date], gap_days: int = EPISODE_GAP_DAYS) -> list[tuple[dt.date, ...]]:
    """Split ordered days wherever two lie further apart than `gap_days`."""
    found: list[list[dt.date]] = []
    for day in days:
        if found and (day - found[-1][-1]).days <= gap_days:
            found[-1].append(day)
        else:
            found.append([day])
    return [tuple(one) for one in found]


def span_days(days: Sequence[dt.date]) -> int:
    """Last date minus first date."""
    return (max(days) - min(days)).days if days else 0


def mean_known(values: Iterable[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) >= FEW_KNOWN_DAYS else None


def on_line(day: dt.date, hour: float) -> float:
    """A local day and hour as hours on one line."""
    return day.toordinal() * 24 + hour


def start_of(run: Run) -> float:
    return on_line(run.day, run.hour)


def is_hard(run: Run) -> bool | None:
    """Hard by kind or effort; None where neither is known."""
    if run.kind is None and run.effort is None:
        return None
    return run.kind in HARD_KINDS or (run.effort is not None and run.effort >= HARD_EFFORT)


def _peaks(spots: Iterable[Soreness]) -> dict[Place, dict[dt.date, int]]:
    peaks: dict[Place, dict[dt.date, int]] = {}
    for spot in spots:
        for side in (spot.side, ""):
            days = peaks.setdefault((spot.area, side), {})
            if spot.intensity > days.get(spot.day, -1):
                days[spot.day] = spot.intensity
    return peaks


def _by_day(runs: Iterable[Run]) -> dict[dt.date, list[Run]]:
    days: dict[dt.date, list[Run]] = {}
    for run in runs:
        days.setdefault(run.day, []).append(run)
    return days


def _spot_order(spot: Soreness) -> tuple[dt.date, int, str, Kind, str, int, int, bool]:
    area = PLACE_OF_AREA.get(spot.area, len(AREAS))
    onset = -1 if spot.onset_min is None else spot.onset_min
    order = (spot.day, area, spot.side, spot.kind, spot.timing, spot.intensity, onset)
    return (*order, spot.sit_bone)


def _run_order(run: Run) -> tuple[dt.date, float, int, int, int, str, int]:
    return (
        run.day,
        run.hour,
        run.duration_s,
        run.distance_m or 0,
        run.effort or 0,
        run.kind or "",
        -1 if run.onset_min is None else run.onset_min,
    )
