"""The library: everything guidance may say, as entries with an address, a name and words to search.

Ids never change, so neither do the addresses made from them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse

from guidance.knowledge import current_knowledge
from guidance.rules import catalogue
from guidance.rules.catalogue import (
    Cause,
    Check,
    Evidence,
    Flag,
    Level,
    PatternKind,
    Question,
    Remedy,
    Signal,
)
from guidance.rules.said import Said
from guidance.saying import say

LONGEST_QUERY = 100  # characters; longer than anything a person types to look something up


@dataclass(frozen=True, slots=True)
class Kind:
    """A shelf of the library. `slug` is its part of the address; `kinds.html` names it."""

    slug: str


CAUSES = Kind("causes")
EXPLANATIONS = Kind("explanations")
CHECKS = Kind("checks")
REMEDIES = Kind("remedies")
SIGNS = Kind("warning-signs")
QUESTIONS = Kind("questions")
SIGNALS = Kind("signals")
PATTERNS = Kind("patterns")
OUTCOMES = Kind("outcomes")
LEVELS = Kind("levels")

MAIN_KINDS = (CAUSES, EXPLANATIONS, CHECKS, REMEDIES, SIGNS)
MORE_KINDS = (QUESTIONS, SIGNALS, PATTERNS, OUTCOMES, LEVELS)
KIND_OF_CAUSE = {"article": CAUSES, "competing": EXPLANATIONS, "outcome": OUTCOMES}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look up. `thing` is what the knowledge files hold, `words` what search reads."""

    id: str
    kind: Kind
    name: str
    short: str
    thing: catalogue.Entry
    words: frozenset[str]
    evidence: Evidence = ""

    @property
    def slug(self) -> str:
        return self.id.rpartition(":")[2].replace("_", "-")

    @property
    def soon(self) -> Said | None:
        """How soon, of a warning sign."""
        return Said("name.small", id=self.thing.level) if isinstance(self.thing, Flag) else None

    @property
    def url(self) -> str:
        return reverse("guidance:library-entry", args=[self.kind.slug, self.slug])


@cache
def entries() -> dict[str, Entry]:
    """Every entry by its id, shelf by shelf, in the order of the knowledge files."""
    knowledge = current_knowledge()
    found = chain(
        map(_cause, knowledge.causes.values()),
        map(_check, knowledge.checks.values()),
        map(_remedy, knowledge.remedies.values()),
        map(_flag, knowledge.flags.values()),
        map(_question, knowledge.questions.values()),
        map(_signal, knowledge.signals.values()),
        map(_pattern, knowledge.patterns.values()),
        map(_level, knowledge.levels.values()),
    )
    order = {kind: place for place, kind in enumerate((*MAIN_KINDS, *MORE_KINDS))}
    return {entry.id: entry for entry in sorted(found, key=lambda entry: order[entry.kind])}


def entry_at(kind: str, slug: str) -> Entry | None:
    for entry in entries().values():
        if (entry.kind.slug, entry.slug) == (kind, slug):
            return entry
    return None


def entries_of(kind: Kind) -> list[Entry]:
    return [entry for entry in entries().values() if entry.kind == kind]


def url_of(id_: str) -> str:
    """The page of an entry, or the place of a source. Raises KeyError for an unknown id."""
    if id_ in current_knowledge().sources:
        return f"{reverse('guidance:library-sources')}#{id_}"
    return entries()[id_].url


def search(wanted: str) -> list[Entry]:
    """Entries that hold all of the words, or words that begin with them; names come first."""
    asked = [_singular(word) for word in words_of(wanted[:LONGEST_QUERY])]
    if not asked:
        return []
    hits = [entry for entry in entries().values() if _found(asked, entry.words) == len(asked)]
    return sorted(hits, key=lambda entry: -_found(asked, words_of(entry.name)))


def _found(asked: list[str], words: frozenset[str]) -> int:
    return sum(any(word.startswith(start) for word in words) for start in asked)


def words_of(*parts: str | Iterable[str]) -> frozenset[str]:
    """The words of texts without case and accents: Thomée is found as `thomee`."""
    text = " ".join(part if isinstance(part, str) else " ".join(part) for part in parts)
    plain = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def _singular(word: str) -> str:
    """`bridges` finds a bridge. What is cut too short still finds its own word."""
    return re.sub(r"(?<=\w{3})e?s$", "", word)


def _cause(cause: Cause) -> Entry:
    words = words_of(cause.name, cause.short, cause.words, cause.against, _found_by(cause))
    kind = KIND_OF_CAUSE[cause.kind]
    return Entry(cause.id, kind, cause.name, cause.short, cause, words, cause.evidence)


def _check(check: Check) -> Entry:
    words = words_of(
        check.name, check.short, check.words, check.steps, check.not_with, _found_by(check)
    )
    return Entry(check.id, CHECKS, check.name, check.short, check, words, check.evidence)


def _remedy(remedy: Remedy) -> Entry:
    short = say(Said("remedy.short", often=remedy.often, dose=remedy.dose))
    words = words_of(
        *(
            remedy.name,
            short,
            remedy.words,
            remedy.first,
            remedy.steps,
            remedy.easier,
            remedy.harder,
        ),
        _found_by(remedy),
    )
    return Entry(remedy.id, REMEDIES, remedy.name, short, remedy, words, remedy.evidence)


def _found_by(thing: Cause | Check | Remedy) -> list[str]:
    return [found.words for found in thing.found]


def _flag(flag: Flag) -> Entry:
    words = words_of(flag.name, flag.question, flag.do)
    return Entry(flag.id, SIGNS, flag.name, flag.do[0], flag, words)


def _question(question: Question) -> Entry:
    words = words_of(question.words, question.why, [option.words for option in question.options])
    return Entry(question.id, QUESTIONS, question.words, question.why, question, words)


def _signal(signal: Signal) -> Entry:
    name = signal.name or signal.words
    short = say(Said(f"origin.{signal.origin}"))
    return Entry(signal.id, SIGNALS, name, short, signal, words_of(name))


def _pattern(pattern: PatternKind) -> Entry:
    words = words_of(pattern.name, pattern.short, pattern.why)
    return Entry(pattern.id, PATTERNS, pattern.name, pattern.short, pattern, words)


def _level(level: Level) -> Entry:
    words = words_of(level.name, level.words)
    return Entry(level.id, LEVELS, level.name, level.words, level, words)


def flags_by_level() -> Iterator[tuple[Level, list[Entry]]]:
    """The warning signs under what each asks for, the most urgent first."""
    levels = sorted(current_knowledge().levels.values(), key=lambda level: -level.rank)
    for level in levels:
        signs = [
            entry
            for entry in entries_of(SIGNS)
            if isinstance(entry.thing, Flag) and entry.thing.level == level.id
        ]
        if signs:
            yield level, signs


def drawing_of(entry: Entry) -> str:
    """The template with the drawing of a check or remedy; empty where there is none."""
    name = f"guidance/library/drawings/{entry.slug}.svg"
    if entry.kind not in (CHECKS, REMEDIES):
        return ""
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name
