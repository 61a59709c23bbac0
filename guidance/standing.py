"""Writes `Standing`: where a runner stands, in one row that others read without any rules.

`runners/standing.py` calls `renew` through `settings.RENEW_STANDINGS`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

from guidance.advice.advice import Advice, advice_of, keep
from guidance.advice.headline import stands
from guidance.advice.history import Logged, read_with
from guidance.coaching import roster_lines as shared_standing
from guidance.digest import made_with
from guidance.models import PlanItem
from guidance.plan.limits import holds
from guidance.rules.said import Said, as_json
from runners.models import CoachLink, Standing, User
from runners.prepared import prepared


def renew(runners: Iterable[User], day: dt.date | None = None) -> None:
    """Write the rows of `runners` as of `day`, or of each runner's own local day.

    Beside each row it writes the lines of the coaches who may read the runner, and notes on the
    items of the plan in force why guidance leaves them alone. 1 query to read and 2 to write, for
    as many local days as the runners' zones have; 2 more where there are coaches, and 1 where such
    a note changes.
    """
    by_day: dict[dt.date, list[User]] = defaultdict(list)
    for runner in runners:
        by_day[day or runner.local_day()].append(runner)
    for today, people in by_day.items():
        renew_on(today, people)


def renew_on(today: dt.date, people: list[User]) -> None:
    logged, [rows] = read_with(people, today, shared_standing.links_of.of(people, today))
    links: dict[int, list[CoachLink]] = defaultdict(list)
    for link in rows:
        links[link.athlete_id].append(link)
    people = [person for person in people if person.pk in logged]
    standings, shared, changed = [], [], []
    for runner in people:
        advice = advice_of(logged[runner.pk])
        if len(people) == 1:  # who looks at guidance next
            keep(advice, runner, logged[runner.pk].changes)
        standings.append(standing_of(runner, advice))
        shared += shared_standing.shared_standings(runner, advice, links[runner.pk])
        changed += holds_changed(logged[runner.pk], advice)
    with transaction.atomic():  # links first, as wherever a link is changed
        shared = shared_standing.still_as_read(shared)
        settled = still_as_read(people, logged)
        shared = [line for line in shared if line.link.athlete_id in settled]
        Standing.objects.bulk_create(
            [own for own in standings if own.runner_id in settled],
            update_conflicts=True,
            unique_fields=["runner"],
            update_fields=shared_standing.columns(Standing, "runner", "changes"),
        )
        shared_standing.write(shared)
        PlanItem.objects.bulk_update(changed, ["blocked"])


def still_as_read(people: list[User], logged: Mapping[int, Logged]) -> set[int]:
    """Keys of those about whom nothing was written since, locked. 1 query.

    Whatever was written since is renewed by whoever wrote it: an older answer that comes later
    must not take its place.
    """
    changes = dict(_locked(people))
    read = {runner.pk: logged[runner.pk].changes for runner in people}
    return {pk for pk, counted in read.items() if changes.get(pk) == counted}


@prepared
def _locked(people: Collection[User]) -> QuerySet[Standing, tuple[int, int]]:
    rows = Standing.objects.filter(runner__in=people).select_for_update(no_key=True)
    return rows.order_by("pk").values_list("runner_id", "changes")


def holds_changed(logged: Logged, advice: Advice) -> list[PlanItem]:
    """Rows of the plan whose note is no longer what it was, with the new one."""
    found = holds(advice, [item.remedy for item in logged.held])
    notes = ((item, as_json(found.get(item.remedy))) for item in logged.held)
    return [PlanItem(pk=item.pk, blocked=note) for item, note in notes if note != item.blocked]


def standing_of(runner: User, advice: Advice) -> Standing:
    line = stands(advice)
    return Standing(
        runner=runner,
        level=line.level,
        headline=line.headline.as_json(),
        reason=as_json(line.reason),
        louder=as_json(louder_of(advice, line.headline)),
        as_of=advice.assessment.today,
        valid_until=advice.assessment.valid_until,
        made_with=made_with(),
        warning=as_json(warning_of(advice)),
        ask_next=advice.assessment.ask_next,
        first_days=[said.as_json() for said in first_days_of(advice)] or None,
        room_m=None if advice.stopped_by else advice.assessment.room_m,
        plan_started_on=advice.history.plan_started,
    )


def louder_of(advice: Advice, headline: Said) -> Said | None:
    """Beside a headline of the main area; what names no area is nothing to compare with."""
    louder = advice.assessment.louder
    area = headline.fields.get("area")
    if louder is None or area == louder.fields["area"]:
        return None
    is_compared = area == advice.assessment.main_area
    return louder if is_compared else Said("finding.loud", **louder.fields)


def first_days_of(advice: Advice) -> tuple[Said, ...]:
    """Nothing while a "one of these" is open, which no assessment knows of."""
    return () if advice.stopped_by else advice.assessment.first_days


def warning_of(advice: Advice) -> Said | None:
    """What stands on top of every page while a warning sign that was asked is open."""
    flags = advice.open_flags
    if not flags:
        return Said("warning.unnamed") if advice.stopped_by else None
    level, flag = advice.level.id, Said(flags[0].flag.id)
    if len(flags) == 1:
        return Said("warning.one", level=level, flag=flag)
    return Said("warning.more", level=level, flag=flag, more=len(flags) - 1)
