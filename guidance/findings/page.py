"""What the guidance page shows, put together from an assessment and the knowledge."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guidance.advice.advice import Advice, OwnAdvice
from guidance.knowledge import current_knowledge
from guidance.plan.offers import OfferShown, offers
from guidance.rules.catalogue import Cause, Check, Question, Source
from guidance.rules.ids import ALT_BONE_STRESS_INJURY, PATTERN_RECURRING, PATTERN_SINGLE_EPISODE
from guidance.rules.log.log import WEEK_DAYS
from guidance.rules.said import Said
from guidance.rules.types import Assessment, Blocked, Evidence, FlagFound, Pattern, RankedCause
from runners.body.areas import level

# A competing explanation with less than this has nothing to say yet; the article's causes stay.
SHOWN_FROM_POINTS = 2
PLAN_WINDOW_DAYS = 28
SINGLE_BOUT = Said("reason.single_bout")


@dataclass(frozen=True, slots=True)
class CauseShown:
    cause: Cause
    ranked: RankedCause
    sources: tuple[Source, ...]
    unknown: tuple[Check | Question, ...]

    @property
    def strongest(self) -> Evidence | None:
        """What speaks for it most, or else against."""
        return next(iter((*self.ranked.supports, *self.ranked.opposes)), None)

    @property
    def css(self) -> str:
        """The class of the pill that says how well the cause fits."""
        return {"likely": "fit3", "possible": "fit2"}.get(self.ranked.likelihood, "fit1")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a strip: how a place was. None: not known."""

    day: dt.date
    peak: int | None

    @property
    def css(self) -> str:
        return "sx" if self.peak is None else f"s{level(self.peak)}"


@dataclass(frozen=True, slots=True)
class GuidancePage:
    """`check_ins` and `runs` are those of the last `window_days`."""

    check_ins: int
    runs: int
    flags: tuple[FlagFound, ...]
    headline: Said | None
    headline_days: tuple[dt.date, ...]
    louder: Said | None
    patterns: tuple[Pattern, ...]
    reasons: tuple[Said, ...]
    first_days: tuple[Said, ...]
    outcome: Cause | None
    causes: tuple[CauseShown, ...]
    offers: tuple[OfferShown, ...]
    left_out: tuple[Blocked, ...]
    returning: tuple[str, ...]
    next_check: Check | None
    next_question: Question | None
    article: Source
    to_do: Said
    window_days: ClassVar[int] = PLAN_WINDOW_DAYS

    @property
    def foremost(self) -> tuple[CauseShown, ...]:
        """The first, and the article's causes; all where none of these is there."""
        found = [one for one in self.causes if one.cause.kind == "article"]
        return (
            tuple(o for o in self.causes if o in (*found, self.causes[0])) if found else self.causes
        )

    @property
    def others(self) -> tuple[CauseShown, ...]:
        return tuple(one for one in self.causes if one not in self.foremost)


def page_of(advice: Advice) -> GuidancePage:
    knowledge = current_knowledge()
    assessment = advice.assessment
    since = assessment.today - dt.timedelta(days=PLAN_WINDOW_DAYS - 1)
    outcome = knowledge.causes.get(assessment.top_cause)
    first_days = () if advice.stopped_by else assessment.first_days
    # A first bout is no finding.
    patterns = [
        p for p in assessment.patterns if not (first_days and p.id == PATTERN_SINGLE_EPISODE)
    ]
    first = main_pattern(advice, patterns)
    return GuidancePage(
        check_ins=sum(day >= since for day in advice.history.check_in_days),
        runs=sum(run.day >= since for run in advice.history.runs),
        flags=tuple(flag for flag in assessment.flags if not knowledge.flags[flag.id].asked),
        headline=headline_of(advice, first),
        headline_days=first.days if first else (),
        louder=assessment.louder,
        patterns=tuple(pattern for pattern in patterns if pattern is not first),
        reasons=tuple(r for r in assessment.reasons if not (first_days and r == SINGLE_BOUT)),
        first_days=first_days,
        outcome=outcome if outcome and outcome.kind == "outcome" else None,
        causes=tuple(cause_shown(ranked) for ranked in assessment.causes if is_shown(ranked)),
        offers=offers(advice),
        left_out=assessment.blocked,
        returning=returning_of(assessment),
        next_check=knowledge.checks.get(assessment.ask_next),
        next_question=knowledge.questions.get(assessment.ask_next),
        article=knowledge.sources["ARTICLE"],
        to_do=assessment.to_do,
    )


def returning_of(assessment: Assessment) -> tuple[str, ...]:
    """The way back to running: after a bone sign, else by what leads."""
    knowledge = current_knowledge()
    has_bone_sign = any(knowledge.flags[flag.id].bone for flag in assessment.flags)
    cause = ALT_BONE_STRESS_INJURY if has_bone_sign else assessment.top_cause
    return knowledge.causes[cause].returning if cause else ()


def main_pattern(advice: Advice, patterns: Sequence[Pattern]) -> Pattern | None:
    """What the page opens with: that the main area keeps coming back, or its one bout."""
    main = advice.assessment.main_area
    for kind in (PATTERN_RECURRING, PATTERN_SINGLE_EPISODE):
        for pattern in patterns:
            if pattern.id == kind and pattern.area == main:
                return pattern
    return None


def headline_of(advice: Advice, first: Pattern | None) -> Said | None:
    if first is not None:
        return first.said
    assessment = advice.assessment
    if not assessment.main_area:
        return None
    return Said("finding.place", area=assessment.main_area, side=assessment.main_side)


def strip_of(advice: OwnAdvice) -> tuple[Cell, ...]:
    """The week of the main area; nothing where one day at most is known."""
    log, assessment = advice.assessed.facts.log, advice.assessment
    area, side = assessment.main_area, assessment.main_side
    if not area:
        return ()

    def peak(day: dt.date) -> int | None:
        return log.peak(area, side, day) if side in log.sides(area) else log.area_peak(area, day)

    cells = tuple(Cell(day, peak(day)) for day in log.last_days(WEEK_DAYS))
    return cells if sum(cell.peak is not None for cell in cells) > 1 else ()


def is_shown(ranked: RankedCause) -> bool:
    of_article = current_knowledge().causes[ranked.id].kind == "article"
    return of_article or ranked.total >= SHOWN_FROM_POINTS


def cause_shown(ranked: RankedCause) -> CauseShown:
    knowledge = current_knowledge()
    unknown = tuple(
        entry
        for id_ in ranked.unknown
        if (entry := knowledge.checks.get(id_) or knowledge.questions.get(id_)) is not None
    )
    cause = knowledge.causes[ranked.id]
    return CauseShown(cause, ranked, knowledge.sources_of(cause), unknown)
