"""Writes of warning signs. Answers are added, never overwritten: the newest one counts."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from guidance.models import FlagAnswer, Screen, ScreenResult
from guidance.questions.actions import note_answer
from guidance.rules.ids import ASK_BONE_RISK
from guidance.rules.types import FlagAnswer as Given
from runners import standing
from runners.models import User
from runners.writes import lock


@transaction.atomic
def save_screen(given: Sequence[Given], *, bone_risk: Sequence[str] = (), by: User) -> Screen:
    """Note one pass through the warning signs, a part of them or all.

    The same answers twice on a day are one row, as long as none of them has been settled since.
    A yes also names what an earlier "one of these" left open.
    """
    lock(by)
    today = by.local_day()
    signs = Prefetch("flags", FlagAnswer.objects.of(by))
    newest = Screen.objects.of(by).filter(day=today).prefetch_related(signs).first()
    if newest is not None and _says(newest, given):
        return newest
    some = any(sign.yes for sign in given)
    screen = Screen.objects.create(
        runner=by,
        result=ScreenResult.SOME if some else ScreenResult.NONE,
        day=today,
        named_at=timezone.now() if some else None,
    )
    FlagAnswer.objects.bulk_create(
        FlagAnswer(screen=screen, flag=sign.flag, yes=sign.yes, since=sign.since, area=sign.area)
        for sign in given
    )
    if some:
        Screen.objects.of(by).not_named().update(named_at=timezone.now())
    if bone_risk:
        note_answer(ASK_BONE_RISK, list(bone_risk), by)
    standing.renew_after_change(by)
    return screen


@transaction.atomic
def note_unnamed(*, by: User) -> Screen:
    """Note "one of these" before it is said which. It stops every plan; twice is one row."""
    lock(by)
    unnamed = Screen.objects.of(by).not_named().first()
    if unnamed is None:
        unnamed = Screen.objects.create(runner=by, result=ScreenResult.SOME, day=by.local_day())
        standing.renew_after_change(by)
    return unnamed


def _says(screen: Screen, given: Sequence[Given]) -> bool:
    """Whether a pass holds exactly these answers, all as they were given."""
    rows = list(screen.flags.all())
    settled = any(row.seen_on or row.mistaken_at for row in rows)
    said = {Given(screen.day, row.flag, row.yes, row.since, row.area) for row in rows}
    return not settled and said == set(given)


@transaction.atomic
def settle_flag(flag: str, *, seen_on: dt.date | None, by: User) -> int:
    """End an open sign: a clinician has seen it on that day, or (None) it was a mistake.

    The rows stay. Returns how many were open.
    """
    lock(by)
    settled = FlagAnswer.objects.of(by).filter(flag=flag).still_open().update(**_end(seen_on))
    standing.renew_after_change(by)
    return settled


@transaction.atomic
def settle_unnamed(*, seen_on: dt.date | None, by: User) -> int:
    """End every open "one of these" that was never named, in the same two ways."""
    lock(by)
    settled = Screen.objects.of(by).not_named().update(**_end(seen_on))
    standing.renew_after_change(by)
    return settled


def _end(seen_on: dt.date | None) -> dict[str, dt.date | dt.datetime]:
    return {"mistaken_at": timezone.now()} if seen_on is None else {"seen_on": seen_on}
