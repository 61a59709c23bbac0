"""What a person takes along of guidance: what was answered, checked, planned and done."""

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
from runners.exports.parts import Part

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
