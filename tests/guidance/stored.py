"""Logs as rows, for the tests of more than one page."""

from runners import standing
from runners.models import User
from tests.factories import days_ago, make_run, make_soreness


def tight(runner: User, side: str = "right") -> None:
    for ago in (26, 22, 19, 15, 12, 8, 5, 1):
        make_soreness(runner, days_ago(ago), side=side)


def log(runner: User, days: int) -> None:
    """A run and two spots a day, and today as well."""
    for ago in range(days):
        make_run(runner, days_ago(ago), effort=4)
        make_soreness(runner, days_ago(ago), intensity=4)
        make_soreness(runner, days_ago(ago), area="quad", intensity=3)
    standing.renew([runner])
