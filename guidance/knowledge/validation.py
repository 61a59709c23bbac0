"""What no single entry can show: that ids refer to entries, and that weights and words hold."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from guidance.knowledge.toml import Place
from guidance.rules.catalogue import (
    Block,
    Cause,
    Check,
    Entry,
    Knowledge,
    Question,
    Remedy,
    Sentence,
    Signal,
)
from guidance.rules.ids import ASK_CARE_FIRST, IDS
from guidance.rules.plan.conditions import CONDITIONS
from guidance.rules.types import AREAS

PARAGRAPHS = range(15)  # the article's title (0) and its 14 paragraphs
STRONGEST = 3  # points a single signal may give or take

# The fields that sentences may use, by the group of their key: what the code fills in.
FIELDS: Mapping[str, frozenset[str]] = {
    "pattern": frozenset(
        {"place", "side", "other", "change", "days", "of", "since", "level"}
        | {"distance_m", "more_m", "on", "run", "remedy"}
    ),
    "sig": frozenset({"answer", "days", "left", "of", "right", "value"}),
    "answer": frozenset({"left", "right"}),
    "answered": frozenset({"answer", "answers", "value"}),
    "age": frozenset({"count"}),
    "check": frozenset({"against", "fits"}),
    "clue": frozenset({"against", "for"}),
    "felt": frozenset({"where"}),
    "day": frozenset({"day"}),
    "finding": frozenset({"peak", "place", "when"}),
    "gap": frozenset({"gap", "percent"}),
    "left_out": frozenset({"reasons"}),
    "line": frozenset({"days", "place"}),
    "list": frozenset({"head", "last"}),
    "name": frozenset({"id"}),
    "not_now": frozenset({"day", "flag", "reasons"}),
    "note": frozenset({"place"}),
    "place": frozenset({"area"}),
    "plan": frozenset({"days", "dose", "form", "swap"}),
    "reading": frozenset({"number", "seen", "side", "word"}),
    "remedy": frozenset({"dose", "often"}),
    "response": frozenset({"change", "day", "down", "place", "weeks"}),
    "result": frozenset({"left", "press", "result", "right", "sitting", "unit", "value"}),
    "sharing": frozenset({"day"}),
    "standing": frozenset({"cause", "causes", "days", "level", "likelihood", "place", "words"}),
    "checked": frozenset({"count", "kind", "known", "level", "place"}),
    "to_do": frozenset({"again", "by"}),
    "when": frozenset({"day"}),
    "first_days": frozenset({"day"}),
    "room": frozenset({"room_m"}),
    "warning": frozenset({"flag", "level", "more"}),
}
# What may stand behind the colon of a field: see READS in guidance/saying.py.
FORMS = frozenset({"area", "name", "within", "nth", "spelled", "capital", "small", "decimal"}) | {
    *("distance", "up_to"),
    *("day", "short_day", "weekday", "weekdays", "date", "dated"),
}
# What speaks to the reader.
YOU = re.compile(r"\b(you|your|yours|yourself)\b", re.IGNORECASE)

CAUSE_PREFIXES = {"article": "cause:", "competing": "alt:", "outcome": ""}

# The fields of a block that say more of its condition.
ARGUMENTS = ("question", "values", "flag", "causes", "areas", "at_least", "days", "hours")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries of one kind by id: the file they stand in, and how each id begins."""

    file: str
    prefix: str
    entries: Mapping[str, Entry]


def shelves(knowledge: Knowledge) -> tuple[Shelf, ...]:
    """How a cause begins is a matter of its kind; the last shelf is theirs."""
    return (
        Shelf("signals.toml", "sig:", knowledge.signals),
        Shelf("patterns.toml", "pattern:", knowledge.patterns),
        Shelf("checks.toml", "check:", knowledge.checks),
        Shelf("questions.toml", "ask:", knowledge.questions),
        Shelf("remedies.toml", "remedy:", knowledge.remedies),
        Shelf("flags.toml", "flag:", knowledge.flags),
        Shelf("flags.toml", "escalate:", knowledge.levels),
        Shelf("causes.toml", "", knowledge.causes),
    )


def problems(knowledge: Knowledge) -> Iterator[str]:
    """Every problem as a line; what others refer to comes first."""
    yield from _article(knowledge)
    for shelf in shelves(knowledge):
        for id_, entry in shelf.entries.items():
            yield from _entry(entry, shelf.prefix, knowledge, Place(shelf.file, id_))
    yield from _sources(knowledge)
    yield from _causes(knowledge)
    yield from _signals(knowledge)
    yield from _checks(knowledge)
    yield from _questions(knowledge)
    yield from _remedies(knowledge)
    yield from _flags(knowledge)
    yield from _plan_wide(knowledge)
    yield from _sentences(knowledge)
    yield from _named_in_code(knowledge)


def _entry(entry: Entry, prefix: str, knowledge: Knowledge, place: Place) -> Iterator[str]:
    """What any entry is asked: its id, its sources, and its paragraphs of the article."""
    if not entry.id.startswith(prefix):
        yield place.at("id").line(f"must begin with {prefix}")
    if not entry.sources:
        yield place.at("sources").line("is empty")
    yield from _unknown(entry.sources, knowledge.sources, "source", place.at("sources"))
    if isinstance(entry, Cause | Signal | Check | Remedy):
        yield from _paragraphs(entry, knowledge, place.at("paragraphs"))
    if isinstance(entry, Cause | Check | Remedy):
        yield from _found(entry, place.at("found"))


def _found(entry: Cause | Check | Remedy, place: Place) -> Iterator[str]:
    """What was found names where, and the entry lists it among its sources."""
    for number, found in enumerate(entry.found, 1):
        at = place.at(f"{number}.sources")
        if not found.sources:
            yield at.line("is empty")
        yield from _unknown(found.sources, entry.sources, "source of this entry", at)


def _paragraphs(
    entry: Cause | Signal | Check | Remedy, knowledge: Knowledge, place: Place
) -> Iterator[str]:
    if bool(entry.paragraphs) != ("ARTICLE" in entry.sources):
        yield place.line("must be named where ARTICLE is a source, and only there")
    for paragraph in entry.paragraphs:
        if paragraph not in PARAGRAPHS:
            yield place.line(_no_paragraph(paragraph))
        elif paragraph not in knowledge.article:
            yield place.line(f"{paragraph} is not in article.toml")


def _sources(knowledge: Knowledge) -> Iterator[str]:
    """Nothing is shown that supports nothing."""
    cited = {
        key
        for shelf in shelves(knowledge)
        for entry in shelf.entries.values()
        for key in entry.sources
    }
    for key in knowledge.sources:
        if key not in cited:
            yield Place("sources.toml", key).line("no entry cites it")


def _named_in_code(knowledge: Knowledge) -> Iterator[str]:
    for id_ in sorted(IDS):
        shelf = next(shelf for shelf in shelves(knowledge) if id_.startswith(shelf.prefix))
        if id_ not in shelf.entries:
            yield Place(shelf.file, id_).line("is missing, and the code names it")


def _causes(knowledge: Knowledge) -> Iterator[str]:
    ranks: dict[int, str] = {}
    askable = {*knowledge.checks, *knowledge.questions}
    for cause in knowledge.causes.values():
        place = Place("causes.toml", cause.id)
        if not cause.id.startswith(CAUSE_PREFIXES[cause.kind]):
            yield place.at("id").line(f"must begin with {CAUSE_PREFIXES[cause.kind]}")
        if cause.rank in ranks:
            yield place.at("rank").line(f"{cause.rank} is the rank of {ranks[cause.rank]} too")
        ranks[cause.rank] = cause.id
        if not cause.evidence and cause.kind != "outcome":
            yield place.at("evidence").line("is missing")
        yield from _unknown(cause.best_next, askable, "check or question", place.at("best_next"))
        yield from _unknown(
            cause.starter_plan, knowledge.remedies, "remedy", place.at("starter_plan")
        )


def _signals(knowledge: Knowledge) -> Iterator[str]:
    for signal in knowledge.signals.values():
        place = Place("signals.toml", signal.id)
        if "{" in (signal.name or signal.words):
            yield place.at("name").line("must be there, and without a field: the words have one")
        yield from _weights(signal.weights, knowledge, place.at("weights"))
        for name, weights in signal.variants.items():
            yield from _weights(weights, knowledge, place.at(f"variants.{name}"))
        yield from _origin(signal, knowledge, place)


def _origin(signal: Signal, knowledge: Knowledge, place: Place) -> Iterator[str]:
    if signal.check:
        yield from _unknown([signal.check], knowledge.checks, "check", place.at("check"))
    elif signal.origin == "check":
        yield place.at("check").line("is missing")
    if signal.question:
        yield from _unknown(
            [signal.question], knowledge.questions, "question", place.at("question")
        )
    elif signal.origin == "answer":
        yield place.at("question").line("is missing")


def _weights(weights: Mapping[str, int], knowledge: Knowledge, place: Place) -> Iterator[str]:
    if not weights:
        yield place.line("is empty")
    yield from _unknown(weights, knowledge.causes, "cause", place)
    for cause, points in weights.items():
        if points == 0 or abs(points) > STRONGEST:
            yield place.at(cause).line(
                f"{points} is out of range: -{STRONGEST} to {STRONGEST}, and not 0"
            )


def _checks(knowledge: Knowledge) -> Iterator[str]:
    for check in knowledge.checks.values():
        place = Place("checks.toml", check.id)
        yield from _range(check, place)
        if check.result in ("choice", "yes_no") and not check.options:
            yield place.at("options").line("is missing")
        if not check.steps:
            yield place.at("steps").line("is empty")
        yield from _bands(check, place.at("bands"))
        yield from _blocks(check.blocks, knowledge, place.at("blocks"))


def _bands(check: Check, place: Place) -> Iterator[str]:
    choices = {option.value for option in check.options}
    highest: float | None = None
    if not check.bands:
        yield place.line("is empty")
    for number, band in enumerate(check.bands, 1):
        if choices:
            yield from _unknown([band.value], choices, "option", place.at(f"{number}.value"))
        elif number > 1 and (highest is None or band.low is None or band.low <= highest):
            yield place.at(f"{number}.low").line("must be above the band before it")
        highest = band.high


def _questions(knowledge: Knowledge) -> Iterator[str]:
    for question in knowledge.questions.values():
        place = Place("questions.toml", question.id)
        if question.answer in ("choice", "several") and not question.options:
            yield place.at("options").line("is missing")
        if question.answer == "number":
            yield from _range(question, place)


def _range(entry: Check | Question, place: Place) -> Iterator[str]:
    if isinstance(entry, Check) and entry.result in ("choice", "yes_no"):
        return
    if entry.low is None or entry.high is None:
        yield place.at("low" if entry.low is None else "high").line("is missing")
    elif entry.low >= entry.high:
        yield place.at("low").line(f"{entry.low} is not below high, {entry.high}")


def _remedies(knowledge: Knowledge) -> Iterator[str]:
    for remedy in knowledge.remedies.values():
        place = Place("remedies.toml", remedy.id)
        if not 0 <= remedy.per_week <= 7:
            yield place.at("per_week").line(f"{remedy.per_week} is out of range: 0 to 7 days")
        if not remedy.steps:
            yield place.at("steps").line("is empty")
        yield from _unknown(remedy.suits, knowledge.causes, "cause", place.at("suits"))
        yield from _blocks(remedy.blocks, knowledge, place.at("blocks"))


def _blocks(blocks: tuple[Block, ...], knowledge: Knowledge, place: Place) -> Iterator[str]:
    for number, block in enumerate(blocks, 1):
        at = place.at(str(number))
        condition = CONDITIONS.get(block.when)
        if condition is None:
            yield at.at("when").line(f"unknown condition {block.when!r}")
            continue
        given = {name for name in ARGUMENTS if getattr(block, name)}
        for name in sorted(set(condition.needs) - given):
            yield at.at(name).line(f"is missing for {block.when!r}")
        for name in sorted(given.difference(condition.needs, condition.may_name)):
            yield at.at(name).line(f"means nothing for {block.when!r}")
        yield from _block_ids(block, knowledge, at)


def _block_ids(block: Block, knowledge: Knowledge, place: Place) -> Iterator[str]:
    yield from _unknown([block.says], knowledge.sentences, "sentence", place.at("says"))
    yield from _unknown(block.areas, AREAS, "area", place.at("areas"))
    yield from _unknown(block.causes, knowledge.causes, "cause", place.at("causes"))
    if block.flag:
        yield from _unknown([block.flag], knowledge.flags, "flag", place.at("flag"))
    if block.when == "check_result":
        yield from _unknown([block.question], knowledge.checks, "check", place.at("question"))
        return
    asked = ASK_CARE_FIRST if block.when == "care_first" else block.question
    if not asked:
        return
    if asked not in knowledge.questions:
        yield place.at("question").line(f"unknown question {asked!r}")
        return
    options = {option.value for option in knowledge.questions[asked].options}
    yield from _unknown(block.values, options, "option", place.at("values"))


def _flags(knowledge: Knowledge) -> Iterator[str]:
    groups = knowledge.words.get("flag_groups", {})
    for flag in knowledge.flags.values():
        place = Place("flags.toml", flag.id)
        if not flag.do:
            yield place.at("do").line("is empty")
        if flag.asked:
            if not flag.question:
                yield place.at("question").line("is missing")
            yield from _unknown([flag.group], groups, "group", place.at("group"))


def _article(knowledge: Knowledge) -> Iterator[str]:
    for paragraph in knowledge.article:
        if paragraph not in PARAGRAPHS:
            yield Place("article.toml", str(paragraph), "paragraph").line(_no_paragraph(paragraph))


def _plan_wide(knowledge: Knowledge) -> Iterator[str]:
    place = Place("words.toml")
    if knowledge.version < 1:
        yield place.at("version").line("must be 1 or more")
    yield from _unknown(
        knowledge.generic_plan, knowledge.remedies, "remedy", place.at("generic_plan")
    )
    yield from _unknown(
        knowledge.words["check_first"], knowledge.sentences, "sentence", place.at("check_first")
    )
    for name, sources in knowledge.words.get("sources", {}).items():
        at = Place("words.toml", f"words.sources.{name}")
        if name not in knowledge.words and name not in knowledge.sentences:
            yield at.line("there is no sentence of this name")
        yield from _unknown(sources, knowledge.sources, "source", at)
    for number, cap in enumerate(knowledge.caps, 1):
        at = Place("words.toml", f"cap {number}")
        yield from _unknown(cap.signals, knowledge.signals, "signal", at.at("signals"))
        yield from _unknown([cap.cause], knowledge.causes, "cause", at.at("cause"))
        if cap.most < 1:
            yield at.at("most").line("must be 1 or more")
    for number, split in enumerate(knowledge.splits, 1):
        at = Place("words.toml", f"split {number}")
        yield from _unknown(split.causes, knowledge.causes, "cause", at.at("causes"))
        yield from _unknown(split.checks, knowledge.checks, "check", at.at("checks"))


def _unknown(ids: Iterable[str], known: Iterable[str], kind: str, place: Place) -> Iterator[str]:
    known = set(known)
    for known_as in ids:
        if known_as not in known:
            yield place.line(f"unknown {kind} {known_as!r}")


def _no_paragraph(paragraph: int) -> str:
    return f"the article has no paragraph {paragraph}, only 0 to {PARAGRAPHS[-1]}"


def _sentences(knowledge: Knowledge) -> Iterator[str]:
    """Those of sentences.toml, which may use the fields of their group, and those of entries."""
    entries = {id_: Place(s.file, id_) for s in shelves(knowledge) for id_ in s.entries}
    for key, sentence in knowledge.sentences.items():
        entry, _, form = key.partition(".")
        if entry in entries:
            group = entry.partition(":")[0]
            names = ("you", "about") if form else ("words", "about")
            place = entries[entry].at(f"forms.{form}") if form else entries[entry]
        else:
            group, names, place = entry, ("you", "about"), Place("sentences.toml", key)
        yield from _sentence(sentence, FIELDS.get(group, frozenset()), knowledge, place, names)


def _sentence(
    sentence: Sentence,
    allowed: frozenset[str],
    knowledge: Knowledge,
    place: Place,
    names: tuple[str, str],
) -> Iterator[str]:
    """Every field can be filled in, in both voices alike; to a coach nothing says "you"."""
    voices = (sentence.you, sentence.about)
    used = []
    for words, name in zip(voices, names, strict=True):
        try:
            pieces = list(Formatter().parse(words))
        except ValueError as error:
            yield place.at(name).line(f"cannot be formatted ({error})")
            return
        used.append({field for _, field, _, _ in pieces if field is not None})
        for _, field, spec, conversion in pieces:
            if field is not None:
                shown = "{" + field + (f"!{conversion}" if conversion else "")
                shown += (f":{spec}" if spec else "") + "}"
                if conversion or field not in allowed:
                    fields = ", ".join(sorted(allowed)) or "none"
                    yield place.at(name).line(f"{shown} is none of the fields {fields}")
                elif not _is_form(spec or "", knowledge):
                    yield place.at(name).line(f"{shown} has no form that is known")
    if used[0] != used[1]:
        yield place.at(names[1]).line(f"must use the same fields as {names[0]}")
    if YOU.search(sentence.about):
        yield place.at(names[1]).line("is missing: a coach would be called you")


def _is_form(spec: str, knowledge: Knowledge) -> bool:
    """`day|days`, `list.and`, `name,lower`, or nothing."""
    if "|" in spec:
        return spec.count("|") == 1
    lists = {key for key in knowledge.sentences if key.startswith("list.")}
    return all(form in FORMS | lists for form in spec.split(",") if form)
