"""The weeks of a runner as plain values: what was run, and how every area felt."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from runners.body.areas import PLACES, level, place_name
from runners.models import Run, Shared, User
from runners.models.coaching import FULLY_SHARED
from runners.prepared import together
from runners.weeks.known_running import Stretch, are_known, log_days, stretches
from runners.weeks.sums import (
    NO_RUNS,
    CheckInDays,
    PeakSums,
    Place,
    Running,
    check_in_days_by_week,
    first_log,
    first_logs,
    longest_run,
    peaks_by_week,
    running_by_week,
    running_of,
    sums_of_each,
    weekly_check_ins,
    weekly_peaks,
    weekly_running,
)
from runners.weeks.week import DAYS_PER_WEEK, Week, weeks_until

WEEKS_IN_A_YEAR = 52
ROLLING_WEEKS = 4  # of the rolling mean, and of each side of an area's change


@dataclass(frozen=True, slots=True)
class Soreness:
    """One area and side over some days: only the days on which it is known count."""

    total: int  # of the daily peaks; 0 on a day that was clear
    highest: int
    days_marked: int
    days_known: int

    @property
    def mean(self) -> float:
        return self.total / self.days_known

    @property
    def rounded(self) -> int:
        """The mean as a whole number, half up."""
        return (2 * self.total + self.days_known) // (2 * self.days_known)

    @property
    def figure(self) -> str:
        """A week in which something was marked never reads as 0."""
        return "<1" if self.total and not self.rounded else str(self.rounded)

    @property
    def level(self) -> int:
        return level(max(1, self.rounded)) if self.total else 0


def pooled(weeks: Iterable[Soreness | None]) -> Soreness | None:
    """Several weeks as one, day for day; None where no day is known."""
    known = [week for week in weeks if week]
    if not known:
        return None
    return Soreness(
        total=sum(week.total for week in known),
        highest=max(week.highest for week in known),
        days_marked=sum(week.days_marked for week in known),
        days_known=sum(week.days_known for week in known),
    )


@dataclass(frozen=True)  # without slots, for what is worked out once
class PlaceTrend:
    """An area and side, week by week, oldest first. None: no day of the week is known."""

    area: str
    side: str
    weeks: tuple[Soreness | None, ...]

    @property
    def name(self) -> str:
        return place_name(self.area, self.side)

    @property
    def value(self) -> str:
        """As the form and the address write it."""
        return f"{self.area}-{self.side}"

    @property
    def is_marked(self) -> bool:
        return any(week is not None and week.days_marked for week in self.weeks)

    @cached_property
    def whole(self) -> Soreness | None:
        return pooled(self.weeks)

    @cached_property
    def recent(self) -> Soreness | None:
        return pooled(self.weeks[-ROLLING_WEEKS:])

    @property
    def change(self) -> float | None:
        """Mean of the last four weeks minus the four before; None where one is unknown."""
        before = pooled(self.weeks[-2 * ROLLING_WEEKS : -ROLLING_WEEKS])
        recent = self.recent
        return recent.mean - before.mean if recent and before else None


@dataclass(frozen=True, slots=True)
class WeekTrend:
    """One week. `running` is what was logged in it; None: nothing, and it is not known to be none.

    `is_known`: all of its days until today are known, so that it may be compared. Else it is
    drawn as a gap, with what was logged in it. Where runs are not shared no week is known.
    """

    week: Week
    days: int  # of the week, until today
    is_over: bool
    days_checked_in: int
    running: Running | None
    is_known: bool
    # Means of this week and the three before. None if one of the four is unknown or not over.
    mean_distance_m: float | None
    mean_load: float | None

    @property
    def distance_m(self) -> int | None:
        return self.running.distance_m if self.running else None

    @property
    def load(self) -> int | None:
        return self.running.load if self.running else None

    @property
    def to_compare(self) -> Running | None:
        return self.running if self.is_known else None


@dataclass(frozen=True)  # as above
class Trends:
    """Weeks oldest first; the last one holds today and may not be over.

    What is not `shared` was not read: it is unknown in every week. `plan_started` is the day the
    plan in force began, which whoever asks has from the standing.
    """

    today: dt.date
    first_log: dt.date | None
    known: tuple[Stretch, ...]  # stretches of days whose running is known
    year: tuple[WeekTrend, ...]  # 52 weeks, whatever is shown
    weeks: tuple[WeekTrend, ...]  # those shown
    places: tuple[PlaceTrend, ...]  # all that can be marked, in the order of the body map
    shared: Shared = FULLY_SHARED
    plan_started: dt.date | None = None
    rolling_weeks: ClassVar[int] = ROLLING_WEEKS

    @property
    def this_week(self) -> WeekTrend:
        return self.weeks[-1]

    @property
    def first_day(self) -> dt.date:
        return self.weeks[0].week.first_day

    @property
    def plan_week(self) -> int | None:
        """The place among the weeks shown of the one in which the plan began."""
        if self.plan_started is None or not self.first_day <= self.plan_started <= self.today:
            return None
        return (self.plan_started - self.first_day).days // DAYS_PER_WEEK

    @cached_property
    def marked(self) -> list[PlaceTrend]:
        """Places that were marked in these weeks, sorest first.

        What hurts now comes first: by the mean of the last four weeks, then of all weeks shown,
        then by the highest day.
        """
        places = [
            (place, whole)
            for place in self.places
            if place.is_marked and (whole := place.whole) is not None
        ]
        places.sort(
            key=lambda pair: (
                -(pair[0].recent.mean if pair[0].recent else 0),
                -pair[1].mean,
                -pair[1].highest,
            )
        )
        return [place for place, _ in places]

    def place(self, place: Place) -> PlaceTrend:
        return self.places[PLACES.index(place)]

    @property
    def days_checked_in(self) -> int:
        return sum(week.days_checked_in for week in self.weeks)

    @property
    def days_to_log(self) -> int:
        """Days from the first log, or the first of these weeks, until today."""
        begun = max(self.first_log or self.today, self.first_day)
        return (self.today - begun).days + 1


def trends_of(
    runner: User,
    count: int,
    *,
    today: dt.date,
    shared: Shared = FULLY_SHARED,
    plan_started: dt.date | None = None,
) -> Trends:
    """The last `count` weeks until today. 1 query."""
    # Three weeks more than a year, for the rolling mean of its first week.
    run_weeks = weeks_until(today, runner.week_start, WEEKS_IN_A_YEAR + ROLLING_WEEKS - 1)
    shown = run_weeks[-count:]
    since, until = run_weeks[0].first_day, today
    firsts, ran, checked_in, felt, days = together(
        first_logs(runner, shared),
        weekly_running.of(runner, since, until) if shared.runs else None,
        weekly_check_ins.of(runner, since, until) if shared.soreness else None,
        weekly_peaks.of(runner, shown[0].first_day, until) if shared.soreness else None,
        log_days([runner], since, shared) if shared.runs else None,
    )
    running = running_by_week(ran, run_weeks[0])
    check_ins = check_in_days_by_week(checked_in, run_weeks[0])
    peaks = peaks_by_week(felt, shown[0])
    known = stretches((day for _, day in days), today)
    compared = [
        running.get(week, NO_RUNS)
        if are_known(known, week.first_day, min(week.last_day, today))
        else None
        for week in run_weeks
    ]
    year = tuple(
        _week_trend(
            week,
            today,
            check_ins.get(week, CheckInDays()),
            running.get(week),
            compared[: position + 1],
        )
        for position, week in enumerate(run_weeks)
    )[-WEEKS_IN_A_YEAR:]
    # Most places were never marked: they are as clear as the days that are known.
    clear = tuple(_soreness(None, check_ins.get(week)) for week in shown)
    noted = {place for _, place in peaks}
    places = tuple(
        PlaceTrend(
            area,
            side,
            tuple(_soreness(peaks.get((week, (area, side))), check_ins.get(week)) for week in shown)
            if (area, side) in noted
            else clear,
        )
        for area, side in PLACES
    )
    return Trends(
        today, first_log(firsts), known, year, year[-count:], places, shared, plan_started
    )


def _week_trend(
    week: Week,
    today: dt.date,
    check_ins: CheckInDays,
    logged: Running | None,
    compared: list[Running | None],
) -> WeekTrend:
    """`compared` holds this week and all before it, each None where it is not known."""
    is_over = week.last_day < today
    four = compared[-ROLLING_WEEKS:] if is_over else []
    return WeekTrend(
        week=week,
        days=week.days_until(today),
        is_over=is_over,
        days_checked_in=check_ins.days,
        running=compared[-1] or logged,
        is_known=compared[-1] is not None,
        mean_distance_m=_mean([sums.distance_m if sums else None for sums in four]),
        mean_load=_mean([sums.load if sums else None for sums in four]),
    )


def _mean(four: list[int | None]) -> float | None:
    known = [figure for figure in four if figure is not None]
    return sum(known) / ROLLING_WEEKS if len(known) == ROLLING_WEEKS else None


def _soreness(peaks: PeakSums | None, check_ins: CheckInDays | None) -> Soreness | None:
    """Known days are those with a full check-in, and the partial ones that name the place."""
    days_known = (check_ins.full if check_ins else 0) + (peaks.partial_days if peaks else 0)
    if not days_known:
        return None
    peaks = peaks or PeakSums()
    return Soreness(peaks.total, peaks.highest, peaks.days_marked, days_known)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What the words about this week need besides the weeks."""

    # The same number of days into last week: this week is not over, and a fair comparison sets
    # its Monday to Wednesday against last week's. None where not all
    # of these days are known.
    same_days: Running | None
    longest: Run | None  # of the weeks shown


def look_back(runner: User, trends: Trends) -> LookBack:
    """1 query, none where runs are not shared."""
    if not trends.shared.runs:
        return LookBack(same_days=None, longest=None)
    start = trends.this_week.week.moved(-1).first_day
    end = start + dt.timedelta(days=trends.this_week.days - 1)
    ran, longest = together(
        sums_of_each.of([runner], start, end),
        longest_run.of(runner, trends.first_day, trends.today),
    )
    same_days = running_of(ran[0]) if ran else NO_RUNS
    return LookBack(
        same_days=same_days if are_known(trends.known, start, end) else None,
        longest=next(iter(longest), None),
    )
