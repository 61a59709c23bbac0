"""What a person takes along of guidance: what was answered, checked, planned and done."""

from collections.abc import Iterator, Mapping
from typing import Any

from guidance.knowledge import current_knowledge
from guidance.models import (
    Answer,
    CheckResult,
    Done,
    FlagAnswer,
    Plan,
    PlanItem,
    Screen,
    Suggestion,
)
from guidance.rules.catalogue import Question
from runners.exports.parts import Part

LONGEST, MOST = 40, 1_000  # letters of a word that is a result; any figure of a body

CHECK = (
    *("uid", "check_id", "day", "left", "right", "value", "felt_left", "felt_right", "done_at"),
)
PLAN = (
    *("uid", "cause", "knowledge_version", "started_on", "paused_on", "paused_days", "ended_on"),
)
ITEM = ("remedy", "position", "weekdays", "variant", "added_on", "removed_on")

DONE = Part("done", Done, ("day",), Done.objects.of, on="item")
ITEMS = Part("items", PlanItem, ITEM, PlanItem.objects.of, on="plan", inside=(DONE,))
SIGNS = Part(
    "signs",
    FlagAnswer,
    ("flag", "yes", "since", "area", "seen_on", "mistaken_at"),
    FlagAnswer.objects.of,
    on="screen",
)

PARTS = (
    Part("answers", Answer, ("question", "value", "day", "given_at"), Answer.objects.of),
    Part("checks", CheckResult, CHECK, CheckResult.objects.of),
    Part(
        "screens",
        Screen,
        ("result", "day", "given_at", "named_at", "seen_on", "mistaken_at"),
        Screen.objects.of,
        inside=(SIGNS,),
    ),
    Part("plans", Plan, PLAN, Plan.objects.of, inside=(ITEMS,)),
    Part(
        "suggestions",
        Suggestion,
        ("what", "words", "created_at", "answered_at", "accepted"),
        Suggestion.objects.to_athlete,
        names=(("coach__name", "coach"),),
        comes_back=False,
    ),
)


# Taken back


def check(said: Mapping[str, Any]) -> None:
    """Raises ValueError where an export says what guidance could not read. Shapes, not days."""
    knowledge = current_knowledge()
    for answer in _rows(said, "answers"):
        if not _is_answer(knowledge.questions[answer["question"]], answer["value"]):
            raise ValueError(answer["question"])
    for result in _rows(said, "checks"):
        knowledge.checks[result["check_id"]]
        if not all(_is_result(result[name]) for name in ("left", "right", "value")):
            raise ValueError(result["check_id"])
    for screen in _rows(said, "screens"):
        for sign in _rows(screen, "signs"):
            knowledge.flags[sign["flag"]]
    for plan in _rows(said, "plans"):
        if plan["cause"]:
            knowledge.causes[plan["cause"]]
        for item in _rows(plan, "items"):
            knowledge.remedies[item["remedy"]]


def _rows(said: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    yield from said.get(name, ())


def _is_answer(question: Question, value: Any) -> bool:
    if question.answer == "number":
        return value is None or _is_number(value)
    options = {option.value for option in question.options}
    if question.answer == "several":
        return isinstance(value, list) and all(_is_of(one, options) for one in value)
    return _is_of(value, options)


def _is_result(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.keys() == {"press", "sitting"} and all(map(_is_number, value.values()))
    return value is None or _is_number(value) or (isinstance(value, str) and len(value) <= LONGEST)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST


def _is_of(value: Any, options: set[str]) -> bool:
    return isinstance(value, str) and value in options
