"""The shape of the knowledge: what the files in `guidance/knowledge` turn into.

Every entry has a stable `id` (stored with saved advice: add, never rename), words for the
runner, and its sources. `about` is what a coach is told of the athlete, where that differs.
What an entry may leave out in its file has a default here.
`sources` are keys of `Knowledge.sources`; "JUDGE" is one of them and reads "our judgement" on
screen, "ARTICLE" is the seed article and goes with `paragraphs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from guidance.rules.said import Said

Evidence = Literal["strong", "moderate", "limited", "opinion", ""]
CauseKind = Literal["article", "competing", "outcome"]
ResultKind = Literal[
    "reps", "degrees", "cm", "seconds", "choice", "yes_no", "press_and_sitting", "pain"
]
Origin = Literal["log", "check", "answer"]
AnswerKind = Literal["choice", "several", "number", "data"]
LevelName = Literal[
    "escalate:urgent", "escalate:clinician_week", "escalate:ease_watch", "escalate:none"
]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its fields in braces, to the runner (`you`) and about the athlete."""

    you: str
    about: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `words` hold what was seen of it, and leave out what was not."""

    key: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and in whom. Its `sources` are among those of its entry."""

    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cause of the article, a competing explanation, or an outcome that is not a cause.

    `best_next` are check and question ids in their order; `starter_plan` are remedy ids in
    their order, before blocks. `rank` breaks ties: lower goes first. `within` is the name in a
    sentence, where the small one does not fit there. `returning` are the steps back to running,
    for information: a clinician leads them, and no plan holds them.
    """

    id: str
    name: str
    kind: CauseKind
    rank: int
    short: str
    words: str
    against: str
    evidence: Evidence = ""
    found: tuple[Found, ...] = ()
    sources: tuple[str, ...]
    paragraphs: tuple[int, ...] = ()
    best_next: tuple[str, ...] = ()
    starter_plan: tuple[str, ...] = ()
    about: str = ""
    within: str = ""
    returning: tuple[str, ...] = ()

    @property
    def said(self) -> Said:
        """In short."""
        return Said(self.id)

    @property
    def named_within(self) -> str:
        """The name as it stands within a sentence."""
        return self.within or self.name.lower()


@dataclass(frozen=True, slots=True)
class Signal:
    """Something the log, a check or an answer says for or against causes.

    `weights` maps cause id to points (minus = against). `variants` hold other weights for a
    stronger or weaker form, by name: they stand in the place of `weights`. `words` is the
    evidence line with its fields in braces, `name` what the library calls it where the line has
    fields. `check` and `question` are where it comes from.
    """

    id: str
    words: str
    origin: Origin
    weights: Mapping[str, int]
    sources: tuple[str, ...]
    variants: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    check: str = ""
    question: str = ""
    paragraphs: tuple[int, ...] = ()
    about: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """Signals that say nearly the same: together they add at most `most` to `cause`."""

    signals: tuple[str, ...]
    cause: str
    most: int


@dataclass(frozen=True, slots=True)
class Split:
    """The checks that decide best between two causes, in their order."""

    causes: tuple[str, str]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatternKind:
    """A pattern: its name, its sentence with fields in braces, and why it is looked for.

    `short` says what counts as it, without a field. `forms` are other sentences, by name, for
    what the first one does not fit.
    """

    id: str
    name: str
    short: str
    words: str
    why: str
    sources: tuple[str, ...]
    about: str = ""
    forms: Mapping[str, Sentence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One of several answers. A `retired` one is read where it was given, and offered no more."""

    value: str
    words: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A usual range of a check result: `low` <= result <= `high`; None is open.

    A result may be the mean of two tries, so `high` can be 9.9 where `shown` says "under 10".
    """

    word: str
    low: float | None = None
    high: float | None = None
    value: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A condition under which a remedy or a check is not offered.

    `when` names a condition of `rules/plan/conditions.py`; `says` is the key of the sentence that
    says why, or what to ask. The other fields are its arguments.
    """

    when: str
    says: str
    question: str = ""
    values: tuple[str, ...] = ()
    flag: str = ""
    causes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    at_least: float = 0
    days: int = 0
    hours: int = 0

    @property
    def said(self) -> Said:
        return Said(self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A self-check. `low` and `high` are what a body can do: a result outside is refused.

    A `retired` one is offered no more and weighs nothing; its results stay to be read.
    `phone` says how to lay a phone whose level measures it; up to `level_within` degrees count
    as level (0: the angle itself is the result).
    """

    is_check: ClassVar[bool] = True
    id: str
    name: str
    short: str
    result: ResultKind
    unit: str = ""
    both_sides: bool
    low: float | None = None
    high: float | None = None
    options: tuple[Option, ...] = ()
    felt: tuple[Option, ...] = ()
    bands: tuple[Band, ...]
    steps: tuple[str, ...]
    words: str
    not_with: str
    blocks: tuple[Block, ...] = ()
    minutes: int
    timer_s: int = 0
    beat_s: float = 0
    phone: str = ""
    level_within: int = 0
    retired: bool = False
    evidence: Evidence
    found: tuple[Found, ...] = ()
    sources: tuple[str, ...]
    paragraphs: tuple[int, ...] = ()
    about: str = ""

    @property
    def said(self) -> Said:
        """In short."""
        return Said(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question or a data request. `low` and `high` bound a number.

    `topic` is what an answer is about, in a few words; a data request has none.
    """

    is_check: ClassVar[bool] = False
    id: str
    words: str
    why: str
    answer: AnswerKind
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    topic: str = ""
    about_symptom: bool
    sources: tuple[str, ...]

    @property
    def offered(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.retired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What a runner can do. `per_week` is on how many days; 0 means as needed.

    `first` stands on its card before anything else. `timer_s` is how long it is held at first.
    """

    beat_s: ClassVar[int] = 0  # exercises keep their own pace

    id: str
    name: str
    dose: str
    timer_s: int = 0
    often: str
    per_week: int
    first: str = ""
    steps: tuple[str, ...]
    easier: str = ""
    harder: str = ""
    effect: str
    words: str
    against: str
    suits: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    evidence: Evidence
    found: tuple[Found, ...] = ()
    sources: tuple[str, ...]
    paragraphs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A warning sign: asked in the screen (`asked`), or derived from the logs.

    `question` is what the screen asks, `do` what to do now, a sentence each; `level` the plain
    level before any circumstance raises it. `group` is the screen's page for asked signs.
    """

    id: str
    name: str
    asked: bool
    group: str = ""
    question: str = ""
    do: tuple[str, ...]
    level: LevelName
    routine: bool = False
    bone: bool = False
    sources: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """`rank` 0 is none, 3 is urgent: the highest wins."""

    id: LevelName
    rank: int
    name: str
    words: str
    sources: tuple[str, ...]
    about: str = ""


Entry = Cause | Signal | PatternKind | Check | Question | Remedy | Flag | Level


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """A paragraph of the seed article in our own words, and how to read it with care."""

    paragraph: int
    says: str
    care: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that guidance may say. Each mapping goes from id to entry, in the files' order.

    `sentences` are those of `sentences.toml` by `group.name`, and by its id the one of each
    pattern, signal, cause, check (both in short), warning sign (its name) and level.
    """

    version: int
    causes: Mapping[str, Cause]
    signals: Mapping[str, Signal]
    caps: tuple[Cap, ...]
    splits: tuple[Split, ...]
    patterns: Mapping[str, PatternKind]
    checks: Mapping[str, Check]
    questions: Mapping[str, Question]
    remedies: Mapping[str, Remedy]
    flags: Mapping[str, Flag]
    levels: Mapping[str, Level]
    sources: Mapping[str, Source]
    article: Mapping[int, ArticleNote]
    generic_plan: tuple[str, ...]
    words: Mapping[str, Any]
    sentences: Mapping[str, Sentence]

    def sources_of(self, entry: Entry) -> tuple[Source, ...]:
        """What an entry rests on."""
        return tuple(self.sources[key] for key in entry.sources)
