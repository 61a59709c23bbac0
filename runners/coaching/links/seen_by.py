"""Who looked, and what could be seen: the days of an athlete's page, newest first."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from runners.coaching.links.switch_words import label_of
from runners.models import AccessRecord, SharingChange, User
from runners.models.coaching import SWITCHES


@dataclass(frozen=True, slots=True)
class SwitchesChanged:
    """Those that were put on, put off, or given another last day, together."""

    labels: list[str]
    is_on: bool
    was_on: bool
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class LooksOfDay:
    """`changes` are those of the switches, with the coach they are about."""

    day: dt.date
    looks: dict[User, list[AccessRecord]] = field(default_factory=dict)
    changes: list[tuple[User, list[SwitchesChanged]]] = field(default_factory=list)


def by_day(
    days: Iterable[dt.date], records: Iterable[AccessRecord], changes: Iterable[SharingChange]
) -> list[LooksOfDay]:
    """In the order of `days`; in each, coaches by their last look, then their pages."""
    found = {day: LooksOfDay(day) for day in days}
    for record in records:
        found[record.day].looks.setdefault(record.coach, []).append(record)
    for change in changes:
        found[change.day].changes.append((change.link.coach, list(switches_changed(change))))
    return list(found.values())


def switches_changed(change: SharingChange) -> Iterator[SwitchesChanged]:
    """In the order of the switches; those that changed in the same way are said once."""
    alike: dict[tuple[bool, bool, str | None], list[str]] = {}
    for name in SWITCHES:
        (was_on, was_until), (is_on, until) = change.before[name], change.after[name]
        if (was_on, was_until) != (is_on, until):
            alike.setdefault((was_on, is_on, until), []).append(label_of(name).lower())
    for (was_on, is_on, until), labels in alike.items():
        last_day = None if until is None else dt.date.fromisoformat(until)
        yield SwitchesChanged(labels, is_on, was_on, last_day)
