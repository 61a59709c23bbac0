"""When a remedy or a check is not offered: one small function for each `when` of the knowledge.

Each answers "blocks", "free", or "ask" where the answer is not known. What is not known does not
remove a remedy: it stands first on the card, and starting it asks exactly that
(knowledge base 3).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from guidance.rules import ids
from guidance.rules.catalogue import Block
from guidance.rules.causes.ranking import Ranking
from guidance.rules.facts import Facts
from guidance.rules.flags.asked import bone_flags
from guidance.rules.log.location import HAMSTRING
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.log.sudden_onset import (
    has_front_strain,
    is_strain_recent,
    pop_days,
    worst_day,
)
from guidance.rules.said import Said
from guidance.rules.types import SignalFound

Verdict = Literal["blocks", "ask", "free"]

SUSPECTED = 3  # points: a cause with that much blocks as if it led

BOTH = ("left", "right")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What blocks are judged by: the picture, the causes as ranked, and the signals."""

    facts: Facts
    ranking: Ranking
    signals: tuple[SignalFound, ...]

    def has(self, signal: str) -> bool:
        return any(found.id == signal for found in self.signals)

    def suspects(self, cause: str) -> bool:
        return self.ranking.leader == cause or self.ranking.total(cause) >= SUSPECTED


def blocked_by(blocks: Iterable[Block], circumstances: Circumstances) -> tuple[Said, ...]:
    """The conditions that hold, in their order."""
    return _judged(blocks, circumstances, "blocks")


def to_ask(blocks: Iterable[Block], circumstances: Circumstances) -> tuple[Said, ...]:
    """The conditions nobody has answered: "not if ..."."""
    return _judged(blocks, circumstances, "ask")


def judge(block: Block, circumstances: Circumstances) -> Verdict:
    return CONDITIONS[block.when].judge(block, circumstances)


def _judged(
    blocks: Iterable[Block], circumstances: Circumstances, verdict: Verdict
) -> tuple[Said, ...]:
    return tuple(dict.fromkeys(b.said for b in blocks if judge(b, circumstances) == verdict))


def answer(block: Block, circumstances: Circumstances) -> Verdict:
    given = circumstances.facts.current.answers.get(block.question)
    if given is None or given.value is None:
        return "ask"
    if isinstance(given.value, tuple):
        return _blocks(bool(set(given.value) & set(block.values)))
    return _blocks(circumstances.facts.current.text(block.question) in block.values)


def flag(block: Block, circumstances: Circumstances) -> Verdict:
    known = circumstances.facts.current
    if known.any_open(block.flag):
        return "blocks"
    return "free" if block.flag in known.no_flags else "ask"


def bone_flag(block: Block, circumstances: Circumstances) -> Verdict:
    """An open sign of a bone; where areas are named, in one of them or nobody knows where."""
    facts = circumstances.facts
    flag_answers = bone_flags(facts)
    if any(
        not block.areas or not given.area or given.area in block.areas for given in flag_answers
    ):
        return "blocks"
    asked = [f.id for f in facts.knowledge.flags.values() if f.bone and f.asked]
    known = all(f in facts.current.no_flags or facts.current.any_open(f) for f in asked)
    return "free" if known else "ask"


def cause_leads(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(any(circumstances.suspects(cause) for cause in block.causes))


def strain_suspected(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(is_strain_suspected(circumstances))


def strain_first(block: Block, circumstances: Circumstances) -> Verdict:
    age = _strain_age_days(circumstances)
    return _blocks(age is not None and age * 24 <= block.hours)


def strain_past(block: Block, circumstances: Circumstances) -> Verdict:
    """A strain leads, and its first hours are over or cannot be told."""
    age = _strain_age_days(circumstances)
    return _blocks(
        circumstances.ranking.leader == ids.ALT_ACUTE_HAMSTRING_STRAIN
        and (age is None or age * 24 > block.hours)
    )


def front_strain_suspected(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(is_front_strain_suspected(circumstances))


def doms_first(block: Block, circumstances: Circumstances) -> Verdict:
    """The first hours of what looks like ordinary soreness, by the first day of the bout."""
    if not circumstances.suspects(ids.ALT_DOMS):
        return "free"
    episode = circumstances.facts.log.current_episode(circumstances.facts.location.focus)
    return _blocks(
        episode is not None and circumstances.facts.log.ago(episode.first) * 24 <= block.hours
    )


def pain(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(_reached(circumstances.facts.log.pain, block, circumstances))


def peak(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(_reached(circumstances.facts.log.peaks, block, circumstances))


def raise_at_least(block: Block, circumstances: Circumstances) -> Verdict:
    """On any symptomatic side: a long leg is not stretched because the other one is short."""
    angles = circumstances.facts.current.sides(
        ids.CHECK_STRAIGHT_LEG_RAISE, symptomatic_sides(circumstances)
    )
    return _blocks(any(angle >= block.at_least for angle in angles))


def raise_above_or_unknown(block: Block, circumstances: Circumstances) -> Verdict:
    """Offered only where every symptomatic side is measured and short."""
    sides = symptomatic_sides(circumstances)
    angles = circumstances.facts.current.sides(ids.CHECK_STRAIGHT_LEG_RAISE, sides)
    short = len(angles) == len(sides) and all(angle <= block.at_least for angle in angles)
    return _blocks(not short)


def care_first(block: Block, circumstances: Circumstances) -> Verdict:
    known = circumstances.facts.current
    if known.care_first & set(block.values):
        return "blocks"
    return "free" if ids.ASK_CARE_FIRST in known.answers or known.care_first else "ask"


def check_result(block: Block, circumstances: Circumstances) -> Verdict:
    """Any part of a check's result, on either side. `question` is the check's id."""
    known = circumstances.facts.current
    check = block.question
    values = known.sides(check, BOTH)
    for part in ("press", "sitting"):
        values += known.parts(check, part, BOTH)
    value = known.value(check)
    if isinstance(value, (int, float)):
        values.append(value)
    if not values:
        return "ask"
    return _blocks(max(values) >= block.at_least)


def improving(block: Block, circumstances: Circumstances) -> Verdict:
    return _blocks(circumstances.facts.focus_pattern(ids.PATTERN_IMPROVING) is not None)


def load_steady_and_improving(block: Block, circumstances: Circumstances) -> Verdict:
    if not circumstances.has(ids.SIG_LOAD_STEADY):
        return "free"
    return improving(block, circumstances)


def asked(block: Block, circumstances: Circumstances) -> Verdict:
    """What no log can show is asked before starting."""
    return "ask"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a `when` of the knowledge means, and the fields of its block that it reads."""

    judge: Callable[[Block, Circumstances], Verdict]
    needs: tuple[str, ...] = ()
    may_name: tuple[str, ...] = ()


CONDITIONS: Mapping[str, Condition] = {
    "answer": Condition(answer, ("question", "values")),
    "flag": Condition(flag, ("flag",)),
    "bone_flag": Condition(bone_flag, may_name=("areas",)),
    "cause_leads": Condition(cause_leads, ("causes",)),
    "strain_suspected": Condition(strain_suspected),
    "front_strain_suspected": Condition(front_strain_suspected),
    "strain_first": Condition(strain_first, ("hours",)),
    "strain_past": Condition(strain_past, ("hours",)),
    "doms_first": Condition(doms_first, ("hours",)),
    "pain": Condition(pain, ("areas", "at_least", "days")),
    "peak": Condition(peak, ("areas", "at_least", "days")),
    "raise_at_least": Condition(raise_at_least, ("at_least",)),
    "raise_above_or_unknown": Condition(raise_above_or_unknown, ("at_least",)),
    "care_first": Condition(care_first, ("values",)),
    "check_result": Condition(check_result, ("question", "at_least")),
    "improving": Condition(improving),
    "load_steady_and_improving": Condition(load_steady_and_improving),
    "asked": Condition(asked),
}


def symptomatic_sides(circumstances: Circumstances) -> tuple[str, ...]:
    """Hamstring sides with a symptom day in 28; both where there is none."""
    log = circumstances.facts.log
    found = [side for side in BOTH if log.symptom_days(HAMSTRING, WINDOW_DAYS, side)]
    return tuple(found) or BOTH


def is_strain_suspected(circumstances: Circumstances) -> bool:
    facts = circumstances.facts
    return circumstances.suspects(ids.ALT_ACUTE_HAMSTRING_STRAIN) or is_strain_recent(
        facts.log, facts.history, facts.current
    )


def is_front_strain_suspected(circumstances: Circumstances) -> bool:
    facts = circumstances.facts
    return has_front_strain(facts.log, facts.history, facts.current, facts.location.main)


def _strain_age_days(circumstances: Circumstances) -> int | None:
    """Days since the newest suspected strain; None where none is suspected, or none is dated.

    A pop counts from "since when", without it as today's; else the newest day on which the current
    trouble was at its highest. Hours are judged by days, and a day that falls on the limit still
    counts as within it: at what hour it happened is seldom known.
    """
    facts = circumstances.facts
    log = facts.log
    if pops := pop_days(facts.current, log):
        return log.ago(max(pops))
    episode = log.current_episode(HAMSTRING)
    if episode is None or not is_strain_suspected(circumstances):
        return None
    return log.ago(worst_day(log, episode))


def _reached(
    peaks: Mapping[tuple[str, str], Mapping[dt.date, int]],
    block: Block,
    circumstances: Circumstances,
) -> bool:
    log = circumstances.facts.log
    since = log.last_days(block.days)
    return any(
        peaks.get((area, side), {}).get(day, 0) >= block.at_least
        for area in block.areas
        for side in log.sides(area)
        for day in since
    )


def _blocks(holds: bool) -> Verdict:
    return "blocks" if holds else "free"
