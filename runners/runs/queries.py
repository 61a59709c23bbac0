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

    def __init__(self, runner: User, runs: Iterable[Run] = ()) -> None:
        self._runner = runner
        self._by_day: dict[dt.date, list[tuple[Run, RunFacts]]] = defaultdict(list)
        self._by_fingerprint: dict[str, tuple[Run, RunFacts]] = {}
        for run in runs:
            self.add(run)

    @classmethod
    def all_of(cls, runner: User) -> Self:
        """For many at once. 1 query."""
        return cls(runner, Run.objects.of(runner))

    @classmethod
    def near(cls, runner: User, facts: RunFacts) -> Self:
        """For one. 1 query."""
        return cls(runner, Run.objects.of(runner).filter(_near(facts)))

    def add(self, run: Run) -> None:
        known = run, facts_of(run, runner=self._runner)
        self._by_day[run.day].append(known)
        if run.fingerprint:
            self._by_fingerprint[run.fingerprint] = known

    def matches(self, facts: RunFacts) -> list[Match]:
        """The surest first, of those as sure the nearest."""
        found = [
            (decide(facts, known), nearness(facts, known), run.pk, run)
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


def matches(runner: User, facts: RunFacts) -> list[Match]:
    """The runner's runs that are this one or may be, surest first. 1 query."""
    return KnownRuns.near(runner, facts).matches(facts)


def find(runner: User, facts: RunFacts) -> Match | None:
    """The likeliest of them. 1 query."""
    return next(iter(matches(runner, facts)), None)


def facts_of(run: Run, *, runner: User) -> RunFacts:
    """Of a row, or of one not stored yet."""
    return RunFacts(
        days=possible_days(runner, run.day, run.started_at),
        started_at=run.started_at,
        duration_s=run.duration_s,
        elapsed_s=run.elapsed_s,
        distance_m=run.distance_m,
        fingerprint=run.fingerprint,
    )


def possible_days(
    runner: User, day: dt.date | None, started_at: dt.datetime | None
) -> frozenset[dt.date]:
    """Whoever runs abroad may note it under the date there, or under the one at home."""
    at_home = runner.local_day(started_at) if started_at else None
    return frozenset(one for one in (day, at_home) if one)


def _near(facts: RunFacts) -> Q:
    near = Q(pk__in=())
    if facts.days:
        apart = dt.timedelta(days=DAYS_APART)
        near |= Q(day__range=(min(facts.days) - apart, max(facts.days) + apart))
    if facts.fingerprint:
        near |= Q(fingerprint=facts.fingerprint)
    return near
