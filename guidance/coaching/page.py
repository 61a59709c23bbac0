"""What one coach may know of an athlete: the only place that takes it from what guidance says.

A coach sees a part of what the athlete sees, and never more. Of a warning sign it is the level
alone: neither which sign, nor an answer that could tell. So what rests on such answers is left
out whole: where they change what guidance says, the coach sees the patterns and the level.
"""

from dataclasses import dataclass, replace

from guidance.advice.advice import Advice, advise
from guidance.coaching.in_common import MORE_LOGS, told
from guidance.coaching.plan import SharedPlan, shared_plan
from guidance.findings.page import GuidancePage, page_of
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Level
from guidance.rules.ids import CALM, PATTERN_SPARSE
from guidance.rules.said import Said
from runners.access import AthleteView
from runners.models import Shared
from runners.models.coaching import FULLY_SHARED


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What a coach's page may show of guidance today, where guidance is shared.

    `level` is None where there is nothing to warn of. `page` is put together as the athlete's
    own; its templates say it about the athlete.
    """

    level: Level | None
    is_limited: bool
    page: GuidancePage
    plan: SharedPlan | None

    @property
    def would_help(self) -> Said | None:
        """What to log, where that is what guidance asks next."""
        asked = self.page.next_question
        return MORE_LOGS[asked.id] if asked else None


def shared_page(reading: AthleteView) -> SharedPage | None:
    """None where guidance is not shared: then nothing is read. 2 queries, and 1 with a plan."""
    athlete, shared = reading.athlete, reading.shared
    if not shared.guidance:
        return None
    advice = advise(athlete, athlete.local_day())
    seen = told(advice, shared)
    level = current_knowledge().levels[seen.advice.assessment.escalation]
    return SharedPage(
        level=level if level.id != CALM else None,
        is_limited=seen.is_limited,
        page=page_about(seen.advice, shared),
        plan=shared_plan(advice, seen.advice, athlete),
    )


def page_about(advice: Advice, shared: Shared = FULLY_SHARED) -> GuidancePage:
    """The athlete's page, told to somebody else. Where soreness is off, silence is no all-clear."""
    page = page_of(advice)
    if not shared.soreness:
        # Nor is it too few check-ins.
        page = replace(page, patterns=tuple(p for p in page.patterns if p.id != PATTERN_SPARSE))
    no_pattern = "line.no_pattern_to_show" if shared.soreness else "line.soreness_is_off"
    return replace(page, headline=page.headline or (None if page.outcome else Said(no_pattern)))
