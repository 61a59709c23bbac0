"""Which time it was where a run began, for files that say the place and not the time of the place.

Of the place nothing is kept but the offset.
"""

import datetime as dt
import math
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from runners.activity_files.instants import date_of, offset_s
from runners.activity_files.moving import Place


def offset_at(place: Place | None, at: float | None) -> int | None:
    """Seconds from UTC at the instant `at` (seconds since 1970). None where that cannot be told.

    0 is None too, as of a file that says so: it is what a clock says that was never set.
    """
    when = date_of(at)
    if place is None or when is None:
        return None
    import tzfpy  # with its map 35 MB, for whoever reads such a file

    latitude, longitude = map(math.degrees, place)
    try:
        zone: dt.tzinfo = ZoneInfo(tzfpy.get_tz(longitude, latitude))
    except (ZoneInfoNotFoundError, ValueError):  # at sea, or nowhere
        return None
    return offset_s(when.astimezone(zone).utcoffset())
