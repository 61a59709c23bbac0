"""Coaches of few and of many, all of whose athletes logged every day of a year."""

import datetime as dt
from collections.abc import Iterable, Iterator

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
        for pattern, which in make_patterns(DAYS, today):
            digits = ", ".join(map(str, which))
            link = CoachLink._meta.db_table
            copy_logs(
                pattern, f"SELECT athlete_id AS id FROM {link} WHERE id %% {OF} IN ({digits})"
            )
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
    make_links(coach, athletes)
    return coach


def make_links(coach: User, athletes: Iterable[User]) -> None:
    """They share everything but their notes, for a year."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    shares = {"runs": True, "soreness": True, "guidance": True}
    CoachLink.objects.bulk_create(
        CoachLink(coach=coach, athlete=athlete, started_at=since, confirmed_at=since, **shares)
        for athlete in athletes
    )


def make_patterns(days: int, until: dt.date) -> list[tuple[User, tuple[int, ...]]]:
    """A runner of each sort, and which of ten people are of it."""
    well, silent = (until - dt.timedelta(days=ago) for ago in (WELL_DAYS, SILENT_DAYS))
    return [
        (make_runner("sore", days=days, until=until), SORE),
        (make_runner("well", days=days, until=until, sore_until=well), WELL),
        (make_runner("silent", days=days, until=silent, sore_until=well), SILENT),
    ]


def copy_logs(pattern: User, people: str) -> None:
    """The logs of `pattern` for `people`, SQL that gives their `id`; by day, so that they lie as if
    logged daily. A percent sign in it is two.
    """
    with connection.cursor() as cursor:
        for model in (Run, CheckIn):
            columns, table = columns_of(model, "runner_id"), model._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} (runner_id, {', '.join(columns)})"
                f" SELECT them.id, {', '.join(f'mine.{name}' for name in columns)}"
                f" FROM {table} AS mine CROSS JOIN ({people}) AS them"
                " WHERE mine.runner_id = %s ORDER BY mine.day, them.id",
                [pattern.pk],
            )
        columns = columns_of(SorenessEntry, "check_in_id", "runner_id")
        spot, check_in = SorenessEntry._meta.db_table, CheckIn._meta.db_table
        cursor.execute(
            f"INSERT INTO {spot} (check_in_id, runner_id, {', '.join(columns)})"
            f" SELECT theirs.id, theirs.runner_id, {', '.join(f'mine.{name}' for name in columns)}"
            f" FROM {spot} AS mine CROSS JOIN ({people}) AS them JOIN {check_in} AS theirs"
            " ON theirs.runner_id = them.id AND theirs.day = mine.day"
            " WHERE mine.runner_id = %s ORDER BY theirs.id",
            [pattern.pk],
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
