"""Coaches of few and of many, all of whose athletes logged every day of a year."""

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from runners.models import CheckIn, CoachLink, Consent, Run, SorenessEntry, User
from tests.bench.history import make_runner

DAYS = 365
BATCH = 100  # athletes whose standings are renewed at once

# Of ten athletes two have something that keeps coming back, one is silent, the others are well.
OF = 10
SORE, SILENT, WELL = (0, 1), (2,), (3, 4, 5, 6, 7, 8, 9)
SILENT_DAYS, WELL_DAYS = 9, 60


def make_coaches(sizes: tuple[int, ...]) -> dict[int, User]:
    """A coach for each number of athletes, who share everything but their notes."""
    today = timezone.localdate()
    with transaction.atomic():
        coaches = {size: make_coach(size) for size in sizes}
        copy_logs(make_runner("sore", days=DAYS, until=today), SORE)
        well = today - dt.timedelta(days=WELL_DAYS)
        copy_logs(make_runner("well", days=DAYS, until=today, sore_until=well), WELL)
        silent = today - dt.timedelta(days=SILENT_DAYS)
        copy_logs(make_runner("silent", days=DAYS, until=silent, sore_until=well), SILENT)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself soon after
    return coaches


def make_coach(size: int) -> User:
    now = timezone.now()
    coach = User.objects.create_user(
        f"coach{size}@example.org", name=f"Coach of {size}", is_coach=True, welcomed_at=now
    )
    athletes = User.objects.bulk_create(
        User(
            email=f"athlete{size}.{number}@example.org",
            name=f"{chr(65 + number % 26)}na Athlete {number}",
            welcomed_at=now,
        )
        for number in range(size)
    )
    Consent.objects.bulk_create(Consent(runner=person) for person in [coach, *athletes])
    CoachLink.objects.bulk_create(
        CoachLink(
            coach=coach,
            athlete=athlete,
            runs=True,
            soreness=True,
            guidance=True,
            started_at=now - dt.timedelta(days=DAYS),
            confirmed_at=now - dt.timedelta(days=DAYS),
        )
        for athlete in athletes
    )
    return coach


def copy_logs(runner: User, which: tuple[int, ...]) -> None:
    """Give some of every ten athletes the logs of `runner`, by day: they lie as if logged daily."""
    chosen = f"mine.runner_id = %s AND link.id %% {OF} IN ({', '.join(map(str, which))})"
    with connection.cursor() as cursor:
        for model in (Run, CheckIn):
            columns = columns_of(model, "runner_id")
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} (runner_id, {', '.join(columns)})"
                f" SELECT link.athlete_id, {', '.join(f'mine.{name}' for name in columns)}"
                f" FROM {model._meta.db_table} AS mine"
                f" CROSS JOIN {CoachLink._meta.db_table} AS link"
                f" WHERE {chosen} ORDER BY mine.day, link.athlete_id",
                [runner.pk],
            )
        columns = columns_of(SorenessEntry, "check_in_id", "runner_id")
        cursor.execute(
            f"INSERT INTO {SorenessEntry._meta.db_table}"
            f" (check_in_id, runner_id, {', '.join(columns)})"
            f" SELECT theirs.id, theirs.runner_id,"
            f" {', '.join(f'spot.{name}' for name in columns)}"
            f" FROM {SorenessEntry._meta.db_table} AS spot"
            f" JOIN {CheckIn._meta.db_table} AS mine ON mine.id = spot.check_in_id"
            f" CROSS JOIN {CoachLink._meta.db_table} AS link"
            f" JOIN {CheckIn._meta.db_table} AS theirs"
            f" ON theirs.runner_id = link.athlete_id AND theirs.day = mine.day"
            f" WHERE {chosen} ORDER BY theirs.id",
            [runner.pk],
        )


def columns_of(model: type[Run | CheckIn | SorenessEntry], *besides: str) -> list[str]:
    return [
        connection.ops.quote_name(field.column)
        for field in model._meta.concrete_fields
        if field.column and field.column not in ("id", *besides)
    ]


def batches() -> Iterator[list[User]]:
    athletes = list(User.objects.filter(coach_links__isnull=False).order_by("pk"))
    for start in range(0, len(athletes), BATCH):
        yield athletes[start : start + BATCH]
