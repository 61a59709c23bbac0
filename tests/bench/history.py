"""A runner who logged every day: the same days each time, made in bulk."""

import datetime as dt
import uuid

from django.utils import timezone

from runners.models import CheckIn, Consent, Run, SorenessEntry, User

KINDS = ["easy", "tempo", "easy", "intervals", "", "easy", "long"]
BATCH = 500  # rows of one insert


def make_runner(name: str, *, days: int, until: dt.date, sore_until: dt.date | None = None) -> User:
    """Marks spots until a day of its own, if one is given; all clear since."""
    runner = User.objects.create_user(
        f"{name}@example.org", name=name.title(), welcomed_at=timezone.now()
    )
    Consent.objects.create(runner=runner)
    dates = [until - dt.timedelta(days=back) for back in range(days)]
    Run.objects.bulk_create([a_run(runner, day) for day in dates if day.weekday() != 4], BATCH)
    check_ins = CheckIn.objects.bulk_create(
        [CheckIn(runner=runner, day=day) for day in dates], BATCH
    )
    SorenessEntry.objects.bulk_create(
        [
            entry
            for check_in in check_ins
            if check_in.day <= (sore_until or until)
            for entry in spots(check_in)
        ],
        BATCH,
    )
    return runner


def a_run(runner: User, day: dt.date) -> Run:
    """Six a week, the longest on Sundays, with three harder weeks before each easy one."""
    week = day.toordinal() // 7
    distance_m = (8_000 if day.weekday() < 6 else 18_000) + 500 * (week % 4)
    return Run(
        runner=runner,
        uid=uuid.uuid4(),
        day=day,
        kind=KINDS[day.weekday()],
        distance_m=distance_m,
        duration_s=distance_m * 33 // 100,
        effort=3 + day.toordinal() % 5,
    )


def spots(check_in: CheckIn) -> list[SorenessEntry]:
    """A hamstring after each long run, a calf every few days, else clear."""
    ordinal = check_in.day.toordinal()
    marked = []
    if check_in.day.weekday() in {0, 1}:
        marked.append(("hamstring", "left", "tightness", "next_morning", 4 + ordinal % 3))
    if ordinal % 3 == 0:
        marked.append(("calf", "right", "soreness", "after", 2 + ordinal % 4))
    return [
        SorenessEntry(
            check_in=check_in, area=area, side=side, kind=kind, timing=timing, intensity=intensity
        )
        for area, side, kind, timing, intensity in marked
    ]
