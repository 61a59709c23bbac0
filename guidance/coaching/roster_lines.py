"""The rows behind a coach's roster: one for each open link, from what it shares alone."""

import datetime as dt
from collections.abc import Collection

from django.db.models import F, Model, OuterRef, QuerySet, Subquery

from guidance.advice.advice import Advice
from guidance.coaching.line import RosterLine, line_of
from guidance.coaching.restriction import restricted
from guidance.digest import made_with
from guidance.rules.said import as_json
from guidance.rules.types import History
from runners import access
from runners.models import CheckIn, CoachLink, Run, Shared, SharedStanding, User
from runners.models.coaching import SWITCHES
from runners.prepared import prepared
from runners.weeks import week_of, weeks_until
from runners.weeks.known_running import are_known

PEAK_WEEKS = 12


@prepared
def links_of(people: Collection[User], today: dt.date) -> QuerySet[CoachLink]:
    """Open links, with the newest days of check-in and run."""
    return (
        access.open_links()
        .filter(athlete__in=people)
        .annotate(
            was=F("standing__fresh_until"),
            last_check_in=newest(CheckIn, today),
            last_run=newest(Run, today),
        )
    )


def newest(logs: type[CheckIn] | type[Run], today: dt.date) -> Subquery:
    """The newest day of the link's athlete, however long ago."""
    own = logs.objects.filter(runner=OuterRef("athlete"), deleted_at__isnull=True, day__lte=today)
    return Subquery(own.order_by("-day").values("day")[:1])


def still_as_read(rows: Collection[SharedStanding]) -> list[SharedStanding]:
    """Those whose links still are as `links_of` read them, locked. 1 query, none for no rows.

    A link that ended or was changed since, or whose line somebody else has renewed, is left
    alone: what was switched off meanwhile must not come back with a line of a moment ago.
    """
    if not rows:
        return []
    now = {link.pk: as_read(link) for link in _locked([row.link_id for row in rows])}
    return [row for row in rows if now.get(row.link_id) == as_read(row.link)]


@prepared
def _locked(links: Collection[int]) -> QuerySet[CoachLink]:
    rows = access.open_links().filter(pk__in=links)
    locked = rows.select_for_update(of=("self",)).annotate(was=F("standing__fresh_until"))
    return locked.order_by("pk")


def write(rows: Collection[SharedStanding]) -> None:
    """1 query, none for no rows."""
    SharedStanding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["link"],
        update_fields=columns(SharedStanding, "link"),
    )


def columns(row: type[Model], *but: str) -> list[str]:
    """What is written of a row: all but its key, and what is named."""
    return [each.name for each in row._meta.fields if not each.primary_key and each.name not in but]


def as_read(link: CoachLink) -> tuple[object, ...]:
    """What a line depends on besides the logs, and which line stood there."""
    switches = ((getattr(link, name), getattr(link, f"{name}_until")) for name in SWITCHES)
    return (getattr(link, "was", None), *switches)


def shared_standings(
    athlete: User, advice: Advice, links: Collection[CoachLink]
) -> list[SharedStanding]:
    """A row for each link; links that share the same say the same."""
    shared = {link.pk: link.shared_on(advice.assessment.today) for link in links}
    lines = {each: line_of(advice, each) for each in set(shared.values())}
    return [
        shared_standing(athlete, advice.history, link, lines[shared[link.pk]]) for link in links
    ]


def shared_standing(
    athlete: User, history: History, link: CoachLink, line: RosterLine
) -> SharedStanding:
    """`history` is the whole one; of it only what the link shares is looked at."""
    shared = link.shared_on(history.today)
    distance_m, change = (
        running(restricted(history, shared), athlete.week_start) if shared.runs else (None, None)
    )
    return SharedStanding(
        link=link,
        level=line.level,
        headline=line.headline.as_json(),
        reason=as_json(line.reason),
        peaks=weekly_peaks(history, athlete.week_start) if shared.soreness else None,
        distance_m=distance_m,
        change=change,
        last_log=last_log(link, shared),
        plan_started_on=history.plan_started if shared.guidance else None,
        as_of=history.today,
        fresh_until=next_day_begins(athlete, history.today),
        made_with=made_with(),
    )


def last_log(link: CoachLink, shared: Shared) -> dt.date | None:
    """The newest day of what is shared. `link` comes from `links_of`."""
    days = (
        getattr(link, "last_check_in", None) if shared.soreness else None,
        getattr(link, "last_run", None) if shared.runs else None,
    )
    return max((day for day in days if day), default=None)


def next_day_begins(athlete: User, today: dt.date) -> dt.datetime:
    """The instant after which the athlete's day is another one, also where clocks change at it."""
    midnight = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), tzinfo=athlete.tz)
    return midnight.astimezone(dt.UTC)


def weekly_peaks(history: History, week_start: int) -> list[int | None]:
    """The highest spot of each of the last 12 weeks, oldest first.

    None where no day of the week is known, 0 where it was clear. A partial check-in says
    something only by its spots.
    """
    peaks = {day: 0 for day, partial in history.check_in_days.items() if not partial}
    for spot in history.soreness:
        peaks[spot.day] = max(spot.intensity, peaks.get(spot.day, 0))
    by_week: dict[dt.date, int] = {}
    for day, peak in peaks.items():
        first = week_of(day, week_start).first_day
        by_week[first] = max(peak, by_week.get(first, 0))
    weeks = weeks_until(history.today, week_start, PEAK_WEEKS)
    return [by_week.get(week.first_day) for week in weeks]


def running(history: History, week_start: int) -> tuple[int | None, int | None]:
    """Metres of this week until today, and the change in percent against last week's same days.

    The distance is what was logged; None where no run has one, or none is known to be none. The
    change is None where either week is not known or holds no run: on a Monday morning nobody has
    fallen to nothing.
    """
    this = week_of(history.today, week_start)
    before = this.moved(-1)
    days = dt.timedelta(days=this.days_until(history.today) - 1)
    now = distance(history, this.first_day, history.today)
    then = distance(history, before.first_day, before.first_day + days)
    known = history.known_running
    now_known = are_known(known, this.first_day, history.today)
    then_known = are_known(known, before.first_day, before.first_day + days)
    if not (now and then and now_known and then_known):
        return now if now or now_known else None, None
    return now, round((now - then) * 100 / then)


def distance(history: History, first_day: dt.date, last_day: dt.date) -> int | None:
    runs = [run.distance_m for run in history.runs if first_day <= run.day <= last_day]
    known = [metres for metres in runs if metres is not None]
    return sum(known) if known or not runs else None
