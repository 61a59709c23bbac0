"""The day of a runner is that of the runner's time zone."""

import datetime as dt

from runners.models import User


def test_local_day_is_the_runners_own(alice: User) -> None:
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)

    assert alice.local_day(late) == dt.date(2026, 11, 24)
