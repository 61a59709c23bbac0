"""The runner's weekly mail: the week in figures, and where the runner stands today."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Q

from runners import standing
from runners.body.areas import PLACES, place_name
from runners.digests.mail import Mail
from runners.formats import capital, count, hours, in_units, thousands, total
from runners.models import CheckIn, SorenessEntry, Standing, User
from runners.models.digests import DigestKind
from runners.models.standing import StandingLevel
from runners.web import absolute_urls as site
from runners.weeks import Week
from runners.weeks.known_running import are_known, log_days_of_each, stretches
from runners.weeks.sums import MARKED, NO_RUNS, Running, running_of_each
from runners.weeks.week import DAYS_PER_WEEK

AREAS_NAMED = 3
UNKNOWN = "not known"


def part_of(known: int, runs: int) -> str:
    return f"from {known} of {count(runs, 'run')}" if known < runs else ""


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Days with a check-in. On full ones every area is known, on the others what they name."""

    days: int = 0
    full_days: int = 0


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
    checked_in: CheckedIn
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
            checked_in=checked_in.get(runner.pk, CheckedIn()),
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
            "to": site.absolute("guidance:today"),
        },
    )


def _is_serious(where: Standing | None) -> bool:
    """What a mail about an empty week says all the same."""
    return where is not None and where.level >= StandingLevel.SEE_CLINICIAN


def subject_of(yours: YourWeek, units: str) -> str:
    """`Your week: 41 km, 5 check-ins`."""
    said = []
    if yours.running.distance_m:
        said.append(_about(yours.running.distance_m, units))
    elif yours.running.runs:
        said.append(count(yours.running.runs, "run"))
    if yours.checked_in.days:
        said.append(count(yours.checked_in.days, "check-in"))
    return f"Your week: {', '.join(said) or 'nothing logged'}"


def _about(metres: int, units: str) -> str:
    """In whole kilometres or miles, unless it is less than one."""
    return total(metres, units) if in_units(metres, units) < 1 else f"{_whole(metres, units)}"


def _whole(metres: int, units: str) -> str:
    return f"{in_units(metres, units):.0f} {units}"


def figures(yours: YourWeek, units: str) -> tuple[tuple[str, str], ...]:
    """Name and value of each line."""
    return (
        ("Runs", _runs_words(yours)),
        *(_running_lines(yours.running, units) if yours.running.runs else ()),
        ("Checked in", f"on {yours.checked_in.days} of {DAYS_PER_WEEK} days"),
        (_sore_name(yours.sore), _sore_words(yours)),
    )


def _runs_words(yours: YourWeek) -> str:
    """What was logged; that there was none is said only of a week that is known."""
    running = yours.running
    if running.runs:
        return f"{running.runs}, {hours(running.duration_s)}"
    return "none" if yours.is_known else "none logged"


def _running_lines(running: Running, units: str) -> tuple[tuple[str, str], ...]:
    distance = load = UNKNOWN
    if running.distance_m is not None:
        missing = part_of(running.runs_with_distance, running.runs)
        distance = f"{total(running.distance_m, units)} {missing}".rstrip()
    if running.load is not None:
        missing = part_of(running.runs_with_effort, running.runs)
        load = f"{thousands(running.load)} {missing}".rstrip()
    elif running.runs:
        load = f"{UNKNOWN}, no effort noted"
    return ("Distance", distance), ("Load", load)


def _sore_name(sore: Sequence[Sore]) -> str:
    return "Sorest area" if len(sore) == 1 else "Sorest areas"


def _sore_words(yours: YourWeek) -> str:
    """`Left hamstring up to 6 of 10, right calf up to 3`."""
    if not yours.checked_in.days:
        return UNKNOWN
    if not yours.sore:
        full = yours.checked_in.full_days
        return f"none marked on {count(full, 'day')}" if full else UNKNOWN
    first, *others = yours.sore[:AREAS_NAMED]
    named = [
        f"{place_name(first.area, first.side)} up to {first.highest} of 10",
        *(f"{place_name(each.area, each.side)} up to {each.highest}" for each in others),
    ]
    more = len(yours.sore) - len(named)
    return capital(", ".join(named)) + (f", and {count(more, 'more area')}" if more else "")


def _checked_in(runners: Sequence[User], week: Week) -> dict[int, CheckedIn]:
    rows = (
        CheckIn.objects.filter(runner__in=runners, deleted_at__isnull=True)
        .since(week.first_day)
        .until(week.last_day)
        .values("runner")
        .annotate(days=Count("pk"), full=Count("pk", filter=Q(partial=False)))
        .order_by()
    )
    return {row["runner"]: CheckedIn(row["days"], row["full"]) for row in rows}


def _sore(runners: Sequence[User], week: Week) -> dict[int, list[Sore]]:
    """Sorest first; of equal ones in the order of the body map."""
    rows = (
        SorenessEntry.objects.filter(
            check_in__runner__in=runners,
            check_in__deleted_at__isnull=True,
            intensity__gte=MARKED,
        )
        .since(week.first_day)
        .until(week.last_day)
        .values("check_in__runner", "area", "side")
        .annotate(highest=Max("intensity"))
        .order_by()
    )
    found: dict[int, list[Sore]] = defaultdict(list)
    for row in rows:
        found[row["check_in__runner"]].append(Sore(row["area"], row["side"], row["highest"]))
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
    return {row.runner_id: row for row in rows if not row.is_stale(days[row.runner_id])}


def _renew_or_log(runners: Sequence[User]) -> None:
    try:
        with transaction.atomic():
            standing.renew(runners)
    except Exception:  # whatever it is, the figures of the week can go out without it
        logger.exception("Renewing the standings of %d runners failed", len(runners))
