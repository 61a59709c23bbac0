"""All that is read from a history before anything is judged."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from guidance.rules.catalogue import Knowledge, Origin
from guidance.rules.log.current_answers import CurrentAnswers, read_current_answers
from guidance.rules.log.location import Location, locate
from guidance.rules.log.log import Log, read_log
from guidance.rules.patterns.find import find_patterns
from guidance.rules.said import Value
from guidance.rules.types import History, Pattern


@dataclass(frozen=True, slots=True)
class Facts:
    """The log in order, what is known besides, where it hurts, and the patterns in it."""

    history: History
    knowledge: Knowledge
    log: Log
    current: CurrentAnswers
    location: Location
    patterns: tuple[Pattern, ...]

    def pattern(self, kind: str, area: str = "") -> Pattern | None:
        """The first pattern of a kind, of one area where that is given."""
        return next(
            (p for p in self.patterns if p.id == kind and (not area or p.area == area)), None
        )

    def focus_pattern(self, kind: str) -> Pattern | None:
        return self.pattern(kind, self.location.focus) if self.location.focus else None


@dataclass(frozen=True, slots=True)
class Observation:
    """A signal seen, before it is weighed: its days, its form and the fields it is said with."""

    id: str
    days: tuple[dt.date, ...]
    fields: Mapping[str, Value] = field(default_factory=dict)
    variant: str = ""
    origin: Origin | None = None


def read_facts(history: History, knowledge: Knowledge) -> Facts:
    log = read_log(history)
    location = locate(log)
    return Facts(
        history=history,
        knowledge=knowledge,
        log=log,
        current=read_current_answers(history, knowledge, log),
        location=location,
        patterns=find_patterns(history, log, location),
    )
