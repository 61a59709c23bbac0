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
    read_shelf,
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
    flags = read_file(folder, "flags.toml", holds=("level", "flag"))
    wide = read_file(folder, WIDE, holds=("version", "generic_plan", "cap", "split", "words"))
    found = Knowledge(
        version=convert(int, wide["version"], Place(WIDE, "version")),
        causes=read_shelf(folder, "causes.toml", "cause", Cause),
        signals=read_shelf(folder, "signals.toml", "signal", Signal),
        caps=tuple(read_list(wide, "cap", Cap, WIDE)),
        splits=tuple(read_list(wide, "split", Split, WIDE)),
        patterns=read_shelf(folder, "patterns.toml", "pattern", PatternKind),
        checks=read_shelf(folder, "checks.toml", "check", Check),
        questions=read_shelf(folder, "questions.toml", "question", Question),
        remedies=read_shelf(folder, "remedies.toml", "remedy", Remedy),
        flags=read_entries(flags, "flag", Flag, "flags.toml"),
        levels=read_entries(flags, "level", Level, "flags.toml"),
        sources=read_shelf(folder, "sources.toml", "source", Source, key="key"),
        article=read_shelf(folder, "article.toml", "note", ArticleNote, key="paragraph"),
        generic_plan=convert(tuple[str, ...], wide["generic_plan"], Place(WIDE, "generic_plan")),
        words=convert(Mapping[str, Any], wide["words"], Place(WIDE, "words")),
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
    for pattern in knowledge.patterns.values():
        for name, sentence in pattern.forms.items():
            yield f"{pattern.id}.{name}", sentence
    shown: tuple[Cause | Check, ...] = (*knowledge.causes.values(), *knowledge.checks.values())
    for short in shown:
        yield short.id, Sentence(short.short, short.about or short.short)
    for flag in knowledge.flags.values():
        yield flag.id, Sentence(flag.name, flag.about or flag.name)
