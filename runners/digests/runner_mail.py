"""The runner's weekly mail: the week in figures, and where the runner stands today."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from runners import standing
from runners.body.areas import PLACES, place_name
from runners.digests.mail import Mail, said
from runners.models import CheckIn, SorenessEntry, Standing, User
from runners.models.digests import DigestKind
from runners.models.standing import StandingLevel
from runners.web import absolute_urls as site
from runners.web.notices import Phrase
from runners.weeks import Week
from runners.weeks.known_running import are_known, log_days_of_each, stretches
from runners.weeks.sums import (
    CHECK_IN_SUMS,
    MARKED,
    NO_RUNS,
    CheckInDays,
    Running,
    running_of_each,
)
from runners.weeks.week import DAYS_PER_WEEK

AREAS_NAMED = 3


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sore:
    """A place and its highest intensity of the week."""

    area: str
    side: str
    highest: int


@dataclass(frozen=True, slots=True)
class YourWeek:
    """The logs of one runner and week. A day without a check-in is unknown, not zero.

    `is_known`: the running of all seven days is, so that no run means none was run.
    """

    running: Running
    is_known: bool
    checked_in: CheckInDays
    sore: tuple[Sore, ...]  # sorest first

    def __bool__(self) -> bool:
        """Whether anything was logged."""
        return bool(self.running.runs or self.checked_in.days)


def mails(runners: Sequence[User], week: Week) -> Iterator[Mail]:
    """One for each. 5 queries for all of them; 1 more and the renewal where standings are stale."""
    running = running_of_each(runners, week.first_day, week.last_day)
    log_days = log_days_of_each(runners, week.first_day)
    checked_in = _checked_in(runners, week)
    sore = _sore(runners, week)
    standings = _standings(runners)
    for runner in runners:
        yours = YourWeek(
            running=running.get(runner.pk, NO_RUNS),
            is_known=are_known(
                stretches(log_days[runner.pk], runner.local_day()), week.first_day, week.last_day
            ),
            checked_in=checked_in.get(runner.pk, CheckInDays()),
            sore=tuple(sore[runner.pk]),
        )
        yield _mail(runner, week, yours, standings.get(runner.pk))


def _mail(runner: User, week: Week, yours: YourWeek, where: Standing | None) -> Mail:
    return Mail(
        reader=runner,
        kind=DigestKind.RUNNER,
        week=week,
        subject=subject_of(yours, runner.units),
        context={
            "figures": figures(yours, runner.units) if yours else (),
            "standing": where if yours or _is_serious(where) else None,
            "units": runner.units,
            "to": site.absolute("guidance:today"),
        },
    )


def _is_serious(where: Standing | None) -> bool:
    """What a mail about an empty week says all the same."""
    return where is not None and where.level >= StandingLevel.SEE_CLINICIAN


def subject_of(yours: YourWeek, units: str) -> Phrase:
    """`Your week: 41 km, 5 check-ins`."""
    metres, runs = yours.running.distance_m, yours.running.runs
    return said(
        "runner-subject",
        metres=metres,
        runs=runs,
        ran=bool(metres or runs),
        days=yours.checked_in.days,
        units=units,
    )


def figures(yours: YourWeek, units: str) -> tuple[tuple[Phrase, Phrase], ...]:
    """Name and value of each line. That there was no run is said only of a week that is known."""
    running = yours.running
    runs = said("runs-value", running=running, is_known=yours.is_known)
    checked_in = said("checked-in-value", days=yours.checked_in.days, of=DAYS_PER_WEEK)
    return (
        (said("runs"), runs),
        *(_running_lines(running, units) if running.runs else ()),
        (said("checked-in"), checked_in),
        (said("sorest", areas=len(yours.sore) or 2), _sorest(yours)),
    )


def _running_lines(running: Running, units: str) -> tuple[tuple[Phrase, Phrase], ...]:
    some_distance = running.distance_m is not None and running.runs_with_distance < running.runs
    some_load = running.load is not None and running.runs_with_effort < running.runs
    distance = said("distance-value", running=running, units=units, has_part=some_distance)
    load = said("load-value", running=running, has_part=some_load)
    return (said("distance"), distance), (said("load"), load)


def _sorest(yours: YourWeek) -> Phrase:
    """`Left hamstring up to 6 of 10, right calf up to 3`."""
    if yours.checked_in.days and yours.sore:
        named = [
            (place_name(each.area, each.side), each.highest) for each in yours.sore[:AREAS_NAMED]
        ]
        return said("sorest-named", named=named, more=len(yours.sore) - len(named))
    if yours.checked_in.full:
        return said("sorest-none", days=yours.checked_in.full)
    return said("sorest-unknown")


def _checked_in(runners: Sequence[User], week: Week) -> dict[int, CheckInDays]:
    rows = (
        CheckIn.objects.filter(runner__in=runners, deleted_at__isnull=True)
        .since(week.first_day)
        .until(week.last_day)
        .values("runner")
        .annotate(**CHECK_IN_SUMS)
        .order_by()
    )
    return {row["runner"]: CheckInDays.of(row) for row in rows}


def _sore(runners: Sequence[User], week: Week) -> dict[int, list[Sore]]:
    """Sorest first; of equal ones in the order of the body map."""
    rows = (
        SorenessEntry.objects.filter(
            runner__in=runners,
            check_in__deleted_at__isnull=True,
            intensity__gte=MARKED,
        )
        .since(week.first_day)
        .until(week.last_day)
        .values("runner", "area", "side")
        .annotate(highest=Max("intensity"))
        .order_by()
    )
    found: dict[int, list[Sore]] = defaultdict(list)
    for row in rows:
        found[row["runner"]].append(Sore(row["area"], row["side"], row["highest"]))
    order = {(area.value, side.value): place for place, (area, side) in enumerate(PLACES)}
    for sore in found.values():
        sore.sort(key=lambda each: (-each.highest, order[each.area, each.side]))
    return found


def _standings(runners: Sequence[User]) -> dict[int, Standing]:
    """As of today. One that cannot be renewed is left out: its words may no longer be true."""
    days = {runner.pk: runner.local_day() for runner in runners}
    current = _current(days)
    stale = [runner for runner in runners if runner.pk not in current]
    if stale:
        _renew_or_log(stale)
        return _current(days)
    return current


def _current(days: dict[int, dt.date]) -> dict[int, Standing]:
    rows = Standing.objects.filter(runner__in=days)
    return {row.runner_id: row for row in rows if not standing.is_stale(row, days[row.runner_id])}


def _renew_or_log(runners: Sequence[User]) -> None:
    try:
        with transaction.atomic():
            standing.renew(runners)
    except Exception:  # whatever it is, the figures of the week can go out without it
        logger.exception("Renewing the standings of %d runners failed", len(runners))
