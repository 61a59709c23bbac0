"""From points to causes in order, and how sure each is (knowledge base 1.7 steps 3 to 6, and 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from guidance.rules import ids
from guidance.rules.catalogue import Cause, Knowledge
from guidance.rules.facts import Facts
from guidance.rules.log.location import MUSCLES
from guidance.rules.patterns.find import is_current
from guidance.rules.types import Evidence, Likelihood, RankedCause, SignalFound

LEADS = 2  # points
FIRST_AS_ALTERNATIVE = 3  # with that much and an equal total it stands before an article cause
LIKELY = 3
LIKELY_SIGNALS = 2
LIKELY_AHEAD = 1
UNLIKELY = -2
BOTH_WAYS = 2  # a signal this strong for and one against contradict
CLOSE = 1  # points between two strong causes

# Never by points: one comes from warning signs, the other from where it hurts.
UNRANKED = frozenset({ids.ALT_BONE_STRESS_INJURY, ids.ALT_NON_HAMSTRING_AREA})
# For a single bout: these always, the others where they are strong and asked or measured.
BOUT_CAUSES = frozenset({ids.ALT_DOMS, ids.ALT_ACUTE_HAMSTRING_STRAIN, ids.ALT_LOAD_SPIKE})
BOUT_STRONG = frozenset(
    {ids.ALT_PROXIMAL_HAMSTRING_TENDINOPATHY, ids.ALT_SCIATIC_NEURAL, ids.ALT_LOW_BACK_REFERRED}
)
# What can be said of an area that the article does not cover (1.5): never a hamstring's causes.
OUTSIDE_CAUSES: Mapping[str, frozenset[str]] = {
    "low_back": frozenset({ids.ALT_LOAD_SPIKE, ids.ALT_SCIATIC_NEURAL, ids.ALT_LOW_BACK_REFERRED}),
    "glute": frozenset(
        {
            ids.ALT_LOAD_SPIKE,
            ids.ALT_SCIATIC_NEURAL,
            ids.ALT_PROXIMAL_HAMSTRING_TENDINOPATHY,
            ids.ALT_LOW_BACK_REFERRED,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Causes best first. `leader` is "" where nobody leads; `totals` are of every cause.

    `bout` says that a single current bout was judged (step 4), so that no article cause is named.
    """

    causes: tuple[RankedCause, ...]
    leader: str
    totals: Mapping[str, int]
    bout: bool
    contradicts: bool = False
    close: bool = False
    held_back: bool = False

    def total(self, cause: str) -> int:
        return self.totals.get(cause, 0)


def rank(facts: Facts, signals: Iterable[SignalFound], totals: Mapping[str, int]) -> Ranking:
    signals = tuple(signals)
    single = facts.focus_pattern(ids.PATTERN_SINGLE_EPISODE)
    bout = single is not None and is_current(facts.log, single)
    judged = bout or _has_case(facts)
    evidence = evidence_of(signals, facts.knowledge)
    names = [
        cause
        for cause in considered(facts, totals, evidence, single is not None)
        if evidence.get(cause.id)
    ]
    ordered = order(names, totals)
    first = ordered[0].id if ordered else ""
    leader = first if judged and totals.get(first, 0) >= LEADS else ""
    if not facts.location.mapped:
        leader = _leader_outside(facts, totals, evidence, bout=bout)
        ordered.sort(key=lambda cause: cause.id != leader)
    causes = tuple(
        _ranked(facts, cause, totals, [other.id for other in ordered], evidence[cause.id])
        for cause in ordered
    )
    ranking = Ranking(causes, leader, totals, bout)
    return weigh_contradiction(ranking, facts)


def all_in_order(facts: Facts, totals: Mapping[str, int]) -> list[str]:
    """Every cause that has a total, best first; without the article's where it says nothing."""
    listed = [cause for cause in facts.knowledge.causes.values() if is_ranked(cause)]
    if not facts.location.mapped:
        listed = [cause for cause in listed if cause.kind != "article"]
    return [cause.id for cause in order(listed, totals)]


def is_ranked(cause: Cause) -> bool:
    return cause.kind != "outcome" and cause.id not in UNRANKED


def considered(
    facts: Facts,
    totals: Mapping[str, int],
    evidence: Mapping[str, list[Evidence]],
    single: bool,
) -> list[Cause]:
    """The causes that may be named here: by area, and for a single bout never the article's."""
    possible = [cause for cause in facts.knowledge.causes.values() if is_ranked(cause)]
    if not facts.location.mapped:
        outside = OUTSIDE_CAUSES.get(facts.location.main, frozenset({ids.ALT_LOAD_SPIKE}))
        if facts.location.main in MUSCLES:
            outside |= {ids.ALT_DOMS}
        possible = [cause for cause in possible if cause.id in outside]
    if single:
        of_bout = _of_bout(totals, evidence, facts.knowledge)
        possible = [cause for cause in possible if cause.id in of_bout]
    return possible


def _of_bout(
    totals: Mapping[str, int], evidence: Mapping[str, list[Evidence]], knowledge: Knowledge
) -> frozenset[str]:
    """What a single bout is judged by (step 4), wherever it is."""
    return BOUT_CAUSES | {
        cause
        for cause in BOUT_STRONG
        if totals.get(cause, 0) >= LIKELY
        and _asked_or_measured(
            [line for line in evidence.get(cause, []) if line.points > 0], knowledge
        )
    }


def order(causes: Iterable[Cause], totals: Mapping[str, int]) -> list[Cause]:
    """Highest total first. On a tie an alternative of 3 or more, then by rank.

    An alternative goes before an article cause only where it has as much as the best of these.
    """
    causes = list(causes)
    of_article = [totals.get(cause.id, 0) for cause in causes if cause.kind == "article"]
    least = max(FIRST_AS_ALTERNATIVE, *of_article, 0)

    def key(cause: Cause) -> tuple[int, bool, int]:
        total = totals.get(cause.id, 0)
        strong = cause.kind == "competing" and total >= least
        return (-total, not strong, cause.rank)

    return sorted(causes, key=key)


def evidence_of(signals: Iterable[SignalFound], knowledge: Knowledge) -> dict[str, list[Evidence]]:
    """The lines for and against each cause, strongest first."""
    lines: dict[str, list[Evidence]] = {cause: [] for cause in knowledge.causes}
    for signal in signals:
        for cause, points in signal.points.items():
            if points:
                line = Evidence(signal.id, signal.said, signal.days, points, signal.origin)
                lines[cause].append(line)
    return {cause: sorted(found, key=lambda e: -abs(e.points)) for cause, found in lines.items()}


def likelihood_of(
    cause: str, total: int, others: Iterable[int], lines: list[Evidence], facts: Facts
) -> Likelihood:
    """How sure it may sound (section 7)."""
    knowledge = facts.knowledge
    supports = [line for line in lines if line.points > 0]
    ahead = total - max(others, default=0) >= LIKELY_AHEAD
    if (
        total >= LIKELY
        and len(supports) >= LIKELY_SIGNALS
        and _asked_or_measured(supports, knowledge)
        and ahead
        and not _raise_missing(cause, facts)
        and not facts.current.care_first
    ):
        return "likely"
    if total >= LEADS:
        return "possible"
    against = [line for line in lines if line.points < 0]
    if total <= UNLIKELY and _asked_or_measured(against, knowledge):
        return "unlikely"
    return "unclear"


def weigh_contradiction(ranking: Ranking, facts: Facts) -> Ranking:
    """Two strong explanations close together, or a leader pulled both ways: say it more softly."""
    if not ranking.leader:
        return ranking
    leader, *others = ranking.causes
    contradicts = any(line.points >= BOTH_WAYS for line in leader.supports) and any(
        line.points <= -BOTH_WAYS for line in leader.opposes
    )
    close = leader.total >= LIKELY and any(
        other.total >= LIKELY and abs(leader.total - other.total) <= CLOSE for other in others
    )
    if contradicts or close:
        likelihood: Likelihood = "possible" if leader.likelihood == "likely" else leader.likelihood
        ranking = replace(ranking, causes=(replace(leader, likelihood=likelihood), *others))
    held_back = _raise_missing(leader.id, facts) and leader.total >= LIKELY
    return replace(ranking, contradicts=contradicts, close=close, held_back=held_back)


def abstain(ranking: Ranking) -> tuple[RankedCause, ...]:
    """Nothing is named: what would be possible or likely is not enough to tell."""
    return tuple(
        replace(cause, likelihood="unclear")
        if cause.likelihood in ("likely", "possible")
        else cause
        for cause in ranking.causes
    )


def _ranked(
    facts: Facts,
    cause: Cause,
    totals: Mapping[str, int],
    shown: Iterable[str],
    lines: list[Evidence],
) -> RankedCause:
    total = totals.get(cause.id, 0)
    others = [totals.get(other, 0) for other in shown if other != cause.id]
    return RankedCause(
        id=cause.id,
        total=total,
        likelihood=likelihood_of(cause.id, total, others, lines, facts),
        supports=tuple(line for line in lines if line.points > 0),
        opposes=tuple(line for line in lines if line.points < 0),
        unknown=tuple(step for step in cause.best_next if _not_known(facts, step)),
    )


def _has_case(facts: Facts) -> bool:
    """Step 5 needs a current episode or a recurring pattern of the area in focus."""
    focus = facts.location.focus
    if not focus:
        return False
    return bool(facts.log.current_episode(focus) or facts.focus_pattern(ids.PATTERN_RECURRING))


def _leader_outside(
    facts: Facts, totals: Mapping[str, int], evidence: Mapping[str, list[Evidence]], *, bout: bool
) -> str:
    """What leads where the article does not cover the main area (1.5, and step 4 before 3).

    A low back by its own points, whatever ties with it. A muscle's ordinary soreness where nothing
    has as much: a nerve, not named here, still keeps it from being called ordinary.
    """
    main = facts.location.main
    if main == "low_back" and totals.get(ids.ALT_LOW_BACK_REFERRED, 0) >= LIKELY:
        return ids.ALT_LOW_BACK_REFERRED
    rivals = _of_bout(totals, evidence, facts.knowledge) - {ids.ALT_DOMS}
    soreness = totals.get(ids.ALT_DOMS, 0)
    more = soreness > max(totals.get(rival, 0) for rival in rivals)
    return ids.ALT_DOMS if bout and main in MUSCLES and soreness >= LEADS and more else ""


def _raise_missing(cause: str, facts: Facts) -> bool:
    return (
        cause == ids.CAUSE_OVERLENGTHENED_HAMSTRINGS
        and ids.CHECK_STRAIGHT_LEG_RAISE not in facts.current.checks
    )


def _asked_or_measured(lines: Iterable[Evidence], knowledge: Knowledge) -> bool:
    """Is one of them a self-check, or an answer about the symptom?"""
    return any(line.origin == "check" or is_symptom_answer(line, knowledge) for line in lines)


def is_symptom_answer(line: Evidence, knowledge: Knowledge) -> bool:
    question = knowledge.questions.get(knowledge.signals[line.signal].question)
    return line.origin == "answer" and question is not None and question.about_symptom


def _not_known(facts: Facts, step: str) -> bool:
    """A check not done, or a question not answered; data requests have no answer to wait for."""
    question = facts.knowledge.questions.get(step)
    if question is not None:
        return question.answer != "data" and step not in facts.current.answers
    return step not in facts.current.checks
