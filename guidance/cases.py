"""Cases in the form of the knowledge base, section 9: read to histories, answered as JSON.

`read_cases` takes the text of a JSON list; `as_json` gives what `manage.py assess` prints. A case
that cannot be read raises CaseError, which names the case and the field.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from guidance.rules import assess
from guidance.rules.catalogue import Check, Knowledge, Question
from guidance.rules.log.location import HAMSTRING
from guidance.rules.said import Said
from guidance.rules.types import (
    AREAS,
    Answer,
    Assessment,
    CheckResult,
    Evidence,
    FlagAnswer,
    History,
    Kind,
    RemedyDone,
    Run,
    RunKind,
    Side,
    Soreness,
    Timing,
)
from guidance.saying import say
from runners.weeks.known_running import stretches

Word = TypeVar("Word", bound=str)

BOTH: tuple[Side, Side] = ("left", "right")
SIT_BONE = "sit_bone"  # a place of the hamstring, not an area
LONGEST_AGO_DAYS = 36_525  # a hundred years
YEARS = range(1900, 2200)  # in which a case may lie
HIGHEST_AGE = 130


class CaseError(ValueError):
    """A case that cannot be read: which one, which field, and what is wrong with it."""

    def __init__(self, case: str, field: str, why: str) -> None:
        super().__init__(f"case {case}: {field}: {why}")
        self.case = case
        self.field = field


@dataclass(frozen=True, slots=True)
class Case:
    """`expect` is whatever stands there, for tests."""

    id: str
    history: History
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a case with its place, so that an error can name it."""

    case: str
    name: str
    value: Any

    def error(self, why: str) -> CaseError:
        return CaseError(self.case, self.name, why)

    def at(self, key: str) -> "Field":
        """A field of this object; its value is None where it is missing."""
        return Field(self.case, f"{self.name}.{key}" if self.name else key, self.object().get(key))

    def object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.error("must be an object")
        return self.value

    def items(self) -> list["Field"]:
        """The values of a list; none where it is missing."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.error("must be a list")
        return [Field(self.case, f"{self.name}[{i}]", value) for i, value in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.error(f"must be a word, not {self.value!r}")
        return self.value

    def one_of(self, allowed: Iterable[Word]) -> Word:
        names = tuple(allowed)
        for name in names:
            if name == self.value:
                return name
        raise self.error(f"{self.value!r} is none of {', '.join(names)}")

    def number(self, low: float, high: float) -> float:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(f"must be a number, not {value!r}")
        if not low <= value <= high:
            raise self.error(f"{value!r} is out of range: {low:g} to {high:g}")
        return value

    def whole(self, low: int, high: int) -> int:
        value = self.number(low, high)
        if value != int(value):
            raise self.error(f"must be a whole number, not {value!r}")
        return int(value)

    def day(self, today: dt.date) -> dt.date:
        return today - dt.timedelta(self.whole(0, LONGEST_AGO_DAYS))


def read_cases(text: str, knowledge: Knowledge) -> list[Case]:
    """Read every case, or raise CaseError for the first that cannot be read."""
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseError("-", "file", f"is not JSON ({error})") from None
    if not isinstance(listed, list):
        raise CaseError("-", "file", "must hold a list of cases")
    cases = [read_case(case, place, knowledge) for place, case in enumerate(listed, 1)]
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CaseError(case.id, "id", "is used twice")
        seen.add(case.id)
    return cases


def read_case(listed: object, place: int, knowledge: Knowledge) -> Case:
    """One case; `place` names it where it has no id."""
    whole = Field(f"number {place}", "", listed)
    if not isinstance(listed, dict):
        raise CaseError(whole.case, "case", "must be an object")
    name = whole.at("id").text()
    whole = Field(name, "", listed)
    today = _today(whole.at("today"))
    answers, flag_answers = _answers(whole.at("answers"), today, knowledge)
    runs = tuple(_run(run, today) for run in whole.at("runs").items())
    soreness = [spot for log in whole.at("logs").items() for spot in _spots(log, today)]
    clear = [day.day(today) for day in whole.at("all_clear").items()]
    check_in_days = dict.fromkeys([*(spot.day for spot in soreness), *clear], False)
    history = History(
        today=today,
        soreness=tuple(soreness),
        check_in_days=check_in_days,
        runs=runs,
        known_running=stretches([*check_in_days, *(run.day for run in runs)], today),
        checks=tuple(_check(check, today, knowledge) for check in whole.at("checks").items()),
        remedies_done=tuple(
            RemedyDone(done.at("days_ago").day(today), done.at("remedy").one_of(knowledge.remedies))
            for done in whole.at("remedies_done").items()
        ),
        answers=answers,
        flag_answers=flag_answers,
        age=_age(whole.at("profile")),
    )
    expect = whole.at("expect").value or {}
    return Case(name, history, expect if isinstance(expect, dict) else {})


def assess_cases(text: str, knowledge: Knowledge) -> str:
    """Read, assess and print all cases: all of them, or CaseError and nothing."""
    cases = read_cases(text, knowledge)
    answers = [as_json(case.id, assess(case.history, knowledge).assessment) for case in cases]
    return json.dumps(answers, ensure_ascii=False, indent=2)


def as_json(case: str, assessment: Assessment) -> dict[str, Any]:
    """The assessment in plain values. `recommend` and `ask_next` hold ids, in order."""
    return {
        "id": case,
        "top_cause": assessment.top_cause,
        "leads": assessment.leads,
        "main_area": assessment.main_area,
        "main_side": assessment.main_side,
        "causes": [
            {
                "id": cause.id,
                "total": cause.total,
                "word": say(cause.said),
                "for": [_line(line) for line in cause.supports],
                "against": [_line(line) for line in cause.opposes],
                "unknown": list(cause.unknown),
            }
            for cause in assessment.causes
        ],
        "patterns": [
            {
                "id": pattern.id,
                "area": pattern.area,
                "side": pattern.side,
                "words": say(pattern.said),
                "days": _days(pattern.days),
            }
            for pattern in assessment.patterns
        ],
        "flags": [
            {
                "id": flag.id,
                "level": flag.level,
                "routine": flag.routine,
                "words": say(flag.said),
                "days": _days(flag.days),
            }
            for flag in assessment.flags
        ],
        "escalation": assessment.escalation,
        "recommend": [offer.remedy for offer in assessment.recommend],
        "not_if": {o.remedy: _words(o.not_if) for o in assessment.recommend if o.not_if},
        "blocked": [{"id": one.remedy, "why": _words(one.why)} for one in assessment.blocked],
        "keep_plan": assessment.keep_plan,
        "ask_next": [assessment.ask_next] if assessment.ask_next else [],
        "because": _words(assessment.reasons),
        "first_days": [f"words:first_{one.key.partition('.')[2]}" for one in assessment.first_days],
        "to_do": say(assessment.to_do),
    }


def _line(line: Evidence) -> dict[str, Any]:
    return {
        "signal": line.signal,
        "words": say(line.said),
        "points": line.points,
        "origin": line.origin,
        "days": _days(line.days),
    }


def _words(said: Iterable[Said]) -> list[str]:
    return [say(one) for one in said]


def _days(days: Iterable[dt.date]) -> list[str]:
    return [day.isoformat() for day in days]


def _today(field: Field) -> dt.date:
    text = field.text()
    try:
        today = dt.date.fromisoformat(text)
    except ValueError:
        raise field.error(f"{text!r} is no day such as 2026-11-23") from None
    if today.year not in YEARS:
        raise field.error(f"{text!r} is not between the years {YEARS[0]} and {YEARS[-1]}")
    return today


def _age(profile: Field) -> int | None:
    if profile.value is None or profile.at("age").value is None:
        return None
    return profile.at("age").whole(0, HIGHEST_AGE)


def _spots(log: Field, today: dt.date) -> list[Soreness]:
    """One spot, or two where it is on both sides."""
    marked_at = log.at("area").one_of((*AREAS, SIT_BONE))
    area = HAMSTRING if marked_at == SIT_BONE else marked_at
    sides: tuple[Side | Literal["both"], ...] = (*BOTH, "both")
    side = log.at("side").one_of((*sides, "centre") if area == "low_back" else sides)
    on: tuple[Side, ...] = BOTH if side == "both" else (side,)
    onset = log.at("onset_min")
    return [
        Soreness(
            day=log.at("days_ago").day(today),
            area=area,
            side=one,
            kind=log.at("kind").one_of(get_args(Kind)),
            intensity=log.at("intensity").whole(0, 10),
            timing=log.at("timing").one_of(get_args(Timing)),
            onset_min=None if onset.value is None else onset.whole(0, 6000),
            sit_bone=marked_at == SIT_BONE,
        )
        for one in on
    ]


def _run(run: Field, today: dt.date) -> Run:
    """A run without a clock time; distance, effort and kind may be unknown."""
    distance, effort, kind = run.at("distance_km"), run.at("rpe"), run.at("kind")
    return Run(
        day=run.at("days_ago").day(today),
        distance_m=None if distance.value is None else round(distance.number(0, 1000) * 1000),
        duration_s=round(run.at("duration_min").number(0, 10_000) * 60),
        effort=None if effort.value is None else effort.whole(0, 10),
        kind=None if kind.value is None else kind.one_of(get_args(RunKind)),
    )


def _check(entry: Field, today: dt.date, knowledge: Knowledge) -> CheckResult:
    check = knowledge.checks[entry.at("check").one_of(knowledge.checks)]
    felt = entry.at("felt")
    day = entry.at("days_ago").day(today)
    if not check.both_sides:
        value = entry.at("value")
        if value.value is None:
            raise value.error("is missing")
        return CheckResult(day, check.id, value=_number_or_word(value, check))
    sides = {side: entry.at(side) for side in BOTH}
    if all(side.value is None for side in sides.values()):
        raise sides["left"].error("is missing, and so is right")
    return CheckResult(
        day=day,
        check=check.id,
        left=_side_result(sides["left"], check),
        right=_side_result(sides["right"], check),
        felt_left=_felt(felt, "left", check),
        felt_right=_felt(felt, "right", check),
    )


def _side_result(field: Field, check: Check) -> float | str | dict[str, float] | None:
    if field.value is None:
        return None
    if check.result == "press_and_sitting":
        parts = [part for part in ("press", "sitting") if field.at(part).value is not None]
        if not parts:
            raise field.error("needs press or sitting")
        return {part: _in_range(field.at(part), check) for part in parts}
    return _number_or_word(field, check)


def _number_or_word(field: Field, check: Check) -> float | str:
    if check.result in ("choice", "yes_no"):
        return _worded(field).one_of(option.value for option in check.options)
    return _in_range(field, check)


def _in_range(field: Field, entry: Check | Question) -> float:
    low = float("-inf") if entry.low is None else entry.low
    high = float("inf") if entry.high is None else entry.high
    return field.number(low, high)


def _felt(felt: Field, side: str, check: Check) -> str:
    if felt.value is None or felt.at(side).value is None:
        return ""
    # The hamstring bridge is also felt somewhere; nothing is read from it.
    words = [option.value for option in check.felt] or ["glutes", "hamstring", "back"]
    return felt.at(side).one_of(words)


def _answers(
    answers: Field, today: dt.date, knowledge: Knowledge
) -> tuple[tuple[Answer, ...], tuple[FlagAnswer, ...]]:
    """Answers count as given today; a missing key is unanswered, and so is null."""
    given: list[Answer] = []
    flag_answers: list[FlagAnswer] = []
    for key in sorted(answers.object() if answers.value is not None else {}):
        field = Field(answers.case, f"answers.{key}", answers.value[key])
        flag = knowledge.flags.get(key)
        if flag and flag.asked:
            if field.value is None:
                continue
            if not isinstance(field.value, bool):
                raise field.error(f"must be true or false, not {field.value!r}")
            flag_answers.append(FlagAnswer(today, key, field.value))
        elif key in knowledge.questions:
            given.append(Answer(today, key, _answer(field, knowledge.questions[key])))
        else:
            raise field.error("is neither a warning sign that is asked nor a question")
    return tuple(given), tuple(flag_answers)


def _answer(field: Field, question: Question) -> str | float | tuple[str, ...] | None:
    if field.value is None:
        return None
    options = [option.value for option in question.options]
    if question.answer == "number":
        return _in_range(field, question)
    if question.answer == "several" or (question.answer == "choice" and _is_list(field.value)):
        chosen = field.items() if _is_list(field.value) else [field]
        return tuple(one.one_of(options) for one in chosen)
    if question.answer == "choice":
        return _worded(field).one_of(options)
    raise field.error("asks for something to be logged and takes no answer")


def _worded(field: Field) -> Field:
    """true and false as yes and no."""
    if isinstance(field.value, bool):
        return Field(field.case, field.name, "yes" if field.value else "no")
    return field


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
