"""The last twelve weeks of a history: what was run, where it was sore, and since when.

They are the weeks of the Trends page, from the runner's first day of the week on, so that both say
the same of each; the last one may not be over. Nothing is read here, so a page that has a history
pays no query for its weeks.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidance.rules.log.log import CURRENT_DAYS, HISTORY_DAYS, SYMPTOM, Log, bouts
from guidance.rules.types import Run
from guidance.rules.types import Soreness as Spot
from runners.body.areas import PLACES, SorenessKind, Timing
from runners.formats import capital
from runners.weeks.sums import MARKED, NO_RUNS, SECONDS_PER_MINUTE, Place, Running
from runners.weeks.trends import PlaceTrend, Soreness, Trends, WeekTrend
from runners.weeks.week import Week, weeks_until

WEEKS = 12
SHOWN_PLACES = 3  # the sorest ones: more columns than that no sheet of paper holds


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """How a place was marked at one time of the day, over the days on which it was."""

    days: int
    mean: float
    highest: int


@dataclass(frozen=True, slots=True)
class PlaceStory:
    """One of the sorest places, as somebody who examines it asks about it.

    `bout` are the newest days at 3 or more without more than a week between two of them. `kinds`
    are the words marked and how often, the commonest first; `parts_of_day` are in the order of
    `Timing`, None where it was not marked; `sit_bone_days` is on how many days it was at the sit
    bone.
    """

    trend: PlaceTrend
    whole: Soreness
    highest_on: dt.date
    bout: tuple[dt.date, ...]
    is_current: bool
    kinds: tuple[tuple[str, int], ...]
    parts_of_day: tuple[PartOfDay | None, ...]
    sit_bone_days: int

    @property
    def name(self) -> str:
        return capital(self.trend.name)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A line of the table. `places` are in the order of `TwelveWeeks.places`; None: not known."""

    week: WeekTrend
    longest_m: int | None
    places: tuple[Soreness | None, ...]


@dataclass(frozen=True, slots=True)
class TwelveWeeks:
    """`onsets` are the minutes into a run at which it came on, lowest first.

    `run_kinds` are the kinds noted of runs, and how often, the commonest first.
    """

    first_day: dt.date
    today: dt.date
    first_log: dt.date | None
    days_checked_in: int
    running: Running
    longest: Run | None
    run_kinds: tuple[tuple[str, int], ...]
    onsets: tuple[int, ...]
    places: tuple[PlaceStory, ...]
    lines: tuple[WeekLine, ...]
    number: ClassVar[int] = WEEKS
    timings: ClassVar[tuple[str, ...]] = tuple(str(timing.label) for timing in Timing)

    @property
    def main(self) -> PlaceStory | None:
        """The sorest place, where one was at 3 or more."""
        return next(iter(self.sore), None)

    @property
    def days(self) -> int:
        return (self.today - self.first_day).days + 1

    @property
    def runs_without_kind(self) -> int:
        return self.running.runs - sum(times for _, times in self.run_kinds)

    @property
    def sore(self) -> list[PlaceStory]:
        """Places that were at 3 or more."""
        return [place for place in self.places if place.whole.highest >= SYMPTOM]

    @property
    def hardly_sore(self) -> list[PlaceStory]:
        return [place for place in self.places if place.whole.highest < SYMPTOM]

    @property
    def begun_later(self) -> bool:
        """Was the first log only made in these weeks?"""
        return self.first_log is not None and self.first_log > self.first_day


def twelve_weeks(log: Log, week_start: int) -> TwelveWeeks:
    """`week_start` is the ISO weekday on which the runner's weeks begin."""
    trends = trends_of_log(log, weeks_until(log.today, week_start, WEEKS))
    runs = log.runs_between(trends.first_day, log.today)
    shown = trends.marked[:SHOWN_PLACES]
    return TwelveWeeks(
        first_day=trends.first_day,
        today=log.today,
        first_log=trends.first_log,
        days_checked_in=trends.days_checked_in,
        running=running_of(runs),
        longest=longest_of(runs),
        run_kinds=counted(run.kind for run in runs if run.kind),
        onsets=tuple(sorted(run.onset_min for run in runs if run.onset_min is not None)),
        places=tuple(
            story_of(place, whole, log, since=trends.first_day)
            for place in shown
            if (whole := place.whole)
        ),
        lines=tuple(
            WeekLine(week, longest_m_of(log, week.week), tuple(p.weeks[position] for p in shown))
            for position, week in enumerate(trends.weeks)
        ),
    )


def trends_of_log(log: Log, shown: Sequence[Week]) -> Trends:
    """What `runners.weeks.trends_of` says of the same weeks, without a query."""
    begun = min([*log.partial, *log.run_days[:1]], default=None)
    weeks = tuple(week_trend(week, log) for week in shown)
    places = tuple(
        PlaceTrend(
            area, side, tuple(soreness_of(log, (area, side), days_of(week, log)) for week in shown)
        )
        for area, side in PLACES
    )
    return Trends(log.today, begun, log.known_running, weeks, weeks, places)


def week_trend(week: Week, log: Log) -> WeekTrend:
    days = days_of(week, log)
    is_known = log.is_running_known(days[0], days[-1])
    logged = running_of(log.runs_between(days[0], days[-1]))
    return WeekTrend(
        week=week,
        days=len(days),
        is_over=week.last_day < log.today,
        days_checked_in=sum(day in log.partial for day in days),
        running=logged if is_known or logged.runs else None,
        is_known=is_known,
        mean_distance_m=None,  # the rolling means are for a chart
        mean_load=None,
    )


def days_of(week: Week, log: Log) -> list[dt.date]:
    """Until today."""
    days = week.days_until(log.today)
    return [week.first_day + dt.timedelta(days=later) for later in range(days)]


def longest_m_of(log: Log, week: Week) -> int | None:
    longest = longest_of(log.runs_between(week.first_day, week.last_day))
    return longest.distance_m if longest else None


def running_of(runs: Sequence[Run]) -> Running:
    """Sums of plain runs, unknown and rounded as the sums of the database are."""
    if not runs:
        return NO_RUNS
    metres = [run.distance_m for run in runs if run.distance_m is not None]
    efforts = [run.effort * run.duration_s for run in runs if run.effort is not None]
    return Running(
        runs=len(runs),
        distance_m=sum(metres) if metres else None,
        duration_s=sum(run.duration_s for run in runs),
        load=(sum(efforts) + SECONDS_PER_MINUTE // 2) // SECONDS_PER_MINUTE if efforts else None,
        runs_with_distance=len(metres),
        runs_with_effort=len(efforts),
    )


def longest_of(runs: Iterable[Run]) -> Run | None:
    """By distance; of equal ones the latest."""
    measured = [run for run in runs if run.distance_m is not None]
    return max(measured, key=lambda run: (run.distance_m, run.day), default=None)


def soreness_of(log: Log, place: Place, days: Iterable[dt.date]) -> Soreness | None:
    """The day peaks of a place; None where no day of them is known."""
    peaks = [peak for day in days if (peak := log.peak(*place, day)) is not None]
    if not peaks:
        return None
    marked = sum(peak >= MARKED for peak in peaks)
    return Soreness(sum(peaks), max(peaks), marked, len(peaks))


def story_of(place: PlaceTrend, whole: Soreness, log: Log, since: dt.date) -> PlaceStory:
    days = log.last_days(log.ago(since) + 1)
    peaks = {day: log.peak(place.area, place.side, day) or 0 for day in days}
    newest_bout = bouts(log.symptom_days(place.area, HISTORY_DAYS, place.side))[-1:]
    bout = newest_bout[0] if newest_bout else ()
    spots = [
        spot
        for spot in log.spots
        if (spot.area, spot.side) == (place.area, place.side)
        and spot.day >= since
        and spot.intensity >= MARKED
    ]
    return PlaceStory(
        trend=place,
        whole=whole,
        highest_on=max(days, key=lambda day: (peaks[day], day)),
        bout=bout,
        is_current=bool(bout) and log.ago(bout[-1]) < CURRENT_DAYS,
        kinds=counted(str(SorenessKind(spot.kind).label) for spot in spots),
        parts_of_day=tuple(
            part_of_day([spot for spot in spots if spot.timing == timing]) for timing in Timing
        ),
        sit_bone_days=len({spot.day for spot in spots if spot.sit_bone}),
    )


def part_of_day(spots: Iterable[Spot]) -> PartOfDay | None:
    peaks: dict[dt.date, int] = {}
    for spot in spots:
        peaks[spot.day] = max(spot.intensity, peaks.get(spot.day, 0))
    if not peaks:
        return None
    return PartOfDay(len(peaks), sum(peaks.values()) / len(peaks), max(peaks.values()))


def counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each word with how often it stands there, the commonest first."""
    return tuple(Counter(words).most_common())
