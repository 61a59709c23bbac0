"""Which clock a run is told on: that of the place where it was run."""

import datetime as dt

WIDEST_OFFSET_S = 14 * 3_600  # Kiribati


def local_start(
    started_at: dt.datetime | None, utc_offset_s: int | None, *, home: dt.tzinfo
) -> dt.datetime | None:
    """On the clock of that place; on the runner's own where the offset is not known."""
    if started_at is None:
        return None
    if utc_offset_s is None:
        return started_at.astimezone(home)
    return started_at.astimezone(dt.timezone(dt.timedelta(seconds=utc_offset_s)))
