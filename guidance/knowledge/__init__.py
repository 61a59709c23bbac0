"""What guidance may say, as data: the TOML files beside this module, checked when loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guidance.knowledge.toml import (
    KnowledgeError,
    Place,
    convert,
    read_entries,
    read_file,
    read_list,
    read_table,
)
from guidance.knowledge.validation import problems
from guidance.rules.catalogue import (
    ArticleNote,
    Cap,
    Cause,
    Check,
    Flag,
    Knowledge,
    Level,
    PatternKind,
    Question,
    Remedy,
    Sentence,
    Signal,
    Source,
    Split,
)

__all__ = ["KnowledgeError", "current_knowledge", "load"]

FOLDER = Path(__file__).parent
WIDE = "words.toml"
SENTENCES = "sentences.toml"


def load(folder: Path = FOLDER) -> Knowledge:
    """Read and check the files of `folder`. Raises KnowledgeError for the first thing wrong."""
    causes = read_file(folder, "causes.toml", holds=("cause",))
    signals = read_file(folder, "signals.toml", holds=("signal",))
    patterns = read_file(folder, "patterns.toml", holds=("pattern",))
    checks = read_file(folder, "checks.toml", holds=("check",))
    questions = read_file(folder, "questions.toml", holds=("question",))
    remedies = read_file(folder, "remedies.toml", holds=("remedy",))
    flags = read_file(folder, "flags.toml", holds=("level", "flag"))
    sources = read_file(folder, "sources.toml", holds=("source",))
    article = read_file(folder, "article.toml", holds=("note",))
    wide = read_file(folder, WIDE, holds=("version", "generic_plan", "cap", "split", "words"))
    found = Knowledge(
        version=convert(int, wide["version"], Place(WIDE, "version")),
        causes=read_entries(causes, "cause", Cause, "causes.toml"),
        signals=read_entries(signals, "signal", Signal, "signals.toml"),
        caps=tuple(read_list(wide, "cap", Cap, WIDE)),
        splits=tuple(read_list(wide, "split", Split, WIDE)),
        patterns=read_entries(patterns, "pattern", PatternKind, "patterns.toml"),
        checks=read_entries(checks, "check", Check, "checks.toml"),
        questions=read_entries(questions, "question", Question, "questions.toml"),
        remedies=read_entries(remedies, "remedy", Remedy, "remedies.toml"),
        flags=read_entries(flags, "flag", Flag, "flags.toml"),
        levels=read_entries(flags, "level", Level, "flags.toml"),
        sources=read_entries(sources, "source", Source, "sources.toml", key="key"),
        article=read_entries(article, "note", ArticleNote, "article.toml", key="paragraph"),
        generic_plan=convert(tuple[str, ...], wide["generic_plan"], Place(WIDE, "generic_plan")),
        words=_words(wide["words"]),
        sentences=_sentences(folder),
    )
    sentences = {**found.sentences, **dict(_of_entries(found))}
    found = replace(found, sentences=MappingProxyType(sentences))
    for problem in problems(found):
        raise KnowledgeError(problem)
    return found


@cache
def current_knowledge() -> Knowledge:
    """The knowledge that came with this version, read once."""
    return load()


def _sentences(folder: Path) -> Mapping[str, Sentence]:
    """By group and name: `headline.silent`."""
    found: dict[str, Sentence] = {}
    for group, table in read_table(folder, SENTENCES).items():
        place = Place(SENTENCES, group)
        sentences = convert(Mapping[str, Sentence], table, place)
        found |= {f"{group}.{name}": sentence for name, sentence in sentences.items()}
    return MappingProxyType(found)


def _of_entries(knowledge: Knowledge) -> Iterator[tuple[str, Sentence]]:
    told: tuple[PatternKind | Signal | Level, ...] = (
        *knowledge.patterns.values(),
        *knowledge.signals.values(),
        *knowledge.levels.values(),
    )
    for entry in told:
        yield entry.id, Sentence(entry.words, entry.about or entry.words)
    shown: tuple[Cause | Check, ...] = (*knowledge.causes.values(), *knowledge.checks.values())
    for short in shown:
        yield short.id, Sentence(short.short, short.about or short.short)
    for flag in knowledge.flags.values():
        yield flag.id, Sentence(flag.name, flag.about or flag.name)


def _words(table: object) -> Any:
    if not isinstance(table, dict):
        raise Place(WIDE, "words").error("must be a table")
    return convert(Any, table, Place(WIDE, "words"))
