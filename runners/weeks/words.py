"""This week in words: three cards whose sentences hold in every week, also the first."""

from dataclasses import dataclass

from runners.formats import METRES_PER_MILE, capital, hours, short_day, thousands
from runners.models import Run
from runners.weeks.known_running import are_known
from runners.weeks.sums import Running
from runners.weeks.trends import WEEKS_IN_A_YEAR, LookBack, Soreness, Trends, WeekTrend
from runners.weeks.week import DAYS_PER_WEEK, span_of_days

MINUS = "−"
# A percentage of one run says nothing, and above twice as much a distance reads better.
RUNS_FOR_A_PERCENTAGE = 2
HIGHEST_PERCENTAGE = 100


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    headline: str
    lines: tuple[str, ...]


def cards(
    trends: Trends, look_back: LookBack, units: str, *, whose: str = "your"
) -> tuple[Card, ...]:
    """Two of them are about runs and one about soreness, where these are shared.

    `whose` log it is: another word for who is not the runner.
    """
    shared = trends.shared
    return (
        *([this_week(trends.this_week, look_back.same_days, units)] if shared.runs else []),
        *([sorest_area(trends)] if shared.soreness else []),
        *([what_changed(trends, look_back, units, whose)] if shared.runs else []),
    )


def weeks_shown(trends: Trends) -> str:
    """`Weeks 36–47` where weeks have numbers and the year is clear, else the days."""
    first, last = trends.weeks[0].week, trends.this_week.week
    numbered = first.label.startswith("W")
    if numbered and first.first_day.isocalendar().year == last.first_day.isocalendar().year:
        return f"Weeks {first.label[1:]}–{last.label[1:]}"
    return span_of_days(first.first_day, trends.today)


def in_units(metres: float, units: str) -> float:
    return metres / (METRES_PER_MILE if units == "mi" else 1000)


def total(metres: float | None, units: str) -> str:
    """A distance to one digit, enough for a week; number and unit stay on one line."""
    if metres is None:
        return "–"
    return f"{in_units(metres, units):.1f}\u00a0{units}" if metres else f"0\u00a0{units}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def part_of(known: int, runs: int) -> str:
    """`from 3 of 5 runs`; nothing where all of them are known."""
    return f"from {known} of {count(runs, 'run')}" if known < runs else ""


def this_week(week: WeekTrend, before: Running | None, units: str) -> Card:
    title = "This week so far"
    running = week.running
    if running is None or not running.runs:
        headline = "No runs yet" if week.is_known else "No run logged"
        lines = [f"Day {week.days} of {DAYS_PER_WEEK}"]
        if before and before.runs:
            lines.append(f"{_run_words(before, units)} {same_days(week)}")
        return Card(title, headline, tuple(lines))
    runs, time = count(running.runs, "run"), hours(running.duration_s)
    if running.distance_m is None:
        return Card(title, runs, (f"{time} · distance not noted", load_words(running)))
    missing = part_of(running.runs_with_distance, running.runs)
    lines = [f"{runs} · {time}", load_words(running)]
    if missing:
        lines.append(f"Distance {missing}")
    return Card(title, total(running.distance_m, units), tuple(lines))


def same_days(week: WeekTrend) -> str:
    return "last week" if week.days == DAYS_PER_WEEK else "on the same days last week"


def _run_words(running: Running, units: str) -> str:
    if running.distance_m is None:
        return count(running.runs, "run")
    return total(running.distance_m, units)


def load_words(running: Running) -> str:
    if running.load is None:
        return "No load: no effort noted"
    missing = part_of(running.runs_with_effort, running.runs)
    return f"Load {thousands(running.load)} {missing}".rstrip()


def sorest_area(trends: Trends) -> Card:
    """Of this week; before its first check-in, of last week."""
    for back, when in ((-1, "this week so far"), (-2, "last week")):
        if any(place.weeks[back] for place in trends.places):
            return _sorest_of(trends, back, when)
    return Card("Sorest area", "Not known", ("No check-in this week or last",))


def _sorest_of(trends: Trends, position: int, when: str) -> Card:
    title = f"Sorest area {when}"
    marked = [
        (place, week)
        for place in trends.marked
        if (week := place.weeks[position]) and week.days_marked
    ]
    if not marked:
        days = count(trends.weeks[position].days_checked_in, "day")
        return Card(title, "Nothing marked", (f"{days} checked in",))
    place, week = max(marked, key=lambda pair: (pair[1].mean, pair[1].highest))
    return Card(title, capital(place.name), (f"Peak {week.highest}, {marked_words(week)}",))


def marked_words(week: Soreness) -> str:
    return f"on {week.days_marked} of {count(week.days_known, 'day')} checked in"


def what_changed(trends: Trends, look_back: LookBack, units: str, whose: str) -> Card:
    """Before the first run of this week it is last week, whole, against the week before it."""
    week, last, before_last = (trends.weeks[back] for back in (-1, -2, -3))
    if week.running and week.running.runs:
        title, compared = "What changed", last
        now, then = "this week", same_days(week)
        running, before = week.to_compare, look_back.same_days
    else:
        title, compared = "What changed last week", before_last
        now, then = "last week", "the week before"
        running, before = last.to_compare, before_last.to_compare
    if running is None or before is None:
        is_new = trends.first_log is None or trends.first_log > compared.week.first_day
        headline, why = not_compared(then if running else now, is_new=is_new)
    else:
        headline, why = distance_change(running, before, units, now=now, then=then)
    lines = [
        why,
        biggest_week(trends, units, whose),
        longest_run_words(look_back.longest, len(trends.weeks), units),
    ]
    return Card(title, headline, tuple(line for line in lines if line))


def not_compared(unknown: str, *, is_new: bool) -> tuple[str, str]:
    """Where one of two weeks is not known. `is_new`: the older one began before the first log."""
    if is_new:
        return "Too early to say", "There is no week yet to compare with"
    return "Not known", f"Too little logged {unknown} to compare"


def distance_change(
    running: Running, before: Running, units: str, *, now: str, then: str
) -> tuple[str, str]:
    """Headline and reason, of weeks that are known."""
    if running.distance_m is None or before.distance_m is None:
        return "Not known", f"No distance noted {now if running.distance_m is None else then}"
    if not running.runs:
        then_ran = total(before.distance_m, units) if before.runs else "none"
        return f"No runs {now}", f"{capital(then_ran)} {then}"
    if not before.runs:
        return f"+{total(running.distance_m, units)}", f"No runs {then}"
    lacking = running.runs_with_distance < running.runs or before.runs_with_distance < before.runs
    return (
        _change(
            running.distance_m,
            before.distance_m,
            runs=min(running.runs, before.runs),
            units=units,
        ),
        f"{total(running.distance_m, units)}, and {total(before.distance_m, units)} {then}"
        f"{', of the runs with a distance' if lacking else ''}",
    )


def _change(now_m: int, before_m: int, *, runs: int, units: str) -> str:
    difference = now_m - before_m
    sign = MINUS if difference < 0 else "+"
    percent = round(abs(difference) * 100 / before_m)
    if not percent:
        return "Much the same distance" if difference else "Same distance"
    if runs < RUNS_FOR_A_PERCENTAGE or percent > HIGHEST_PERCENTAGE:
        return f"{sign}{total(abs(difference), units)}"
    return f"{sign}{percent}\u00a0% distance"


def biggest_week(trends: Trends, units: str, whose: str) -> str:
    """Of the last 52 weeks; nothing to say before two known ones have a distance."""
    run_weeks = [week for week in trends.year if week.distance_m and week.is_known]
    if len(run_weeks) < 2:
        return ""
    biggest = max(run_weeks, key=lambda week: (week.distance_m or 0, week.week))
    of_when = when_known(trends, whose)
    metres = total(biggest.distance_m, units)
    if biggest is trends.this_week:
        return f"This week is already the biggest {of_when}: {metres}"
    return f"{biggest.week.label} was the biggest week {of_when}: {metres}"


def when_known(trends: Trends, whose: str) -> str:
    """In which of the 52 weeks runs are known: in all, in all since the first log, or in some."""
    since = max(trends.first_log or trends.today, trends.year[0].week.first_day)
    if not are_known(trends.known, since, trends.today):
        return "known in a year"
    return "in a year" if since == trends.year[0].week.first_day else f"since {whose} first log"


def longest_run_words(run: Run | None, weeks: int, units: str) -> str:
    if run is None:
        return ""
    shown = "in a year" if weeks == WEEKS_IN_A_YEAR else f"of these {weeks} weeks"
    day = short_day(run.day).replace(" ", "\u00a0")
    return f"Longest run {shown}: {total(run.distance_m, units)}, {day}"


def change_words(change: float | None) -> str:
    """How an area's mean moved, for whom reads no signs."""
    if change is None:
        return "not enough logged to compare"
    points = whole(change)
    return f"{'up' if change > 0 else 'down'} {points}" if points else "about the same"


def change_figure(change: float | None) -> str:
    if change is None:
        return "–"
    points = whole(change)
    return f"{'+' if change > 0 else MINUS}{points}" if points else "±0"


def whole(change: float) -> int:
    """The size of a change in whole points, half up."""
    return int(abs(change) + 0.5)


def soreness_words(week: Soreness | None) -> str:
    if week is None:
        return "not logged"
    return f"mean {week.mean:.1f}, highest {week.highest}, {marked_words(week)}"
