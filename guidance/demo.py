"""What guidance knows of the people of the demo data: answers, warning signs, plans.

`runners.demo` holds their logs and knows no guidance; this loads both.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from guidance.knowledge import current_knowledge
from guidance.models import (
    Answer,
    Done,
    FlagAnswer,
    Plan,
    PlanItem,
    Screen,
    ScreenResult,
    Suggestion,
)
from guidance.rules import ids
from runners import demo, standing
from runners.demo import ana
from runners.models import User


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign that was ticked so many days ago, and began then."""

    flag: str
    ago: int


SIGNS = {
    "Mei-Ling Chen": Sign(ids.FLAG_CALF_SWELLING, 1),
    "Rafael Souza": Sign(ids.FLAG_NIGHT_PAIN, 2),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan for so many days, with weekdays by remedy. One day in `one_skipped_in` is left out."""

    cause: str
    days: int
    items: dict[str, str]
    one_skipped_in: int

    def kept(self, ago: int) -> bool:
        return ago % self.one_skipped_in != 0


PLANS = {
    "Ana Mori": Planned(
        ids.CAUSE_PELVIC_MISALIGNMENT,
        15,
        {
            ids.REMEDY_STANDING_QUAD_STRETCH: "1234567",
            ids.REMEDY_CAT_COW: "1234567",
            ids.REMEDY_SINGLE_LEG_GLUTE_BRIDGE: "136",
            ids.REMEDY_PLANK: "1356",
        },
        6,
    ),
    "Priya Nair": Planned(
        ids.ALT_LOAD_SPIKE, 18, {ids.REMEDY_LOAD_REDUCTION: "1234567", ids.REMEDY_SWIMMING: "25"}, 9
    ),
    "Mateo García Hernández": Planned(
        ids.CAUSE_WEAK_GLUTES,
        24,
        {ids.REMEDY_SINGLE_LEG_GLUTE_BRIDGE: "135", ids.REMEDY_SIDE_LYING_HIP_ABDUCTION: "25"},
        2,
    ),
}
SCREENED_AGO = 3  # a "none of these" counts for 14 days

SUGGESTED = ids.CHECK_HEEL_TO_SEAT
SUGGESTED_WORDS = "Both sides, on a day without a run if you can."
SUGGESTED_AGO = 1


@transaction.atomic
def load(now: dt.datetime) -> demo.Coached:
    """Put all of the demo data into the database, as if people had logged until `now`."""
    today = timezone.localdate(now, timezone=ana.ZONE)
    coached = demo.load_coach(demo.load(today, now), now)
    for name, sign in SIGNS.items():
        tick_sign(coached.athletes[name], sign, now)
    for name, planned in PLANS.items():
        keep_plan(coached.athletes[name], planned, now)
    Suggestion.objects.create(
        coach=coached.coach,
        athlete=coached.athletes["Ana Mori"],
        what=SUGGESTED,
        words=SUGGESTED_WORDS,
        created_at=now - dt.timedelta(days=SUGGESTED_AGO),
    )
    standing.renew(coached.athletes.values())
    return coached


def tick_sign(runner: User, sign: Sign, now: dt.datetime) -> None:
    given_at = now - dt.timedelta(days=sign.ago)
    day = runner.local_day(given_at)
    screen = Screen.objects.create(
        runner=runner, result=ScreenResult.SOME, day=day, given_at=given_at, named_at=given_at
    )
    FlagAnswer.objects.create(screen=screen, flag=sign.flag, yes=True, since=day)


def keep_plan(runner: User, planned: Planned, now: dt.datetime) -> None:
    """A plan in force, after the answers that come before one; what was done until yesterday."""
    today = runner.local_day(now)
    started_at = now - dt.timedelta(days=planned.days)
    started = runner.local_day(started_at)
    Answer.objects.create(
        runner=runner, question=ids.ASK_CARE_FIRST, value=["none"], day=started, given_at=started_at
    )
    for at in (started_at, now - dt.timedelta(days=SCREENED_AGO)):
        Screen.objects.create(
            runner=runner, result=ScreenResult.NONE, day=runner.local_day(at), given_at=at
        )
    plan = Plan.objects.create(
        runner=runner,
        cause=planned.cause,
        knowledge_version=current_knowledge().version,
        started_on=started,
    )
    items = PlanItem.objects.bulk_create(
        PlanItem(plan=plan, remedy=remedy, position=position, weekdays=weekdays)
        for position, (remedy, weekdays) in enumerate(planned.items.items())
    )
    days = [today - dt.timedelta(days=ago) for ago in range(1, planned.days) if planned.kept(ago)]
    Done.objects.bulk_create(
        Done(item=item, day=day) for item in items for day in days if item.is_due(day)
    )
