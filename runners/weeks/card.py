"""This week in one card of three lines, whose words hold in every week, also the first."""

from dataclasses import dataclass
from typing import Any

from runners.formats import MINUS
from runners.models import Run
from runners.web.notices import Phrase
from runners.weeks.known_running import are_known
from runners.weeks.sums import Running
from runners.weeks.trends import WEEKS_IN_A_YEAR, LookBack, Trends, WeekTrend
from runners.weeks.week import DAYS_PER_WEEK

# A percentage of one run says nothing, and above twice as much a distance reads better.
RUNS_FOR_A_PERCENTAGE = 2
HIGHEST_PERCENTAGE = 100

# Names of weeks that are compared, as `_said.html` has them.
THIS_WEEK, LAST_WEEK = "this-week", "last-week"
SAME_DAYS, WEEK_BEFORE = "same-days", "week-before"


@dataclass(frozen=True, slots=True)
class Line:
    """What counts most, and the rest of its sentence: after a comma, or where it `runs_on`."""

    title: Phrase
    headline: Phrase
    rest: Phrase | None = None
    runs_on: bool = False


def said(name: str, **fields: Any) -> Phrase:
    return Phrase(f"runners/weeks/_said.html#{name}", fields)


def lines(trends: Trends, look_back: LookBack, units: str) -> tuple[Line, ...]:
    """Two of them are about runs and one about soreness, where these are shared."""
    shared = trends.shared
    return (
        *([this_week(trends.this_week, look_back.same_days, units)] if shared.runs else []),
        *([sorest_area(trends)] if shared.soreness else []),
        *([what_changed(trends, look_back, units)] if shared.runs else []),
    )


def records(
    trends: Trends, look_back: LookBack, units: str, *, is_own: bool = True
) -> tuple[Phrase, ...]:
    """The biggest week and the longest run. `is_own`: the runner looks."""
    found = (
        biggest_week(trends, units, is_own=is_own),
        longest_run(look_back.longest, len(trends.weeks), units),
    )
    return tuple(record for record in found if record)


def weeks_shown(trends: Trends) -> Phrase:
    return said("days", first=trends.first_day, last=trends.today)


def this_week(week: WeekTrend, before: Running | None, units: str) -> Line:
    title = said("this-week")
    running = week.running
    if running is None or not running.runs:
        headline = said("no-runs-yet" if week.is_known else "no-run-logged")
        if before and before.runs:
            return Line(title, headline, said("then", running=before, units=units, when=then(week)))
        return Line(title, headline, said("day", day=week.days, of=DAYS_PER_WEEK))
    runs, time_s = running.runs, running.duration_s
    if running.distance_m is None:
        return Line(title, said("runs", runs=runs), said("time-alone", time_s=time_s))
    headline = said("distance", metres=running.distance_m, units=units)
    known = running.runs_with_distance
    return Line(title, headline, said("runs-and-time", runs=runs, time_s=time_s, known=known))


def then(week: WeekTrend) -> str:
    """What a week is compared with: the same days of last week, or all of it."""
    return LAST_WEEK if week.days == DAYS_PER_WEEK else SAME_DAYS


def sorest_area(trends: Trends) -> Line:
    """Of this week; before its first check-in, of last week."""
    for back, when in ((-1, THIS_WEEK), (-2, LAST_WEEK)):
        if any(place.weeks[back] for place in trends.places):
            return _sorest_of(trends, back, when)
    return Line(said("sorest"), said("not-known"), said("no-check-in"))


def _sorest_of(trends: Trends, position: int, when: str) -> Line:
    title = said("sorest")
    marked = [
        (place, week)
        for place in trends.marked
        if (week := place.weeks[position]) and week.days_marked
    ]
    if not marked:
        days = trends.weeks[position].days_checked_in
        return Line(title, said("nothing-marked"), said("days-checked-in", days=days, when=when))
    place, week = max(marked, key=lambda pair: (pair[1].mean, pair[1].highest))
    return Line(title, said("area", place=place.name), said("up-to", week=week, when=when))


def what_changed(trends: Trends, look_back: LookBack, units: str) -> Line:
    """Before the first run of this week it is last week, whole, against the week before it."""
    week, last, before_last = (trends.weeks[back] for back in (-1, -2, -3))
    if week.running and week.running.runs:
        compared, now, before_it = last, THIS_WEEK, then(week)
        running, before = week.to_compare, look_back.same_days
    else:
        compared, now, before_it = before_last, LAST_WEEK, WEEK_BEFORE
        running, before = last.to_compare, before_last.to_compare
    if running is None or before is None:
        is_new = trends.first_log is None or trends.first_log > compared.week.first_day
        return not_compared(before_it if running else now, is_new=is_new)
    return distance_change(running, before, units, now=now, then=before_it)


def not_compared(unknown: str, *, is_new: bool) -> Line:
    """Where one of two weeks is not known. `is_new`: the older one began before the first log."""
    title = said("changed")
    if is_new:
        return Line(title, said("too-early"), said("no-week-yet"))
    return Line(title, said("not-known"), said("too-little", when=unknown))


def distance_change(running: Running, before: Running, units: str, *, now: str, then: str) -> Line:
    """Of weeks that are known."""
    title = said("changed")
    now_m, before_m = running.distance_m, before.distance_m
    if now_m is None or before_m is None:
        when = now if now_m is None else then
        return Line(title, said("not-known"), said("no-distance", when=when))
    if not running.runs:
        then_ran = before_m if before.runs else None
        rest = said("before", metres=then_ran, units=units, when=then)
        return Line(title, said("no-runs", when=now), rest)
    if not before.runs:
        headline = said("by-distance", sign="+", metres=now_m, units=units)
        return Line(title, headline, said("none-before", when=then))
    lacking = running.runs_with_distance < running.runs or before.runs_with_distance < before.runs
    percent = round(abs(now_m - before_m) * 100 / before_m)
    runs = min(running.runs, before.runs)
    headline = _change(now_m - before_m, percent, runs=runs, units=units)
    rest = said("compared", now=now, when=then, moved=bool(percent), in_part=lacking)
    return Line(title, headline, rest, runs_on=True)


def _change(difference: int, percent: int, *, runs: int, units: str) -> Phrase:
    sign = MINUS if difference < 0 else "+"
    if not percent:
        return said("much-the-same" if difference else "same-distance")
    if runs < RUNS_FOR_A_PERCENTAGE or percent > HIGHEST_PERCENTAGE:
        return said("by-distance", sign=sign, metres=abs(difference), units=units)
    return said("by-percent", sign=sign, percent=percent)


def biggest_week(trends: Trends, units: str, *, is_own: bool) -> Phrase | None:
    """Of the last 52 weeks; nothing to say before two known ones have a distance."""
    run_weeks = [week for week in trends.year if week.distance_m and week.is_known]
    if len(run_weeks) < 2:
        return None
    biggest = max(run_weeks, key=lambda week: (week.distance_m or 0, week.week))
    return said(
        "biggest-now" if biggest is trends.this_week else "biggest",
        week=biggest.week,
        metres=biggest.distance_m,
        units=units,
        of=known_weeks(trends),
        is_own=is_own,
    )


def known_weeks(trends: Trends) -> str:
    """In which of the 52 weeks runs are known: in all, in all since the first log, or in some."""
    since = max(trends.first_log or trends.today, trends.year[0].week.first_day)
    if not are_known(trends.known, since, trends.today):
        return "known-in-a-year"
    return "in-a-year" if since == trends.year[0].week.first_day else "since-first-log"


def longest_run(run: Run | None, weeks: int, units: str) -> Phrase | None:
    if run is None:
        return None
    name = "longest-in-a-year" if weeks == WEEKS_IN_A_YEAR else "longest"
    return said(name, run=run, weeks=weeks, units=units)


def change_words(change: float | None) -> Phrase:
    """How an area's mean moved, where “+2” is not read."""
    if change is None:
        return said("not-compared")
    points = whole(change)
    if not points:
        return said("about-the-same")
    return said("up" if change > 0 else "down", points=points)


def change_figure(change: float | None) -> str:
    if change is None:
        return "–"
    points = whole(change)
    return f"{'+' if change > 0 else MINUS}{points}" if points else "±0"


def whole(change: float) -> int:
    """The size of a change in whole points, half up."""
    return int(abs(change) + 0.5)
