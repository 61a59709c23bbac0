"""The plans on the page for a physiotherapist: what was taken on, since when, how often done."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from guidance.models import Plan, PlanItem
from guidance.plan.queries import Item, read_items
from guidance.plan.response import Response, WeekSeen, week_seen
from guidance.rules.log.log import Log
from guidance.summary.weeks import WEEKS
from runners.models import User
from runners.weeks.week import weeks_until


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A remedy of a plan. `added_on`: the day it came, where that was after the plan began.

    `before` is then the week before that day, at the place the plan was taken on for.
    """

    item: Item
    added_on: dt.date | None
    before: WeekSeen | None = None


@dataclass(frozen=True, slots=True)
class PlanStory:
    plan: Plan
    lines: tuple[PlanLine, ...]


def with_weeks_before(story: PlanStory, response: Response | None, log: Log) -> PlanStory:
    """Of the plan in force, as only that one has a response."""
    if story.plan.ended_on or response is None or response.place is None:
        return story
    place = response.place.fields
    area, side = str(place["area"]), str(place["side"])

    def line_of(line: PlanLine) -> PlanLine:
        if line.added_on is None:
            return line
        skip = log.ago(line.added_on) + 1
        return replace(line, before=week_seen(log, area, side, skip=skip))

    return replace(story, lines=tuple(map(line_of, story.lines)))


def plans_of(runner: User, today: dt.date) -> list[PlanStory]:
    """The plan in force and those that ended in the twelve weeks, newest first. 1 query.

    An item whose days were changed has a row for each choice of them: the newest one is told, with
    the days done of all.
    """
    first_day = weeks_until(today, runner.week_start, WEEKS)[0].first_day
    told = PlanItem.objects.filter(
        Q(plan__ended_on__isnull=True) | Q(plan__ended_on__gte=first_day),
        runner=runner,
        plan__started_on__lte=today,
    )
    by_plan: dict[Plan, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in read_items(told, today, today):
        by_plan[item.row.plan][item.remedy.id].append(item)
    return [
        PlanStory(plan, tuple(plan_line(plan, items) for items in by_remedy.values()))
        for plan, by_remedy in by_plan.items()
    ]


def plan_line(plan: Plan, items: Sequence[Item]) -> PlanLine:
    """`items` are the rows of one remedy, oldest first."""
    newest, came = items[-1], items[0].row.added_on
    return PlanLine(
        item=replace(newest, times=sum(item.times for item in items)),
        added_on=came if came and came > plan.started_on else None,
    )
