"""Ana: 26 weeks of runs and check-ins, made up from the plain tables below.

They hold what Limber is there to show: a clear spell, a fortnight without a check-in, a short
bout of a sore knee, and a left hamstring that has kept coming back for nine weeks, mostly on the
mornings after long runs and together with the front of the hip.
"""

import datetime as dt
import zoneinfo

from django.db import transaction
from django.utils import timezone

from runners import standing
from runners.body.areas import Area, Side, SorenessKind, Timing
from runners.demo.accounts import EMAIL, PASSWORD
from runners.demo.generator import along
from runners.models import CheckIn, Consent, Run, RunKind, SorenessEntry, User
from runners.models.logs import RunSource

ZONE = zoneinfo.ZoneInfo("Europe/Vienna")
WEEKS = 26
# Kilometres of the long run, by weeks ago: 25 weeks ago first.
LONG_RUN_KM = (
    *(12, 12.5, 13, 11, 13, 13.5, 10, 9, 12, 13, 13.5, 14, 12.5),  # 25 to 13 weeks ago
    *(14, 14.5, 15, 13, 15.2, 15.8, 16.2, 14, 16.8, 17.2, 17.8, 18.4, 19),  # 12 to 0
)
# The other runs of a week: ISO weekday, kind, km, effort, seconds per km. None: not noted.
OTHER_RUNS: tuple[tuple[int, str, float, int | None, int], ...] = (
    (2, RunKind.EASY, 6.4, 3, 338),
    (3, RunKind.TEMPO, 8.2, 7, 292),
    (5, "", 6.8, None, 334),
    (6, RunKind.EASY, 5.2, 2, 346),
)
ON_HOLIDAY = (19, 18)  # weeks ago: two short runs, no check-in
CLEAR_SPELL = range(12, 18)  # weeks ago
SORE_KNEE = (11, 10)
HAMSTRING_SINCE = 8
# How tight the left hamstring was on the Monday after the long run, 8 weeks ago first.
MONDAY_TIGHTNESS = (2, 3, 3, 4, 4, 5, 5, 6, 6)
NOT_LOGGED = {(0, 6), (2, 4), (3, 6), (4, 4), (4, 5), (4, 6), (6, 7), (9, 6), (15, 3), (22, 4)}


@transaction.atomic
def load(today: dt.date, now: dt.datetime | None = None) -> User:
    """Put Ana into the database, as if she had logged until `today`: at its end, or `now`."""
    ana = User.objects.create_user(
        email=EMAIL,
        password=PASSWORD,
        name="Ana Mori",
        time_zone=ZONE.key,
        is_demo=True,
        welcomed_at=timezone.now(),
    )
    Consent.objects.create(runner=ana)
    days = [today - dt.timedelta(days=ago) for ago in reversed(range(WEEKS * 7))]
    Run.objects.bulk_create(
        run
        for day in days
        for run in runs_of(ana, day, weeks_ago(day, today), today)
        if now is None or (run.started_at and run.started_at <= now)
    )
    for day in days:
        log_check_in(ana, day, weeks_ago(day, today), today)
    standing.renew([ana], today)
    return ana


def weeks_ago(day: dt.date, today: dt.date) -> int:
    """Whole weeks, Monday to Sunday, between the week of `day` and this one."""
    return (monday_of(today) - monday_of(day)).days // 7


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def runs_of(ana: User, day: dt.date, ago: int, today: dt.date) -> list[Run]:
    if ago >= WEEKS:
        return []
    if day.isoweekday() == 7:
        long_km = LONG_RUN_KM[WEEKS - 1 - ago]
        tightens = ago < 5
        return [
            make_run(
                ana,
                day,
                RunKind.LONG,
                long_km,
                effort=5,
                pace=342,
                onset_min=72 + ago if tightens else None,
                note="Left hamstring again in the last part." if ago == 1 else "",
            )
        ]
    runs = []
    for weekday, kind, km, effort, pace in OTHER_RUNS:
        on_holiday = ago in ON_HOLIDAY and weekday not in (2, 6)
        if weekday == day.isoweekday() and not on_holiday:
            longer = 1 + 0.012 * (WEEKS - ago)
            runs.append(make_run(ana, day, kind, km * longer, effort=effort, pace=pace))
    return runs


def make_run(
    ana: User,
    day: dt.date,
    kind: str,
    km: float,
    *,
    effort: int | None,
    pace: int,
    onset_min: int | None = None,
    note: str = "",
) -> Run:
    start = dt.time(7 if kind != RunKind.TEMPO else 17, 40)
    return Run(
        runner=ana,
        day=day,
        started_at=dt.datetime.combine(day, start, ana.tz),
        kind=kind,
        distance_m=round(km * 1000),
        duration_s=round(km * pace),
        effort=effort,
        onset_min=onset_min,
        note=note,
        source=RunSource.FIT,
        climb_m=56,
        profile=along(km, pace),
    )


def log_check_in(ana: User, day: dt.date, ago: int, today: dt.date) -> None:
    """The check-in of one day, if Ana made one. Today she has not yet."""
    weekday = day.isoweekday()
    if day == today or ago in ON_HOLIDAY or (ago, weekday) in NOT_LOGGED:
        return
    if ago not in CLEAR_SPELL and ago > HAMSTRING_SINCE and weekday == 4:
        return
    spots = spots_of(ago, weekday)
    note = "Stretched twice, feels the same an hour later." if (ago, weekday) == (1, 1) else ""
    check_in = CheckIn.objects.create(runner=ana, day=day, note=note)
    SorenessEntry.objects.bulk_create(
        SorenessEntry(
            check_in=check_in, area=area, side=side, kind=kind, timing=timing, intensity=intensity
        )
        for area, side, kind, timing, intensity in spots
    )


Marked = tuple[Area, Side, SorenessKind, Timing, int]


def spots_of(ago: int, weekday: int) -> list[Marked]:
    if ago in CLEAR_SPELL:
        return []
    if ago in SORE_KNEE:
        sore = {(11, 3): 3, (11, 5): 4, (11, 6): 3, (10, 2): 2}.get((ago, weekday), 0)
        return [spot(Area.KNEE, Side.RIGHT, sore, SorenessKind.SORENESS, Timing.AFTER)] * bool(sore)
    if ago > HAMSTRING_SINCE:
        calf = 3 if weekday == 3 and ago % 2 else 0
        return [spot(Area.CALF, Side.RIGHT, calf, SorenessKind.SORENESS, Timing.AFTER)] * bool(calf)
    return hamstring_spots(ago, weekday)


# How much less than on Monday, by ISO weekday. It eases until Wednesday and comes back after that
# evening's tempo run; in the last weeks it hardly leaves.
EASING = {1: 0, 2: 1, 7: 1}
EASING_LATELY = {1: 0, 2: 1, 3: 2, 4: 1, 5: 3, 7: 1}
LATELY = range(4)


def hamstring_spots(ago: int, weekday: int) -> list[Marked]:
    easing = EASING_LATELY if ago in LATELY else EASING
    if weekday not in easing:
        return []
    monday = MONDAY_TIGHTNESS[HAMSTRING_SINCE - ago]
    tight = monday - easing[weekday]
    timing = Timing.DURING if weekday == 7 else Timing.NEXT_MORNING
    spots = [spot(Area.HAMSTRING, Side.LEFT, tight, SorenessKind.TIGHTNESS, timing)]
    if weekday in (1, 2, 4) and monday >= 3:
        spots.append(spot(Area.HIP_FLEXOR, Side.LEFT, max(2, tight - 2), timing=timing))
    if (ago, weekday) in {(1, 1), (2, 2), (3, 1), (6, 1)}:
        spots.append(spot(Area.LOW_BACK, Side.CENTRE, 2, SorenessKind.SORENESS, timing))
    if weekday == 1 and ago % 3 == 0:
        spots.append(spot(Area.GLUTE, Side.LEFT, 2, SorenessKind.SORENESS, timing))
    return spots


def spot(
    area: Area,
    side: Side,
    intensity: int,
    kind: SorenessKind = SorenessKind.TIGHTNESS,
    timing: Timing = Timing.NEXT_MORNING,
) -> Marked:
    return area, side, kind, timing, intensity
