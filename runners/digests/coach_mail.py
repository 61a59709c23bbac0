"""The coach's weekly mail: who needs a look first, of those who share enough to tell."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from runners import access, standing
from runners.coaching.roster.queries import NEEDS_A_LOOK, folded
from runners.digests.mail import Mail, said
from runners.formats import name_for_a_mail
from runners.models import CoachLink, SharedStanding, User
from runners.models.digests import DigestKind
from runners.models.standing import StandingLevel
from runners.web import absolute_urls as site
from runners.web.notices import Phrase
from runners.weeks import Week

NAMED = 20  # lines that a mail can hold before nobody reads it
# Levels that are counted alone, in the order of the roster.
CALM = tuple(level for level in sorted(StandingLevel, reverse=True) if level < NEEDS_A_LOOK)

# Levels whose headline begins with their name.
SAID_BY_HEADLINE = frozenset({StandingLevel.EASE_OFF})


@dataclass(frozen=True, slots=True)
class MailLine:
    """An athlete of the coach, with what the athlete shares. `level` None: not shared."""

    link: CoachLink
    level: StandingLevel | None
    headline: str

    @property
    def name(self) -> str:
        return name_for_a_mail(self.link.athlete.name)

    @property
    def level_words(self) -> str:
        """Nothing where the headline says the same."""
        if self.level is None or self.level in SAID_BY_HEADLINE:
            return ""
        return str(self.level.label)

    @property
    def needs_look(self) -> bool:
        """By the measure of the roster."""
        return self.level is not None and self.level >= NEEDS_A_LOOK


def mail(coach: User, week: Week) -> Mail | None:
    """1 query, and what `standing.renew_stale_links` takes. None where no athlete is left."""
    standing.renew_stale_links(coach)
    lines = lines_of(coach, timezone.now())
    if not lines:
        return None
    first = sorted(
        (line for line in lines if line.needs_look),
        key=lambda line: (-(line.level or 0), folded(line.name)),
    )
    named, more = first[:NAMED], len(first) - NAMED
    return Mail(
        reader=coach,
        kind=DigestKind.COACH,
        week=week,
        subject=subject_of(len(first), len(lines), coach.local_day()),
        context={
            "named": named,
            "more": max(0, more),
            "others": others([line for line in lines if not line.needs_look]),
            "athletes": len(lines),
            "to": site.absolute("runners:athletes"),
        },
        named=tuple(line.link for line in named),
    )


def lines_of(coach: User, now: dt.datetime) -> list[MailLine]:
    """One for each open link. What could not be renewed may not be shared now: it says nothing."""
    links = access.links_of_coach(coach).select_related("athlete", "standing")
    return [_line(link, getattr(link, "standing", None), now, coach.units) for link in links]


def _line(link: CoachLink, shared: SharedStanding | None, now: dt.datetime, units: str) -> MailLine:
    if shared is None or standing.is_line_stale(shared, now):
        return MailLine(link, StandingLevel.UNKNOWN, "")
    level = None if shared.level is None else StandingLevel(shared.level)
    return MailLine(link, level, standing.say(shared.headline, units=units, about=True))


def subject_of(need_look: int, athletes: int, day: dt.date) -> Phrase:
    """`Monday: 2 of 28 athletes need a look`."""
    return said("coach-subject", need_look=need_look, athletes=athletes, day=day)


def others(lines: Sequence[MailLine]) -> list[tuple[int, str | None]]:
    """How many of each level, and of those who share none. Nothing where all are named."""
    counted = Counter(line.level for line in lines)
    levels = [(counted[level], str(level.label)) for level in CALM if counted[level]]
    return [*levels, (counted[None], None)] if counted[None] else [*levels]
