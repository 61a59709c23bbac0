"""Plain functions with dull fixed defaults. `TODAY` is the day most tests play on, a Monday."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from guidance.models import CheckResult, Done, Plan, PlanItem, Suggestion
from runners.models import (
    CheckIn,
    CoachLink,
    Consent,
    Invitation,
    InvitationKind,
    Note,
    Run,
    Session,
    SorenessEntry,
    User,
)
from runners.models.coaching import SWITCHES

TODAY = dt.date(2026, 11, 23)
PASSWORD = "a-long-enough-password"  # of the cast, nobody else's


def in_words(words: str) -> dict[str, str]:
    """As a row stores it: said as it stands here, whatever the knowledge says."""
    return {"say": "standing.as_stored", "words": words}


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def make_user(name: str = "Alice Ash", **fields: Any) -> User:
    fields.setdefault("email", f"{name.split()[0].lower()}@example.org")
    fields.setdefault("time_zone", "Europe/Vienna")
    fields.setdefault("welcomed_at", timezone.now())
    user = User.objects.create_user(password=PASSWORD, name=name, **fields)
    Consent.objects.create(runner=user)
    return user


def make_session(person: User, **fields: Any) -> Session:
    """On another device, where the person is signed in as well."""
    fields.setdefault("session_key", uuid.uuid4().hex)
    fields.setdefault("expire_date", timezone.now() + dt.timedelta(days=60))
    fields.setdefault("client", "Firefox, Android")
    return Session.objects.create(person=person, **fields)


def make_run(runner: User, day: dt.date = TODAY, **fields: Any) -> Run:
    fields.setdefault("distance_m", 10_000)
    fields.setdefault("duration_s", 3_000)
    return Run.objects.create(runner=runner, day=day, uid=uuid.uuid4(), **fields)


def make_check_in(runner: User, day: dt.date = TODAY, **fields: Any) -> CheckIn:
    return CheckIn.objects.create(runner=runner, day=day, **fields)


def make_soreness(
    runner: User,
    day: dt.date = TODAY,
    *,
    area: str = "hamstring",
    side: str = "left",
    intensity: int = 5,
    kind: str = "tightness",
    timing: str = "next_morning",
    note: str = "",
    sit_bone: bool = False,
) -> SorenessEntry:
    """A spot in the day's check-in, which is made if there is none."""
    check_in = CheckIn.objects.of(runner).filter(day=day).first() or make_check_in(runner, day)
    return SorenessEntry.objects.create(
        check_in=check_in,
        area=area,
        side=side,
        kind=kind,
        timing=timing,
        intensity=intensity,
        note=note,
        sit_bone=sit_bone,
    )


def make_check_result(
    runner: User, check: str = "plank", day: dt.date = TODAY, **values: Any
) -> CheckResult:
    values = values or {"value": 75}
    return CheckResult.objects.create(runner=runner, check_id=f"check:{check}", day=day, **values)


def make_plan(runner: User, day: dt.date = TODAY, **fields: Any) -> Plan:
    """A plan for weak glutes with what `items` says: weekdays by remedy. A plank every day."""
    items = fields.pop("items", {"plank": "1234567"})
    fields.setdefault("cause", "cause:weak_glutes")
    fields.setdefault("knowledge_version", 1)
    plan = Plan.objects.create(runner=runner, started_on=day, **fields)
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, remedy=f"remedy:{remedy}", position=position, weekdays=weekdays)
        for position, (remedy, weekdays) in enumerate(items.items())
    )
    return plan


def make_done(plan: Plan, day: dt.date = TODAY, remedy: str = "plank") -> Done:
    return Done.objects.create(item=plan.items.get(remedy=f"remedy:{remedy}"), day=day)


def make_link(
    coach: User, athlete: User, shares: str = "runs soreness guidance notes", **fields: Any
) -> CoachLink:
    """An open link with the switches named on. `ended_at=` makes it one that was."""
    fields.setdefault("confirmed_at", timezone.now())
    switches = {name: name in shares.split() for name in SWITCHES}
    return CoachLink.objects.create(coach=coach, athlete=athlete, **switches, **fields)


def make_invitation(
    sender: User, kind: InvitationKind = InvitationKind.ATHLETE, **fields: Any
) -> Invitation:
    """An open one, to be accepted within two weeks."""
    fields.setdefault("expires_at", timezone.now() + dt.timedelta(days=14))
    return Invitation.objects.create(sender=sender, kind=kind, **fields)


def make_note(coach: User, athlete: User, text: str = "Easy week, please.", **fields: Any) -> Note:
    """From the coach to the athlete."""
    fields.setdefault("author", coach)
    return Note.objects.create(coach=coach, athlete=athlete, text=text, **fields)


def make_suggestion(
    coach: User, athlete: User, what: str = "remedy:plank", **fields: Any
) -> Suggestion:
    return Suggestion.objects.create(coach=coach, athlete=athlete, what=what, **fields)
