"""From patterns, checks and answers to signals with their points (knowledge base 1.6).

What a signal measures is code, one small function each; what it is worth is knowledge. A check is
read on the worse side of the hamstring; on a tie both sides are, and the worse result counts.
"""

from collections.abc import Iterable
from dataclasses import replace

from guidance.rules.catalogue import Cap, Knowledge
from guidance.rules.facts import Facts, Observation
from guidance.rules.said import Said
from guidance.rules.signals.from_answers import answer_signals
from guidance.rules.signals.from_checks import check_signals
from guidance.rules.signals.from_log import log_signals
from guidance.rules.types import SignalFound


def find_signals(facts: Facts) -> tuple[SignalFound, ...]:
    """Every signal that holds, in the order of the knowledge, with its points after caps."""
    seen = [*log_signals(facts), *check_signals(facts), *answer_signals(facts)]
    by_id: dict[str, Observation] = {}
    for one in seen:
        by_id.setdefault(one.id, one)
    known = facts.knowledge
    found = [_worth(by_id[name], known) for name in known.signals if name in by_id]
    return tuple(cap_points(found, known.caps))


def totals(signals: Iterable[SignalFound], knowledge: Knowledge) -> dict[str, int]:
    """The sum of the points for each cause of the knowledge that can have any."""
    sums = {cause.id: 0 for cause in knowledge.causes.values() if cause.kind != "outcome"}
    for signal in signals:
        for cause, points in signal.points.items():
            sums[cause] += points
    return sums


def cap_points(found: list[SignalFound], caps: Iterable[Cap]) -> list[SignalFound]:
    """Take away what signals that say nearly the same would count twice."""
    taken: dict[tuple[str, str], int] = {}
    for cap in caps:
        left = cap.most
        counted = [s for s in found if s.id in cap.signals and s.points.get(cap.cause, 0) > 0]
        for signal in sorted(counted, key=lambda s: (-s.points[cap.cause], s.id)):
            taken[signal.id, cap.cause] = min(signal.points[cap.cause], left)
            left -= taken[signal.id, cap.cause]
    return [
        replace(
            signal,
            points={cause: taken.get((signal.id, cause), p) for cause, p in signal.points.items()},
        )
        for signal in found
    ]


def _worth(seen: Observation, knowledge: Knowledge) -> SignalFound:
    signal = knowledge.signals[seen.id]
    weights = signal.variants[seen.variant] if seen.variant else signal.weights
    return SignalFound(
        id=seen.id,
        said=Said(seen.id, **seen.fields),
        days=seen.days,
        points=dict(weights),
        origin=seen.origin or signal.origin,
    )
