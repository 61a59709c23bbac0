"""The page of a library entry: its sources, the article's words on it, and where it leads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch

from guidance.knowledge import current_knowledge
from guidance.library.entries import Entry, entries
from guidance.rules import catalogue
from guidance.rules.catalogue import (
    ArticleNote,
    Cause,
    Check,
    Flag,
    Found,
    Level,
    Question,
    Remedy,
    Signal,
    Source,
)
from guidance.rules.ids import ALT_BONE_STRESS_INJURY
from guidance.rules.said import Said


@dataclass(frozen=True, slots=True)
class Link:
    """Another entry, in short or with what it is to this one."""

    entry: Entry
    note: Said | None = None
    in_short: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """`heading` names one of `headings.html`."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    against: str
    found: tuple[Found, ...]
    returning: tuple[str, ...]
    evidence_means: str
    notes: tuple[ArticleNote, ...]
    sources: tuple[Source, ...]
    clues_for: tuple[Link, ...]
    clues_against: tuple[Link, ...]
    links: tuple[Links, ...]


def page_of_entry(entry: Entry) -> EntryPage:
    knowledge = current_knowledge()
    return EntryPage(
        against=entry.thing.against if isinstance(entry.thing, Cause | Remedy) else "",
        found=entry.thing.found if isinstance(entry.thing, Cause | Check | Remedy) else (),
        returning=entry.thing.returning if isinstance(entry.thing, Cause) else (),
        evidence_means=str(knowledge.words["evidence"].get(entry.evidence, "")),
        notes=tuple(knowledge.article[number] for number in paragraphs_of(entry)),
        sources=knowledge.sources_of(entry.thing),
        clues_for=_clues(entry.id, sign=1),
        clues_against=_clues(entry.id, sign=-1),
        links=tuple(links for links in _links(entry.thing) if links.links),
    )


def paragraphs_of(entry: Entry) -> tuple[int, ...]:
    thing = entry.thing
    return thing.paragraphs if isinstance(thing, Cause | Check | Remedy | Signal) else ()


def entries_from_paragraph(number: int) -> list[Entry]:
    return [entry for entry in entries().values() if number in paragraphs_of(entry)]


def entries_from_source(key: str) -> list[Entry]:
    return [entry for entry in entries().values() if key in entry.thing.sources]


@singledispatch
def _links(thing: catalogue.Entry) -> Iterator[Links]:
    """Where an entry leads, by what it is."""
    return iter(())


def _to(heading: str, ids: Iterable[str]) -> Links:
    """Links that need no note beyond what the entry says of itself."""
    found = [entries()[id_] for id_ in dict.fromkeys(ids)]
    return Links(heading, tuple(Link(entry, in_short=True) for entry in found))


@_links.register
def _from_cause(cause: Cause) -> Iterator[Links]:
    knowledge = current_knowledge()
    yield _to("tells-best", cause.best_next)
    yield _to("try-first", cause.starter_plan)
    suited = [r.id for r in knowledge.remedies.values() if cause.id in r.suits]
    yield _to("suits-too", [id_ for id_ in suited if id_ not in cause.starter_plan])
    if cause.id == ALT_BONE_STRESS_INJURY:
        bone = [flag.id for flag in knowledge.flags.values() if flag.bone]
        yield _to("comes-from-signs", bone)


def _clues(cause: str, *, sign: int) -> tuple[Link, ...]:
    """What adds to a cause (`sign` 1) or takes away from it (-1), the strongest first."""
    points = {s.id: points_of(s, cause) * sign for s in current_knowledge().signals.values()}
    counted = sorted((id_ for id_ in points if points[id_] > 0), key=lambda id_: -points[id_])
    return tuple(Link(entries()[id_], strength(points[id_])) for id_ in counted)


def points_of(signal: Signal, cause: str) -> int:
    """Points of a clue for a cause in its plain form, or in another where only that counts."""
    forms = [signal.weights, *signal.variants.values()]
    return next((weights[cause] for weights in forms if cause in weights), 0)


def _weighed(heading: str, weights: Mapping[str, int]) -> Links:
    found = tuple(Link(entries()[id_], strength(points)) for id_, points in weights.items())
    return Links(heading, found)


def strength(points: int) -> Said:
    """How much a clue counts; the sign says for or against."""
    return Said(f"strength.{abs(points)}")


@_links.register
def _from_check(check: Check) -> Iterator[Links]:
    knowledge = current_knowledge()
    asking = [cause.id for cause in knowledge.causes.values() if check.id in cause.best_next]
    splitting = [
        id_ for split in knowledge.splits if check.id in split.checks for id_ in split.causes
    ]
    yield _to("helps-to-tell", [*asking, *splitting])
    yield _signals_from(check.id)


def _signals_from(origin: str) -> Links:
    signals = [s for s in current_knowledge().signals.values() if origin in (s.check, s.question)]
    return Links(
        "result-says" if origin.startswith("check:") else "answer-says",
        tuple(Link(entries()[signal.id], said_of(signal)) for signal in signals),
    )


def said_of(signal: Signal) -> Said | None:
    """`For: Weak glutes. Against: Ordinary muscle soreness.`"""
    points = {cause: points_of(signal, cause) for cause in current_knowledge().causes}
    sides = {
        "for": tuple(Said("name.whole", id=id_) for id_ in points if points[id_] > 0),
        "against": tuple(Said("name.whole", id=id_) for id_ in points if points[id_] < 0),
    }
    key = "_and_".join(side for side, causes in sides.items() if causes)
    return Said(f"clue.{key}", **sides) if key else None


@_links.register
def _from_remedy(remedy: Remedy) -> Iterator[Links]:
    causes = current_knowledge().causes.values()
    starting = [cause.id for cause in causes if remedy.id in cause.starter_plan]
    yield _to("first-for", starting)
    yield _to("suits", [id_ for id_ in remedy.suits if id_ not in starting])


@_links.register
def _from_flag(flag: Flag) -> Iterator[Links]:
    knowledge = current_knowledge()
    yield _to("how-soon", [flag.level])
    things: list[Check | Remedy] = [*knowledge.checks.values(), *knowledge.remedies.values()]
    left_out = [t.id for t in things if any(block.flag == flag.id for block in t.blocks)]
    links = tuple(Link(entries()[id_]) for id_ in left_out)  # no dose beside what is to be left
    yield Links("leave-alone", links)


@_links.register
def _from_question(question: Question) -> Iterator[Links]:
    knowledge = current_knowledge()
    yield _signals_from(question.id)
    asking = [cause.id for cause in knowledge.causes.values() if question.id in cause.best_next]
    yield _to("helps-to-tell", asking)
    blocked = [
        remedy.id
        for remedy in knowledge.remedies.values()
        if any(block.question == question.id for block in remedy.blocks)
    ]
    yield _to("rules-out", blocked)


@_links.register
def _from_signal(signal: Signal) -> Iterator[Links]:
    yield _weighed("speaks-for", {id_: p for id_, p in signal.weights.items() if p > 0})
    yield _weighed("speaks-against", {id_: p for id_, p in signal.weights.items() if p < 0})
    for name, weights in signal.variants.items():
        yield _weighed(f"form-{name}", weights)
    yield _to("comes-from", [id_ for id_ in (signal.check, signal.question) if id_])
    for cap in current_knowledge().caps:
        if signal.id in cap.signals:
            others = [id_ for id_ in cap.signals if id_ != signal.id]
            yield _to("says-the-same", others)


@_links.register
def _from_level(level: Level) -> Iterator[Links]:
    flags = current_knowledge().flags.values()
    yield _to("asked-by", [flag.id for flag in flags if flag.level == level.id])
