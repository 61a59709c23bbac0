"""The weeks as CSV: the figures of the page, each of them once.

A row is either a week (`row` = week: runs and check-in days) or an area in a week (`row` = area),
so that adding up a column counts nothing twice. An empty cell is unknown, which is not 0, and a
week is not `complete` where not all of its days are over and known.
"""

from collections.abc import Iterator

from runners.formats import in_units
from runners.weeks.trends import PlaceTrend, Soreness, Trends, WeekTrend

Cells = list[str | int]

UNKNOWN = ""


def header(units: str) -> Cells:
    return [
        "row",
        "week_start",
        "week_end",
        "complete",
        "area",
        "side",
        "runs",
        f"distance_{units}",
        "runs_with_distance",
        "duration_min",
        "load",
        "runs_with_effort",
        f"distance_4_week_mean_{units}",
        "load_4_week_mean",
        "mean_peak",
        "highest_peak",
        "days_marked",
        "days_checked_in",
    ]


def rows(trends: Trends, units: str) -> Iterator[Cells]:
    marked = trends.marked
    for position, week in enumerate(trends.weeks):
        yield _week_row(week, units, checks_are_shared=trends.shared.soreness)
        for place in marked:
            yield _area_row(week, place, place.weeks[position])


def rows_about(name: str, trends: Trends, units: str) -> Iterator[Cells]:
    """With their heading, for a coach who puts several athletes under each other.

    What is not shared is as little known as what was not logged.
    """
    yield ["athlete", *header(units)]
    if trends.shared.runs or trends.shared.soreness:
        yield from ([name, *row] for row in rows(trends, units))


def _days(week: WeekTrend, *, complete: bool) -> Cells:
    first_day, last_day = week.week.first_day.isoformat(), week.week.last_day.isoformat()
    return [first_day, last_day, "yes" if complete else "no"]


def _week_row(week: WeekTrend, units: str, *, checks_are_shared: bool) -> Cells:
    running = week.running
    figures: Cells = [UNKNOWN] * 6
    if running:
        figures = [
            running.runs,
            _distance(running.distance_m, units),
            running.runs_with_distance,
            f"{running.duration_s / 60:.1f}",
            UNKNOWN if running.load is None else running.load,
            running.runs_with_effort,
        ]
    means: Cells = [
        _distance(week.mean_distance_m, units),
        UNKNOWN if week.mean_load is None else f"{week.mean_load:.0f}",
    ]
    nothing: Cells = [UNKNOWN] * 3
    place: Cells = [UNKNOWN] * 2
    days = _days(week, complete=week.is_over and week.is_known)
    checked_in = week.days_checked_in if checks_are_shared else UNKNOWN
    return ["week", *days, *place, *figures, *means, *nothing, checked_in]


def _area_row(week: WeekTrend, place: PlaceTrend, felt: Soreness | None) -> Cells:
    figures: Cells = [UNKNOWN, UNKNOWN, UNKNOWN, 0]
    if felt:
        figures = [f"{felt.mean:.2f}", felt.highest, felt.days_marked, felt.days_known]
    nothing: Cells = [UNKNOWN] * 8
    days = _days(week, complete=week.is_over)
    return ["area", *days, place.area, place.side, *nothing, *figures]


def _distance(metres: float | None, units: str) -> str:
    return UNKNOWN if metres is None else f"{in_units(metres, units):.2f}"


def filename(trends: Trends, of: str = "weeks") -> str:
    return f"limber-{of}-{trends.first_day}-to-{trends.today}.csv"
