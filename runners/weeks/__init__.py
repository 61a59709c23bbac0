"""Weeks: what was run and how every area felt, summed by the runner's own weeks."""

from runners.weeks.recent import DayGlance, WeekSummary, last_days, week_summary
from runners.weeks.trends import Trends, look_back, trends_of
from runners.weeks.week import Week, week_of, weeks_until

__all__ = [
    "DayGlance",
    "Trends",
    "Week",
    "WeekSummary",
    "last_days",
    "look_back",
    "trends_of",
    "week_of",
    "week_summary",
    "weeks_until",
]
