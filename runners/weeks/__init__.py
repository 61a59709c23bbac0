"""Weeks: what was run and how every area felt, summed by the runner's own weeks."""

from runners.weeks.recent import DayGlance, last_days, run_this_week
from runners.weeks.trends import Trends, look_back, trends_of
from runners.weeks.week import Week, week_of, weeks_until

__all__ = [
    "DayGlance",
    "Trends",
    "Week",
    "last_days",
    "look_back",
    "run_this_week",
    "trends_of",
    "week_of",
    "weeks_until",
]
