"""Whether a plan helps: the week before it, the latest week, and what may be said of them."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from guidance.advice.advice import OwnAdvice
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
from guidance.saying import place_words, say
from runners.formats import long_day

NOT_RESPONDING = "flag:not_responding"
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
    """`area` and `side`: where it was sorest when the plan started, which it was taken on for."""

    plan: PlanInForce
    today: dt.date
    area: str
    side: str
    before: WeekSeen
    now: WeekSeen
    not_responding: FlagFound | None

    @property
    def place(self) -> str:
        return place_words(self.area, self.side) if self.area else ""

    @property
    def from_day(self) -> dt.date:
        """From then on there is something to see."""
        return self.plan.started + dt.timedelta(days=RESPONSE_AFTER_DAYS)

    @property
    def is_early(self) -> bool:
        return self.today < self.from_day

    @cached_property
    def words(self) -> str:
        """One honest sentence: since, never because."""
        if self.is_early:
            return (
                f"There will be something to see from {long_day(self.from_day)}: "
                "two weeks after the start, not sooner."
            )
        if not self.place:
            return "Nothing was sore enough in the four weeks before the start to compare with."
        if self.before.mean is None or self.now.mean is None:
            return self._too_few()
        return self._change(self.before.mean - self.now.mean, self.before.mean)

    def _too_few(self) -> str:
        if self.before.mean is not None:
            return "Too few check-ins in the last 7 days to compare: it takes three."
        if self.plan.started < self.today - dt.timedelta(days=HISTORY_DAYS - WEEK_DAYS):
            return "The start is too long ago to compare with."
        return "Too few check-ins in the week before the start to compare with: it takes three."

    def _change(self, fall: float, before: float) -> str:
        if abs(fall) < HARDLY:
            return f"Since you started, your {self.place} is about the same."
        if fall < 0:
            return f"Since you started, your {self.place} is up by {-fall:.1f} points."
        where = {"area": self.area, "side": self.side}
        fell = say(Said("pattern:remedy_response", **where, change=f"{fall:.1f}"))
        if fall < RESPONSE_POINTS and fall < RESPONSE_FALL * before:
            return f"{fell} A clear change is 2 points, or about a third."
        if self.plan.done_days < RESPONSE_SHARE * self.plan.planned_days:
            return f"{fell} With so little of it done, that says little about the plan."
        return fell


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
        area=area,
        side=side,
        before=week_seen(log, area, side, skip=days_in + 1),
        now=week_seen(log, area, side, skip=0),
        not_responding=next((f for f in advice.assessment.flags if f.id == NOT_RESPONDING), None),
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
