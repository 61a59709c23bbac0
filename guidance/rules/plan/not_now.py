"""Which self-checks are not for today, and why (knowledge base 2)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from guidance.rules.flags.asked import must_be_seen
from guidance.rules.plan.conditions import Circumstances, blocked_by
from guidance.rules.said import Said
from guidance.rules.types import FlagFound

AGAIN_DAYS = 7


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why a check is not for today. `again` is the day it may be done, if known."""

    why: tuple[Said, ...]
    again: dt.date | None = None


def not_now(check: str, circumstances: Circumstances, flags: Iterable[FlagFound]) -> NotNow | None:
    """None where it may be done on the day of the circumstances.

    A warning sign comes before everything, then what needs care first; both stop every check.
    "Not within 24 h of a hard run" stands on the card and does not stop the asking.
    """
    facts = circumstances.facts
    if facts.knowledge.checks[check].retired:
        return NotNow((Said("not_now.retired"),))
    signs = [flag for flag in flags if must_be_seen((flag,))]
    if signs:
        return NotNow(tuple(Said("not_now.flag", flag=flag.said) for flag in signs))
    if facts.current.care_first:
        return NotNow((Said("reason.care_first"),))
    done = facts.current.checks.get(check)
    if done and (again := again_on(done.day)) > facts.history.today:
        return NotNow((Said("not_now.week", day=done.day),), again)
    held_back_by = blocked_by(facts.knowledge.checks[check].blocks, circumstances)
    return NotNow((Said("not_now.because", reasons=held_back_by),)) if held_back_by else None


def again_on(done: dt.date) -> dt.date:
    return done + dt.timedelta(days=AGAIN_DAYS)
