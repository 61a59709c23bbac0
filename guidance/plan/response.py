"""Whether a plan helps: the week before it, the latest week, and what may be said of them."""

import datetime as dt
from dataclasses import dataclass, replace

from guidance.advice.advice import OwnAdvice
from guidance.rules.ids import FLAG_NOT_RESPONDING
from guidance.rules.log.location import locate
from guidance.rules.log.log import HISTORY_DAYS, WEEK_DAYS, Log, read_log
from guidance.rules.patterns.find import (
    RESPONSE_AFTER_DAYS,
    RESPONSE_FALL,
    RESPONSE_POINTS,
    RESPONSE_SHARE,
)
from guidance.rules.said import Said
from guidance.rules.types import FlagFound, History, PlanInForce

HARDLY = 0.5  # points: less than that between two means is not worth a direction


@dataclass(frozen=True, slots=True)
class WeekSeen:
    """Seven days of one place: the mean of each day's highest, and the days it rests on.

    `mean` is None where fewer than three of the days are known.
    """

    mean: float | None
    days_known: int


@dataclass(frozen=True)
class Response:
    """`place` is where it was sorest when the plan started: what the plan was taken on for."""

    plan: PlanInForce
    today: dt.date
    place: Said | None
    before: WeekSeen
    now: WeekSeen
    not_responding: FlagFound | None

    @property
    def from_day(self) -> dt.date:
        """From then on there is something to see."""
        return self.plan.started + dt.timedelta(days=RESPONSE_AFTER_DAYS)

    @property
    def is_early(self) -> bool:
        return self.today < self.from_day

    @property
    def said(self) -> Said:
        """One honest sentence: since, never because."""
        if self.is_early:
            return Said("response.early", day=self.from_day)
        if self.place is None:
            return Said("response.no_place")
        if self.before.mean is None or self.now.mean is None:
            return self._too_few()
        return self._change(self.place, self.before.mean - self.now.mean, self.before.mean)

    @property
    def easier(self) -> Said | None:
        """Only where the fall is a clear one, and enough of the plan was done to speak of it."""
        if self.said.key != "response.down":
            return None
        return Said("response.easier", weeks=(self.today - self.plan.started).days // WEEK_DAYS)

    def _too_few(self) -> Said:
        if self.before.mean is not None:
            return Said("response.few_now")
        if self.plan.started < self.today - dt.timedelta(days=HISTORY_DAYS - WEEK_DAYS):
            return Said("response.long_ago")
        return Said("response.few_before")

    def _change(self, place: Said, fall: float, before: float) -> Said:
        if abs(fall) < HARDLY:
            return Said("response.same", **place.fields)
        if fall < 0:
            return Said("response.up", **place.fields, change=-fall)
        down = Said("response.down", **place.fields, change=fall)
        if fall < RESPONSE_POINTS and fall < RESPONSE_FALL * before:
            return Said("response.down_unclear", down=down)
        if self.plan.done_days < RESPONSE_SHARE * self.plan.planned_days:
            return Said("response.down_little_done", down=down)
        return down


def response_of(advice: OwnAdvice) -> Response | None:
    """None without a plan in force."""
    history = advice.history
    if history.plan is None:
        return None
    log = advice.assessed.facts.log
    area, side = sorest_at_start(history, history.plan.started)
    days_in = log.ago(history.plan.started)
    return Response(
        plan=history.plan,
        today=history.today,
        place=Said("response.place", area=area, side=side) if area else None,
        before=week_seen(log, area, side, skip=days_in + 1),
        now=week_seen(log, area, side, skip=0),
        not_responding=next(
            (f for f in advice.assessment.flags if f.id == FLAG_NOT_RESPONDING), None
        ),
    )


def sorest_at_start(history: History, started: dt.date) -> tuple[str, str]:
    """The main area and side as of the day the plan started; today's where that is not known.

    Not simply today's: what has become calm since would then not be compared at all.
    """
    for day in (started, history.today):
        where = locate(read_log(replace(history, today=day)))
        if where.main:
            return where.main, where.main_side
    return "", ""


def week_seen(log: Log, area: str, side: str, skip: int) -> WeekSeen:
    """Of one side; of the higher of them where both are the main one."""
    one = side if side in log.sides(area) else ""
    days = log.last_days(WEEK_DAYS, skip=skip)
    known = [
        day
        for day in days
        if (log.peak(area, one, day) if one else log.area_peak(area, day)) is not None
    ]
    return WeekSeen(log.mean_peak(area, days, one), len(known))
