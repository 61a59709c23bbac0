"""What a run can be: the reader of files, the form and the table ask here.

Plain numbers, so that the reader of files runs without Django.
"""

MAX_DISTANCE_M = 500_000  # longer than any run of one day
MAX_DURATION_S = 48 * 3600
MAX_CLIMB_M = 30_000  # three times Everest from the sea

# Half of a walking pace. A phone that guesses the sport calls such things running.
SLOWEST_M_PER_S = 0.7

# From so many metres on nobody has run faster, in seconds per km. Each is a little below the
# world record over the distance: 2:12 for 1 km, 7:17 for 3, 12:35 for 5, 26:11 for 10, 56:42 and
# 2:00:35 for the half and the whole marathon, 6:05 h for 100 km.
FASTEST_FROM = (
    (100_000, 210),
    (42_000, 168),
    (21_000, 158),
    (5_000, 150),
    (3_000, 142),
    (0, 130),
)


def is_too_fast(distance_m: float, duration_s: float) -> bool:
    """Whether nobody has ever run so far in so short a time."""
    fastest = next(pace for from_m, pace in FASTEST_FROM if distance_m >= from_m)
    return duration_s * 1000 / distance_m < fastest
