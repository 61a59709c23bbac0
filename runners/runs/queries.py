"""The runs that a runner has, to compare a new one with."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from runners.models import Run, User
from runners.runs.same_run import DAYS_APART, Decision, RunFacts, decide, nearness


@dataclass(frozen=True, slots=True)
class Match:
    """A run of the runner's that is the one compared, or may be."""

    decision: Decision
    run: Run


class KnownRuns:
    """Runs of one runner, by which thousands of others can be judged without a query for each."""

    def __init__(self, runner: User, runs: Iterable[Run]) -> None:
        self._runner = runner
        self._by_day: dict[dt.date, list[tuple[Run, RunFacts]]] = defaultdict(list)
        self._by_fingerprint: dict[str, tuple[Run, RunFacts]] = {}
        for run in runs:
            self.add(run)

    def add(self, run: Run) -> None:
        known = run, facts_of(run, runner=self._runner)
        self._by_day[run.day].append(known)
        if run.fingerprint:
            self._by_fingerprint[run.fingerprint] = known

    @classmethod
    def all_of(cls, runner: User) -> Self:
        """For many at once. 1 query."""
        return cls(runner, Run.objects.of(runner))

    def matches(self, new: Run) -> list[Match]:
        """The surest first, of those as sure the nearest."""
        facts = facts_of(new, runner=self._runner)
        found = [
            (decide(facts, known), nearness(facts, known), run.pk or 0, run)
            for run, known in self._candidates(facts)
        ]
        return [
            Match(decision, run)
            for decision, _nearness, _pk, run in sorted(found, key=lambda one: one[:3])
            if decision is not Decision.DIFFERENT
        ]

    def _candidates(self, facts: RunFacts) -> list[tuple[Run, RunFacts]]:
        days = {
            day + dt.timedelta(days=apart)
            for day in facts.days
            for apart in range(-DAYS_APART, DAYS_APART + 1)
        }
        around = [known for day in days for known in self._by_day.get(day, ())]
        same_file = self._by_fingerprint.get(facts.fingerprint)
        return [same_file, *around] if same_file and same_file not in around else around


def matches(runner: User, new: Run) -> list[Match]:
    """The runner's runs that are this one or may be, surest first. 1 query."""
    near = Run.objects.of(runner).filter(_near(facts_of(new, runner=runner)))
    return KnownRuns(runner, near).matches(new)


def sent_or_matches(runner: User, new: Run) -> tuple[Run | None, list[Match]]:
    """The run that the same form brought before, a deleted one too; else the matches. 1 query."""
    near = _near(facts_of(new, runner=runner)) & Q(deleted_at__isnull=True)
    rows = list(Run.objects.filter(near | Q(uid=new.uid), runner=runner).defer("profile"))
    sent = next((run for run in rows if run.uid == new.uid), None)
    return sent, [] if sent else KnownRuns(runner, rows).matches(new)


def facts_of(run: Run, *, runner: User) -> RunFacts:
    """Of a row, or of one not stored yet: from a file it may have no day.

    Whoever runs abroad may note it under the date there, or under the one at home.
    """
    at_home = runner.local_day(run.started_at) if run.started_at else None
    return RunFacts(
        days=frozenset(day for day in (run.day, at_home) if day),
        started_at=run.started_at,
        duration_s=run.duration_s,
        elapsed_s=run.elapsed_s,
        distance_m=run.distance_m,
        fingerprint=run.fingerprint,
    )


def _near(facts: RunFacts) -> Q:
    near = Q(pk__in=())
    if facts.days:
        apart = dt.timedelta(days=DAYS_APART)
        near |= Q(day__range=(min(facts.days) - apart, max(facts.days) + apart))
    if facts.fingerprint:
        near |= Q(fingerprint=facts.fingerprint)
    return near
