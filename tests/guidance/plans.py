"""What tests of the plan share: a runner with a plan on offer, and how its pages are read."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client

from guidance.advice.advice import advise
from guidance.advice.history import read
from guidance.models import Answer, PlanItem, Screen, ScreenResult
from guidance.plan.offers import offers
from guidance.rules.types import PlanInForce
from runners.models import User
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_check_result,
    make_run,
    make_soreness,
)
from tests.guidance.logs import WEEKLY

PLAN = "/guidance/plan/"
START = f"{PLAN}start/"
DONE = f"{PLAN}done/"
TODAY_PAGE = "/today/"
GUIDANCE = "/guidance/"
HTMX = {"HX-Request": "true"}
UNTICK = {"done": "0"}
EVERY_DAY = "1234567"
SUGGESTED = [
    "standing_quad_stretch",
    "cat_cow",
    "single_leg_glute_bridge",
    "plank",
    "foam_rolling",
]
CLEAR = (27, 24, 20, 17, 13, 10, 7, 3)


def answer_all(runner: User) -> None:
    """What has to be answered before a plan: the warning signs and health to know about."""
    Screen.objects.create(runner=runner, result=ScreenResult.NONE, day=days_ago(1))
    Answer.objects.create(runner=runner, question="ask:care_first", value=["none"], day=days_ago(1))


def pelvis_leads(runner: User) -> None:
    """A habit of the left hamstring with a tight, measured front of the thigh; all answered."""
    for ago in WEEKLY:
        make_soreness(runner, days_ago(ago), intensity=4)
        make_soreness(runner, days_ago(ago), area="quad", intensity=3)
    for ago in CLEAR:
        make_check_in(runner, days_ago(ago))
    for ago in range(42, 0, -2):
        make_run(runner, days_ago(ago), kind="easy", effort=3, distance_m=8000)
    make_check_result(runner, "heel_to_seat", days_ago(5), left=12, right=5)
    make_check_result(runner, "thomas_edge", days_ago(5), left="above", right="below")
    answer_all(runner)


def words(client: Client, address: str = PLAN, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return plain(response.text)


def plain(html: str) -> str:
    """The words of a page, one space between them."""
    apart = re.sub(r"</(li|div|p|th|td|h2|h3|span|summary)>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", apart)).split())


def filled_in(
    runner: User, changed: Mapping[str, Any] | None = None, *, without: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the form sends: all suggestions but some taken on, and nothing speaks against one."""
    data: dict[str, Any] = {"uid": str(uuid.uuid4())}
    for offer in offers(advise(runner, TODAY)):
        if offer.slug not in without:
            data[f"{offer.slug}-take"] = "on"
        data[f"{offer.slug}-days"] = list(offer.weekdays)
        data[f"{offer.slug}-asked"] = " ".join(line.key for line in offer.not_if)
        data[f"{offer.slug}-fits"] = "no"
    return data | dict(changed or {})


def items_of(runner: User) -> dict[str, str]:
    """Weekdays by remedy of the plan in force."""
    rows = PlanItem.objects.of(runner).in_force().filter(removed_on__isnull=True)
    return {row.remedy.removeprefix("remedy:"): row.weekdays for row in rows}


def item(runner: User, remedy: str = "plank") -> PlanItem:
    return PlanItem.objects.of(runner).get(remedy=f"remedy:{remedy}", removed_on__isnull=True)


def tick(
    client: Client,
    row: PlanItem,
    day: dt.date = TODAY,
    changed: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Any:
    sent = {"item": str(row.pk), "day": str(day), "done": "1", "back": "today"}
    return client.post(DONE, sent | dict(changed or {}), headers=headers)


def read_plan(runner: User, today: dt.date = TODAY) -> tuple[int, int]:
    """Times planned and done until yesterday."""
    plan = read([runner], today)[runner.pk].history.plan
    assert isinstance(plan, PlanInForce)
    return plan.planned_days, plan.done_days
