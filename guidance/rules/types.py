"""The plain values that rules take and give. Nothing here knows Django or the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from guidance.rules.catalogue import LevelName, Origin
from guidance.rules.said import Said, Value

Side = Literal["left", "right", "centre"]
Kind = Literal["tightness", "soreness", "pain"]
Timing = Literal["before", "during", "after", "next_morning"]
RunKind = Literal["easy", "long", "tempo", "intervals", "hills", "race"]
Likelihood = Literal["likely", "possible", "unlikely", "unclear"]

# In the order of the body map; ties between areas are broken by it.
AREAS = (
    "low_back",
    "glute",
    "hamstring",
    "calf",
    "achilles",
    "foot",
    "hip_flexor",
    "quad",
    "groin",
    "outer_thigh",
    "knee",
    "shin",
    "ankle",
    "back_of_knee",
    "outer_hip",
)


@dataclass(frozen=True, slots=True)
class Soreness:
    """One spot of one day. `onset_min` is minutes into that day's run, where known.

    `sit_bone`: marked there, which counts as the hamstring everywhere.
    """

    day: dt.date
    area: str
    side: Side
    kind: Kind
    intensity: int
    timing: Timing
    onset_min: int | None = None
    sit_bone: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a local day. `hour` is its local start in hours (12.0 where not known)."""

    day: dt.date
    distance_m: int | None
    duration_s: int
    effort: int | None
    kind: RunKind | None
    onset_min: int | None = None
    hour: float = 12.0


# Of one side: a number, a word, or for the sit bone its parts.
SideResult: TypeAlias = "float | str | Mapping[str, float] | None"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A self-check done on `day`. Values are numbers or words; see `Check.result`.

    `left` and `right` for checks of both sides (press and sitting of the sit bone as a
    mapping), `value` for the others; `felt` per side for the bridges.
    """

    day: dt.date
    check: str
    left: SideResult = None
    right: SideResult = None
    value: float | str | None = None
    felt_left: str = ""
    felt_right: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question (`ask:`), given on `day`."""

    day: dt.date
    question: str
    value: str | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FlagAnswer:
    """A yes or no to an asked warning sign (`flag:`).

    `since` is the day it began, `area` where it hurts (bone signs). A yes stays open until
    `seen_on` (a clinician has seen this) or `mistaken`.
    """

    day: dt.date
    flag: str
    yes: bool
    since: dt.date | None = None
    area: str = ""
    seen_on: dt.date | None = None
    mistaken: bool = False


@dataclass(frozen=True, slots=True)
class RemedyDone:
    day: dt.date
    remedy: str


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The plan a runner has taken on: when it started and on how many days it asks a week."""

    started: dt.date
    remedies: tuple[str, ...]
    planned_days: int
    done_days: int


@dataclass(frozen=True, slots=True)
class History:
    """Everything known of one runner on `today`, in any order.

    `check_in_days` maps each checked-in day to True where it was only partial (made from an
    old note or an import): then only the areas it names are known. `known_running` are the
    stretches of days whose running is known, each from its first day to its last: a day of them
    without a run is 0, any other is unknown. `run_before` is the day of the newest run older than
    `runs`, where they are cut to the window that the rules look at. `hides_runs`: they are kept
    from whoever reads this, who then has not seen that there were none.
    Rows have no order within a day: of several answers to a question, or results of a check,
    on one day the reader of the rows keeps the newest.
    """

    today: dt.date
    soreness: tuple[Soreness, ...] = ()
    check_in_days: Mapping[dt.date, bool] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    run_before: dt.date | None = None
    known_running: tuple[tuple[dt.date, dt.date], ...] = ()
    checks: tuple[CheckResult, ...] = ()
    remedies_done: tuple[RemedyDone, ...] = ()
    answers: tuple[Answer, ...] = ()
    flag_answers: tuple[FlagAnswer, ...] = ()
    plan: PlanInForce | None = None
    age: int | None = None
    hides_runs: bool = False

    @property
    def plan_started(self) -> dt.date | None:
        return self.plan.started if self.plan else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern found. `days` are the days that show it, oldest first.

    `form` names the sentence it is said with, where it is not the first of its kind.
    """

    id: str
    days: tuple[dt.date, ...]
    area: str = ""
    side: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    form: str = ""

    @property
    def said(self) -> Said:
        key = f"{self.id}.{self.form}" if self.form else self.id
        given: dict[str, Value] = {"area": self.area, "side": self.side, "days": len(self.days)}
        return Said(key, **(given | dict(self.fields)))


@dataclass(frozen=True, slots=True)
class SignalFound:
    """A signal that holds. `points` maps cause id to the points it gives, after caps."""

    id: str
    said: Said
    days: tuple[dt.date, ...]
    points: Mapping[str, int]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line for or against a cause, with its days and its points."""

    signal: str
    said: Said
    days: tuple[dt.date, ...]
    points: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class RankedCause:
    id: str
    total: int
    likelihood: Likelihood
    supports: tuple[Evidence, ...]
    opposes: tuple[Evidence, ...]
    unknown: tuple[str, ...] = ()

    @property
    def said(self) -> Said:
        """How well it fits."""
        return Said(f"likelihood.{self.likelihood}")


@dataclass(frozen=True, slots=True)
class FlagFound:
    """A warning sign that is up: its level now, and the days behind it."""

    id: str
    level: LevelName
    days: tuple[dt.date, ...] = ()
    routine: bool = False

    @property
    def said(self) -> Said:
        return Said(self.id)


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy offered, with what must be asked before starting it ("not if ...")."""

    remedy: str
    not_if: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    remedy: str
    why: tuple[Said, ...]

    @property
    def said(self) -> Said:
        """Why, in one line."""
        return Said("left_out.reasons", reasons=self.why)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What guidance says on a day.

    `top_cause` is a cause id or one of insufficient_data, no_pattern, withheld. `causes` are
    in order, best first; empty when the order says to show none. `recommend` holds at most
    five offers, `ask_next` at most one id. `reasons` explain the outcome (what is
    missing, what was lowered and why). `leads` is False when the first cause only
    leads the list without enough points. `first_days` is what is told after a first sore spot,
    `to_do` what to do at this level, in one clause. `louder` is a place beside the main area that
    was worse in the last week. `room_m` is how long a run may be to stay near the longest of 30
    days; None where nothing is said of it.
    """

    today: dt.date
    version: int
    top_cause: str
    leads: bool
    main_area: str
    main_side: str
    escalation: LevelName
    to_do: Said
    causes: tuple[RankedCause, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    flags: tuple[FlagFound, ...] = ()
    recommend: tuple[Offer, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    ask_next: str = ""
    reasons: tuple[Said, ...] = ()
    keep_plan: bool = False
    first_days: tuple[Said, ...] = ()
    room_m: int | None = None
    louder: Said | None = None

    @property
    def valid_until(self) -> dt.date:
        """Tomorrow: every window slides with the day, and each may drop a day or an answer.

        To show that later is right would take an assessment of each day to come.
        """
        return self.today + dt.timedelta(1)
